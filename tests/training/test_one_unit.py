"""Models with one output, the probability of the second class of two."""

from pathlib import Path

import numpy as np
import pytest

from reportgen.datasets.types import Dataset, Split
from reportgen.errors import InputError
from reportgen.report.training_parameters import Component
from reportgen.training.export import export
from reportgen.training.identify import evaluate, identify
from reportgen.training.tensorflow import keras
from reportgen.training.train import train
from tests.training.jobs import job

MODELS = """
from keras import Sequential, layers


def unit(input_shape, classes):
    return Sequential([layers.Input(input_shape), layers.Dense(1, activation="sigmoid")])


def logit(input_shape, classes):
    return Sequential([layers.Input(input_shape), layers.Dense(1)])


def two(input_shape, classes):
    return Sequential([layers.Input(input_shape), layers.Dense(2)])
"""
# Of Keras, which has TensorFlow copy its variables.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

BINARY = Component("binary_crossentropy")
LOGITS = Component("binary_crossentropy", {"from_logits": True})


def halves(classes: int = 2) -> Dataset:
    """Return points left and right of a line, as numbers."""
    generator = np.random.default_rng(3)
    inputs = generator.normal(size=(300, 2))
    labels = (inputs @ [1.0, -2.0] > 0).astype(np.uint8)
    train, test = Split(inputs[:200], labels[:200]), Split(inputs[200:], labels[200:])
    return Dataset("halves", "Halves", train, test, 50, tuple("abc"[:classes]), "f" * 64)


def asked(builder: str, loss: Component, **changes: object):  # type: ignore[no-untyped-def]
    wanted = {"loss": loss, "epochs": 20, "validation": 50, **changes}
    return job(builder, {"models.py": MODELS}, **wanted)  # type: ignore[arg-type]


@pytest.mark.parametrize(("builder", "loss"), [("unit", BINARY), ("logit", LOGITS)])
def test_it_learns_and_is_exported(tmp_path: Path, builder: str, loss: Component) -> None:
    wanted = asked(builder, loss)
    done = train(wanted, halves(), tmp_path)
    test = done.record.evaluations["test"]
    assert test.accuracy > 0.9
    assert set(test.predicted) == {0, 1}
    assert test.confidence.min() >= 0.5
    assert done.record.way == "by Keras's own step: it has one output"
    assert done.record.history.val_accuracy[-1] == done.record.evaluations["validation"].accuracy
    correct = int(np.count_nonzero(test.correct))
    export(wanted, halves(), done.weights, correct, tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", compile=False)
    outputs = again.predict(halves().test.inputs, verbose=0)[:, 0]
    np.testing.assert_array_equal(outputs > (0.5 if builder == "unit" else 0), test.predicted)


def test_its_steps_are_those_of_fit(tmp_path: Path) -> None:
    """The loss of an epoch that sees one batch is that of Keras's evaluation before it."""
    wanted = asked("unit", BINARY, epochs=1, batch_size=150)
    record = train(wanted, halves(), tmp_path).record
    keras.utils.set_random_seed(wanted.seed)
    model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile(loss="binary_crossentropy", metrics=["accuracy"])
    split = halves().split(50)["train"]
    loss, accuracy = model.evaluate(split.inputs, split.labels[:, None], verbose=0)
    assert record.history.loss[0] == pytest.approx(loss, rel=1e-5)
    assert record.history.accuracy[0] == pytest.approx(accuracy)


def test_further_metrics_are_those_of_keras(tmp_path: Path) -> None:
    wanted = asked("unit", BINARY, metrics=("accuracy", "precision", "auc"))
    done = train(wanted, halves(), tmp_path)
    measured = done.record.evaluations["test"]
    right = measured.labels[measured.predicted == 1]
    assert measured.metrics["precision"] == pytest.approx(right.mean())
    assert measured.metrics["auc"] > 0.95
    assert evaluate(wanted, halves(), done.weights)["test"]["auc"] == pytest.approx(measured.metrics["auc"])


def test_a_categorical_loss_is_refused_with_its_remedy() -> None:
    with pytest.raises(
        InputError, match="has one output, and loss categorical_crossentropy needs one"
    ) as refused:
        identify(asked("unit", Component("categorical_crossentropy")), halves(), rehearse=True)
    assert "binary_crossentropy" in refused.value.problems[0].remedy


@pytest.mark.parametrize("builder", ["unit", "two"])
def test_three_classes_need_three_outputs(builder: str) -> None:
    with pytest.raises(InputError, match="not one probability for each of 3 classes"):
        identify(asked(builder, BINARY), halves(3))


def test_a_scale_is_for_images() -> None:
    with pytest.raises(InputError, match="scale is for images; Halves has none"):
        identify(asked("unit", BINARY, scale="signed"), halves(), rehearse=True)
