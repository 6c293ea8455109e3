import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import Run


def change(project: Path, old: str, new: str) -> None:
    path = project / "answers/report.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_all_holds(run: Run) -> None:
    done = run("check")
    assert (done.returncode, done.stdout) == (0, "3 of 3 hold.\n")


def test_a_requirement_that_is_false_is_1(project: Path, run: Run) -> None:
    change(project, "test.accuracy > 0.3", "test.accuracy > 0.999")
    done = run("check")
    assert done.returncode == 1
    assert "report.toml:16" in done.stdout


def test_stale_missing_and_damaged_results_are_2(project: Path, run: Run) -> None:
    change(project, "test.accuracy > 0.3", "test.accuracy > 0.999")
    change(project, "epochs = 2", "epochs = 3")
    assert run("check").returncode == 2
    change(project, "epochs = 3", "epochs = 2")
    change(project, "0.999", "0.3")
    record = sorted(project.glob(".reportgen/store/results/*/*/predictions*"))[0]
    data = bytearray(record.read_bytes())
    data[len(data) // 2] ^= 1
    record.write_bytes(bytes(data))
    damaged = run("check")
    assert damaged.returncode == 2
    assert "damaged" in damaged.stdout + damaged.stderr


@pytest.mark.parametrize("form", ["json", "junit", "github", "text"])
def test_every_format_has_the_same_exit_status(project: Path, run: Run, form: str) -> None:
    change(project, "epochs <= 25", "epochs <= 1")
    assert run("check", "--format", form).returncode == 1


def test_formats_are_what_they_say(project: Path, run: Run) -> None:
    change(project, "epochs <= 25", "epochs <= 1")
    assert json.loads(run("check", "--format", "json").stdout)["exit_status"] == 1
    suite = ElementTree.fromstring(run("check", "--format", "junit").stdout)
    assert len(suite.findall(".//failure")) == 1
    summary = project / "summary.md"
    done = run("check", "--format", "github", GITHUB_STEP_SUMMARY=str(summary))
    assert "::error file=answers/report.toml,line=17" in done.stdout
    assert "epochs <= 1" in summary.read_text()


def test_a_typed_number_is_told_and_strict_fails(project: Path, run: Run) -> None:
    with (project / "answers/02-comparison.md").open("a") as answer:
        answer.write("It reaches 63.1 % of them.\n")
    assert run("check").returncode == 0
    assert "63.1" in run("check").stderr
    assert run("check", "--strict").returncode == 1


def test_a_drop_against_a_baseline_fails(project: Path, run: Run) -> None:
    before = run("check", "--format", "json").stdout
    baseline = project / "baseline.json"
    baseline.write_text(before)
    assert run("check", "--baseline", "baseline.json").returncode == 0
    run_json = json.loads(before)
    run_json["facts"]["small.test.accuracy"]["value"] = 0.999
    baseline.write_text(json.dumps(run_json))
    dropped = run("check", "--baseline", "baseline.json")
    assert dropped.returncode == 1
    assert run("check", "--baseline", "no-such-thing").returncode == 2


def test_diff_says_what_moved(project: Path, run: Run) -> None:
    (project / "a.json").write_text(run("check", "--format", "json").stdout)
    assert run("diff", "a.json", "now").returncode == 0
    change(project, "learning_rate = 0.1", "learning_rate = 0.05")
    assert run("train").returncode == 0
    moved = run("diff", "a.json", "now")
    assert "small.test.accuracy" in moved.stdout


def test_facts_are_listed_by_name(run: Run) -> None:
    done = run("facts", "small.test.accuracy")
    assert done.returncode == 0
    assert "small.test.accuracy" in done.stdout
    assert run("facts", "smal.x").returncode == 2


HEAVY = (
    "keras",
    "matplotlib",
    "nbconvert",
    "pandas",
    "PIL",
    "scipy",
    "sklearn",
    "statsmodels",
    "tensorflow",
    "weasyprint",
)
WITHOUT_NUMPY = ("--help", "--version", "status")


@pytest.mark.parametrize("command", [["--help"], ["--version"], ["check"], ["status"], ["build"]])
def test_nothing_heavy_is_imported_where_all_is_fresh(project: Path, run: Run, command: list[str]) -> None:
    unwanted = (*HEAVY, "numpy") if command[0] in WITHOUT_NUMPY else HEAVY
    assert run("build").returncode == 0  # the copy stands in another folder than what was built
    code = (
        "import sys\nfrom reportgen.cli import main\n"
        f"try:\n    main({command!r})\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        f"print([name for name in {unwanted!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
