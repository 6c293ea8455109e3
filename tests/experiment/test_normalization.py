import numpy as np
import pytest

from reportgen.experiment.backend import keras, tf
from reportgen.experiment.normalization import AxisBatchNormalization, FusedBatchNormalization
from reportgen.experiment.twin import Twin


def images(*shape: int) -> "tf.Tensor":
    return tf.constant(np.random.default_rng(1).normal(2, 3, shape).astype(np.float32))


def normalising(channels: int = 4, **arguments: object) -> object:
    model = keras.Sequential([keras.Input((6, 6, channels)), keras.layers.BatchNormalization(**arguments)])
    model.set_weights([np.random.default_rng(2).uniform(0.5, 2, w.shape) for w in model.get_weights()])
    return model


CHANNELS = pytest.mark.parametrize("channels", [4, 16, 64], ids=["products", "folds of 2", "folds of 8 or 4"])


@CHANNELS
@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        (FusedBatchNormalization, {}),
        (FusedBatchNormalization, {"momentum": 0.75, "scale": False}),
        (FusedBatchNormalization, {"center": False, "epsilon": 0.1}),
        (AxisBatchNormalization, {"axis": 1}),
        (AxisBatchNormalization, {"axis": 2}),
    ],
)
def test_batch_normalization_is_that_of_keras(
    kind: type, arguments: dict[str, object], channels: int
) -> None:
    model = normalising(channels, **arguments)
    twin = Twin(model)
    assert isinstance(twin.model.layers[0], kind)
    x = images(8, 6, 6, channels)
    for training in (True, False):
        np.testing.assert_allclose(twin.model(x, training=training), model(x, training=training), atol=1e-4)
    for mine, theirs in zip(twin.model.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-5)


@CHANNELS
@pytest.mark.parametrize("axis", [-1, 1, 2])
def test_batch_normalization_has_the_gradients_of_keras(axis: int, channels: int) -> None:
    model, x = normalising(channels, axis=axis), images(8, 6, 6, channels)
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


@CHANNELS
def test_rows_in_bfloat16_are_normalised_as_in_float32(channels: int) -> None:
    model, x = normalising(channels, axis=1, epsilon=1e-3), images(32, 6, 6, channels)
    layer = AxisBatchNormalization.from_config({**model.layers[0].get_config(), "dtype": "mixed_bfloat16"})
    layer.build(x.shape)
    layer.set_weights(model.get_weights())
    outputs = layer(x, training=True)
    assert outputs.dtype == tf.bfloat16
    wanted = model(x, training=True).numpy()
    np.testing.assert_allclose(tf.cast(outputs, tf.float32), wanted, atol=0.02 * np.abs(wanted).max())
    for mine, theirs in zip(layer.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=0.01)
