import numpy as np
import pytest

from reportgen.experiment.backend import keras, tf
from reportgen.experiment.dense import BlockedDense
from reportgen.experiment.twin import Twin


def images(*shape: int) -> "tf.Tensor":
    return tf.constant(np.random.default_rng(1).normal(2, 3, shape).astype(np.float32))


@pytest.mark.parametrize("bias", [True, False])
def test_a_blocked_layer_is_the_dense_one_in_pieces(monkeypatch: pytest.MonkeyPatch, bias: bool) -> None:
    monkeypatch.setattr(BlockedDense, "smallest", 1)
    model = keras.Sequential([keras.Input((30,)), keras.layers.Dense(600, "tanh", use_bias=bias)])
    twin = Twin(model, blocked=True)
    layer = twin.model.layers[0]
    assert [kernel.shape for kernel in layer.kernels] == [(30, 192), (30, 192), (30, 192), (30, 24)]
    x = images(5, 30)
    np.testing.assert_allclose(twin.model(x), model(x), atol=1e-5)
    layer.set_weights([weight + 1 for weight in layer.get_weights()])
    before = model.get_weights()
    twin.give_back()
    for mine, theirs in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(mine, theirs + 1)


@pytest.mark.parametrize("given", [False, True])
def test_gradients_are_those_of_the_dense_layer(monkeypatch: pytest.MonkeyPatch, given: bool) -> None:
    monkeypatch.setattr(BlockedDense, "smallest", 1)
    model = keras.Sequential([keras.Input((30,)), keras.layers.Dense(300, "tanh")])
    layer = Twin(model, blocked=True).model.layers[0]
    x = images(5, 30) / 10

    def gradients(call: "keras.layers.Layer", weights: "list[keras.Variable]") -> "list[tf.Tensor]":
        with tf.GradientTape() as tape:
            tape.watch(x)
            outputs = tf.reduce_sum(call(x) ** 2)
        return tape.gradient(outputs, [x, *weights])  # type: ignore[no-any-return]

    with layer.given(layer.products(x) if given else ()):
        to_x, *to_blocks, to_bias = gradients(layer, layer.weights)
    expected = gradients(model.layers[0], model.layers[0].weights)
    for mine, theirs in zip([to_x, tf.concat(to_blocks, 1), to_bias], expected, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-4)


def relu(values: "tf.Tensor") -> "tf.Tensor":
    return values + 1


def test_the_activation_is_the_very_function(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BlockedDense, "smallest", 1)
    model = keras.Sequential([keras.Input((30,)), keras.layers.Dense(300, relu)])
    x = images(5, 30)
    np.testing.assert_allclose(Twin(model, blocked=True).model(x), model(x), atol=1e-4)


def test_known_products_are_not_computed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BlockedDense, "smallest", 1)
    layer = Twin(
        keras.Sequential([keras.Input((30,)), keras.layers.Dense(300, use_bias=False)]), blocked=True
    ).model.layers[0]
    x = images(5, 30)
    with layer.given([product * 2 for product in layer.products(x)]):
        twice = layer(x)
    np.testing.assert_array_equal(twice, layer(x) * 2)


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
