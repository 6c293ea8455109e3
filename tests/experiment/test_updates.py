from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.errors import InputError
from reportgen.experiment.backend import keras, tf
from reportgen.experiment.sources import Sources
from reportgen.experiment.updates import Rates, Update, fused, loss, optimizer
from reportgen.report.model import Component
from tests.experiment.jobs import MODELS, job

GRADIENTS = [
    tf.constant(np.random.default_rng(step).normal(size=(3, 4)).astype(np.float32)) for step in range(6)
]


def moved(step: Any) -> Any:
    variable = keras.Variable(np.ones((3, 4), np.float32))
    apply = step(variable)
    for gradient in GRADIENTS:
        apply(gradient)
    return variable.numpy()


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"momentum": 0.9},
        {"momentum": 0.9, "nesterov": True},
        {"momentum": 0.9, "nesterov": True, "weight_decay": 0.01},
        {"weight_decay": 0.1},
    ],
)
def test_fused_sgd_is_that_of_keras(arguments: dict[str, Any]) -> None:
    def mine(variable: Any) -> Any:
        chosen = optimizer(Component("SGD", arguments))
        assert fused(chosen)
        update = Update(chosen, [variable])
        return lambda gradient: update([gradient], tf.constant(0.1))

    def theirs(variable: Any) -> Any:
        sgd = keras.optimizers.SGD(0.1, **arguments)
        return lambda gradient: sgd.apply([gradient], [variable])

    np.testing.assert_allclose(moved(mine), moved(theirs), rtol=1e-6)


@pytest.mark.parametrize(
    "component", [Component("SGD"), Component("SGD", {"momentum": 0.9}), Component("Adam")]
)
def test_constraints_hold_after_every_step(component: Component) -> None:
    variable = keras.Variable([[3.0, 1.0]])
    variable.constraint = keras.constraints.UnitNorm(axis=1)
    Update(optimizer(component), [variable])([tf.constant([[1.0, 1.0]])], tf.constant(0.1))
    assert np.linalg.norm(variable) == pytest.approx(1)


@pytest.mark.parametrize(
    "component", [Component("Adam"), Component("SGD", {"clipnorm": 0.5}), Component("AdamW")]
)
def test_other_optimizers_go_their_own_way(component: Component) -> None:
    def mine(variable: Any) -> Any:
        chosen = optimizer(component)
        assert not fused(chosen)
        update = Update(chosen, [variable])
        return lambda gradient: update([gradient], tf.constant(0.1))

    def theirs(variable: Any) -> Any:
        whole = getattr(keras.optimizers, component.name)(learning_rate=0.1, **component.arguments)
        return lambda gradient: whole.apply([gradient], [variable])

    np.testing.assert_allclose(moved(mine), moved(theirs), rtol=1e-6)


TRUE = tf.constant([[0.0, 1.0], [1.0, 0.0]])
PREDICTED = tf.constant([[0.2, 0.8], [0.6, 0.4]])


@pytest.fixture
def functions() -> Any:
    text = MODELS + "\ndef own(true, predicted, power=2):\n    return tf.abs(true - predicted) ** power\n"
    with Sources({"models.py": text}, Path("answers/models.py")).imported() as found:
        yield found


@pytest.mark.parametrize(
    ("component", "value"),
    [
        (Component("categorical_crossentropy"), -(np.log(0.8) + np.log(0.6)) / 2),
        (Component("CategoricalCrossentropy"), -(np.log(0.8) + np.log(0.6)) / 2),
        (Component("mse"), 0.1),
        (Component("mean_squared_error"), 0.1),
        (Component("own"), 0.1),
        (Component("own", {"power": 1}), 0.3),
    ],
)
def test_losses_by_name(functions: Any, component: Component, value: float) -> None:
    found, separable = loss(component, functions)
    assert float(found(TRUE, PREDICTED)) == pytest.approx(value, rel=1e-5)
    assert separable == (component.name != "own")


def test_a_loss_takes_arguments(functions: Any) -> None:
    plain, _ = loss(Component("categorical_crossentropy"), functions)
    smooth, _ = loss(Component("categorical_crossentropy", {"label_smoothing": 0.2}), functions)
    assert float(smooth(TRUE, PREDICTED)) > float(plain(TRUE, PREDICTED))


def test_rates_of_every_step(functions: Any) -> None:
    constant = Rates(job(learning_rate=0.5).training, functions, steps=3)
    np.testing.assert_array_equal(constant.epoch(1), [0.5] * 3)
    falling = Rates(job(learning_rate="falling", epochs=2).training, functions, steps=2)
    np.testing.assert_allclose(
        np.concatenate([falling.epoch(0), falling.epoch(1)]), [0.1, 0.075, 0.05, 0.025]
    )


def test_a_schedule_that_raises_is_named(functions: Any) -> None:
    with pytest.raises(InputError, match=r"augment\(\) raised"):
        Rates(job(learning_rate="augment").training, functions, steps=2).epoch(0)
