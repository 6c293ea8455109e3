"""Several targets, and several labels an item: trained as Keras's own `fit` does, or by other means."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.datasets.types import Dataset, Split
from reportgen.errors import InputError, TrainingError
from reportgen.report.dataset_file import Task
from reportgen.report.training_parameters import Component
from reportgen.training import codec
from reportgen.training.export import export
from reportgen.training.identify import evaluate, identify
from reportgen.training.tasks import Multilabel, Regression
from reportgen.training.tensorflow import keras
from reportgen.training.train import train
from tests.training.jobs import job

MODELS = """
import keras
import numpy as np
from keras import Sequential, layers
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.multioutput import MultiOutputClassifier
from sklearn.neural_network import MLPClassifier


def line(input_shape, outputs):
    return Sequential([layers.Input(input_shape), layers.Dense(outputs)])


def sigmoid(input_shape, outputs):
    return Sequential([layers.Input(input_shape), layers.Dense(outputs, activation="sigmoid")])


def softmax(input_shape, outputs):
    return Sequential([layers.Input(input_shape), layers.Dense(outputs), layers.Softmax()])


def one(input_shape, outputs):
    return Sequential([layers.Input(input_shape), layers.Dense(1)])


def forest(input_shape, outputs):
    return RandomForestClassifier(20)


def several(input_shape, outputs):
    return MultiOutputClassifier(LogisticRegression())


def perceptron(input_shape, outputs):
    return MLPClassifier((4,), solver="lbfgs", alpha=1.0, max_iter=2000)


def ridge(input_shape, outputs):
    return MultiOutputClassifier(RidgeClassifier())


def numbers(input_shape, outputs):
    return RandomForestRegressor(20)


def mine(data, seed, epoch):
    share = data.y_train.mean(axis=0)
    epoch(loss=1.0)
    sizes = {"train": data.x_train, "validation": data.x_validation, "test": data.x_test}
    return {name: np.tile(share, (len(x), 1)) for name, x in sizes.items()}
