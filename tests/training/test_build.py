import builtins

import pytest

from reportgen.errors import InputError
from reportgen.training.build import architecture, build
from reportgen.training.identify import identify
from reportgen.training.sources import Sources
from tests.training.jobs import MODELS, digits, job

LINE = MODELS.count("\n") + 2


def built(builder: str, text: str = MODELS) -> object:
    wanted = job(builder, sources={"models.py": text})
    with Sources(wanted.sources, __import__("pathlib").Path(wanted.models_path)).imported() as functions:
        return build(wanted, functions, digits(120))


def test_the_layer_table_is_the_one_of_keras_with_the_input_first() -> None:
    table = architecture(built("everything"), (8, 8, 1))
    assert [(layer.type, layer.output_shape, layer.parameters) for layer in table.layers] == [
        ("InputLayer", (None, 8, 8, 1), 0),
        ("Conv2D", (None, 6, 6, 8), 80),
        ("BatchNormalization", (None, 6, 6, 8), 32),
        ("Activation", (None, 6, 6, 8), 0),
        ("MaxPooling2D", (None, 3, 3, 8), 0),
        ("Dropout", (None, 3, 3, 8), 0),
        ("Flatten", (None, 72), 0),
        ("Dense", (None, 10), 730),
    ]
    assert (table.total, table.trainable, table.non_trainable) == (842, 826, 16)
    assert table.layers[-1].activation == "softmax"
    assert table.layers[1].details is not None
    assert table.layers[1].details["kernel_size"] == "3×3"
    assert table.layers[5].details == {"rate": "0.25"}


SHORTCUT = """
import keras

def shortcut(input_shape, classes):
    inputs = layers.Input(input_shape)
    images = layers.Conv2D(4, 3, padding="same")(inputs)
    left, right = keras.ops.split(keras.ops.maximum(images + layers.Conv2D(4, 1)(images), 0), 2, axis=-1)
    return keras.Model(inputs, layers.Dense(classes, activation="softmax")(layers.Flatten()(left * right)))
"""


def test_operations_that_are_no_layers_are_in_the_table() -> None:
    table = architecture(built("shortcut", MODELS + SHORTCUT), (8, 8, 1))
    assert [(layer.type, layer.output_shape) for layer in table.layers] == [
        ("InputLayer", (None, 8, 8, 1)),
        ("Conv2D", (None, 8, 8, 4)),
        ("Conv2D", (None, 8, 8, 4)),
        ("Add", (None, 8, 8, 4)),
        ("Maximum", (None, 8, 8, 4)),
        ("Split", ()),
        ("Multiply", (None, 8, 8, 2)),
        ("Flatten", (None, 128)),
        ("Dense", (None, 10)),
    ]


def test_names_do_not_depend_on_what_was_built_before() -> None:
    first, second = built("everything"), built("everything")
    assert [layer.name for layer in first.layers] == [layer.name for layer in second.layers]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("raise ValueError('boom')", r"odd\(\) raised ValueError: boom"),
        ("pass", "returned nothing, neither a Keras model nor an estimator"),
        ("return 3", "returned a value of type int, neither a Keras model nor an estimator"),
        ("return Sequential", r"returned the class Sequential, neither .* .return Sequential\(…\)"),
        ("return dense(input_shape, classes + 1)", "not one probability for each of 10 classes"),
        ("return Sequential([layers.Dense(classes)])", "not one probability"),
        ("return dense((3,), classes)", r"odd\(\)"),
        ("import sys; sys.exit()", r"odd\(\) raised SystemExit"),
        (
            "x = layers.Input(input_shape)\n    y = layers.Dense(classes)(layers.Flatten()(x))\n"
            "    import keras\n    return keras.Model(x, [y, y])",
            "gives a list of 2 outputs, not one probability for each of 10",
        ),
        (
            "x = layers.Input(input_shape)\n    y = layers.Dense(classes)(layers.Flatten()(x))\n"
            "    import keras\n    return keras.Model(x, {'a': y})",
            "gives a dict of 1 output, not one probability for each of 10",
        ),
    ],
)
def test_a_builder_that_is_wrong_is_named_by_line(body: str, message: str) -> None:
    text = MODELS + f"\ndef odd(input_shape, classes):\n    {body}\n"
    with pytest.raises(InputError, match=message) as caught:
        built("odd", text)
    (problem,) = caught.value.problems
    assert problem.path == "answers/models.py"
    assert problem.line in (LINE, LINE + 1)


def test_a_missing_builder_is_named() -> None:
    with pytest.raises(InputError, match=r"no function absent \(the builder of absent\)"):
        built("absent")


def test_a_builder_is_called_once_to_be_identified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builtins, "calls", [], raising=False)
    head = "def dense(input_shape, classes):"
    text = "import builtins\n" + MODELS.replace(head, f"{head}\n    builtins.calls.append(1)", 1)
    identify(job("dense", {"models.py": text}), digits())
    assert len(builtins.calls) == 1  # type: ignore[attr-defined]


SEVERAL = """
def several(input_shape, classes):
    left, right = layers.Input(input_shape, name="left"), layers.Input((3,), name="right")
    both = layers.Concatenate()([layers.Flatten()(left), right])
    return __import__("keras").Model({"left": left, "right": right}, layers.Dense(classes)(both))
"""


def test_several_inputs_are_refused_by_their_names() -> None:
    said = r"the model of several\(\) has inputs left, right, and an item is one .*x\[:, :3\]"
    with pytest.raises(InputError, match=rf"models\.py:{LINE}: {said}"):
        built("several", MODELS + SEVERAL)
