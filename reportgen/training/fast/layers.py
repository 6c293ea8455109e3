"""Faster calls of Keras's own layers, put into the authors' model for the time of its training."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

FastCall = Callable[..., Any]


def plain_but_for(layer: Any, honoured: Collection[str]) -> bool:
    """Tell whether every setting of a layer but the honoured ones is the default of its class.

    A setting that a later version of Keras adds is then one that is not honoured.
    """
    config = layer.get_config()
    required = {name: config[name] for name in ("units", "rate") if name in config}
    if "seed" in config:
        required["seed"] = 0  # else Keras draws one from Python's generator
    default = type(layer)(name=layer.name, **required).get_config()
    ignored = {"name", "dtype", *honoured}
    return all(default.get(name) == value for name, value in config.items() if name not in ignored)


@contextmanager
def called_by(calls: Iterable[tuple[Any, FastCall]]) -> Iterator[None]:
    """Have layers compute by other calls than their own inside the block; layers and weights stay."""
    before: list[tuple[Any, Any]] = []
    try:
        for layer, call in calls:
            before.append((layer, vars(layer).get("call")))
            layer.call = call
        yield
    finally:
        for layer, call in reversed(before):
            if call is None:
                del layer.call
            else:
                layer.call = call


def own_calls(calls: Iterable[tuple[Any, FastCall]]) -> list[tuple[Any, FastCall]]:
    """Return for the same layers the calls of their classes."""
    return [(layer, type(layer).call.__get__(layer)) for layer, _ in calls]
