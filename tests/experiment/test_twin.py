from functools import partial

import numpy as np
import pytest

from reportgen.errors import TrainingError
from reportgen.experiment.backend import keras
from reportgen.experiment.dropout import FastDropout
from reportgen.experiment.normalization import FusedBatchNormalization
from reportgen.experiment.twin import Twin

layers = keras.layers


def block() -> object:
    return keras.Sequential(
        [keras.Input((8, 8, 3)), layers.Conv2D(4, 3), layers.BatchNormalization()], name="block"
    )


def residual() -> object:
    images = keras.Input((8, 8, 3))
    hidden = block()(images)
    hidden = layers.Dropout(0.1)(hidden)
    hidden = layers.Add()([hidden, layers.Conv2D(4, 1)(hidden)])
    return keras.Model(images, layers.Dense(3, activation="softmax")(layers.Flatten()(hidden)))


def test_a_functional_model_with_a_nested_one_is_copied_and_given_back() -> None:
    model = residual()
    twin = Twin(model)
    kinds = {type(layer) for layer in twin.model._flatten_layers()}
    assert {FusedBatchNormalization, FastDropout} <= kinds
    x = np.random.default_rng(1).random((4, 8, 8, 3), np.float32)
    np.testing.assert_allclose(twin.model(x), model(x), atol=1e-5)
    twin.model(x, training=True)
    assert not np.allclose(twin.model(x), model(x), atol=1e-5)
    twin.give_back()
    np.testing.assert_allclose(twin.model(x), model(x), atol=1e-5)


def test_bfloat16_computes_in_it_but_ends_and_stores_in_float32() -> None:
    twin = Twin(residual(), "bfloat16")
    assert {weight.dtype for weight in twin.model.weights} == {"float32"}
    computes = {type(layer).__name__: layer.compute_dtype for layer in twin.model._flatten_layers()}
    assert computes["Conv2D"] == computes["Add"] == computes["FusedBatchNormalization"] == "bfloat16"
    assert computes["Dense"] == "float32"


def test_operations_between_layers_are_copied() -> None:
    images = keras.Input((4, 4, 3))
    hidden = layers.Conv2D(3, 1)(images)
    summed = keras.ops.maximum(images * 2 + hidden, 0.5)
    model = keras.Model(images, layers.Dense(3)(layers.Flatten()(summed)))
    x = np.random.default_rng(1).random((4, 4, 4, 3), np.float32)
    np.testing.assert_allclose(Twin(model).model(x), model(x), atol=1e-5)
    twin = Twin(model, "bfloat16").model
    assert twin is not model
    np.testing.assert_allclose(twin(x), model(x), atol=0.1)


def test_a_layer_of_declared_precision_keeps_it() -> None:
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3, dtype="float16"), layers.Dense(2)])
    assert Twin(model, "bfloat16").model.layers[0].compute_dtype == "float16"


@keras.saving.register_keras_serializable("tests")
class Whole(keras.Model):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.dense = layers.Dense(2)

    def call(self, inputs: object) -> object:
        return self.dense(inputs)


def test_a_model_class_of_the_authors_own_is_trained_itself() -> None:
    model = Whole()
    model(keras.Input((4,)))
    assert Twin(model).model is model
    with pytest.raises(TrainingError, match="Whole is a model class of its own"):
        Twin(model, "bfloat16")


def test_a_model_that_cannot_be_copied_truly_is_trained_itself() -> None:
    model = keras.Sequential(
        [keras.Input((4,)), layers.Activation(partial(keras.ops.leaky_relu, negative_slope=0.3))]
    )
    assert Twin(model).model is model
    with pytest.raises(TrainingError, match=r"computed in bfloat16: activation.* can't be described"):
        Twin(model, "bfloat16")
