from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from reportgen.experiment import dropout
from reportgen.experiment.backend import keras, tf
from reportgen.experiment.dropout import FastDropout
from reportgen.experiment.rectification import FastRelu, RectifyingDropout, RectifyingPooling
from reportgen.experiment.twin import Twin


def images(*shape: int) -> "tf.Tensor":
    return tf.constant(np.random.default_rng(1).normal(0, 3, shape).astype(np.float32))


def network(*behind: Any, before: Any = None) -> Any:
    normalised = before or keras.layers.BatchNormalization(axis=1)
    model = keras.Sequential([keras.Input((6, 6, 4)), normalised, keras.layers.Activation("relu"), *behind])
    if before is None:
        normalised.beta.assign(-np.ones(6))  # more below zero
    return model


def kinds(model: Any) -> list[type]:
    return [type(layer) for layer in Twin(model).model.layers[1:]]


def outcome(model: Any, x: Any) -> tuple[Any, Any]:
    """Return outputs and gradients of some loss, in training."""
    with tf.GradientTape() as tape:
        tape.watch(x)
        outputs = model(x, training=True)
        loss = tf.reduce_sum((outputs - 2) ** 2)
    return outputs.numpy(), tape.gradient(loss, x).numpy()


def same(one: Sequence[Any], other: Sequence[Any]) -> None:
    for mine, theirs in zip(one, other, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-2, rtol=1e-3)


def test_a_pooling_and_a_dropout_rectify_in_place_of_the_layer_before() -> None:
    pool, drop, conv = keras.layers.MaxPooling2D, keras.layers.Dropout, keras.layers.Conv2D
    identity = keras.layers.Identity
    assert kinds(network()) == [FastRelu]
    assert kinds(network(conv(2, 2))) == [FastRelu, conv]
    assert kinds(network(pool())) == [identity, RectifyingPooling]
    assert kinds(network(drop(0.5))) == [identity, RectifyingDropout]
    assert kinds(network(pool(), drop(0.5))) == [identity, pool, RectifyingDropout]
    assert kinds(network(pool(), drop(0.0))) == [identity, RectifyingPooling, drop]
    assert kinds(network(drop(0.5), pool())) == [identity, RectifyingDropout, pool]


def test_other_rectifications_stay_those_of_keras() -> None:
    pool, drop = keras.layers.MaxPooling2D(), keras.layers.Dropout(0.5)
    found = kinds(network(pool, drop, before=keras.layers.Conv2D(4, 2)))
    assert found == [keras.layers.Activation, keras.layers.MaxPooling2D, FastDropout]
    found = kinds(network(drop, before=keras.layers.BatchNormalization()))
    assert found == [keras.layers.Activation, FastDropout]


def test_a_layer_whose_outputs_are_penalised_keeps_them() -> None:
    penalised = {"activity_regularizer": "l2"}
    pool, drop = keras.layers.MaxPooling2D(**penalised), keras.layers.Dropout(0.5)
    assert kinds(network(pool, drop)) == [FastRelu, keras.layers.MaxPooling2D, FastDropout]
    model = network()
    model.layers[1].activity_regularizer = keras.regularizers.L2()
    assert kinds(model) == [keras.layers.Activation]


def test_behind_normalized_channels_a_pooling_makes_it_cheaper() -> None:
    pool, identity = keras.layers.MaxPooling2D, keras.layers.Identity
    model = network(pool(3, strides=2), before=keras.layers.BatchNormalization())
    model.layers[0].beta.assign(-np.ones(4))
    assert kinds(model) == [identity, RectifyingPooling]
    x = images(8, 6, 6, 4)
    found = outcome(Twin(model).model, x)
    same(found, outcome(model, x))
    assert 0 < np.mean(found[0] == 0) < 1


def test_what_two_layers_take_is_rectified_at_once() -> None:
    inputs = keras.Input((6, 6, 4))
    both = keras.layers.Activation("relu")(keras.layers.BatchNormalization(axis=1)(inputs))
    paths = (both, keras.layers.MaxPooling2D(2)(both))
    outputs = keras.layers.Add()([keras.layers.GlobalMaxPooling2D()(path) for path in paths])
    found = [type(layer) for layer in Twin(keras.Model(inputs, outputs)).model.layers]
    assert FastRelu in found
    assert keras.layers.MaxPooling2D in found


@pytest.mark.parametrize("behind", [(), ("pool",)])
def test_it_is_the_rectification_of_keras(behind: Sequence[str]) -> None:
    model = network(*(keras.layers.MaxPooling2D(3, strides=2) for _ in behind))
    x = images(8, 6, 6, 4)
    found = outcome(Twin(model).model, x)
    same(found, outcome(model, x))
    assert 0 < np.mean(found[0] == 0) < 1


@pytest.mark.parametrize("large", [1, 1 << 30], ids=["many", "few"])
@pytest.mark.parametrize("pooled", [True, False])
def test_with_a_dropout_it_is_a_rectification_and_that_dropout(
    monkeypatch: pytest.MonkeyPatch, large: int, pooled: bool
) -> None:
    monkeypatch.setattr(dropout, "LARGE", large)
    pools = [keras.layers.MaxPooling2D(3, strides=2)] * pooled
    plain, x = network(*pools), images(64, 6, 6, 4)
    dropping = network(*pools, keras.layers.Dropout(0.3, seed=5))
    twin = Twin(dropping).model
    assert type(twin.layers[-1]) is RectifyingDropout
    np.testing.assert_allclose(twin(x, training=False), dropping(x, training=False), atol=1e-3)
    apart = FastDropout(0.3, seed=5)

    def one_after_the_other(x: Any, training: bool) -> Any:
        return apart(plain(x, training=training), training=training)

    found = outcome(twin, x)
    same(found, outcome(one_after_the_other, x))
    assert 0.3 < np.mean(found[0] == 0) < 1
