"""A column that says nothing has no importance; one that says all of it has most."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from reportgen.datasets.types import Dataset, Split
from reportgen.training import codec
from reportgen.training.importance import COLUMNS, REPEATS, importance
from reportgen.training.train import train
from tests.training.jobs import TRAINING, job

NAMES = ("length", "colour = blue", "colour = red", "noise")
MODELS = """
from keras import Sequential, layers
from sklearn.tree import DecisionTreeClassifier


def tree(input_shape, classes):
    return DecisionTreeClassifier()


def network(input_shape, classes):
    return Sequential([layers.Input(input_shape), layers.Dense(classes, activation="softmax")])


def told(data, seed, epoch):
    import numpy as np
    inputs = {"train": data.x_train, "validation": data.x_validation, "test": data.x_test}
    return {name: np.full((len(each), 2), 0.5) for name, each in inputs.items()}
"""


def table(columns: tuple[str, ...] = NAMES) -> Dataset:
    """Red is the second class, blue the first."""
    random = np.random.default_rng(0)
    red = random.integers(0, 2, 200)
    inputs = np.stack([random.normal(size=200), 1 - red, red, random.normal(size=200)], 1).astype(np.float64)
    split = Split(inputs, red.astype(np.uint8))
    return Dataset("own", "Own", split, split, 60, ("blue", "red"), "f" * 64, columns=columns)


def predict(split: Split) -> "np.ndarray[tuple[int, ...], np.dtype[np.int64]]":
    """Look at both inputs of the colour: shuffling one alone would change nothing for one of them."""
    found: np.ndarray[tuple[int, ...], np.dtype[np.int64]] = (split.inputs[:, 2] > split.inputs[:, 1]).astype(
        np.int64
    )
    return found


def test_the_inputs_of_a_column_are_shuffled_together() -> None:
    held_out = table().split()["validation"]
    before = held_out.inputs.copy()
    found = importance(NAMES, held_out, predict, 1)
    assert list(found) == ["length", "colour", "noise"]
    assert found["length"] == found["noise"] == (0.0,) * REPEATS
    assert 0.3 < np.mean(found["colour"]) < 0.7
    assert len(set(found["colour"])) > 1
    assert found == importance(NAMES, held_out, predict, 1) != importance(NAMES, held_out, predict, 2)
    np.testing.assert_array_equal(held_out.inputs, before)


def test_of_numbers_it_is_what_the_mean_absolute_error_gains() -> None:
    inputs = np.random.default_rng(0).normal(size=(400, 2))
    held_out = Split(inputs, 3 * inputs[:, 0])
    found = importance(("a", "b"), held_out, lambda split: 3 * split.inputs[:, 0], 1)
    assert np.mean(found["a"]) == pytest.approx(3 * 2 / np.sqrt(np.pi), rel=0.1)
    assert not np.any(found["b"])


def test_of_several_labels_an_item_is_right_as_a_whole_and_of_several_targets_there_is_none() -> None:
    random = np.random.default_rng(0)
    inputs = random.normal(size=(300, 2))
    found = importance(("a", "b"), Split(inputs, inputs > 0), lambda split: split.inputs > 0, 1)
    assert all(0.4 < np.mean(drops) < 0.6 for drops in found.values())
    assert importance(("a", "b"), Split(inputs, inputs), lambda split: split.inputs, 1) == {}


def test_what_is_no_table_has_none() -> None:
    held_out = table().split()["validation"]
    assert importance((), held_out, predict, 1) == {}
    assert importance(("text",), Split(np.array(["a", "b"]), np.array([0, 1])), predict, 1) == {}
    many = Split(np.zeros((3, COLUMNS + 1)), np.zeros(3))
    assert importance([str(at) for at in range(COLUMNS + 1)], many, predict, 1) == {}


@pytest.mark.parametrize("builder", ["tree", "network"])
def test_it_is_in_the_record(builder: str, tmp_path: Path) -> None:
    asked = job(builder, {"models.py": MODELS})
    asked = replace(asked, training=replace(TRAINING, epochs=8, learning_rate=0.5, validation=60))
    record = train(asked, table(), tmp_path).record
    means = {name: float(np.mean(drops)) for name, drops in record.importance.items()}
    assert max(means, key=lambda name: means[name]) == "colour"
    again = codec.read(codec.files_of(record).__getitem__)
    assert again.importance == record.importance


def test_of_a_training_function_there_is_none(tmp_path: Path) -> None:
    asked = job("told", {"models.py": MODELS}, train="told", validation=60)
    assert train(asked, table(), tmp_path).record.importance == {}