"""
SQUARES, BINARY = Component("mean_squared_error"), Component("binary_crossentropy")
LOGITS = Component("binary_crossentropy", {"from_logits": True})
# Of Keras, which has TensorFlow copy its variables.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def bodies(labels: bool) -> Dataset:
    """Return points with two numbers each, or with three labels."""
    generator = np.random.default_rng(3)
    inputs = generator.normal(size=(300, 2))
    weights = np.array([[1.0, -2.0, 1.0], [0.5, 1.0, 1.5]])
    values = inputs @ weights + generator.normal(0, 0.1, (300, 3)) + [0.0, 0.5, -1.0]
    known: Any = values > 0 if labels else values[:, :2] + 3
    parts = Split(inputs[:200], known[:200]), Split(inputs[200:], known[200:])
    return Dataset("bodies", "Bodies", *parts, 50, ("a", "b", "c") if labels else (), "f" * 64)


NUMBERS, LABELS = bodies(labels=False), bodies(labels=True)


def asked(builder: str, loss: Component, **changes: object):  # type: ignore[no-untyped-def]
    wanted = {"loss": loss, "metrics": (), "epochs": 40, "validation": 50, **changes}
    return job(builder, {"models.py": MODELS}, **wanted)  # type: ignore[arg-type]


def test_several_numbers_are_learned_stored_and_exported(tmp_path: Path) -> None:
    wanted = asked("line", SQUARES, metrics=("mean_absolute_error",), early_stopping=5)
    done = train(wanted, NUMBERS, tmp_path)
    test = done.record.evaluations["test"]
    error = float(np.abs(test.predicted - test.labels).mean())
    assert test.predicted.shape == (100, 2)
    assert error < 0.2
    assert test.metrics["mean_absolute_error"] == pytest.approx(error, rel=1e-5)
    assert evaluate(wanted, NUMBERS, done.weights)["test"] == pytest.approx(test.metrics)
    stored = codec.read(codec.files_of(done.record).__getitem__)
    np.testing.assert_array_equal(stored.evaluations["test"].predicted, test.predicted)
    codec.check_task(stored, Task("regression", ("height", "weight")))
    for other in (
        Task("regression"),
        Task("regression", ("a", "b", "c")),
        Task("classification", ("a", "b")),
    ):
        with pytest.raises(Exception, match="a stored result"):
            codec.check_task(stored, other)
    export(wanted, NUMBERS, done.weights, error, tmp_path / "model.keras")


@pytest.mark.parametrize(("builder", "loss"), [("sigmoid", BINARY), ("line", LOGITS)])
def test_labels_are_learned_stored_and_exported(tmp_path: Path, builder: str, loss: Component) -> None:
    wanted = asked(builder, loss, metrics=("binary_accuracy",))
    done = train(wanted, LABELS, tmp_path)
    test = done.record.evaluations["test"]
    assert (test.predicted.dtype, test.confidence.shape) == (np.bool_, (100, 3))
    assert (test.predicted == test.labels).mean() > 0.9
    assert (test.predicted == (test.confidence > 0.5)).mean() > 0.99
    assert done.record.history.accuracy == ()
    stored = codec.read(codec.files_of(done.record).__getitem__)
    np.testing.assert_array_equal(stored.evaluations["test"].confidence, test.confidence)
    codec.check_task(stored, Task("multilabel", LABELS.classes))
    export(wanted, LABELS, done.weights, float(test.correct.sum()), tmp_path / "model.keras")
    with pytest.raises(TrainingError, match=r"classifies \d+ test images right"):
        export(wanted, LABELS, done.weights, float(test.correct.sum()) - 9, tmp_path / "model.keras")


@pytest.mark.parametrize(
    ("builder", "loss", "data"), [("line", SQUARES, NUMBERS), ("sigmoid", BINARY, LABELS)]
)
def test_the_training_is_that_of_fit(tmp_path: Path, builder: str, loss: Component, data: Dataset) -> None:
    wanted = asked(builder, loss, epochs=1, batch_size=150)
    record = train(wanted, data, tmp_path).record
    keras.utils.set_random_seed(wanted.seed)
    activation = "sigmoid" if builder == "sigmoid" else None
    model = keras.Sequential(
        [keras.layers.Input((2,)), keras.layers.Dense(data.outputs, activation=activation)]
    )
    model.compile(optimizer=keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True), loss=loss.name)
    split = data.split(50)["train"]
    history = model.fit(split.inputs, split.labels.astype(float), batch_size=150, verbose=0).history
    assert record.history.loss[0] == pytest.approx(history["loss"][0], rel=1e-5)
    assert record.evaluations["test"].loss == pytest.approx(
        model.evaluate(data.test.inputs, data.test.labels.astype(float), verbose=0), rel=1e-4
    )


@pytest.mark.parametrize("builder", ["forest", "several", "perceptron", "ridge"])
def test_estimators_give_labels(tmp_path: Path, builder: str) -> None:
    test = train(asked(builder, BINARY), LABELS, tmp_path).record.evaluations["test"]
    assert (test.predicted == test.labels).mean() > 0.8
    assert (test.loss is None) == (builder == "ridge") == (len(test.confidence) == 0)


def test_an_estimator_gives_several_numbers(tmp_path: Path) -> None:
    test = train(asked("numbers", SQUARES, folds=3), NUMBERS, tmp_path).record.evaluations
    assert test["folds"].predicted.shape == (200, 2)
    assert test["test"].loss == pytest.approx(np.mean((test["test"].predicted - test["test"].labels) ** 2))


@pytest.mark.parametrize("data", [NUMBERS, LABELS])
def test_a_training_function_predicts_them(tmp_path: Path, data: Dataset) -> None:
    record = train(asked("mine", SQUARES, train="mine"), data, tmp_path).record
    test = record.evaluations["test"]
    assert test.predicted.shape == data.test.labels.shape
    assert len(test.confidence) == (100 if data is LABELS else 0)


def test_a_label_that_no_training_item_has_is_improbable(tmp_path: Path) -> None:
    bare = Split(LABELS.train.inputs, LABELS.train.labels & [True, True, False])
    rare = Dataset("bodies", "Bodies", bare, LABELS.test, 50, LABELS.classes, "f" * 64)
    test = train(asked("forest", BINARY), rare, tmp_path).record.evaluations["test"]
    assert not test.confidence[:, 2].any()


@pytest.mark.parametrize(
    ("wanted", "data", "message", "remedy"),
    [
        (asked("one", SQUARES), NUMBERS, r"\(None, 1\), not one number for each of 2", "layer of 2 units"),
        (asked("line", Component("categorical_crossentropy")), NUMBERS, "is of classes", "squared"),
        (asked("softmax", BINARY), LABELS, "ends with a softmax", 'activation="sigmoid"'),
        (
            asked("sigmoid", Component("categorical_crossentropy")),
            LABELS,
            "of one class an item",
            "binary_cross",
        ),
        (asked("sigmoid", BINARY, metrics=("F1Score",)), LABELS, "takes one class an item", "leave it out"),
        (asked("line", BINARY, epochs=1), LABELS, "which is not a probability", "from_logits"),
    ],
)
def test_what_does_not_fit_is_named_before_training(
    wanted: Any, data: Dataset, message: str, remedy: str
) -> None:
    with pytest.raises(InputError, match=message) as refused:
        identify(wanted, data, rehearse=True)
    assert remedy in refused.value.problems[0].remedy


@pytest.mark.parametrize(
    ("task", "given", "message"),
    [
        (Multilabel(3), np.full((100, 2), 0.5), r"shape \(100, 2\), not \(n, 3\)"),
        (Multilabel(3), np.full((100, 3), 1.5), "1.5 for a label, which is not a probability"),
        (Multilabel(3), np.full((100, 3), np.nan), "NaN or infinity for 100 of 100 items"),
        (Multilabel(3), np.full((90, 3), 0.5), "90 predictions for 100 items"),
        (Regression(3), np.zeros(100), r"not \(n, 3\), a number for each target"),
    ],
)
def test_predictions_of_another_shape_are_refused(task: Any, given: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        task.of_predictions(given, LABELS.test.labels, keep=True)
