"""Cross-validation: each item predicted by a model that has not seen it, in folds that all models share."""

import weakref
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.datasets.inputs import Array, Inputs, items
from reportgen.datasets.types import Dataset, Split
from reportgen.errors import InputError
from reportgen.training import codec
from reportgen.training.folds import Fold, evaluated, fold_of, folds
from reportgen.training.job import Job, Progress
from reportgen.training.record import FOLDS, Evaluation, Record
from reportgen.training.train import train
from tests.factories import make_record
from tests.training.jobs import MODELS, digits, job

SEEN = """
import numpy as np
from sklearn.neighbors import KNeighborsClassifier


def nearest(input_shape, classes):
    return KNeighborsClassifier(1)


def told(data, seed, epoch):
    epoch(loss=1.0)
    inputs = {"train": data.x_train, "validation": data.x_validation, "test": data.x_test}
    return {name: np.full(len(each), data.y_train.mean()) for name, each in inputs.items()}
"""


def asked(builder: str, **changes: Any) -> Job:
    return job(builder, {"models.py": MODELS + SEEN}, **{"folds": 3, "epochs": 1, **changes})


def test_classes_and_sizes_are_dealt_out_evenly() -> None:
    labels = np.repeat([0, 1, 2], [60, 30, 9])
    places = fold_of(np.random.default_rng(1).permutation(labels), 3)
    assert np.bincount(places).tolist() == [33, 33, 33]
    np.testing.assert_array_equal(fold_of(labels, 3), fold_of(labels, 3))
    of_class = [np.bincount(fold_of(labels, 3)[labels == each]).tolist() for each in range(3)]
    assert of_class == [[20] * 3, [10] * 3, [3] * 3]
    numbers = np.random.default_rng(2).exponential(size=100)
    means = [numbers[fold_of(numbers, 5) == each].mean() for each in range(5)]
    assert np.std(means) < 0.05
    assert set(fold_of(np.arange(7), 3).tolist()) == {0, 1, 2}


def test_the_data_of_one_fold_are_there_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[Any] = []

    def chosen(inputs: Inputs, places: Array) -> Inputs:
        assert all(each() is None for each in held)
        found = items(inputs, places)
        held.append(weakref.ref(found))
        return found

    def measured(fold: Fold) -> Record:
        labels = fold.dataset.split(len(fold.held_out))["validation"].labels
        found = Evaluation(0.0, labels, labels, np.empty(0, np.float16), {})
        return make_record("cnn", evaluations={"validation": found})

    monkeypatch.setattr("reportgen.training.folds.items", chosen)
    made = evaluated(asked("nearest"), digits(), make_record("cnn"), measured)
    assert len(held) == 3
    np.testing.assert_array_equal(made.evaluations[FOLDS].predicted, digits().train.labels)


def test_no_model_sees_what_it_predicts(tmp_path: Path) -> None:
    """The nearest neighbour of an item that it knows is the item itself, so labels that are noise show it."""
    random = np.random.default_rng(0)
    noise = Split(random.normal(size=(90, 2)), random.integers(0, 2, 90).astype(np.uint8))
    data = Dataset("own", "Own", noise, noise, 30, ("no", "yes"), "f" * 64)
    record = train(asked("nearest", validation=30), data, tmp_path).record
    assert record.evaluations["test"].accuracy > 0.6  # which it knows for two thirds
    found = record.evaluations[FOLDS]
    assert found.accuracy < 0.65
    np.testing.assert_array_equal(found.labels, noise.labels)
    for fold in folds(asked("nearest"), data):
        here = fold.dataset.split(fold.job.training.validation)
        inputs = {name: {tuple(row) for row in here[name].inputs} for name in ("train", "validation")}
        assert not inputs["train"] & inputs["validation"]
        assert len(inputs["train"]) == 60 and len(inputs["validation"]) == 30
        np.testing.assert_array_equal(here["validation"].labels, noise.labels[fold.held_out])


