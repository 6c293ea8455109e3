from typing import Any

import numpy as np
import pytest

from reportgen.training.fast import dropout
from reportgen.training.tensorflow import keras, tf


def dropping(rate: float, **arguments: Any) -> tuple[Any, Any]:
    layer = keras.layers.Dropout(rate, seed=3, **arguments)
    return layer, dropout.call(layer)


@pytest.mark.parametrize("rate", [0.05, 0.2, 0.5])
@pytest.mark.parametrize("shape", [(1000, 33), (10, 7, 7, 21)])
def test_it_drops_its_share_and_keeps_the_mean(rate: float, shape: tuple[int, ...]) -> None:
    _, call = dropping(rate)
    outputs = call(tf.ones(shape), training=True).numpy()
    dropped = np.mean(outputs == 0)
    assert abs(dropped - rate) < 5 * np.sqrt(rate * (1 - rate) / outputs.size)
    np.testing.assert_allclose(outputs[outputs != 0], 1 / (1 - rate), rtol=1e-4)
    np.testing.assert_array_equal(call(tf.ones(shape), training=False), 1)


def test_it_draws_anew_each_time_and_repeats_from_its_state() -> None:
    layer, call = dropping(0.5)
    state = layer.seed_generator.state.numpy()
    first, second = (call(tf.ones((50, 50)), training=True).numpy() for _ in range(2))
    assert np.any(first != second)
    layer.seed_generator.state.assign(state)
    np.testing.assert_array_equal(call(tf.ones((50, 50)), training=True), first)


def test_the_gradient_is_dropped_where_the_value_is() -> None:
    _, call = dropping(0.3)
    x = tf.constant(np.random.default_rng(1).normal(2, 3, (90, 30, 31)).astype(np.float32))
    with tf.GradientTape() as tape:
        tape.watch(x)
        outputs = call(x, training=True)
        loss = tf.reduce_sum(outputs)
    gradient = tape.gradient(loss, x).numpy()
    np.testing.assert_array_equal(gradient == 0, outputs.numpy() == 0)
    np.testing.assert_allclose(gradient[gradient != 0], 1 / 0.7, rtol=4e-3)


@pytest.mark.parametrize("layer", [keras.layers.Dropout(0.2, noise_shape=(None, 1)), keras.layers.Dropout(0)])
def test_others_stay_those_of_keras(layer: Any) -> None:
    assert not dropout.serves(layer)
