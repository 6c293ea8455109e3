"""The authors' own training function: what it gets, what it may return, and what is said of it."""

import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.datasets.types import Dataset, Split
from reportgen.errors import DivergedError, InputError, TrainingError
from reportgen.training import codec
from reportgen.training.fork import apart
from reportgen.training.identify import identify
from reportgen.training.job import Job, Progress
from reportgen.training.record import SPLITS, Record
from reportgen.training.train import train
from tests.training.jobs import digits, job

MODELS = """
import numpy as np

SIZES = {"train": 40, "validation": 20, "test": 60}


def nearest(data, seed, epoch, epochs=2, width=1.0):
    centres = np.stack([data.x_train[data.y_train == each].mean(0) for each in range(len(data.classes))])
    for number in range(epochs):
        epoch(loss=1 / (number + seed), margin=number)

    def predict(inputs):
        distance = ((inputs[:, None] - centres) ** 2).sum((2, 3, 4))
        likely = np.exp(-distance / width)
        return likely / likely.sum(1, keepdims=True)

    inputs = {"train": data.x_train, "validation": data.x_validation, "test": data.x_test}
    return {name: predict(each) for name, each in inputs.items()}


def mean(data, seed, epoch):
    average = data.y_train.mean()
    return {name: np.full(count, average) for name, count in SIZES.items()}


def second(data, seed, epoch):
    return {name: np.full((count, 1), 0.7) for name, count in SIZES.items()}


def told(data, seed, epoch, rows=()):
    for row in rows:
        try:
            epoch(**eval(row))
        except ZeroDivisionError:
            pass
    return nearest(data, seed, lambda **values: None)


def stubborn(data, seed, epoch):
    try:
        epoch(loss=float("nan"))
    except Exception:
        pass
    return nearest(data, seed, lambda **values: None)


def given(data, seed, epoch, what=""):
    found = nearest(data, seed, lambda **values: None)
    return eval(what, {"found": found, "np": np})


def drawn(data, seed, epoch):
    random, classes = np.random.default_rng(seed), len(data.classes)
    flat = {name: x.reshape(len(x), -1) / 240 for name, x in
            {"train": data.x_train, "validation": data.x_validation, "test": data.x_test}.items()}
    weights = random.normal(0, 0.1, (flat["train"].shape[1], classes))

    def likely(x):
        found = np.exp(x @ weights)
        return found / found.sum(1, keepdims=True)

    for _ in range(3):
        for chosen in random.permutation(len(data.y_train)).reshape(-1, 20):
            x, true = flat["train"][chosen], np.eye(classes)[data.y_train[chosen]]
            weights -= 0.5 * x.T @ (likely(x) - true) / len(x)
        epoch(loss=-np.log(likely(flat["train"])[np.arange(len(data.y_train)), data.y_train]).mean())
    return {name: likely(x) for name, x in flat.items()}


def needs(data, seed, epoch, depth):
    return {}


value = 3
"""


def asked(function: str, arguments: dict[str, Any] | None = None, **changes: Any) -> Job:
    chosen = {"train": function, "arguments": arguments or {}, **changes}
    return job(function, {"models.py": MODELS}, **chosen)


def done(wanted: Job, folder: Path, data: Dataset | None = None) -> Record:
    found = train(wanted, data or digits(), folder)
    assert found.weights == b""
    return found.record


def test_it_trains_by_itself_and_is_measured(tmp_path: Path) -> None:
    record = done(asked("nearest", {"epochs": 3}, seed=2), tmp_path)
    assert (record.function, record.estimator, record.network) == ("nearest", "", False)
    assert record.way == "by the authors' function nearest()"
    assert record.history.loss == (0.5, 1 / 3, 0.25)
    assert record.history.further == {"margin": (0.0, 1.0, 2.0)}
    assert record.history.val_loss == ()
    assert len(record.history) == len(record.history.seconds) == 3
    assert record.evaluations["test"].accuracy > 0.7
    assert record.evaluations["train"].accuracy > 0.8
    assert len(record.evaluations["validation"].confidence) == 100
    step = record.architecture.layers[1]
    assert (step.type, step.details) == ("nearest", {"epochs": "3"})
    assert {"numpy", "python"} <= record.environment.versions.keys()


