"""Every command in README and docs runs as it is written, by the wheel, in an empty folder."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

import reportgen
from reportgen.cli import COMMANDS, cli
from scripts.first_report import write_data
from tests import packaged
from tests.docs.pages import NOT_RUN, OURS, PAGES, ROOT, Step, recipe, recipes, spans, steps

README = ROOT / "README.md"
GUIDE = ROOT / "docs/first-report.md"
STEPS = [step for page in PAGES for step in steps(page)]
ROWS = re.findall(r"^\| `([a-z].*?)` \| (.*) \|$", README.read_text(encoding="utf-8"), re.MULTILINE)
# What the words in capitals stand for in the built report of the starter.
STANDS_FOR = {"FOLDER": "another", "MODEL": "network", "NAME": "digits", "A": "now", "B": "now"}


class Shell:
    """A shell in which the wheel is installed, and pip installs nothing but that; `folder` is where it is."""

    def __init__(self, folder: Path, built: Path) -> None:
        self.folder, self._where = folder, folder.with_name(f"{folder.name}.where")
        site, programs = folder.with_name("site"), folder.with_name("bin")
        if not site.exists():
            packaged.installed(built, "*.whl", site)
            programs.mkdir()
            (programs / "pip").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pip "$@"\n')
            (programs / "pip").chmod(0o755)
        self._environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("REPORTGEN_", "GITHUB_"))
        } | {
            "PATH": f"{site / 'bin'}:{programs}:{os.environ['PATH']}",
            "PYTHONPATH": str(site),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(built),
            "PIP_NO_DEPS": "1",
            "PIP_UPGRADE": "1",
            "PIP_TARGET": str(folder.with_name("from-pip")),
        }

    def run(self, command: str) -> tuple[int, str]:
        """Run a command where the last one has left; return its status and all that it says."""
        done = subprocess.run(
            ["bash", "-c", f"trap 'pwd >\"{self._where}\"' EXIT\n{command}"],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.folder = Path(self._where.read_text().strip())
        return done.returncode, done.stdout


def follow(shell: Shell, page: Path, unbuilt: tuple[str, ...] = ()) -> Iterator[tuple[Step, int, str]]:
    """Do all that a page says; yield each command that ran with its status and what it said.

    Reports in the folders `unbuilt` are not built: they are the first one with other data.
    """
    for step in steps(page):
        if step.old:
            edit(shell.folder, step)
        elif not step.why_not and not (
            shell.folder.name in unbuilt and step.command.startswith("reportgen build")
        ):
            status, said = shell.run(step.command)
            yield step, status, said
            for recipe_ in shell.folder.glob("*/answers/report.toml"):  # an epoch shows as much as twelve
                recipe_.write_text(recipe_.read_text().replace("epochs = 12", "epochs = 1"))


def edit(folder: Path, step: Step) -> None:
    (answer,) = (path for path in (folder / "answers").glob("*.md") if step.old in path.read_text())
    answer.write_text(answer.read_text().replace(step.old, step.new))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packaged.build(tmp_path_factory.mktemp("tree"))


@pytest.fixture(scope="module")
def shell(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A shell in a report that was begun and built as README says."""
    folder = tmp_path_factory.mktemp("readme") / "empty"
    folder.mkdir()
    shell = Shell(folder, built)
    for step, status, said in follow(shell, README):
        assert (status, "WARNING" in said) == (0, False), f"{step}: {step.command}\n{said}"
    assert (shell.folder / "report.pdf").is_file()
    return shell


def without_numbers(lines: tuple[str, ...]) -> list[str]:
    return [re.sub(r"\d+(\.\d+)? ?%?", "#", line) for line in lines if "epoch" not in line]


def test_the_first_report(built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    write_data(folder)
    for step, status, said in follow(
        Shell(folder, built), GUIDE, unbuilt=("birds-lab", "shapes-lab", "arrays-lab")
    ):
        told = f"{step}: {step.command}\n{said}"
        assert status == int((re.findall(r"exit status (\d)$", step.command) or [0])[0]), told
        assert sorted(without_numbers(tuple(said.splitlines()))) == sorted(without_numbers(step.said)), told


@pytest.mark.parametrize("row", [row for row, _ in ROWS])
def test_the_commands_of_readme(row: str, shell: Shell) -> None:
    command, _, choices = row.partition(" ") if "|" in row else (row, "", "")
    for choice in choices.split("\\|") if choices else [""]:
        words = shlex.split(f"{command} {choice}".replace("[MODEL…]", "MODEL").replace("[NAME…]", "NAME"))
        if choice in ("export", "import"):
            words.append("results.tar")
        if words[0] in ("open", "preview"):
            parse(shlex.join(["reportgen", *words]))  # they start a program, and serve until they are ended
            continue
        if words[:1] == ["facts"]:
            words = ["facts", "network"]
        line = shlex.join(["reportgen", *(STANDS_FOR.get(word, word) for word in words)])
        line += " --yes" if words[0] == "new" else " --dry-run" if words[0] == "clean" else ""
        status, said = shell.run(line)
        assert status == 0, f"{line}\n{said}"


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page not in (README, GUIDE)], ids=lambda page: page.name
)
def test_the_other_pages(page: Path, shell: Shell) -> None:
    for step, status, said in follow(shell, page):
        assert (status, "WARNING" in said) == (0, False), f"{step}: {step.command}\n{said}"


