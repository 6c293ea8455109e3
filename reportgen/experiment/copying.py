"""True copies of layers: what Keras's description of a layer leaves out is copied as well, or refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from inspect import isfunction
from typing import Any

import numpy as np

from reportgen.experiment.backend import keras
from reportgen.experiment.holding import is_keras

_PLAIN = (bool, int, float, str, bytes, np.generic, type(None))


def described(layer: Any) -> dict[str, Any]:
    """Return a layer's configuration, or raise NotImplementedError where it has none."""
    with _refusing(layer, "be described"):
        return dict(layer.get_config())


def copied(layer: Any, config: dict[str, Any], kind: Any = None) -> Any:
    """Return a layer of the same configuration, which calls the very functions that it calls.

    It is of the same class, or of one that extends it.

    Keras describes a function, such as an activation, by its name, and prefers its own of that name.

    Raises
    ------
    NotImplementedError
        If Keras can't make the layer from its description.
    """
    parts = layer._flatten_layers()
    if any(value.__name__ == "<lambda>" for part in parts for value in _functions(part).values()):
        raise NotImplementedError(f"a lambda in {layer.name} has no name to be copied by")
    named = {value.__name__: value for part in parts for value in _functions(part).values()}
    named |= {type(part).__name__: type(part) for part in parts if not is_keras(part)}
    with _refusing(layer, "be copied"), keras.saving.custom_object_scope(named):
        copy = (kind or type(layer)).from_config(config)
    for one, other in zip(parts, copy._flatten_layers(), strict=False):
        for name, function in _functions(one).items():
            setattr(other, name, function)
    return copy


def check(layer: Any, copy: Any) -> None:
    """Raise NotImplementedError if a layer and its copy, both built, hold other functions or values.

    Of values, numbers, text, arrays and containers of them are compared, in layers of the authors' own:
    one whose `get_config` forgets an argument is found by it.
    """
    parts, others = layer._flatten_layers(), copy._flatten_layers()
    for one, other in zip(parts, others, strict=True):
        if _functions(one) != _functions(other):
            raise NotImplementedError(f"the functions of {one.name} can't be copied")
        if is_keras(one):
            continue
        for name, value in vars(one).items():
            if name not in _BARE and _plain(value) and not _same(value, vars(other).get(name)):
                raise NotImplementedError(f"get_config() of {type(one).__name__} does not tell its {name}")


_BARE = vars(keras.layers.Layer()).keys()


@contextmanager
def _refusing(layer: Any, what: str) -> Iterator[None]:
    try:
        yield
    except (TypeError, ValueError) as error:
        said = str(error).strip().splitlines()[0]
        raise NotImplementedError(f"{layer.name} can't {what}: {said[:120]}") from error


def _functions(layer: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(layer).items() if isfunction(value) and name not in _BARE}


def _plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_plain(item) for pair in value.items() for item in pair)
    if isinstance(value, list | tuple):
        return all(map(_plain, value))
    return isinstance(value, _PLAIN) or (isinstance(value, np.ndarray) and value.dtype != object)


def _same(one: Any, other: Any) -> bool:
    try:
        np.testing.assert_equal(other, one)
    except AssertionError:
        return False
    return True
