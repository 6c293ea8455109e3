"""What is stopped goes on, what is edited meanwhile waits, and what diverges says so."""

import json
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reportgen.commands import build
from reportgen.commands.train import bring_up_to_date
from reportgen.errors import UndecidedError
from reportgen.pipeline.project import Project, open_project
from reportgen.plan import ModelPlan, Plan
from tests.cli.conftest import Run, run_in
from tests.cli.own import EPOCHS, Edited, replace
from tests.cli.processes import Started
from tests.cli.tampering import attachment
from tests.cli.test_build import text_of
from tests.pipeline import made_up
from tests.projects import REPORT

LINEAR = """\
+++
title = "Linear"
question = "How large?"
+++
It has {{ linear.parameters.total }} parameters.
"""


def stored(folder: Path, model: str) -> tuple[dict[str, Any], bytes, bytes] | None:
    """Return a model's record without its times, its predictions and its weights."""
    for record in folder.glob(".reportgen/store/results/*/*/record.json"):
        found = json.loads(record.read_text())
        if found["projection"]["training"]["epochs"] == (EPOCHS if model == "first" else 1):
            del found["history"]["seconds"]
            for name in ("seconds", "started", "sittings"):
                del found["environment"][name]
            files = (record.with_name(name) for name in ("predictions.npy.z", "weights.safetensors"))
            predictions, weights = (file.read_bytes() for file in files)
            return found, predictions, weights
    return None


def states(folder: Path) -> dict[str, tuple[str, list[str]]]:
    """Return status and causes of every model."""
    models = json.loads(run_in(folder, "status", "--json").stdout)["models"]
    return {
        each["model"]: (each["status"], [reason["cause"] for reason in each["reasons"]]) for each in models
    }


def test_an_edit_while_a_model_trains_is_not_in_its_result(edited: Edited, tmp_path: Path) -> None:
    result = stored(edited.folder, "first")
    assert result is not None
    assert result[0]["projection"]["training"]["batch_size"] == 2
    status, causes = states(Path(shutil.copytree(edited.folder, tmp_path / "edited")))["first"]
    assert status == "stale"
    assert set(causes) == {"source", "training", "data"}
    assert states(edited.undone(tmp_path / "undone"))["first"] == ("fresh", [])


def test_data_that_are_swapped_while_models_train_are_refused(edited: Edited) -> None:
    assert edited.status == 2
    assert "own.npz: data set own is no longer the one that second was to be trained on" in edited.err
    assert "Traceback" not in edited.err
    assert stored(edited.folder, "second") is None


def test_killed_twice_and_interrupted_it_ends_as_if_it_never_was(edited: Edited, tmp_path: Path) -> None:
    folder = edited.undone(tmp_path / "stopped")
    shutil.rmtree(folder / ".reportgen/store/results")

    # Everything dies at once, as in a power cut.
    training = Started(folder, "train", "first")
    training.until("first: epoch 2/")
    with training.worker() as worker:
        worker.kill()
        training.signal(signal.SIGKILL)
        assert worker.ends()
    assert training.end()[0] == -signal.SIGKILL

    # The parent alone dies: its worker does not stay behind, and its lock does not either.
    training = Started(folder, "train", "first")
    assert first_epoch(training) in (2, 3)
    training.until("first: epoch 4/")
    with training.worker() as worker:
        training.process.kill()
        assert worker.ends()
    training.end()

    # Ctrl-C.
    training = Started(folder, "train", "first")
    assert first_epoch(training) in (4, 5)
    training.until("first: epoch 6/")
    with training.worker() as worker:
        training.signal(signal.SIGINT)
        status, _, err = training.end()
        assert worker.ends()
    assert status == 130
    assert err.endswith(
        "finished epochs of networks; other models start over. To resume: reportgen train first\n"
    )
    assert "Traceback" not in err

    assert stored(folder, "first") is None
    training = Started(folder, "train", "first")
    assert first_epoch(training) in (6, 7)
    assert training.end()[:2] == (0, "first: trained\n")
    result = stored(folder, "first")
    assert result is not None and result == stored(edited.folder, "first")
    assert not (folder / ".reportgen/store/partial" / result[0]["key"]).exists()


