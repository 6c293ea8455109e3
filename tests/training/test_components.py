from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.errors import InputError
from reportgen.report.training_parameters import Component
from reportgen.training.components import loss, metric, optimizer, separable
from reportgen.training.sources import Functions, Sources
from reportgen.training.tasks import Classification
from reportgen.training.tensorflow import keras, tf
from tests.training.jobs import MODELS

TEN = Classification(10)
TRUE = tf.constant([[0.0, 1.0], [1.0, 0.0]])
PREDICTED = tf.constant([[0.2, 0.8], [0.6, 0.4]])
OWN = """
import keras

def own(true, predicted, power=2):
    return tf.abs(true - predicted) ** power


class Own(keras.losses.Loss):
    def __init__(self, factor=1.0):
        super().__init__()
        self.factor = factor

    def call(self, true, predicted):
        return self.factor * tf.reduce_sum((true - predicted) ** 2, axis=-1)


ready = keras.losses.CategoricalCrossentropy(label_smoothing=0.2)
"""


@pytest.fixture
def functions() -> Iterator[Functions]:
    with Sources({"models.py": MODELS + OWN}, Path("answers/models.py")).imported() as found:
        yield found


@pytest.mark.parametrize(
    ("component", "value"),
    [
        (Component("categorical_crossentropy"), -(np.log(0.8) + np.log(0.6)) / 2),
        (Component("CategoricalCrossentropy"), -(np.log(0.8) + np.log(0.6)) / 2),
        (Component("mse"), 0.1),
        (Component("mean_squared_error"), 0.1),
        (Component("own"), 0.1),
        (Component("own", {"power": 1}), 0.3),
        (Component("Own"), 0.2),
        (Component("Own", {"factor": 2.0}), 0.4),
    ],
    ids=str,
)
def test_losses_by_name(functions: Functions, component: Component, value: float) -> None:
    found = loss(component, functions)
    assert float(tf.reduce_mean(found(TRUE, PREDICTED))) == pytest.approx(value, rel=1e-5)
    made = TEN.encoding(found, None)
    assert separable(found, made, TEN) == (component.name not in ("own", "Own"))


def test_a_loss_that_models_py_has_made_is_taken(functions: Functions) -> None:
    plain = loss(Component("categorical_crossentropy"), functions)
    smooth = loss(Component("categorical_crossentropy", {"label_smoothing": 0.2}), functions)
    ready = loss(Component("ready"), functions)
    assert float(ready(TRUE, PREDICTED)) == float(smooth(TRUE, PREDICTED)) > float(plain(TRUE, PREDICTED))


@pytest.mark.parametrize("name", ["dice", "tversky"])
def test_a_loss_that_looks_at_all_of_a_batch_is_not_separable(functions: Functions, name: str) -> None:
    found = loss(Component(name), functions)
    assert not separable(found, TEN.encoding(found, None), TEN)


@pytest.mark.parametrize(
    ("name", "rank"), [("categorical_crossentropy", 2), ("sparse_categorical_crossentropy", 1)]
)
def test_labels_are_given_as_a_loss_takes_them(functions: Functions, name: str, rank: int) -> None:
    encode = TEN.encoding(loss(Component(name), functions), None)
    assert encode(tf.constant([1, 2])).shape.rank == rank


@pytest.mark.parametrize("name", ["accuracy", "auc", "F1Score", "SparseCategoricalAccuracy", "mse"])
def test_metrics_by_name(name: str) -> None:
    assert isinstance(metric(name), keras.metrics.Metric)


@pytest.mark.parametrize("name", ["Adam", "adam", "SGD", "sgd", "rmsprop"])
def test_optimizers_in_any_case_of_letters(name: str) -> None:
    assert type(optimizer(Component(name))).__name__.lower() == name.lower()


@pytest.mark.parametrize(
    ("component", "message"),
    [
        (Component("Momentum"), "no optimizer called Momentum"),
        (Component("Optimizer"), "no optimizer called Optimizer"),
        (Component("SGD", {"momentom": 0.9}), "optimizer SGD: .*momentom"),
        (Component("Adam", {"learning_rate": 0.1}), "the learning rate is also set in the optimizer's table"),
        (Component("LossScaleOptimizer"), "inner_optimizer"),
    ],
    ids=str,
)
def test_an_optimizer_that_there_is_not_is_named(component: Component, message: str) -> None:
    with pytest.raises(InputError, match=message):
        optimizer(component)


@pytest.mark.parametrize(
    ("component", "message"),
    [
        (Component("no_such_loss"), "no loss called no_such_loss"),
        (Component("categorical_crossentropy", {"smoothing": 0.1}), "smoothing"),
    ],
    ids=str,
)
def test_a_loss_that_there_is_not_is_named(functions: Any, component: Component, message: str) -> None:
    with pytest.raises(InputError, match=message):
        loss(component, functions)
