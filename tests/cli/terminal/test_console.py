"""What is printed, on any console: case 26 and its kind."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

import reportgen.cli
from tests.cli.conftest import Run, environment


def shell(project: Path, command: str, **changes: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command line of bash in which ``rg`` is reportgen."""
    line = f'set -o pipefail; rg() {{ "{sys.executable}" -m reportgen "$@"; }}; {command}'
    return subprocess.run(
        ["bash", "-c", line], cwd=project, env=environment() | changes, capture_output=True, check=False
    )


def odd(project: Path) -> None:
    """Give the report a title with letters that few consoles know, and codes that a terminal obeys."""
    path = project / "answers/report.toml"
    name = "Naïve – 𝒜 \\u009b31m \\u001b[2J"
    path.write_text(path.read_text().replace("Small network", name), encoding="utf-8")


ENCODINGS = [
    {"PYTHONUTF8": "0", "PYTHONIOENCODING": "cp1252"},
    {"PYTHONIOENCODING": "latin-1"},
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "utf-8:strict"},
    {"PYTHONIOENCODING": "utf-16"},
    {"PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"},
]


@pytest.mark.parametrize("encoding", ENCODINGS, ids=lambda each: "-".join(each.values()))
def test_any_console_is_written_to(project: Path, run: Run, encoding: dict[str, str]) -> None:
    odd(project)
    for command in ("status", "facts", "check", "store list", "check --format github", "diff now now"):
        done = shell(project, f"rg {command}", **encoding)
        assert done.returncode == 0, done.stderr
        assert done.stderr == b""
        text = done.stdout.decode(encoding.get("PYTHONIOENCODING", "utf-8").partition(":")[0], "replace")
        assert "\x1b" not in text and "\x9b" not in text, command


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-8"])
def test_documents_for_programs_are_whole_on_any_console(project: Path, encoding: str) -> None:
    odd(project)
    for command in ("check --format json", "status --json"):
        done = shell(project, f"rg {command}", PYTHONIOENCODING=encoding)
        text = done.stdout.decode(encoding)
        assert "\x9b" not in text and "\x1b" not in text
        found = json.loads(text)
        if "facts" in found:
            assert found["facts"]["small.title"]["text"] == "Naïve – 𝒜 \x9b31m \x1b[2J"
    suite = shell(project, "rg check --format junit", PYTHONIOENCODING=encoding).stdout.decode(encoding)
    ElementTree.fromstring(suite.partition("?>")[2])


CHECKS = ("check", "check --format junit", "check --format json")
COMMANDS = (*CHECKS, "facts", "status", "store list", "--help", "--version")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_standard_output_is_one_error(project: Path, command: str) -> None:
    done = shell(project, f"rg {command} > /dev/full")
    assert done.returncode == 2
    assert done.stderr.startswith(b"error: ") and done.stderr.count(b"\n") == 1, done.stderr


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_broken_pipe_is_no_false_claim(project: Path, command: str, unbuffered: str) -> None:
    for reader in ("head -1", "true"):
        done = shell(project, f"rg {command} | {reader}", PYTHONUNBUFFERED=unbuffered)
        assert done.returncode in (0, 2), done.stderr
        assert done.stderr == b""


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("status >&-", 0),
        ("status 2>&-", 0),
        ("nosuch 2>/dev/full", 2),
        ("facts x 2>/dev/full", 2),
    ],
)
def test_streams_may_be_closed(project: Path, command: str, status: int) -> None:
    assert shell(project, f"rg {command}").returncode == status


def test_a_summary_that_can_not_be_written_leaves_the_verdict(project: Path, run: Run) -> None:
    for place in ("/nonexistent/x", str(project), "/dev/full"):
        done = run("check", "--format", "github", GITHUB_STEP_SUMMARY=place)
        assert done.returncode == 0
        assert "3 of 3 hold" in done.stdout
        assert done.stderr.startswith("warning: GITHUB_STEP_SUMMARY") and done.stderr.count("\n") == 1
    report = project / "answers/report.toml"
    report.write_text(report.read_text().replace("epochs <= 25", "epochs <= 1"))
    assert run("check", "--format", "github", GITHUB_STEP_SUMMARY="/nonexistent/x").returncode == 1


def test_commands_print_by_way_of_the_console_only() -> None:
    """Whatever else prints would bring its own traceback on a full disk, and codes to the terminal."""
    folder = Path(reportgen.cli.__file__).parent
    for path in folder.glob("*.py"):
        if path.name != "console.py":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                    name = f"{node.value.id}.{node.attr}"
                    assert name not in ("click.echo", "click.secho", "click.style", "sys.stdout"), path.name


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    done = shell(tmp_path, f'mkdir gone; cd gone; rmdir "{tmp_path}/gone"; rg check')
    assert done.returncode == 2
    assert done.stderr.startswith(b"error: ") and done.stderr.count(b"\n") == 1, os.fsdecode(done.stderr)
