"""The drawing of a network is wired and labelled as the built model is."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from itertools import pairwise

import pytest

from reportgen.figures import Look, ShownModel, architecture
from reportgen.figures.arrangement import Measures, arrange, rows
from reportgen.figures.network import network
from reportgen.figures.style import PLAIN
from reportgen.figures.words import words
from reportgen.training.record import Layer, Record
from tests.factories import make_record
from tests.figures.reading import texts, tree

ENGLISH = words("en")


def functional(layers: Sequence[Layer], inputs: Mapping[str, Sequence[str]]) -> Record:
    """Return a record whose configuration is wired as Keras 3 writes it."""

    def tensor(name: str) -> dict[str, object]:
        return {
            "class_name": "__keras_tensor__",
            "config": {"shape": [None, 4], "keras_history": [name, 0, 0]},
        }

    def call(sources: Sequence[str]) -> list[object]:
        tensors = [tensor(source) for source in sources]
        return [{"args": tensors if len(tensors) == 1 else [tensors], "kwargs": {}}] if sources else []

    config = {
        "class_name": "Functional",
        "config": {
            "layers": [
                {"name": layer.name, "inbound_nodes": call(inputs.get(layer.name, ()))} for layer in layers
            ]
        },
    }
    return dataclasses.replace(make_record(layers=layers), config=json.dumps(config))


def residual(depth: int = 1) -> Record:
    """Return a net of `depth` residual units, six layers each, after an input and a convolution."""
    size = (None, 16, 16, 64)
    layers = [Layer("input", "InputLayer", (None, 32, 32, 3), 0), Layer("stem", "Conv2D", size, 1728)]
    inputs: dict[str, list[str]] = {"stem": ["input"]}
    before = "stem"
    for unit in range(depth):
        chain = [("conv", "Conv2D", 36864), ("norm", "BatchNormalization", 256), ("act", "Activation", 0)]
        chain += [("conv_b", "Conv2D", 36864), ("norm_b", "BatchNormalization", 256)]
        last = before
        for kind, layer_type, parameters in chain:
            name = f"{kind}{unit}"
            layers.append(
                Layer(name, layer_type, size, parameters, "relu" if layer_type == "Activation" else "")
            )
            inputs[name] = [last]
            last = name
        layers.append(Layer(f"add{unit}", "Add", size, 0))
        inputs[f"add{unit}"] = [before, last]
        before = f"add{unit}"
    return functional(layers, inputs)


def test_layers_that_keep_the_shape_stand_together() -> None:
    blocks = network(residual(), ENGLISH).blocks
    assert [block.lines for block in blocks] == [
        ("Input",),
        ("Conv",),
        ("Conv", "Batch norm", "ReLU"),
        ("Conv", "Batch norm"),
        ("Add",),
    ]
    assert blocks[2].parameters == 36864 + 256


def test_skips_are_found() -> None:
    net = network(residual(), ENGLISH)
    assert net.skips == ((1, 4),)
    assert (3, 4) in net.connections


def test_a_layer_that_two_others_read_ends_its_block() -> None:
    size = (None, 8, 8, 4)
    layers = [
        Layer("input", "InputLayer", size, 0),
        Layer("conv", "Conv2D", size, 9),
        Layer("norm", "BatchNormalization", size, 8),
        Layer("add", "Add", size, 0),
    ]
    record = functional(layers, {"conv": ["input"], "norm": ["conv"], "add": ["conv", "norm"]})
    net = network(record, ENGLISH)
    assert [block.lines for block in net.blocks] == [("Input",), ("Conv",), ("Batch norm",), ("Add",)]
    assert net.skips == ((1, 3),)


def branches() -> Record:
    """Two inputs in the order of Keras, by depth, a third that nothing reads, and a layer that joins two."""
    image, row = (None, 8, 8, 4), (None, 4)
    layers = [
        Layer("scan", "InputLayer", image, 0),
        Layer("conv", "Conv2D", image, 9),
        Layer("values", "InputLayer", row, 0),
        Layer("norm", "BatchNormalization", image, 8),
        Layer("dense", "Dense", row, 20),
        Layer("flatten", "Flatten", (None, 256), 0),
        Layer("note", "InputLayer", (None,), 0),
        Layer("join", "Concatenate", (None, 260), 0),
        Layer("last", "Dense", (None, 3), 783),
    ]
    reads = {"conv": ["scan"], "norm": ["conv"], "flatten": ["norm"], "dense": ["values"]}
    return functional(layers, {**reads, "join": ["flatten", "dense"], "last": ["join"]})


def test_branches_of_several_inputs_stand_below_one_another() -> None:
    net = network(branches(), ENGLISH)
    assert [block.lines for block in net.blocks] == [
        ("Input scan",),
        ("Conv", "Batch norm"),
        ("Flatten",),
        ("Input values",),
        ("Dense",),
        ("Concatenate",),
        ("Dense",),
        ("Input note",),
    ]
    assert (net.skips, net.branches) == (((2, 5),), (3, 7))
    rows_of = [placed.row for placed in arrange(net, ENGLISH, PLAIN).blocks]
    assert rows_of == [0, 0, 0, 1, 1, 1, 1, 2]
    figure = architecture(ShownModel("Both", (branches(),)))
    assert figure.caption.endswith(
        "Each input begins a row; what leaves at a letter arrives at the same letter."
    )
    assert [text for text in texts(figure) if text == "a"] == ["a", "a"]


def test_what_arrives_at_one_block_has_one_letter() -> None:
    layers = branches().architecture.layers
    reads = {"conv": ["scan"], "norm": ["conv"], "flatten": ["norm"], "dense": ["values"], "last": ["join"]}
    record = functional(layers, {**reads, "join": ["flatten", "dense", "note"]})
    assert network(record, ENGLISH).skips == ((2, 6), (4, 6))
    letters = [text for text in texts(architecture(ShownModel("All", (record,)))) if text in ("a", "b")]
    assert letters == ["a", "a", "a"]


def test_several_inputs_without_wiring_are_read_by_the_first_layer() -> None:
    layers = [
        Layer("scan", "InputLayer", (None, 8, 8, 4), 0),
        Layer("values", "InputLayer", (None, 4), 0),
        Layer("first", "Dense", (None, 3), 9),
        Layer("last", "Dense", (None, 3), 9),
    ]
    net = network(make_record(layers=layers), ENGLISH)
    assert net.connections == {(0, 2), (1, 2), (2, 3)}


@pytest.mark.parametrize(
    "config", ["{}", "not json", "[]", '{"config": {"layers": [{"name": "other"}]}}', '{"config": null}']
)
def test_without_wiring_it_is_a_chain(config: str) -> None:
    net = network(dataclasses.replace(make_record("cnn"), config=config), ENGLISH)
    assert net.connections == frozenset(pairwise(range(len(net.blocks))))
    assert not net.skips


def test_settings_and_activations_are_named() -> None:
    shown = texts(architecture(ShownModel("CNN", (make_record("cnn"),))))
    for text in ("Conv 5×5", "Max pool 3×3", "softmax", "28×28×32", "32,832"):
        assert text in shown
    swedish = texts(architecture(ShownModel("CNN", (make_record("cnn_dropout"),)), Look("sv")))
    assert "Dropout 0,2" in swedish


@pytest.mark.parametrize(
    ("kind", "details", "line"),
    [
        ("Conv2D", {"kernel_size": "3×3", "strides": "1×1", "padding": "same"}, "Conv 3×3"),
        ("Conv2D", {"kernel_size": "3×3", "strides": "2×2"}, "Conv 3×3 /2"),
        ("Conv2D", {"kernel_size": "3×3", "strides": "2×1"}, "Conv 3×3 /2×1"),
        ("MaxPooling2D", {"pool_size": "2×2", "strides": "2×2"}, "Max pool 2×2"),
        ("MaxPooling2D", {"pool_size": "3×3", "strides": "2×2"}, "Max pool 3×3 /2"),
        ("MaxPooling2D", {"pool_size": "2×2", "strides": "1×1"}, "Max pool 2×2 /1"),
        ("GlobalAveragePooling1D", {}, "Global mean pool"),
        ("Conv3DTranspose", {"kernel_size": "3×3×3", "strides": "1×1×1"}, "Transposed conv 3×3×3"),
        ("UpSampling1D", {}, "UpSampling1D"),
    ],
)
def test_unusual_strides_are_named(kind: str, details: dict[str, str], line: str) -> None:
    record = make_record(layers=(Layer("layer", kind, (None, 8, 8, 4), 0, "", details),))
    assert network(record, ENGLISH).blocks[0].lines == (line,)


def test_alt_tells_the_way_through() -> None:
    figure = architecture(ShownModel("Net", (residual(),)))
    assert figure.alt == (
        "Net, 75,968 parameters: Input to 32×32×3; Conv to 16×16×64; Conv, Batch norm, ReLU to 16×16×64; "
        "Conv, Batch norm to 16×16×64; Add to 16×16×64. The output of stem also goes to add0."
    )
    assert "Arcs" in figure.caption
    assert "Arcs" not in architecture(ShownModel("CNN", (make_record("cnn"),))).caption


def test_blocks_are_sized_by_their_tensors() -> None:
    placed = arrange(network(make_record("cnn"), ENGLISH), ENGLISH, PLAIN).blocks
    heights = {p.block.shape: p.measures.height for p in placed}
    widths = {p.block.shape: p.measures.width for p in placed}
    assert heights["32×32×3"] == pytest.approx(heights["28×28×32"] * 32 / 28)
    assert widths["32×32×3"] < widths["28×28×32"] < widths["11×11×64"] < widths["2×2×120"]
    assert heights["120"] > heights["10"]


@pytest.mark.parametrize("depth", [1, 2, 4, 6])
def test_nothing_overlaps_or_leaves_the_page(depth: int) -> None:
    net = network(residual(depth), ENGLISH)
    plan = arrange(net, ENGLISH, PLAIN)
    for one, other in pairwise(plan.blocks):
        if one.row == other.row:
            gap = (other.centre - one.centre) - (one.measures.column + other.measures.column) / 2
            assert gap >= 14.9
        else:
            assert other.crown > plan.labels[one.row]
    canvas = 16 / 2.54 * 72
    for placed in plan.blocks:
        assert placed.centre - placed.measures.column / 2 >= 0
        assert placed.centre + placed.measures.column / 2 <= canvas
        assert placed.crown >= 0
        assert plan.labels[placed.row] + 8.6 * placed.measures.lines <= plan.height


def test_rows_break_where_no_connection_passes() -> None:
    plan = arrange(network(residual(4), ENGLISH), ENGLISH, PLAIN)
    assert plan.blocks[-1].row > 0
    cut = [
        skip
        for skip in network(residual(4), ENGLISH).skips
        if plan.blocks[skip[0]].row != plan.blocks[skip[1]].row
    ]
    assert len(cut) <= plan.blocks[-1].row  # the end of one unit is the start of the next: one at every break


def test_rows_are_few_and_even() -> None:
    ten = [Measures(20, 20, 0, 50, 3)] * 10
    assert [len(row) for row in rows(ten, ())] == [5, 5]
    assert [len(row) for row in rows(ten, ((3, 6),))] == [3, 4, 3]  # rather a row more than a cut
    assert [len(row) for row in rows(ten, ((0, 9),))] == [5, 5]


def test_a_skip_over_rows_is_marked_at_both_ends() -> None:
    record = residual(5)
    layers = record.architecture.layers
    wired = {name: list(sources) for name, sources in inputs_of(record).items()}
    wired[layers[-1].name].append("stem")
    figure = architecture(ShownModel("Net", (functional(layers, wired),)))
    assert texts(figure).count("a") == 2


def inputs_of(record: Record) -> dict[str, tuple[str, ...]]:
    from reportgen.results.layer_groups import layer_inputs

    return layer_inputs(record)


def test_one_layer_and_odd_shapes_are_drawn() -> None:
    layers = (
        Layer("input", "InputLayer", (None, None, 12), 0),
        Layer("lstm", "BidirectionalLongShortTermMemory", (None, 4), 100, "tanh"),
        Layer("out", "Dense", (None,), 5),
    )
    figure = architecture(ShownModel("Net", (make_record(layers=layers),)))
    assert "?×12" in texts(figure)
    assert any(text.startswith("Bidirectional") and text.endswith("…") for text in texts(figure))
    assert figure.alt.endswith("Memory, tanh to 4; Dense."), "it gives one number an item, which has no axes"
    assert architecture(ShownModel("One", (make_record(layers=layers[:1]),))).svg
    assert texts(architecture(ShownModel("None", (make_record(layers=(Layer("odd", "Odd", (), 0),)),)))) == [
        "Odd"
    ]


def test_blocks_with_weights_are_tinted() -> None:
    fills = [
        e.attrib["fill"] for e in tree(architecture(ShownModel("CNN", (make_record("cnn"),)))).iter("rect")
    ][1:]
    assert fills.count("#c6d9ec") == 5
    assert fills.count("#f4f4f4") == 5