@pytest.mark.parametrize(
    ("name", "commands"), list(recipes()), ids=lambda each: each if isinstance(each, str) else ""
)
def test_the_recipes_for_ci(name: str, commands: list[str], shell: Shell) -> None:
    assert any("reportgen " in command for command in commands), name
    repository = "git init -q . && git add -A && git -c user.name=A -c user.email=a@b.c commit -qm all"
    if not (shell.folder / ".git").exists():
        assert shell.run(f"{repository} && git update-ref refs/remotes/origin/main HEAD")[0] == 0
    for command in commands:
        if any(text in command for text in NOT_RUN):
            continue
        status, said = shell.run(command)
        assert (status, "WARNING" in said) == (0, False), f"{name}: {command}\n{said}"


def test_the_hook(shell: Shell) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    (asked,) = (
        yaml.safe_load(text)["repos"] for text in recipe(ROOT / "docs/ci.md", "yaml") if "repos:" in text
    )
    assert asked[0]["hooks"] == [{"id": hook["id"]}]
    assert asked[0]["rev"] == f"v{reportgen.__version__}"
    status, said = shell.run(shlex.join([*hook["entry"].split(), *hook["args"]]))
    assert status == 0, said


def parse(line: str) -> None:
    """Hold the words of a command against the command line."""
    words = shlex.split(line, comments=True)
    words = words[next(place for place, word in enumerate(words) if word in OURS) + 1 :]
    if words[:1] == ["test"]:
        return  # of ./run alone
    context, group = click.Context(cli), cli
    while isinstance(group, click.Group) and words:
        while words and words[0].startswith("--"):
            assert words[0] in {name for each in group.get_params(context) for name in each.opts}, line
            words = words[1:]
        if not words or words[0] == "COMMAND":
            return
        name, words = words[0], words[1:]
        found = group.get_command(context, name)
        assert found is not None, f"{line}: there is no command {name}"
        group = found  # type: ignore[assignment]
    known = {name for each in group.get_params(context) for name in (*each.opts, *each.secondary_opts)}
    assert {word.partition("=")[0] for word in words if word.startswith("-")} <= known, line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_whatever_is_not_run_exists(page: Path) -> None:
    written = [step.command for step in steps(page) if step.why_not]
    for line in [*written, *spans(page)]:
        if any(word in OURS for word in line.split()):
            parse(line)


def test_every_reason_is_needed() -> None:
    written = [step.command for step in STEPS] + [line for _, lines in recipes() for line in lines]
    assert [text for text in NOT_RUN if not any(text in line for line in written)] == []


def test_readme_lists_every_command_with_options_that_exist() -> None:
    assert [row.split()[0] for row, _ in ROWS if row.split()[0] in COMMANDS] == [
        row.split()[0] for row, _ in ROWS
    ]
    assert {row.split()[0] for row, _ in ROWS} == set(COMMANDS)
    for row, text in ROWS:
        name = "store list" if row.startswith("store ") else row.split()[0]
        for option in re.findall(r"`(--[\w-]+)", text):
            parse(f"reportgen {name} {option}")


def test_readme_says_which_commands_take_no_project() -> None:
    context = click.Context(cli)
    without = [
        f"`{name}`"
        for name in COMMANDS
        if not isinstance(found := cli.get_command(context, name), click.Group)
        and "--project" not in {option for each in found.params for option in each.opts}
    ]
    (said,) = re.findall(r"All but (.*?) take `--project`", README.read_text(encoding="utf-8"))
    assert sorted(re.findall(r"`\w+`", said)) == sorted(without)


def test_nobody_is_told_to_install_another_project() -> None:
    """On the public index, the name reportgen belongs to somebody else."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    told = r"\b(?:pip3?|pipx|uv|conda|poetry) (?:tool )?(?:install|add|run)\b[^\n`]*?[\s'\"]|dependencies:.*"
    wrong = re.compile(rf"(?:{told})reportgen(?![\w-])(?=[\s\"'`\[=<>]|$)")
    found = [
        f"{name}:{number}: {line}"
        for name in listed.splitlines()
        if (ROOT / name).is_file()
        and (ROOT / name).suffix in (".md", ".py", ".toml", ".yaml", ".yml", ".ipynb", "")
        for number, line in enumerate((ROOT / name).read_text("utf-8", "ignore").splitlines(), 1)
        if wrong.search(line) and "other project" not in line and "/tests/" not in f"/{name}"
    ]
    assert found == []
