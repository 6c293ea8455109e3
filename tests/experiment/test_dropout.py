from typing import Any

import numpy as np
import pytest

from reportgen.experiment import dropout
from reportgen.experiment.backend import tf
from reportgen.experiment.dropout import FastDropout, words


@pytest.fixture(params=["few", "many"])
def large(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dropout as it is of few values, and as it is of many."""
    monkeypatch.setattr(dropout, "LARGE", 1 if request.param == "many" else 1 << 30)


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("rate", [0.05, 0.2, 0.5])
@pytest.mark.parametrize("shape", [(1000, 33), (10, 7, 7, 21)])
def test_dropout_drops_its_share_and_keeps_the_mean(rate: float, shape: tuple[int, ...]) -> None:
    layer = FastDropout(rate, seed=3)
    outputs = layer(tf.ones(shape), training=True).numpy()
    values = outputs.size
    dropped = np.mean(outputs == 0)
    assert abs(dropped - rate) < 5 * np.sqrt(rate * (1 - rate) / values)
    np.testing.assert_allclose(outputs[outputs != 0], 1 / (1 - rate), rtol=1e-4)
    np.testing.assert_array_equal(layer(tf.ones(shape), training=False), 1)


@pytest.mark.usefixtures("large")
def test_dropout_draws_anew_each_time_and_repeats_from_its_state() -> None:
    layer = FastDropout(0.5, seed=3)
    state = layer.seed_generator.state.numpy()
    first, second = (layer(tf.ones((50, 50)), training=True).numpy() for _ in range(2))
    assert np.any(first != second)
    layer.seed_generator.state.assign(state)
    np.testing.assert_array_equal(layer(tf.ones((50, 50)), training=True), first)


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_the_gradient_is_dropped_where_the_value_is(dtype: str) -> None:
    layer = FastDropout(0.3, seed=3, dtype=dtype)
    x = tf.constant(np.random.default_rng(1).normal(2, 3, (90, 30, 31)).astype(np.float32))
    with tf.GradientTape() as tape:
        tape.watch(x)
        outputs = layer(x, training=True)
        loss = tf.reduce_sum(tf.cast(outputs, tf.float32))
    gradient = tape.gradient(loss, x).numpy()
    np.testing.assert_array_equal(gradient == 0, outputs.numpy() == 0)
    np.testing.assert_allclose(gradient[gradient != 0], 1 / 0.7, rtol=4e-3)


def bits(*state: int) -> Any:
    """Return the random bits of a state, one row a place."""
    found = words(tf.TensorShape([1 << 16]), tf.constant(state, tf.uint32)).numpy()
    return np.unpackbits(found.view(np.uint8).reshape(-1, 4), axis=1)


def test_every_bit_is_one_half_the_time_and_knows_nothing_of_another() -> None:
    found = bits(3, 7)
    most = 5 / np.sqrt(len(found))
    assert np.all(np.abs(2 * found.mean(0) - 1) < most)
    signs = 2.0 * found - 1
    shared = np.abs(signs.T @ signs / len(found) - np.eye(32))
    assert shared.max() < most


@pytest.mark.parametrize("other", [(3, 8), (4, 7), (7, 3)])
def test_neighbours_and_other_states_are_independent(other: tuple[int, int]) -> None:
    one, two = (2.0 * bits(*state) - 1 for state in ((3, 7), other))
    most = 5 / np.sqrt(len(one))
    assert np.abs(one.T @ two / len(one)).max() < most
    for distance in (1, 64, 1024):
        assert np.abs(one[:-distance].T @ one[distance:] / len(one)).max() < most


def test_no_two_words_are_the_same() -> None:
    found = words(tf.TensorShape([1 << 16]), tf.constant([3, 7], tf.uint32)).numpy()
    assert len(np.unique(found)) == len(found), "a hash of a place that loses nothing"
