from typing import Any

import numpy as np
import pytest

from reportgen.training.fast import dense
from reportgen.training.fast.layers import called_by
from reportgen.training.tensorflow import keras, tf

layers = keras.layers


def images(*shape: int) -> Any:
    return tf.constant(np.random.default_rng(1).normal(0.2, 0.3, shape).astype(np.float32))


def model_of(layer: Any, inputs: int = 30) -> Any:
    return keras.Sequential([keras.Input((inputs,)), layer])


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "SMALLEST", 1)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("activation", ["tanh", None])
def test_blocks_compute_what_the_kernel_does(bias: bool, activation: str | None) -> None:
    model = model_of(layers.Dense(600, activation, use_bias=bias))
    layer, x = model.layers[0], images(5, 30)
    assert dense.serves(layer)
    blocks = dense.Blocks(layer)
    assert [block.shape for block in blocks.variables] == [(30, 192), (30, 192), (30, 192), (30, 24)]

    def outcome(weights: list[Any]) -> tuple[Any, Any]:
        with tf.GradientTape() as tape:
            tape.watch(x)
            outputs = model(x)
            loss = tf.reduce_sum(outputs**2)
        return outputs, tape.gradient(loss, [x, *weights])

    theirs, (to_x, to_kernel, *to_bias) = outcome(model.trainable_variables)
    with called_by([(layer, blocks.call())]):
        mine, (x_too, *others) = outcome([*blocks.variables, *model.trainable_variables[1:]])
    np.testing.assert_allclose(mine, theirs, atol=1e-5)
    np.testing.assert_allclose(x_too, to_x, atol=1e-4)
    np.testing.assert_allclose(tf.concat(others[:4], 1), to_kernel, atol=1e-4)
    for one, other in zip(others[4:], to_bias, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)


def test_what_was_trained_is_given_back() -> None:
    model = model_of(layers.Dense(600))
    before, blocks = model.get_weights()[0], dense.Blocks(model.layers[0])
    for block in blocks.variables:
        block.assign_add(tf.ones_like(block))
    blocks.give_back()
    np.testing.assert_array_equal(model.get_weights()[0], before + 1)


@pytest.mark.parametrize(
    "arguments",
    [
        {"kernel_regularizer": "l2"},
        {"bias_constraint": "unit_norm"},
        {"activity_regularizer": "l2"},
        {"trainable": False},
    ],
    ids=str,
)
def test_other_layers_stay_whole(arguments: dict[str, Any]) -> None:
    assert not dense.serves(model_of(layers.Dense(600, **arguments)).layers[0])


def test_small_layers_stay_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert not dense.serves(model_of(layers.Dense(600)).layers[0])


def test_blocks_compute_in_bfloat16_with_float32_weights() -> None:
    model = model_of(layers.Dense(300, "tanh"))
    layer, x = model.layers[0], images(5, 30)
    theirs, blocks = model(x), dense.Blocks(model.layers[0])
    layer.dtype_policy = "mixed_bfloat16"
    with called_by([(layer, blocks.call())]):
        mine = model(x)
    assert mine.dtype == tf.bfloat16
    assert {block.dtype for block in blocks.variables} == {"float32"}
    np.testing.assert_allclose(tf.cast(mine, tf.float32), theirs, atol=0.1)
