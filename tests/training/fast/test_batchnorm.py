from typing import Any

import numpy as np
import pytest

from reportgen.training.fast import batchnorm
from reportgen.training.fast.layers import called_by
from reportgen.training.tensorflow import keras, tf

layers = keras.layers


def images(*shape: int) -> Any:
    return tf.constant(np.random.default_rng(1).normal(2, 3, shape).astype(np.float32))


def normalising(**arguments: Any) -> Any:
    model = keras.Sequential([keras.Input((6, 6, 4)), layers.BatchNormalization(**arguments)])
    model.set_weights([np.random.default_rng(2).uniform(0.5, 2, w.shape) for w in model.get_weights()])
    return model


def outcome(model: Any, x: Any, training: bool) -> list[Any]:
    """Return the outputs, the gradients of some loss, and the averages after it."""
    before = model.get_weights()
    with tf.GradientTape() as tape:
        tape.watch(x)
        outputs = model(x, training=training)
        loss = tf.reduce_mean(tf.cast(outputs, tf.float32) ** 3)
    found = [outputs, *tape.gradient(loss, [x, *model.trainable_variables]), *model.get_weights()]
    model.set_weights(before)
    return found


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"momentum": 0.75, "scale": False},
        {"center": False, "epsilon": 0.1},
        {"gamma_initializer": "zeros", "beta_regularizer": "l2", "trainable": False},
    ],
)
def test_it_is_that_of_keras(arguments: dict[str, Any], training: bool) -> None:
    model, x = normalising(**arguments), images(8, 6, 6, 4)
    assert batchnorm.serves(model.layers[0])
    theirs = outcome(model, x, training)
    with called_by([(model.layers[0], batchnorm.call(model.layers[0]))]):
        mine = outcome(model, x, training)
    assert len(mine) == len(theirs)
    for one, other in zip(mine, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    "arguments",
    [{"epsilon": 1e-6}, {"axis": 1}, {"axis": 2}, {"renorm": True}, {"synchronized": True}],
    ids=str,
)
def test_others_stay_those_of_keras(arguments: dict[str, Any]) -> None:
    if "renorm" in arguments and not hasattr(layers.BatchNormalization(), "renorm"):
        pytest.skip("this Keras has no renorm")
    model = keras.Sequential([keras.Input((6, 6, 4)), layers.BatchNormalization(**arguments)])
    assert not batchnorm.serves(model.layers[0])


def test_in_bfloat16_moments_are_those_of_float32() -> None:
    model, x = normalising(), images(32, 6, 6, 4)
    wanted = outcome(model, x, True)
    model.layers[0].dtype_policy = "mixed_bfloat16"
    with called_by([(model.layers[0], batchnorm.call(model.layers[0]))]):
        found = outcome(model, x, True)
    assert found[0].dtype == tf.bfloat16
    largest = np.abs(wanted[0]).max()
    np.testing.assert_allclose(tf.cast(found[0], tf.float32), wanted[0], atol=0.02 * largest)
    for mine, theirs in zip(found[-2:], wanted[-2:], strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=0.01)
