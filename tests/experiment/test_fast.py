import numpy as np
import pytest

from reportgen.experiment import fast
from reportgen.experiment.backend import keras, tf
from reportgen.experiment.fast import BlockedDense, FastDropout, FastRelu
from reportgen.experiment.twin import Twin


def images(*shape: int) -> "tf.Tensor":
    return tf.constant(np.random.default_rng(1).normal(2, 3, shape).astype(np.float32))


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


def test_dropout_draws_anew_each_time_and_repeats_from_its_state() -> None:
    layer = FastDropout(0.5, seed=3)
    state = layer.seed_generator.state.numpy()
    first, second = (layer(tf.ones((50, 50)), training=True).numpy() for _ in range(2))
    assert np.any(first != second)
    layer.seed_generator.state.assign(state)
    np.testing.assert_array_equal(layer(tf.ones((50, 50)), training=True), first)


@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_dropout_compiled_for_many_values_is_that_of_few(monkeypatch: pytest.MonkeyPatch, dtype: str) -> None:
    found = []
    for large in (1, 1 << 30):
        monkeypatch.setattr(fast, "_LARGE", large)
        layer, x = FastDropout(0.3, seed=3, dtype=dtype), images(90, 30, 30, 3)
        with tf.GradientTape() as tape:
            tape.watch(x)
            outputs = layer(x, training=True)
            loss = tf.reduce_sum(tf.cast(outputs, tf.float32) * x)
        found.append((outputs.numpy(), tape.gradient(loss, x).numpy()))
    for compiled, plain in zip(*found, strict=True):
        np.testing.assert_array_equal(compiled, plain)
    assert 0 < np.mean(found[0][0] == 0) < 1


def test_a_rectification_behind_normalised_rows_is_that_of_keras() -> None:
    layers = [keras.layers.BatchNormalization(axis=1), keras.layers.Activation("relu")]
    model = keras.Sequential([keras.Input((6, 6, 4)), *layers])
    twin, x = Twin(model), images(8, 6, 6, 4)
    assert isinstance(twin.model.layers[1], FastRelu)
    found = []
    for one in (model, twin.model):
        with tf.GradientTape() as tape:
            tape.watch(x)
            outputs = one(x, training=True)
            loss = tf.reduce_sum((outputs - 2) ** 2)
        found.append((outputs, tape.gradient(loss, x)))
    assert 0 < np.mean(found[1][0] == 0) < 1
    for mine, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-2, rtol=1e-3)


@pytest.mark.parametrize("before", [keras.layers.Conv2D(4, 2), keras.layers.BatchNormalization()])
def test_other_rectifications_stay_those_of_keras(before: object) -> None:
    model = keras.Sequential([keras.Input((6, 6, 4)), before, keras.layers.Activation("relu")])
    assert type(Twin(model).model.layers[1]) is keras.layers.Activation


@pytest.mark.parametrize("bias", [True, False])
def test_a_blocked_layer_is_the_dense_one_in_pieces(monkeypatch: pytest.MonkeyPatch, bias: bool) -> None:
    monkeypatch.setattr(BlockedDense, "smallest", 1)
    model = keras.Sequential([keras.Input((30,)), keras.layers.Dense(600, "tanh", use_bias=bias)])
    twin = Twin(model, blocked=True)
    layer = twin.model.layers[0]
    assert [kernel.shape for kernel in layer.kernels] == [(30, 256), (30, 256), (30, 88)]
    x = images(5, 30)
    np.testing.assert_allclose(twin.model(x), model(x), atol=1e-5)
    layer.set_weights([weight + 1 for weight in layer.get_weights()])
    before = model.get_weights()
    twin.give_back()
    for mine, theirs in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(mine, theirs + 1)


def test_small_and_regularised_dense_layers_stay_whole() -> None:
    layers = [keras.layers.Dense(600), keras.layers.Dense(2000, kernel_regularizer="l2")]
    twin = Twin(keras.Sequential([keras.Input((1000,)), *layers]), blocked=True)
    assert [type(layer) for layer in twin.model.layers] == [keras.layers.Dense] * 2


def test_a_blocked_layer_computes_in_bfloat16_with_float32_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BlockedDense, "smallest", 1)
    model = keras.Sequential([keras.Input((30,)), keras.layers.Dense(300, "tanh"), keras.layers.Dense(4)])
    twin = Twin(model, "bfloat16", blocked=True)
    layer, last = twin.model.layers
    assert (layer.compute_dtype, last.compute_dtype) == ("bfloat16", "float32")
    assert {weight.dtype for weight in twin.model.weights} == {"float32"}
    x = images(5, 30)
    assert layer(x).dtype == tf.bfloat16
    np.testing.assert_allclose(layer(x).numpy().astype(np.float32), model.layers[0](x), atol=0.1)
