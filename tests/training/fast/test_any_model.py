"""Models put together at random: a step of the fast path is a step of Keras, weight for weight."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.training import components, fast
from reportgen.training.fast import FastStep, dense
from reportgen.training.loop import Loop, Minibatches
from reportgen.training.step import KerasStep, compiled
from reportgen.training.tasks import Classification
from reportgen.training.tensorflow import keras, tf
from tests.training.jobs import digits

layers, ops = keras.layers, keras.ops
Make = Callable[[], Any]


def relu(values: Any) -> Any:
    return values * 0.3


def against_the_others(values: Any) -> Any:
    return values - tf.reduce_mean(values, 0, keepdims=True)


ACTIVATION: dict[str, Any] = {"activation": st.sampled_from(["relu", "tanh", None, relu, against_the_others])}
PENALTY: dict[str, Any] = {"activity_regularizer": st.sampled_from([None, None, None, "l2"])}
TRAINED: dict[str, Any] = {
    "use_bias": st.booleans(),
    "kernel_regularizer": st.sampled_from([None, None, "l2"]),
    "kernel_constraint": st.sampled_from([None, None, "unit_norm"]),
    "trainable": st.sampled_from([True, True, False]),
}


def layer(kind: Any, *arguments: Any, **options: Any) -> "st.SearchStrategy[Make]":
    """Return a strategy of what makes a layer of this kind: each example makes its own."""
    return st.fixed_dictionaries(options).map(lambda chosen: lambda: kind(*arguments, **chosen))


def whole(units: int) -> Any:
    return layer(layers.Dense, units, **ACTIVATION, **PENALTY, **TRAINED)


IMAGES = st.one_of(
    layer(layers.Conv2D, 3, 3, padding=st.just("same"), **ACTIVATION, **PENALTY, **TRAINED),
    layer(
        layers.BatchNormalization,
        axis=st.sampled_from([-1, 1, 2]),
        center=st.booleans(),
        scale=st.booleans(),
        epsilon=st.sampled_from([1e-3, 1e-5]),
        trainable=st.sampled_from([True, True, False]),
    ),
    layer(layers.Activation, **{"activation": st.sampled_from(["relu", "relu", relu])}, **PENALTY),
    layer(layers.MaxPooling2D, 2, strides=st.just(1), padding=st.just("same"), **PENALTY),
    layer(lambda: keras.Sequential([layers.Conv2D(3, 1), layers.BatchNormalization(), layers.ReLU()])),
)
JOINTS = st.sampled_from(
    [
        lambda before, behind: behind,
        lambda before, behind: behind,
        lambda before, behind: before + behind,
        lambda before, behind: layers.Add()([before, behind]),
        lambda before, behind: ops.maximum(before, behind),
        lambda before, behind: behind - ops.mean(before, axis=0, keepdims=True),
    ]
)
FLAT = st.one_of(whole(200), whole(30), layer(layers.BatchNormalization), layer(layers.LayerNormalization))


def network(sequential: bool, images: Any, joints: Any, flat: Any) -> Any:
    keras.utils.set_random_seed(1)
    end = [layers.Flatten(), *(make() for make in flat), layers.Dense(10, activation="softmax")]
    inputs = outputs = keras.Input((8, 8, 1))
    if sequential:
        model = keras.Sequential([inputs, *(make() for make in images), *end])
    else:
        for make, join in zip(images, joints, strict=False):
            behind = make()(outputs)
            outputs = join(outputs, behind) if outputs.shape == behind.shape else behind
        for last in end:
            outputs = last(outputs)
        model = keras.Model(inputs, outputs)
    generator = np.random.default_rng(1)
    for weight in model.trainable_weights:
        weight.assign(weight + generator.normal(0, 0.05, weight.shape))
    return model


def stepped(model: Any) -> tuple[float, str]:
    """Train on a minibatch; return its loss, and how it was trained."""
    loss = keras.losses.CategoricalCrossentropy()
    encode = Classification(10).encoding(loss, None)
    batches = Minibatches(digits(232).split(100)["train"], 32, 1, encode)
    compiled(model, keras.optimizers.SGD(), loss)
    step: Any = fast.unsuited(model)
    if not step:
        sharing = fast.suggest(model, 32, components.separable(loss, encode, Classification(10)), True)
        step = fast.faster(model, *batches.first(), sharing)
    if isinstance(step, str):
        assert not step.startswith("the fast path is not equal")
        step = KerasStep(model, *batches.first(), 10, step)
    loop = Loop(step, batches, 1)
    with step.in_force() if isinstance(step, FastStep) else nullcontext():
        loop.prepare()
    mean = loop.epoch(0, np.array([0.05], np.float32), lambda *now: None)[0]
    if isinstance(step, FastStep):
        step.give_back()
    return mean, step.way


@settings(max_examples=14, deadline=None)
@given(
    st.booleans(),
    st.lists(IMAGES, max_size=4),
    st.lists(JOINTS, min_size=4, max_size=4),
    st.lists(FLAT, max_size=2),
)
def test_a_step_of_any_model_is_a_step_of_keras(
    sequential: bool, images: Any, joints: Any, flat: Any
) -> None:
    plain, lent = (network(sequential, images, joints, flat) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dense, "SMALLEST", 1)
        mean, _ = stepped(lent)
    plain.compile("sgd", "categorical_crossentropy")
    plain.optimizer.learning_rate = 0.05
    split = digits(232).split(100)["train"]
    order = np.random.default_rng([1, 0]).permutation(len(split.labels))
    true = np.eye(10, dtype=np.float32)[split.labels[order]]
    loss = plain.train_on_batch(split.inputs[order].astype(np.float32) / 255, true)
    assert mean == pytest.approx(float(loss), rel=1e-3)
    for mine, theirs in zip(lent.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=2e-4, rtol=1e-2)