def test_a_network_stays_itself_and_goes_on_in_the_fold_where_it_was_interrupted(tmp_path: Path) -> None:
    wanted = asked("dense", folds=2, epochs=2, fast=False)
    for name in ("alone", "whole", "broken"):
        (tmp_path / name).mkdir()
    alone = train(
        replace(wanted, training=replace(wanted.training, folds=None)), digits(), tmp_path / "alone"
    )
    whole = train(wanted, digits(), tmp_path / "whole")
    assert whole.weights == alone.weights
    assert whole.record.history.loss == alone.record.history.loss
    found = whole.record.evaluations[FOLDS]
    assert len(found.labels) == len(digits().train.labels) == len(found.confidence)
    assert found.accuracy > 0.3
    assert 0 < (found.loss or 0) < 3
    files = codec.files_of(whole.record)
    assert codec.files_of(codec.read(files.__getitem__)) == files
    notes: list[str] = []

    def stop(progress: Progress) -> None:
        notes.append(progress.note)
        if "fold 2 of 2" in notes and progress.epoch == 2 and progress.step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(wanted, digits(), tmp_path / "broken", stop)
    epochs: list[int] = []
    rest = train(wanted, digits(), tmp_path / "broken", lambda now: epochs.append(now.epoch * bool(now.step)))
    assert 1 not in epochs  # all that was done was kept
    np.testing.assert_array_equal(rest.record.evaluations[FOLDS].confidence, found.confidence)


def test_numbers_of_a_training_function(tmp_path: Path) -> None:
    numbers = np.arange(60, dtype=np.float64)
    data = Dataset("own", "Own", *[Split(np.zeros((60, 2)), numbers)] * 2, 20, (), "f" * 64)
    record = train(asked("told", train="told", validation=20), data, tmp_path).record
    found = record.evaluations[FOLDS]
    assert len(set(found.predicted)) == 3
    assert found.regression and len(found.labels) == 60


def test_more_folds_than_items_are_refused(tmp_path: Path) -> None:
    wanted = replace(asked("dense", folds=70, subset=50), lines={"folds": 7}, toml="report.toml")
    with pytest.raises(InputError, match="70 folds of 50 training items") as refused:
        next(folds(wanted, digits()))
    assert refused.value.problems[0].line == 7


def grouped(numbers: bool = False) -> Dataset:
    """Thirty groups of three items whose label is their group's own, so that whoever knows one knows all."""
    random = np.random.default_rng(0)
    groups = np.repeat(np.arange(30), 3)
    labels = random.normal(size=30)[groups] if numbers else random.permutation(30)[groups] % 2
    split = Split(groups[:, np.newaxis] * 100.0 + random.normal(size=(90, 1)), labels)
    classes = () if numbers else ("no", "yes")
    split = split if numbers else replace(split, labels=labels.astype(np.uint8))
    return Dataset("own", "Own", split, split, 30, classes, "f" * 64, groups=groups)


@pytest.mark.parametrize("numbers", [False, True])
def test_groups_stay_whole(numbers: bool) -> None:
    data, seen = grouped(numbers), []
    for fold in folds(asked("nearest", folds=5, validation=30), data):
        assert data.groups is not None
        inside = set(data.groups[fold.held_out].tolist())
        outside = set(data.groups.tolist()) - inside
        assert len(inside) == 6 and len(inside) + len(outside) == 30
        assert {len(split.labels) for split in fold.dataset.split(18).values()} == {72, 18, 90}
        np.testing.assert_array_equal(fold.dataset.train.labels[-18:], data.train.labels[fold.held_out])
        if not numbers:
            assert data.train.labels[fold.held_out].sum() == 9, "classes in equal shares"
        seen += fold.held_out.tolist()
    assert sorted(seen) == list(range(90))


def test_whole_groups_are_recorded_and_read_again(tmp_path: Path) -> None:
    record = train(asked("nearest", folds=5, validation=30), grouped(), tmp_path).record
    found = record.evaluations[FOLDS]
    assert found.accuracy < 0.9, "a fold that divides groups knows each label"
    assert np.bincount(found.folds).tolist() == [18] * 5
    again = codec.read(codec.files_of(record).__getitem__)
    assert again.evaluations[FOLDS].folds == found.folds


def test_more_folds_than_groups_are_refused() -> None:
    with pytest.raises(InputError, match=r"40 folds of 30 groups \(make fewer\)"):
        next(folds(asked("nearest", folds=40, validation=30), grouped()))
