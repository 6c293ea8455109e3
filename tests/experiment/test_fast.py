import numpy as np
import pytest

from reportgen.experiment.backend import keras, tf
from reportgen.experiment.fast import (
    AxisBatchNormalization,
    BlockedDense,
    FastDropout,
    FusedBatchNormalization,
)
from reportgen.experiment.twin import Twin


def images(*shape: int) -> "tf.Tensor":
    return tf.constant(np.random.default_rng(1).normal(2, 3, shape).astype(np.float32))


def normalising(**arguments: object) -> object:
    model = keras.Sequential([keras.Input((6, 6, 4)), keras.layers.BatchNormalization(**arguments)])
    model.set_weights([np.random.default_rng(2).uniform(0.5, 2, w.shape) for w in model.get_weights()])
    return model


@pytest.mark.parametrize(
    "arguments", [{}, {"momentum": 0.75, "scale": False}, {"center": False, "epsilon": 0.1}]
)
def test_fused_batch_normalization_is_that_of_keras(arguments: dict[str, object]) -> None:
    model = normalising(**arguments)
    twin = Twin(model)
    assert isinstance(twin.model.layers[0], FusedBatchNormalization)
    x = images(8, 6, 6, 4)
    for training in (True, False):
        np.testing.assert_allclose(twin.model(x, training=training), model(x, training=training), atol=1e-4)
    for mine, theirs in zip(twin.model.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-5)


@pytest.mark.parametrize("axis", [1, 2])
def test_batch_normalization_of_another_axis_is_that_of_keras(axis: int) -> None:
    model = normalising(axis=axis)
    twin = Twin(model)
    assert isinstance(twin.model.layers[0], AxisBatchNormalization)
    x = images(8, 6, 6, 4)
    for training in (True, False):
        np.testing.assert_allclose(twin.model(x, training=training), model(x, training=training), atol=1e-4)
    for mine, theirs in zip(twin.model.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-5)


@pytest.mark.parametrize("axis", [-1, 1])
def test_batch_normalization_has_the_gradients_of_keras(axis: int) -> None:
    model, x = normalising(axis=axis), images(8, 6, 6, 4)
    gradients = []
    for one in (model, Twin(model).model):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(one(x, training=True) ** 3)
        gradients.append(tape.gradient(loss, one.trainable_variables))
    for mine, theirs in zip(*gradients, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-5)


def test_a_frozen_batch_normalization_keeps_its_averages() -> None:
    model = normalising()
    model.layers[0].trainable = False
    twin, before = Twin(model), model.get_weights()
    twin.model(images(8, 6, 6, 4), training=True)
    for mine, theirs in zip(twin.model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("arguments", [{"epsilon": 1e-6}])
def test_other_batch_normalizations_stay_those_of_keras(arguments: dict[str, object]) -> None:
    assert type(Twin(normalising(**arguments)).model.layers[0]) is keras.layers.BatchNormalization


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
