"""How a network takes the inputs of a data set: one as it is, several by their names."""

from collections.abc import Mapping
from typing import Any

from reportgen.datasets.inputs import Shape
from reportgen.training.tensorflow import keras, tf

InputShape = Shape | Mapping[str, Shape]
WORDS = (keras.layers.TextVectorization, keras.layers.StringLookup)


def output_of(model: Any, input_shape: InputShape) -> Any:
    """Return the symbolic output of a model for such inputs."""
    if not isinstance(input_shape, Mapping):
        return model(_symbolic(input_shape))
    parts = {name: _symbolic(shape, name) for name, shape in input_shape.items()}
    if not _names(model):
        return model(parts)
    # Keras matches names in what it computes, but not where it only looks at shapes.
    return model(keras.tree.map_structure(lambda each: parts[each.name], model.input))


def zeros(input_shape: InputShape) -> Any:
    """Return an item of nothing but zeros; None where there are texts among the inputs."""
    if isinstance(input_shape, Mapping):
        parts = {name: zeros(shape) for name, shape in input_shape.items()}
        return None if any(part is None for part in parts.values()) else parts
    return tf.zeros((1, *input_shape)) if input_shape else None


def wrong_inputs(model: Any, builder: str, input_shape: InputShape) -> tuple[str, str] | None:
    """Return what is wrong with how a model takes such inputs, and the remedy."""
    if isinstance(input_shape, Mapping):
        return _wrong_names(model, builder, input_shape) or _wrong_words(model, input_shape)
    if wrong := _wrong_words(model, {"": input_shape}):
        return wrong
    if len(names := _names(model)) > 1:
        message = f"the model of {builder}() has inputs {', '.join(names)}, and an item is one"
        return message, "begin it with one Input(input_shape), and take parts of it: x[:, :3], x[:, 3:]"
    return None


def _wrong_names(model: Any, builder: str, shapes: Mapping[str, Shape]) -> tuple[str, str] | None:
    """Return in what the inputs of a model differ from the data's; a class of its own does not say them."""
    wanted, name = ", ".join(shapes), next(iter(shapes))
    if isinstance(model, keras.Sequential):
        message = f"the model of {builder}() is a Sequential, which has one input, and an item has {wanted}"
        return message, f"build a functional model: Model([{wanted}], output)"
    names = _names(model)
    if not names or set(names) == set(shapes):
        return None
    message = (
        f"the model of {builder}() has the input{'s'[: len(names) > 1]} {', '.join(names)},"
        f" and an item has {wanted}"
    )
    return message, f'give it each by its name: Input(input_shape["{name}"], name="{name}")'


def _wrong_words(model: Any, shapes: Mapping[str, Shape]) -> tuple[str, str] | None:
    """Return whether a model takes texts as numbers, or numbers as texts."""
    texts = {name for name, shape in shapes.items() if not shape}
    layers = [each for each in model._flatten_layers() if isinstance(each, WORDS)]
    for layer in layers:
        called = f"{layer.name} ({type(layer).__name__})"
        if not texts:
            remedy = 'name the column of texts: text = "…", or make numbers of them where the data are made'
            return f"{called} takes text, and the inputs are numbers", remedy
        if layer.get_config()["output_mode"] in ("tf_idf", "tf-idf"):
            remedy = 'use output_mode="count" or "multi_hot", or an estimator with TfidfVectorizer'
            return f"{called} weighs words by tf_idf, which can't be kept with the result", remedy
    inputs = getattr(model, "inputs", None) or ()
    numbers = {each.name for each in inputs if each.dtype != "string"}
    if "" in texts and (numbers or not layers):
        remedy = 'begin it with Input(input_shape, dtype="string") and TextVectorization(…)'
        return "the model takes numbers, and the inputs are texts", remedy
    for each in inputs if len(shapes) > 1 else ():
        if (each.name in texts) == (each.name in numbers):
            given, taken = ("text", "numbers") if each.name in texts else ("numbers", "text")
            kind = ', dtype="string"' if each.name in texts else ""
            remedy = f'give it as Input(input_shape["{each.name}"]{kind}, name="{each.name}")'
            return f"the model takes {taken} as {each.name}, which is {given}", remedy
    return None


def _symbolic(shape: Shape, name: str | None = None) -> Any:
    """Return a symbolic input: numbers, or a text, which has no shape."""
    return keras.Input(shape, name=name, dtype=None if shape else "string")


def _names(model: Any) -> list[str]:
    """Return the names of the inputs of a model that is built already."""
    return [each.name for each in getattr(model, "inputs", None) or ()]
