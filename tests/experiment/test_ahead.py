from typing import Any

import numpy as np
import pytest

from reportgen.experiment.ahead import Ahead
from reportgen.experiment.backend import keras, tf
from reportgen.experiment.dense import BlockedDense
from reportgen.experiment.loop import Loop
from reportgen.experiment.twin import Precision, Twin
from reportgen.experiment.updates import Update
from tests.experiment.jobs import digits

layers = keras.layers
INPUT = keras.Input((8, 8, 1))


@pytest.fixture(autouse=True)
def every_dense_layer_is_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BlockedDense, "smallest", 10_000)


def twin(*stack: Any, precision: Precision = "float32") -> Any:
    return Twin(keras.Sequential([INPUT, *stack]), precision, blocked=True).model


@pytest.mark.parametrize(
    ("stack", "serves"),
    [
        (lambda: [layers.Flatten(), layers.Dense(400)], True),
        (lambda: [layers.Rescaling(2), layers.Reshape((64,)), layers.Dense(400)], True),
        (lambda: [layers.Flatten(), layers.Dropout(0.1), layers.Dense(400)], False),
        (lambda: [layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(400)], False),
        (lambda: [layers.Flatten(), layers.Dense(10), layers.Dense(2000)], False),
        (lambda: [layers.Flatten(), layers.Dense(10)], False),
        (lambda: [layers.Flatten()], False),
    ],
)
def test_only_a_wide_layer_that_comes_first_is_computed_ahead(stack: Any, serves: bool) -> None:
    assert Ahead.serves(twin(*stack())) == serves


def test_a_model_of_branches_is_computed_in_order() -> None:
    flat = layers.Flatten()(INPUT)
    wide = layers.Dense(400)(flat)
    model = Twin(keras.Model(INPUT, layers.Concatenate()([flat, wide])), blocked=True).model
    assert any(isinstance(layer, BlockedDense) for layer in model.layers)
    assert not Ahead.serves(model)


def trained(precision: Precision, seconds: float, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    monkeypatch.setattr("reportgen.experiment.loop._TELL_SECONDS", seconds)
    keras.utils.set_random_seed(4)
    stack = [
        layers.Rescaling(2),
        layers.Flatten(),
        layers.Dense(400, "tanh"),
        layers.Dropout(0.2),
        layers.Dense(50, activity_regularizer="l2"),
        layers.Dense(10, activation="softmax"),
    ]
    model = twin(*stack, precision=precision)
    update = Update(
        keras.optimizers.SGD(momentum=0.9, weight_decay=0.01, nesterov=True), model.trainable_variables
    )

    def augment(images: Any, seed: Any) -> Any:
        return images + tf.random.stateless_uniform(images.shape, seed)

    split = digits(350).split(100)["train"]
    loop = Loop(model, update, keras.losses.CategoricalCrossentropy(), split, 10, 32, 1, augment)
    ends = [loop.epoch(index, np.full(loop.steps, 0.02, np.float32), lambda *now: None) for index in range(3)]
    return [*ends, *(variable.numpy() for variable in loop.state)]


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_ahead_gives_the_bits_of_one_step_after_the_other(
    monkeypatch: pytest.MonkeyPatch, precision: Precision
) -> None:
    ahead = trained(precision, 0.5, monkeypatch)
    singly = trained(precision, 0.0, monkeypatch)
    monkeypatch.setattr(Ahead, "serves", lambda model: False)
    in_order = trained(precision, 0.5, monkeypatch)
    assert ahead[:3] == singly[:3] == in_order[:3]
    for one, other, third in zip(ahead[3:], singly[3:], in_order[3:], strict=True):
        np.testing.assert_array_equal(one, third)
        np.testing.assert_array_equal(other, third)
