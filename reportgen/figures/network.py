"""Describe a model as blocks to draw: tensors, the layers that make each, and their connections."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reportgen.figures.words import Words
from reportgen.results.layer_groups import layer_groups, layer_inputs
from reportgen.training.record import Layer, Record

_SHORT = {
    "InputLayer": "Input",
    "Conv": "Conv",
    "DepthwiseConv": "Depthwise conv",
    "SeparableConv": "Separable conv",
    "ConvTranspose": "Transposed conv",
    "MaxPooling": "Max pool",
    "AveragePooling": "Mean pool",
    "GlobalMaxPooling": "Global max pool",
    "GlobalAveragePooling": "Global mean pool",
    "BatchNormalization": "Batch norm",
    "LayerNormalization": "Layer norm",
    "GroupNormalization": "Group norm",
    "ZeroPadding": "Zero padding",
}
"""Of layers whose type says how many dimensions they have, all of them."""
_DIMENSIONS = re.compile("[123]D")
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

    @property
    def branches(self) -> tuple[int, ...]:
        """The places of inputs with which a branch begins; those that nothing reads are one."""
        inputs = [place for place, block in enumerate(self.blocks) if block.layers[0].type == "InputLayer"]
        read = {start for start, _ in self.connections}
        unread = [place for place in inputs if place not in read]
        return tuple(place for place in inputs[1:] if place not in unread[1:])


def network(record: Record, say: Words) -> Network:
    """Return the blocks of a record's architecture, wired as its built configuration says."""
    inputs, groups = layer_inputs(record), layer_groups(record)
    where = {layer.name: place for place, group in enumerate(groups) for layer in group}
    blocks = tuple(
        Block(
            group,
            tuple(line for layer in group for line in _lines(layer, say, bool(record.inputs))),
            tuple(length or 1 for length in group[-1].output_shape[1:]) or (1,),
        )
        for group in groups
    )
    pairs = ((where[source], where[name]) for name, sources in inputs.items() for source in sources)
    return Network(blocks, frozenset(pair for pair in pairs if pair[0] != pair[1]))


def _lines(layer: Layer, say: Words, named: bool) -> Iterator[str]:
    """Say what a layer is, and its activation on a line of its own; of several inputs the `named` one."""
    if named and layer.type == "InputLayer":
        yield f"{_SHORT[layer.type]} {layer.name}"
        return
    function = _FUNCTIONS.get(layer.activation, layer.activation)
    if layer.type == "Activation" and function:
        yield function
        return
    details = layer.details or {}
    shown = [details[name].replace(".", say.numbers.point) for name in _SHOWN if name in details]
    yield " ".join([_SHORT.get(_DIMENSIONS.sub("", layer.type), layer.type), *shown, *_stride(details)])
    if function:
        yield function


def _stride(details: Mapping[str, str]) -> tuple[str, ...]:
    """Return ``/2`` for a stride other than the usual one: 1 in convolutions, the window's size in pools."""
    stride = details.get("strides", "")
    steps = stride.split("×")
    if not stride or stride == details.get("pool_size", "×".join("1" * len(steps))):
        return ()
    return (f"/{steps[0] if len(set(steps)) == 1 else stride}",)
