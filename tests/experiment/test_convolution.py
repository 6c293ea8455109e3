from typing import Any

import numpy as np
import pytest

from reportgen.experiment.backend import keras, tf
from reportgen.experiment.convolution import CutConv2D
from reportgen.experiment.twin import Twin

layers = keras.layers


def doubled(values: Any) -> Any:
    return 2 * values


def network() -> Any:
    return keras.Sequential(
        [keras.Input((6, 6, 3)), layers.Conv2D(4, 3, activation=doubled), layers.BatchNormalization()]
    )


def outcome(model: Any, x: Any) -> list[Any]:
    """Return outputs in training, and the gradients of some loss."""
    with tf.GradientTape() as tape:
        tape.watch(x)
        outputs = model(x, training=True)
        loss = tf.reduce_sum((outputs - 1) ** 2)
    return [outputs, *tape.gradient(loss, [x, *model.trainable_variables])]


@pytest.mark.parametrize("count", [1, 5, 32])
def test_a_cut_convolution_is_that_convolution(count: int) -> None:
    model = network()
    twin = Twin(model, cuts=2).model
    assert type(twin.layers[0]) is CutConv2D
    x = tf.constant(np.random.default_rng(1).normal(size=(count, 6, 6, 3)).astype(np.float32))
    for mine, theirs in zip(outcome(twin, x), outcome(model, x), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize(("training", "expected"), [(True, [2, 3]), (False, [5])])
def test_it_is_cut_in_training_alone(training: bool, expected: list[int]) -> None:
    seen: list[int] = []

    def noted(values: Any) -> Any:
        seen.append(values.shape[0])
        return values

    model = keras.Sequential([keras.Input((6, 6, 3)), layers.Conv2D(4, 3, activation=noted)])
    twin = Twin(model, cuts=2).model
    seen.clear()
    twin(tf.zeros((5, 6, 6, 3)), training=training)
    assert seen == expected


def test_without_cuts_a_convolution_is_keras_s() -> None:
    assert type(Twin(network()).model.layers[0]) is layers.Conv2D
