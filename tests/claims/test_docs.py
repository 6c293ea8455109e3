"""What the documentation shows is run."""

import re
import shlex
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from reportgen.cli import check
from tests.claims.runs import judged

ROOT = Path(__file__).parents[2]
CLAIMS = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")
CI = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
EXAMPLES = [
    example
    for row in CLAIMS.partition("| to say | write |")[2].partition("\n\n")[0].splitlines()[2:]
    for example in re.findall(r"`([^`]+)`", row)
]


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 14


@pytest.mark.parametrize("expression", EXAMPLES)
def test_an_example_can_be_judged(expression: str) -> None:
    verdict = judged(expression, seeds=(1, 2, 3)).items[0]
    assert verdict.holds is not None


def test_the_workflows_are_yaml_and_their_commands_exist() -> None:
    documents = [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", CI, re.DOTALL)]
    assert len(documents) >= 3
    commands = re.findall(r"reportgen check (.*?)(?: >|'|\n)", CI)
    assert len(commands) >= 3
    for command in commands:
        check.command.make_context("check", shlex.split(command))


def test_the_pre_commit_hook_runs_the_check() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    program, name = hook["entry"].split()
    assert (program, name) == ("reportgen", check.command.name)
    check.command.make_context("check", list(hook["args"]))
    assert re.search(hook["files"], "answers/07-with-and-without-dropout.md")
    assert re.search(hook["files"], "lab/answers/models.py")
    assert not re.search(hook["files"], "README.md")
    assert f"id: {hook['id']}" in CI
