from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from reportgen.experiment.backend import keras
from reportgen.experiment.copying import check, copied, described

layers = keras.layers
X = np.linspace(-1, 1, 8, dtype=np.float32).reshape(2, 4)


def relu(values: Any) -> Any:
    """Not what Keras calls so."""
    return 2 * values


def negated(values: Any) -> Any:
    return -values


class Scaled(layers.Layer):  # type: ignore[misc]
    """A layer that tells Keras what `told` names, and no more."""

    told: tuple[str, ...] = ("factor", "sizes")

    def __init__(self, factor: float = 1.0, sizes: Any = (1, 2), **others: Any) -> None:
        super().__init__(**others)
        self.factor, self.sizes, self.function = factor, sizes, relu
        self.inner = layers.Dense(3, activation=relu)

    def build(self, shape: Any) -> None:
        self.inner.build(shape)
        self.width = shape[-1]  # known to the copy once it is built

    def call(self, inputs: Any) -> Any:
        return self.factor * self.function(self.inner(inputs))

    def get_config(self) -> Any:
        return super().get_config() | {name: getattr(self, name) for name in self.told}


class Forgetful(Scaled):
    told = ()


def copy_of(layer: Any) -> Any:
    layer(X)
    copy = copied(layer, described(layer))
    copy(X)
    copy.set_weights(layer.get_weights())
    check(layer, copy)
    return copy


@pytest.mark.parametrize(
    "make",
    [
        lambda: layers.Activation(negated),
        lambda: layers.Activation(relu),
        lambda: layers.Dense(3, activation=relu),
        lambda: layers.Dense(3, activation="relu", kernel_initializer=keras.initializers.HeNormal()),
        lambda: layers.Dense(3, activation=layers.LeakyReLU(0.1)),
        lambda: layers.Lambda(negated),
        lambda: Scaled(factor=3.0, sizes=[4, 5]),
        lambda: keras.Sequential([Scaled(factor=3.0), layers.Activation(relu)]),
    ],
    ids=["named", "as Keras's", "dense", "Keras's", "layer", "Lambda", "own", "nested"],
)
def test_a_copy_computes_the_same(make: Callable[[], Any]) -> None:
    layer = make()
    np.testing.assert_array_equal(copy_of(layer)(X), layer(X))


def test_functions_are_copied_in_the_layers_of_a_layer() -> None:
    layer = layers.TimeDistributed(layers.Dense(3, activation=relu))
    x = X[None]
    layer(x)
    copy = copied(layer, described(layer))
    copy(x)
    copy.set_weights(layer.get_weights())
    np.testing.assert_array_equal(copy(x), layer(x))


@pytest.mark.filterwarnings("ignore:The object being serialized includes a `lambda`")
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: layers.Activation(lambda values: -values), "a lambda in activation has no name"),
        (lambda: layers.Activation(partial(negated)), "activation can't be described: .*partial"),
        (lambda: Forgetful(factor=3.0), r"get_config\(\) of Forgetful does not tell its factor"),
        (lambda: Forgetful(sizes=np.ones(2)), r"get_config\(\) of Forgetful does not tell its sizes"),
    ],
    ids=["lambda", "partial", "number", "array"],
)
def test_what_cannot_be_copied_truly_is_refused(make: Callable[[], Any], message: str) -> None:
    keras.utils.clear_session()
    with pytest.raises(NotImplementedError, match=message):
        copy_of(make())


def test_a_layer_that_forgets_nothing_that_matters_is_copied() -> None:
    layer = Forgetful()
    np.testing.assert_array_equal(copy_of(layer)(X), layer(X))


def test_another_function_in_a_copy_is_found() -> None:
    layer, other = layers.Dense(3, activation=relu), layers.Dense(3, activation="relu")
    layer(X), other(X)
    with pytest.raises(NotImplementedError, match="functions of dense"):
        check(layer, other)
