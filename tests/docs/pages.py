"""The commands in README and docs: one parser, and the one list of those that a test does not run."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
OURS = ("reportgen", "./run")

# Why each isn't run; what calls reportgen is still parsed by its command line. A key ends what it is part of.
NOT_RUN = {
    "./run build": "trains the CIFAR-10 lab from nothing: most of an hour, and fetches the data",
    "./run test": "runs this test",
    "s3://": "needs a bucket",
    "apt-get": "installs programs of the system",
    "reportgen preview": "serves until it is interrupted; tests/preview/ runs it",
    "sbatch": "needs a cluster with Slurm",
    "--executor": "needs a cluster; tests/cluster/ simulates one",
    "ray start": "starts a cluster; tests/cluster/ runs it",
    "~/lab": "makes and enters an environment in the home folder",
    "ray-token": "makes and names a secret",
    "executors.ray.settings": "is for what `ray start` starts",
    "${{ matrix": "GitHub fills in which one",
}


@dataclass(frozen=True)
class Step:
    """A command as it is written, and what the page shows of its output; or an edit, old and new lines."""

    page: str
    line: int
    command: str
    said: tuple[str, ...] = ()
    old: str = ""
    new: str = ""

    @property
    def why_not(self) -> str:
        """Return why it is not run; empty if it is."""
        return next((why for text, why in NOT_RUN.items() if text in self.command), "")

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def steps(page: Path) -> Iterator[Step]:
    """Yield the commands and edits of a page in order."""
    name = page.relative_to(ROOT).as_posix()
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
        line = token.map[0] + 2 if token.map else 0
        kind = token.info if token.type == "fence" else token.type
        if kind in ("sh", "code_block"):
            for number, text in enumerate(token.content.splitlines()):
                yield Step(name, line + number, text)
        elif kind == "console":
            for part in re.split(r"^\$ ", token.content, flags=re.MULTILINE)[1:]:
                command, *said = part.splitlines()
                yield Step(name, line, command, tuple(said))
        elif kind == "diff":
            sides = ("\n".join(re.findall(rf"^\{sign}(.*)$", token.content, re.MULTILINE)) for sign in "-+")
            yield Step(name, line, "", (), *sides)


def spans(page: Path) -> Iterator[str]:
    """Yield the code within the text of a page that calls reportgen."""
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
        for child in token.children or ():
            if child.type == "code_inline" and child.content.startswith(("reportgen ", "./run ")):
                yield child.content


def recipe(page: Path, fence: str) -> Iterator[str]:
    """Yield the texts of the blocks of one kind."""
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
        if token.type == "fence" and token.info == fence:
            yield token.content


def shell_of(recipe: object) -> Iterator[str]:
    """Yield the shell commands of a recipe for GitHub or GitLab, in order."""
    if isinstance(recipe, dict):
        for key, value in recipe.items():
            if key == "run":
                yield value
            elif key in ("before_script", "script"):
                yield from value
            else:
                yield from shell_of(value)
    elif isinstance(recipe, list):
        for each in recipe:
            yield from shell_of(each)


def recipes() -> Iterator[tuple[str, list[str]]]:
    """Yield the name of every recipe for CI, and its commands."""
    guide = ROOT / "docs/ci.md"
    for number, text in enumerate(recipe(guide, "yaml"), 1):
        if found := list(shell_of(yaml.safe_load(text))):
            yield f"docs/ci.md, recipe {number}", found
    for text in recipe(guide, "groovy"):
        yield "docs/ci.md, Jenkins", re.findall(r"sh '(.*)'", text)
    for path in sorted(ROOT.glob("reportgen/starters/*/.github/workflows/*")):
        yield path.relative_to(ROOT).as_posix(), list(shell_of(yaml.safe_load(path.read_text())))
