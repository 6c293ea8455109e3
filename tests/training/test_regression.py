"""Models that predict a number: trained as Keras's own `fit` does, or fitted by their own method."""

from pathlib import Path

import numpy as np
import pytest

from reportgen.datasets.types import Dataset, Split
from reportgen.errors import InputError, TrainingError
from reportgen.report.dataset_file import Task
from reportgen.report.training_parameters import Component
from reportgen.training import codec
from reportgen.training.evaluate import metrics_of
from reportgen.training.export import export
from reportgen.training.identify import evaluate, identify
from reportgen.training.tasks import Regression
from reportgen.training.tensorflow import keras
from reportgen.training.train import train
from tests.training.jobs import job

MODELS = """
import numpy as np
from keras import Sequential, layers
from sklearn.linear_model import LinearRegression
from sklearn.svm import LinearSVC


def line(input_shape, classes):
    return Sequential([layers.Input(input_shape), layers.Dense(classes)])


def three(input_shape, classes):
    return Sequential([layers.Input(input_shape), layers.Dense(3)])


def linear(input_shape, classes):
    return LinearRegression()


class Far(LinearRegression):
    def predict(self, x):
        return np.full(len(x), np.inf)


def far(input_shape, classes):
    return Far()
"""
SQUARES = Component("mean_squared_error")
# Of Keras, which has TensorFlow copy its variables.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def plane() -> Dataset:
    """Return points on a plane, a little off it."""
    generator = np.random.default_rng(3)
    inputs = generator.normal(size=(300, 2))
    labels = inputs @ [1.0, -2.0] + 3 + generator.normal(0, 0.1, 300)
    train, test = Split(inputs[:200], labels[:200]), Split(inputs[200:], labels[200:])
    return Dataset("plane", "Plane", train, test, 50, (), "f" * 64)


def asked(builder: str, **changes: object):  # type: ignore[no-untyped-def]
    wanted = {"loss": SQUARES, "metrics": (), "epochs": 40, "validation": 50, **changes}
    return job(builder, {"models.py": MODELS}, **wanted)  # type: ignore[arg-type]


def test_a_network_learns_is_stored_and_exported(tmp_path: Path) -> None:
    wanted = asked("line", metrics=("mean_absolute_error",), early_stopping=5)
    done = train(wanted, plane(), tmp_path)
    test = done.record.evaluations["test"]
    error = float(np.abs(test.predicted - test.labels).mean())
    assert error < 0.2
    assert test.metrics["mean_absolute_error"] == pytest.approx(error, rel=1e-5)
    assert (done.record.history.accuracy, done.record.history.val_accuracy) == ((), ())
    assert evaluate(wanted, plane(), done.weights)["test"] == pytest.approx(test.metrics)
    stored = codec.read(codec.files_of(done.record).__getitem__)
    np.testing.assert_array_equal(stored.evaluations["test"].predicted, test.predicted)
    assert stored.history == done.record.history
    export(wanted, plane(), done.weights, error, tmp_path / "model.keras")
    with pytest.raises(TrainingError, match="loaded again, its mean absolute error is"):
        export(wanted, plane(), done.weights, 2 * error, tmp_path / "model.keras")


def test_its_training_is_that_of_fit(tmp_path: Path) -> None:
    wanted = asked("line", epochs=1, batch_size=150)
    record = train(wanted, plane(), tmp_path).record
    keras.utils.set_random_seed(wanted.seed)
    model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True), loss="mse")
    split = plane().split(50)["train"]
    history = model.fit(split.inputs, split.labels[:, None], batch_size=150, verbose=0).history
    assert record.history.loss[0] == pytest.approx(history["loss"][0], rel=1e-5)
    found = model.predict(plane().test.inputs, verbose=0)[:, 0]
    np.testing.assert_allclose(record.evaluations["test"].predicted, found, rtol=1e-4)


def test_going_on_gives_the_same_bits(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    whole = train(asked("line", epochs=6), plane(), tmp_path / "one").record
    stopped = asked("line", epochs=6)

    def stop(progress: object) -> None:
        if getattr(progress, "epoch", 0) == 4:
            raise KeyboardInterrupt

    (tmp_path / "two").mkdir()
    with pytest.raises(KeyboardInterrupt):
        train(stopped, plane(), tmp_path / "two", stop)
    again = train(stopped, plane(), tmp_path / "two").record
    assert again.history.val_loss == whole.history.val_loss
    for name, found in whole.evaluations.items():
        np.testing.assert_array_equal(found.predicted, again.evaluations[name].predicted)


def test_an_estimator_is_fitted_to_the_numbers(tmp_path: Path) -> None:
    record = train(asked("linear"), plane(), tmp_path).record
    test = record.evaluations["test"]
    errors = test.predicted - test.labels
    assert test.loss == pytest.approx(float(np.mean(errors**2)))
    assert np.abs(errors).mean() < 0.12
    assert test.predicted.dtype == np.float64


@pytest.mark.parametrize(
    ("wanted", "message", "remedy"),
    [
        (asked("three"), r"gives \(None, 3\), not one number", "one layer of 1 unit"),
        (asked("line", loss=Component("categorical_crossentropy")), "needs one for each class", "squared"),
    ],
)
def test_what_does_not_fit_is_named_before_training(wanted, message: str, remedy: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError, match=message) as refused:
        identify(wanted, plane(), rehearse=True)
    assert remedy in refused.value.problems[0].remedy


def test_predictions_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a finite number for each item"):
        train(asked("far"), plane(), tmp_path)


def test_stored_numbers_are_not_taken_for_classes(tmp_path: Path) -> None:
    record = train(asked("linear"), plane(), tmp_path).record
    codec.check_task(record, Task("regression"))
    with pytest.raises(Exception, match="is one of regression, where classification is wanted"):
        codec.check_task(record, Task("classification", tuple("abc")))


@pytest.mark.parametrize("name", ["f1_score", "F1Score", "AUC", "precision", "binary_accuracy"])
def test_metrics_of_classes_are_refused_by_name(name: str) -> None:
    with pytest.raises(InputError, match=f"metric {name} is of classes, and a number is predicted"):
        metrics_of([name], Regression(), 1)


def test_metrics_of_numbers_are_taken() -> None:
    names = ["mae", "RootMeanSquaredError", "r2_score", "mean_squared_error", "LogCoshError"]
    assert list(metrics_of(names, Regression(), 1)) == names
