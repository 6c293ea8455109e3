"""Describe a model as blocks to draw: tensors, the layers that make each, and their connections."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reportgen.figures.words import Words
from reportgen.training.record import Layer, Record

_SHORT = {
    "InputLayer": "Input",
    "Conv1D": "Conv",
    "Conv2D": "Conv",
    "Conv3D": "Conv",
    "DepthwiseConv2D": "Depthwise conv",
    "SeparableConv2D": "Separable conv",
    "Conv2DTranspose": "Transposed conv",
    "MaxPooling2D": "Max pool",
    "AveragePooling2D": "Mean pool",
    "GlobalMaxPooling2D": "Global max pool",
    "GlobalAveragePooling2D": "Global mean pool",
    "BatchNormalization": "Batch norm",
    "LayerNormalization": "Layer norm",
    "GroupNormalization": "Group norm",
    "ZeroPadding2D": "Zero padding",
}
_FUNCTIONS = {
    "relu": "ReLU",
    "elu": "ELU",
    "selu": "SELU",
    "gelu": "GELU",
    "silu": "SiLU",
    "swish": "SiLU",
    "linear": "",
}
_SHOWN = ("kernel_size", "pool_size", "rate")
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


@dataclass(frozen=True)
class Block:
    """A tensor to draw.

    Attributes
    ----------
    layers : tuple of Layer
        What makes it, in order.
    lines : tuple of str
        Their short names.
    size : tuple of int
        Its shape without the batch axis; an axis of unknown length is 1.
    """

    layers: tuple[Layer, ...]
    lines: tuple[str, ...]
    size: tuple[int, ...]

    @property
    def shape(self) -> str:
        """The shape as text: ``28×28×32``."""
        return "×".join("?" if length is None else str(length) for length in self.layers[-1].output_shape[1:])

    @property
    def parameters(self) -> int:
        """Weights of all its layers."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def units(self) -> int:
        """Channels, or the length of a vector."""
        return self.size[-1]

    @property
    def sides(self) -> tuple[int, int]:
        """Height and width of the image; a vector has none: (0, 0)."""
        if len(self.size) < 2:
            return 0, 0
        return self.size[0], math.prod(self.size[1:-1])


@dataclass(frozen=True)
class Network:
    """Blocks in order, and connections (from, to) by their places."""

    blocks: tuple[Block, ...]
    connections: frozenset[tuple[int, int]]

    @property
    def skips(self) -> tuple[tuple[int, int], ...]:
        """The connections that pass blocks by."""
        return tuple(sorted((start, end) for start, end in self.connections if end - start > 1))


def network(record: Record, say: Words) -> Network:
    """Return the blocks of a record's architecture, wired as its built configuration says.

    A configuration without wiring, or of other layers than the table's, is read as a plain chain.
    """
    layers = record.architecture.layers
    inputs = _inputs(record)
    consumers: dict[str, int] = {}
    for sources in inputs.values():
        for source in sources:
            consumers[source] = consumers.get(source, 0) + 1
    groups: list[list[Layer]] = []
    for layer in layers:
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
    where = {layer.name: place for place, group in enumerate(groups) for layer in group}
    blocks = tuple(
        Block(
            tuple(group),
            tuple(line for layer in group for line in _lines(layer, say)),
            tuple(length or 1 for length in group[-1].output_shape[1:]) or (1,),
        )
        for group in groups
    )
    pairs = ((where[source], where[name]) for name, sources in inputs.items() for source in sources)
    return Network(blocks, frozenset(pair for pair in pairs if pair[0] != pair[1]))


def _inputs(record: Record) -> dict[str, tuple[str, ...]]:
    """Return the names of the layers that feed every layer."""
    names = [layer.name for layer in record.architecture.layers]
    chain: dict[str, tuple[str, ...]] = {
        name: (names[place - 1],) if place else () for place, name in enumerate(names)
    }
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


def _lines(layer: Layer, say: Words) -> Iterator[str]:
    """Say what a layer is, and its activation on a line of its own."""
    function = _FUNCTIONS.get(layer.activation, layer.activation)
    if layer.type == "Activation" and function:
        yield function
        return
    details = layer.details or {}
    shown = [details[name].replace(".", say.numbers.point) for name in _SHOWN if name in details]
    yield " ".join([_SHORT.get(layer.type, layer.type), *shown, *_stride(details)])
    if function:
        yield function


def _stride(details: Mapping[str, str]) -> tuple[str, ...]:
    """Return ``/2`` for a stride that one would not expect: 1 in convolutions, the window's size in pools."""
    stride = details.get("strides", "")
    steps = stride.split("×")
    if not stride or stride == details.get("pool_size", "×".join("1" * len(steps))):
        return ()
    return (f"/{steps[0] if len(set(steps)) == 1 else stride}",)
