from typing import Any

import numpy as np
import pytest

from reportgen.training.fast import conv
from reportgen.training.fast.layers import called_by
from reportgen.training.tensorflow import keras, tf

layers = keras.layers


def outcome(model: Any, x: Any) -> list[Any]:
    """Return outputs in training, and the gradients of some loss."""
    with tf.GradientTape() as tape:
        tape.watch(x)
        outputs = model(x, training=True)
        loss = tf.reduce_sum((outputs - 1) ** 2)
    return [outputs, *tape.gradient(loss, [x, *model.trainable_variables])]


@pytest.mark.parametrize("count", [1, 5, 32])
def test_a_cut_convolution_is_that_convolution(count: int) -> None:
    model = keras.Sequential(
        [keras.Input((6, 6, 3)), layers.Conv2D(4, 3, activation="tanh"), layers.BatchNormalization()]
    )
    x = tf.constant(np.random.default_rng(1).normal(size=(count, 6, 6, 3)).astype(np.float32))
    theirs = outcome(model, x)
    with called_by([(model.layers[0], conv.call(model.layers[0], 2))]):
        mine = outcome(model, x)
    for one, other in zip(mine, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize(("known", "expected"), [(True, [2, 3]), (False, [None])])
def test_it_is_cut_where_its_size_is_known(known: bool, expected: list[int | None]) -> None:
    seen: list[int | None] = []

    def noted(values: Any) -> Any:
        seen.append(values.shape[0])
        return values

    model = keras.Sequential([keras.Input((6, 6, 3)), layers.Conv2D(4, 3, activation=noted)])
    seen.clear()
    with called_by([(model.layers[0], conv.call(model.layers[0], 2))]):
        shape = (5 if known else None, 6, 6, 3)
        tf.function(model).get_concrete_function(tf.TensorSpec(shape, tf.float32))
    assert seen == expected
