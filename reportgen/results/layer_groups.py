"""Group the layers of a model by the tensor they work on, as its built configuration wires them."""

import json
from collections.abc import Iterator, Mapping

from reportgen.training.record import Layer, Record

# These change values, not shapes; they stand with the layer that made the tensor.
# fmt: off
_ATTACHED = frozenset(
    {
        "Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax", "Dropout", "SpatialDropout2D",
        "GaussianNoise", "GaussianDropout", "AlphaDropout", "BatchNormalization", "LayerNormalization",
        "GroupNormalization", "UnitNormalization", "Normalization", "Rescaling",
    }
)
# fmt: on


def layer_groups(record: Record) -> tuple[tuple[Layer, ...], ...]:
    """Return the layers in order, each with those behind it that only change the values of its output.

    They stand with it only where nothing else reads that output, so a group is always a chain.
    """
    inputs = layer_inputs(record)
    consumers: dict[str, int] = {}
    for sources in inputs.values():
        for source in sources:
            consumers[source] = consumers.get(source, 0) + 1
    groups: list[list[Layer]] = []
    for layer in in_order(record):
        last = groups[-1][-1] if groups else None
        if (
            last is not None
            and layer.type in _ATTACHED
            and layer.output_shape == last.output_shape
            and inputs[layer.name] == (last.name,)
            and consumers[last.name] == 1
        ):
            groups[-1].append(layer)
        else:
            groups.append([layer])
    return tuple(map(tuple, groups))


def in_order(record: Record) -> tuple[Layer, ...]:
    """Return the layers as the table has them; of several inputs branch after branch, each up to its end."""
    layers = record.architecture.layers
    if not record.inputs:
        return layers
    inputs = layer_inputs(record)
    lacking = {name: len(sources) for name, sources in inputs.items()}
    found: list[Layer] = []
    waiting = [layer for layer in reversed(layers) if not lacking[layer.name]]
    while waiting:
        found.append(waiting.pop())
        for layer in reversed(layers):
            if found[-1].name in inputs[layer.name]:
                lacking[layer.name] -= 1
                if not lacking[layer.name]:
                    waiting.append(layer)
    return tuple(found)


def layer_inputs(record: Record) -> dict[str, tuple[str, ...]]:
    """Return the names of the layers that feed every layer.

    A configuration without wiring, or of other layers than the table's, is read as a plain chain behind all
    inputs.
    """
    names = [layer.name for layer in record.architecture.layers]
    chain: dict[str, tuple[str, ...]] = {
        name: (names[place - 1],) if place else () for place, name in enumerate(names)
    }
    if record.inputs:
        first = tuple(layer.name for layer in record.inputs)
        chain |= dict.fromkeys(first, ())
        chain |= dict.fromkeys(names[len(first) : len(first) + 1], first)
    try:
        wired = {
            layer["name"]: tuple(dict.fromkeys(_sources(layer.get("inbound_nodes", []))))
            for layer in json.loads(record.config)["config"]["layers"]
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return chain
    known = set(names)
    if set(wired) != known or not any(wired.values()):
        return chain
    return {name: tuple(source for source in wired[name] if source in known) for name in names}


def _sources(value: object) -> Iterator[str]:
    """Find the names of layers in Keras's description of a call's arguments."""
    if isinstance(value, Mapping):
        history = value.get("keras_history")
        if isinstance(history, list) and history:
            yield str(history[0])
        for inner in value.values():
            yield from _sources(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _sources(inner)