def first_epoch(training: Started) -> int:
    """Return the first epoch that a resumed training tells to have finished."""
    line = training.until("first: epoch ")
    assert f"/{EPOCHS} (resumed)" in line
    return int(line.split()[2].partition("/")[0])


@dataclass(frozen=True)
class Writer:
    """Trains, and meanwhile the author writes."""

    path: Path
    old: str
    new: str

    def __call__(self, project: Project, planned: Plan, *rest: Any, **named: Any) -> tuple[ModelPlan, ...]:
        replace(self.path, self.old, self.new)
        return bring_up_to_date(project, planned, *rest, **named)


def build_while(monkeypatch: pytest.MonkeyPatch, project: Path, name: str, old: str, new: str) -> None:
    monkeypatch.setattr(build, "bring_up_to_date", Writer(project / "answers" / name, old, new))
    replace(project / "answers/report.toml", "batch_size = 32", "batch_size = 64")  # so that there is work
    with made_up.made_up():
        write(project)


def write(project: Path) -> None:
    opened = open_project(project)
    build.build(opened, [project / "report.pdf"], observe=lambda *_: None, step=lambda _: None)


def test_a_report_says_what_was_written_while_its_models_trained(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "answers/02-comparison.md").write_text(LINEAR)
    build_while(monkeypatch, project, "01-accuracy.md", "It reaches", "At last it reaches")
    report = project / "report.pdf"
    assert "At last it reaches" in text_of(report)
    assert b"At last it reaches" in attachment(report, "answers/01-accuracy.md")
    before = report.stat().st_mtime_ns, report.read_bytes()
    with made_up.made_up():
        write(project)
    assert (report.stat().st_mtime_ns, report.read_bytes()) == before  # nothing was left to do


@pytest.mark.parametrize(
    ("name", "old", "new", "edited"),
    [
        ("report.toml", "epochs = 2", "epochs = 3", "linear small"),
        ("models.py", "Dense(16", "Dense(8", "small"),
    ],
)
def test_a_report_is_not_written_of_models_that_were_edited_while_they_trained(
    project: Path, monkeypatch: pytest.MonkeyPatch, name: str, old: str, new: str, edited: str
) -> None:
    before = (project / "report.pdf").read_bytes()
    with pytest.raises(UndecidedError) as caught:
        build_while(monkeypatch, project, name, old, new)
    told = [problem.message for problem in caught.value.problems]
    assert sorted(told) == [f"{model} was edited while models were trained" for model in edited.split()]
    assert (project / "report.pdf").read_bytes() == before


def test_a_model_that_diverges_leaves_the_others_and_is_told(project: Path, run: Run) -> None:
    diverging = REPORT.replace("[models.small]", "[models.small]\nlearning_rate = 1e30")
    (project / "answers/report.toml").write_text(diverging + "epochs = 1\n")
    (project / "answers/02-comparison.md").write_text(LINEAR)
    message = "small: the loss became nan in epoch 1"
    trained = run("train")
    assert trained.returncode == 2
    assert message in trained.stderr and "smaller learning rate" in trained.stderr
    assert "Traceback" not in trained.stderr
    assert "linear: epoch 1/1" in trained.stderr
    again = run("train")
    assert again.returncode == 2
    assert message in again.stderr and "reportgen train small" in again.stderr
    assert "small: building" not in again.stderr
    checked = run("check")
    assert checked.returncode == 2
    assert "results of small" in checked.stdout and message in checked.stdout
    assert message in run("status").stdout

    before = (project / "report.pdf").read_bytes()
    refused = run("build")
    assert refused.returncode == 2 and message in refused.stderr
    assert (project / "report.pdf").read_bytes() == before
    draft = run("build", "--draft")
    assert draft.returncode == 0, draft.stderr
    assert message in draft.stderr
    text = text_of(project / "report.pdf")
    assert "Small network has no results: its training diverged." in text
    assert "It has 650 parameters" in text
    verified = run("verify", "report.pdf")
    assert verified.returncode == 0, verified.stdout + verified.stderr