def test_its_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    files = codec.files_of(done(asked("nearest"), tmp_path))
    assert codec.files_of(codec.read(files.__getitem__)) == files


def test_labels_of_the_test_are_not_shown_to_it(tmp_path: Path) -> None:
    data = digits()
    other = replace(data, test=replace(data.test, labels=data.test.labels[::-1]))
    one, two = (done(asked("nearest"), tmp_path, each) for each in (data, other))
    np.testing.assert_array_equal(one.evaluations["test"].confidence, two.evaluations["test"].confidence)
    from reportgen.training.function import Data

    assert [name for name in Data.__dataclass_fields__ if "test" in name] == ["x_test"]


def split(labels: Any, count: int) -> Split:
    return Split(np.zeros((count, 3)), labels)


def test_numbers_and_the_second_of_two_classes(tmp_path: Path) -> None:
    numbers = np.arange(60, dtype=np.float64)
    data = Dataset("own", "Own", split(numbers, 60), split(numbers, 60), 20, (), "f" * 64)
    record = done(asked("mean", validation=20), tmp_path, data)
    assert record.regression
    assert set(record.evaluations["test"].predicted) == {19.5}
    labels = (np.arange(60) % 3 > 0).astype(np.uint8)
    data = Dataset("own", "Own", split(labels, 60), split(labels, 60), 20, ("no", "yes"), "f" * 64)
    test = done(asked("second", validation=20), tmp_path, data).evaluations["test"]
    assert (test.accuracy, float(test.confidence[0])) == (40 / 60, float(np.float16(0.7)))


def test_source_and_arguments_are_its_identity() -> None:
    def digest(wanted: Job, builder: str = "a") -> str:
        return identify(replace(wanted, projection={"builder": builder}), digits()).digest

    first = digest(asked("nearest", {"epochs": 3}))
    assert digest(asked("nearest", {"epochs": 3})) == first
    assert digest(asked("nearest", {"epochs": 4})) != first
    assert digest(asked("nearest", {"epochs": 3}), "b") != first


@pytest.mark.parametrize(
    ("function", "arguments", "said"),
    [
        ("needs", {}, r"can't be called with data, seed, epoch: missing a required argument: 'depth'"),
        ("nearest", {"wide": 2}, r"got an unexpected keyword argument 'wide'"),
        ("value", {}, "has no function value"),
    ],
)
def test_how_it_can_t_be_called_is_known_before_it_trains(
    function: str, arguments: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said) as refused:
        identify(asked(function, arguments), digits())
    assert refused.value.problems[0].path.endswith("models.py")


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("found['test']", r"returns a ndarray, not a dict"),
        ("{'train': found['train'], 'test': found['test']}", "returns no predictions for validation"),
        ("found | {'test': found['test'][:99]}", "returns for test 99 predictions for 100 items"),
        ("found | {'test': found['test'][:, :9]}", r"for test an array of shape \(100, 9\), not \(n, 10\)"),
        ("found | {'train': found['train'] * np.nan}", "for train NaN or infinity for 220 of 220 items"),
        ("found | {'test': found['test'] * 2}", r"for test .* for a class, which is not a probability"),
        ("found | {'test': found['test'] / 2}", "for test values that do not add up to 1"),
        ("found | {'test': [['a'] * 10] * 100}", "for test <U1, not numbers"),
        ("found | {'test': [[1], [1, 2]]}", r"the test predictions of given\(\) raised ValueError"),
    ],
)
def test_what_are_no_predictions_is_refused_with_its_line(tmp_path: Path, what: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as refused:
        train(asked("given", {"what": what}), digits(), tmp_path)
    (problem,) = refused.value.problems
    assert problem.path.endswith("models.py")
    assert problem.line == MODELS.splitlines().index('def given(data, seed, epoch, what=""):') + 1


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (("{}",), "needs at least one number"),
        (("{'loss': 1}", "{'loss': 1, 'x': 2}"), "gets loss, x, and got loss before"),
        (("{'accuracy': 97}",), "accuracy is 97, and should be a share from 0 to 1"),
        (("{'loss': 'low'}",), "could not convert string to float"),
        (("{'seconds': 1}",), "seconds are measured"),
    ],
)
def test_what_is_no_epoch_is_refused_where_it_was_told(
    tmp_path: Path, rows: tuple[str, ...], said: str
) -> None:
    with pytest.raises(InputError, match=said) as refused:
        train(asked("told", {"rows": rows}), digits(), tmp_path)
    (problem,) = refused.value.problems
    assert MODELS.splitlines()[problem.line - 1].strip() == "epoch(**eval(row))"


