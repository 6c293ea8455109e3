"""The first layer of the next minibatch, computed from weights that the update has just left in the cache."""

from collections.abc import Sequence
from typing import Any

from reportgen.experiment.backend import keras
from reportgen.experiment.dense import BlockedDense


class Ahead:
    """Computes a model that begins with a wide dense layer in two steps.

    A block of that layer's kernel can be multiplied with the next minibatch as soon as it is updated;
    at the beginning of the next step it would have to be read from memory again.

    Parameters
    ----------
    model : keras.Sequential
        One that `serves`.
    """

    _before = (keras.layers.Flatten, keras.layers.Reshape, keras.layers.Rescaling)

    def __init__(self, model: Any) -> None:
        self._model = model
        place = next(place for place, layer in enumerate(model.layers) if isinstance(layer, BlockedDense))
        *self._reshaping, self._first = model.layers[: place + 1]

    @classmethod
    def serves(cls, model: Any) -> bool:
        """Whether nothing that learns, or differs in training, stands before a model's wide dense layer."""
        if type(model) is not keras.Sequential:
            return False
        others = (layer for layer in model.layers if type(layer) not in cls._before)
        return isinstance(next(others, None), BlockedDense)

    def products(self, images: Any) -> list[Any]:
        """Return what the weights, as they are now, make of a minibatch before bias and activation."""
        for layer in self._reshaping:
            images = layer(images)
        products: list[Any] = self._first.products(images)
        return products

    def __call__(self, images: Any, products: Sequence[Any]) -> Any:
        """Return the model's output in training, (n, classes), for a minibatch whose products are known."""
        with self._first.given(products):
            return self._model(images, training=True)
