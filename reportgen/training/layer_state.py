"""Describe the state of custom layers that Keras's own description leaves out."""

import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np

from reportgen.training.backend import is_keras, keras

Json = Any


def held(layers: Iterable[Any]) -> list[Json] | None:
    """Return what each layer has set on itself, as JSON values; nothing if any of it can't be told.

    Numbers, text, arrays and containers of them can, weights (by shape), Keras's own objects, and layers.
    """
    bare = keras.layers.Layer()
    bare.weight = bare.add_weight(shape=(), initializer="zeros")  # nothing random is spent on it
    known = vars(bare).keys() - {"weight"}  # what every layer has
    try:
        return [_layer(layer, known) for layer in layers]
    except Exception:  # objects of any kind, and values that lead back to themselves
        return None


def _layer(layer: Any, known: Iterable[str]) -> Json:
    if isinstance(layer, keras.Model):
        raise TypeError("a model says more than its attributes")
    values = {name: _value(value, known) for name, value in vars(layer).items() if name not in known}
    return [type(layer).__name__, values]


def _value(value: Any, known: Iterable[str]) -> Json:
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return repr(value)
        case tuple() | list():
            return [type(value).__name__, *(_value(item, known) for item in value)]
        case dict() if all(isinstance(name, str) for name in value):
            return {name: _value(item, known) for name, item in value.items()}
        case np.ndarray() | np.generic() if value.dtype != object:
            data = np.ascontiguousarray(value).tobytes()
            return [str(value.dtype), list(value.shape), hashlib.sha256(data).hexdigest()]
        case keras.Variable():
            return ["weight", list(value.shape)]
        case keras.layers.Layer() if not is_keras(value):
            return _layer(value, known)
    if is_keras(value) and hasattr(value, "get_config"):
        return [type(value).__name__, _value(value.get_config(), known)]
    raise TypeError(f"{type(value).__name__} can't be told")