@pytest.mark.parametrize(
    ("function", "arguments"),
    [("told", {"rows": ("{'loss': 1}", "{'loss': float('nan')}")}), ("stubborn", {})],
)
def test_divergence_is_seen_even_where_it_is_caught(
    tmp_path: Path, function: str, arguments: dict[str, Any]
) -> None:
    with pytest.raises(DivergedError, match="loss became nan in epoch"):
        train(asked(function, arguments), digits(), tmp_path)


def test_it_starts_over_where_it_was_interrupted_and_says_so(tmp_path: Path) -> None:
    notes: list[str] = []

    def interrupted(progress: Progress) -> None:
        if progress.epoch == 1:
            raise KeyboardInterrupt

    def noted(progress: Progress) -> None:
        notes.append(progress.note)

    whole = done(asked("nearest"), tmp_path)
    with pytest.raises(KeyboardInterrupt):
        train(asked("nearest"), digits(), tmp_path, interrupted)
    (tmp_path / "begun").touch()  # as a killed process leaves it
    again = train(asked("nearest"), digits(), tmp_path, noted).record
    assert [note for note in notes if note] == ["an earlier training was interrupted: nearest() starts over"]
    assert again.history.loss == whole.history.loss
    notes.clear()
    train(asked("nearest"), digits(), tmp_path, noted)
    assert not any(notes)


def test_killed_it_starts_over_and_predicts_the_same(tmp_path: Path) -> None:
    """``kill -9`` in its second epoch, in a copy of this process."""
    data = digits()
    # Of float32, as a copy of this process can't count on TensorFlow's threads, which scale images.
    parts = (Split(each.inputs.astype(np.float32), each.labels) for each in (data.train, data.test))
    data, wanted = replace(data, **dict(zip(("train", "test"), parts, strict=True))), asked("drawn", seed=3)
    killed, whole, notes = tmp_path / "killed", tmp_path / "whole", list[str]()
    killed.mkdir()
    whole.mkdir()

    def die(progress: Progress) -> None:
        if progress.epoch == 2:
            os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(TrainingError, match="by signal SIGKILL before it was done"):
        apart(lambda: train(wanted, data, killed, die), "training")
    first = done(wanted, whole, data)
    second = train(wanted, data, killed, lambda progress: notes.append(progress.note)).record
    assert [*filter(None, notes)] == ["an earlier training was interrupted: drawn() starts over"]
    assert second.history.loss == first.history.loss
    for name in SPLITS:
        one, other = (record.evaluations[name] for record in (first, second))
        np.testing.assert_array_equal(one.predicted, other.predicted)
        np.testing.assert_array_equal(one.confidence, other.confidence)


@pytest.mark.parametrize("asks", [{"train": "second"}, {}])
def test_a_class_without_training_items_is_told(tmp_path: Path, asks: dict[str, str]) -> None:
    """Whatever trains it: data that are sorted by class leave one out."""
    most = "import sklearn.dummy\n\ndef most(shape, classes):\n    return sklearn.dummy.DummyClassifier()\n"
    labels = np.repeat([0, 1], [40, 20]).astype(np.uint8)
    data = Dataset("own", "Own", split(labels, 60), split(0 * labels, 60), 20, ("no", "yes"), "f" * 64)
    notes: list[str] = []
    name = asks.get("train", "most")
    wanted = job(name, {"models.py": MODELS + most}, validation=20, **asks)
    train(wanted, data, tmp_path, lambda progress: notes.append(progress.note))
    assert "warning: no training items of yes: the last 20 are held out; no test items of yes" in notes
