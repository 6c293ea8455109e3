"""What the page says of a report: everything at first, and after an edit no more than it can have changed."""

import json
import shutil
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from reportgen.datasets.inputs import ready
from reportgen.datasets.types import Dataset, Split
from reportgen.errors import InputError, ReportgenError
from reportgen.pipeline.project import open_project
from reportgen.preview import evidence
from reportgen.preview import renderer as module
from reportgen.preview.renderer import Renderer
from reportgen.training import checkpoint
from reportgen.training.checkpoint import Checkpoint
from reportgen.training.record import Evaluation, History
from tests.factories import make_record, make_report
from tests.pipeline.made_up import made_up


@pytest.fixture
def folder(lab: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VISUAL", "/usr/bin/codium -w")
    return Path(shutil.copytree(lab, tmp_path / "lab"))


def rendered(renderer: Renderer, *, text_only: bool = False) -> dict[str, Any]:
    return {name: value for parts in renderer.render(text_only=text_only) for name, value in parts.items()}


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / "answers" / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_everything_is_said(folder: Path) -> None:
    found = rendered(Renderer(open_project(folder)))
    assert found["page"]["order"] == ["header", "nav", "#q1", "#q2", "#appendix"]
    assert 'data-line="5"' in found["blocks"]["#q1"]
    assert [each["status"] for each in found["verdicts"]] == ["holds"] * len(found["verdicts"])
    assert [each["status"] for each in found["models"]] == ["fresh", "fresh"]
    place = f"vscodium://file{folder}/answers/01-accuracy.md:5"
    assert (found["sections"][0]["file"], found["sections"][0]["edit"]) == ("answers/01-accuracy.md", place)
    assert found["problems"] == found["typed"] == []


def test_an_edit_reads_no_results_and_draws_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    renderer = Renderer(open_project(folder))
    before = rendered(renderer)
    monkeypatch.setattr(module, "gather", None)
    drawn: list[Any] = []
    monkeypatch.setattr(module, "displays", lambda project, gathered, shows: drawn.extend(shows) or {})
    edit(folder, "01-accuracy.md", "It reaches", "We measured that it reaches")
    edit(folder, "02-comparison.md", "linear.epochs == small.epochs", "linear.epochs != small.epochs")
    after = rendered(renderer, text_only=True)
    assert "We measured" in after["blocks"]["#q1"]
    assert 'data-verdict="false"' in after["blocks"]["#q2"]
    assert after["blocks"]["header"] == before["blocks"]["header"]
    assert drawn == []


def test_after_an_error_in_the_models_nothing_is_taken_for_granted(folder: Path) -> None:
    """An edit of text that follows another one is not text only where that one could not be shown."""
    renderer = Renderer(open_project(folder))
    rendered(renderer)
    edit(folder, "report.toml", "epochs = 2", "epochs = 3\nbatch = 1")
    with pytest.raises(InputError, match="batch"):
        rendered(renderer)
    edit(folder, "report.toml", "\nbatch = 1", "")
    found = rendered(renderer, text_only=True)
    assert {each["status"] for each in found["models"]} == {"stale"}
    assert any("epochs 2 → 3" in reason for each in found["models"] for reason in each["reasons"])


def test_a_wrong_name_leaves_the_last_page(folder: Path) -> None:
    renderer = Renderer(open_project(folder))
    rendered(renderer)
    edit(folder, "01-accuracy.md", "small.test.accuracy }}", "small.test.acuracy }}")
    with pytest.raises(InputError, match="acuracy"):
        rendered(renderer, text_only=True)
    assert renderer.answer({"about": "fact", "name": "small.test.accuracy"})["name"] == "small.test.accuracy"


def test_questions(folder: Path) -> None:
    renderer = Renderer(open_project(folder))
    with pytest.raises(ReportgenError, match="no page yet"):
        renderer.answer({"about": "facts"})
    rendered(renderer)
    fact = renderer.answer({"about": "fact", "name": "small.test.accuracy | percent(2)"})
    assert fact["of"][1] == 40
    assert len(fact["keys"]) == 1
    assert "–" in fact["interval"]
    names = [each[0] for each in renderer.answer({"about": "facts"})]
    assert {"small.test.accuracy", "linear.parameters.total"} <= set(names)
    for wrong in (
        {"about": "fact", "name": "small.nothing"},
        {"about": "matrix", "model": "nobody"},
        {"about": "items", "model": "small", "other": "nobody"},
        {"about": "weather"},
    ):
        with pytest.raises(ReportgenError):
            renderer.answer(wrong)


def test_evidence(folder: Path) -> None:
    renderer = Renderer(open_project(folder))
    rendered(renderer)
    matrix = renderer.answer({"about": "matrix", "model": "small"})
    assert sum(map(sum, matrix["counts"])) == 40
    assert matrix["others"] == ["linear"]
    wrong = renderer.answer({"about": "items", "model": "small"})
    assert wrong["count"] == sum(map(sum, matrix["counts"])) - sum(
        row[place] for place, row in enumerate(matrix["counts"])
    )
    sure = [each["confidence"] for each in wrong["items"]]
    assert sure == sorted(sure, reverse=True)
    assert all(renderer.screens.assets[each["image"]].data.startswith(b"\x89PNG") for each in wrong["items"])
    alone = renderer.answer({"about": "items", "model": "small", "other": "linear"})
    assert alone["count"] < wrong["count"]
    assert {each["index"] for each in alone["items"]} <= {each["index"] for each in wrong["items"]}


def test_epochs_of_anybody(folder: Path) -> None:
    """What a command trains is read from its checkpoint; none that is damaged, and none of what is fresh."""
    renderer = Renderer(open_project(folder))
    edit(folder, "report.toml", "epochs = 2", "epochs = 3")
    with made_up():
        open_project(folder).plan()  # builds the models, as every training does first
    rendered(renderer)
    assert renderer.answer({"about": "trainings"}) == {"epochs": {}, "rows": {}}
    planned = renderer.project.plan(build=False).models
    key = next(each.key for each in planned if each.name == "small")
    assert key
    partial = renderer.project.store.partial(key)
    curve = (0.5, 0.25)
    state = Checkpoint("2030-01-01T00:00:00Z", History(curve, curve, curve, curve, curve, curve), (), 1, ())
    checkpoint.write(partial, "identity", state)
    found = renderer.answer({"about": "trainings"})["epochs"]
    assert found["small"]["val_loss"] == found["small"]["learning_rate"] == curve
    assert "linear" not in found
    (damaged,) = (path for path in partial.iterdir() if path.suffix == ".safetensors")
    damaged.write_bytes(damaged.read_bytes()[:20])
    assert renderer.answer({"about": "trainings"})["epochs"] == {}
    elsewhere = {"machine": "node-b", "time": time.time(), "epoch": 2, "epochs": 3, "left": 600.0}
    renderer.project.store.note("running", key, json.dumps(elsewhere).encode())
    assert renderer.answer({"about": "trainings"})["rows"] == {
        "small": ("node-b", "small", "1", "2 of 3", "10 min")
    }
    renderer.project.store.note("running", key, json.dumps({**elsewhere, "time": time.time() - 600}).encode())
    assert renderer.answer({"about": "trainings"})["rows"] == {}, "nothing was heard of it for long"


def test_of_numbers_the_largest_errors_come_first() -> None:
    true, predicted = np.array([1.0, 2.0, 3.0]), np.array([1.5, 2.0, 1.0])
    test = Evaluation(1.0, true, predicted, np.zeros(0, np.float16), {})
    record = make_record("cnn", evaluations={"test": test})
    inputs = np.arange(6.0).reshape(3, 2)
    data = Dataset("d", "D", Split(inputs, true), Split(inputs, true), 1, (), "f", columns=("a", "b = x"))
    project: Any = SimpleNamespace(trained_on=lambda *_: data, report=make_report(models=("cnn",)))
    gathered: Any = SimpleNamespace(records={"cnn": [record]})
    assert evidence.matrix(project, gathered, "cnn")["classes"] == []
    found = evidence.items(project, gathered, "cnn", None, "", lambda *_: "")
    assert found["count"] == 3
    assert [each["error"] for each in found["items"]] == ["-2", "+0.5", "+0"]
    assert found["items"][0] == {
        "index": 2, "row": ["a 4", "b = x"], "true": "3", "predicted": "1", "error": "-2"
    }  # fmt: skip


def test_of_several_inputs_the_image_is_shown_and_the_others_are_told() -> None:
    labels = np.array([0, 1, 1], np.uint8)
    images = np.zeros((3, 4, 4, 1), np.uint8)
    parts = {"scan": images, "values": np.arange(6.0).reshape(3, 2), "note": np.array(["a", "b", "c"])}
    both, _ = ready(parts, parts)
    split = Split(both, labels)
    data = Dataset("d", "D", split, split, 1, ("no", "yes"), "f", columns=tuple(parts))
    test = Evaluation(1.0, labels, np.array([0, 1, 0], np.uint8), np.zeros(0, np.float16), {})
    report = make_report(models=("cnn",))
    project: Any = SimpleNamespace(trained_on=lambda *_: data, report=report)
    gathered: Any = SimpleNamespace(records={"cnn": [make_record("cnn", evaluations={"test": test})]})
    (found,) = evidence.items(project, gathered, "cnn", None, "", lambda name, _: name)["items"]
    assert (found["image"], found["row"]) == ("item.png", ["values: 4, 5", "note: c"])


def test_a_typed_number_is_told_with_its_text(folder: Path) -> None:
    edit(folder, "01-accuracy.md", "It reaches", "It reaches 61.2 %, or")
    (typed,) = rendered(Renderer(open_project(folder)))["typed"]
    assert typed["text"].startswith("61.2")
    assert typed["text"] in (folder / "answers/01-accuracy.md").read_text()


def test_a_text_is_shown_as_it_is_and_a_long_one_from_its_beginning() -> None:
    texts = np.array(["it was <b>good</b>", "x" * 1000])
    assert evidence._words(texts[0], ("review",)) == {"row": ["it was <b>good</b>"]}
    assert evidence._words(texts[1], ("review",)) == {"row": ["x" * evidence.LETTERS]}
