"""Allow-list of the fast path: Keras's own classes, each named here.

A class that is not named, of Keras or of the authors, is trained by Keras's own step. Being named is
needed, not enough: `proof` compares the two steps before every training.
"""

from collections.abc import Iterator
from inspect import isfunction
from typing import Any

from reportgen.training.tensorflow import is_keras, keras, operations, rank, tf

# Layers that treat every image by itself, whatever their settings but for those that `_mixes` looks at.
_PER_IMAGE = frozenset(
    [
        "Activation",
        "Add",
        "Average",
        "AveragePooling2D",
        "Concatenate",
        "Conv2D",
        "Dense",
        "DepthwiseConv2D",
        "Dropout",
        "ELU",
        "Flatten",
        "GlobalAveragePooling2D",
        "GlobalMaxPooling2D",
        "InputLayer",
        "LayerNormalization",
        "LeakyReLU",
        "MaxPooling2D",
        "Maximum",
        "Minimum",
        "Multiply",
        "ReLU",
        "Rescaling",
        "Reshape",
        "SeparableConv2D",
        "Softmax",
        "SpatialDropout2D",
        "Subtract",
        "ZeroPadding2D",
    ]
)
_ACROSS = frozenset(["BatchNormalization"])
_ELEMENT_WISE = frozenset(["Add", "Divide", "Maximum", "Minimum", "Multiply", "Subtract"])  # of keras.ops


def why_not(model: Any) -> str:
    """Return why the fast path does not serve a model; empty if it does."""
    for part in _models(model):
        if type(part).__name__ not in ("Sequential", "Functional") or not is_keras(part):
            return f"{type(part).__name__} is a model class of its own"
    for operation in _operations(model):
        name = type(operation).__name__
        if not is_keras(operation):
            return f"{name} is a layer of its own"
        layer = isinstance(operation, keras.layers.Layer)
        if name not in (_PER_IMAGE | _ACROSS if layer else _ELEMENT_WISE):
            return f"{name} is not among the layers that are made faster"
        if layer and operation.compute_dtype not in ("float32", "bfloat16"):
            return f"{operation.name} computes in {operation.compute_dtype}"
        activation = getattr(operation, "activation", None)
        if activation is not None and not _is_plain(activation):
            return f"the activation of {operation.name} is not a function of Keras's"
    if any(variable.constraint is not None for variable in model.trainable_variables):
        return "a weight has a constraint"
    return ""


def separate(model: Any, *, but_for_moments: bool = False) -> bool:
    """Tell whether no image of a minibatch looks at another, batch normalization perhaps excepted."""
    return not model.losses and not any(
        _mixes(operation, but_for_moments) for operation in _operations(model)
    )


def layers(model: Any) -> list[Any]:
    """Return the layers of a model and of the models inside it, each once."""
    found = {id(each): each for each in _operations(model) if isinstance(each, keras.layers.Layer)}
    return list(found.values())


def _mixes(operation: Any, but_for_moments: bool) -> bool:
    if not isinstance(operation, keras.layers.Layer):
        return False
    if type(operation).__name__ in _ACROSS and not but_for_moments:
        return True
    images = (0, -rank(operation))
    across = any(axis in images for axis in tf.nest.flatten(getattr(operation, "axis", None)))
    shared = getattr(operation, "noise_shape", None) is not None
    return across or shared or operation.activity_regularizer is not None


def _is_plain(function: Any) -> bool:
    return isfunction(function) and function.__module__.startswith("keras.")


def _models(model: Any) -> Iterator[Any]:
    yield model
    for layer in getattr(model, "layers", ()):
        if isinstance(layer, keras.Model):
            yield from _models(layer)


def _operations(model: Any) -> Iterator[Any]:
    for operation in operations(model):
        if isinstance(operation, keras.Model):
            yield from _operations(operation)
        else:
            yield operation
