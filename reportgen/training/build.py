"""Build a model with the authors' builder, and describe it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from reportgen.datasets.types import Dataset
from reportgen.training import tasks
from reportgen.training.job import Identity, Job
from reportgen.training.record import Architecture, Layer
from reportgen.training.sources import Functions
from reportgen.training.tensorflow import is_keras, keras, operations, set_up, tf

WORDS = (keras.layers.TextVectorization, keras.layers.StringLookup)
_DETAILS = ("filters", "units", "kernel_size", "pool_size", "strides", "padding", "rate", "momentum", "axis")


def made(job: Job, functions: Functions, dataset: Dataset) -> Any:
    """Call a job's builder and return what it makes, whatever that is, everything seeded.

    It gets the shape of one input, and how many outputs a model has: one for each class, label or target.
    """
    set_up(job.seed)
    build = functions.get(job.builder, f"the builder of {job.model}")
    return build(dataset.input_shape, dataset.outputs)


def build(job: Job, functions: Functions, dataset: Dataset) -> Any:
    """Call a job's builder and return its model, with seeded initial weights.

    Raises
    ------
    InputError
        If there is no such builder, it raises, or what it returns does not map inputs
        (n, *input_shape) to class probabilities (n, classes), or of two classes to that of the second (n, 1),
        or to numbers (n, 1), or of several labels or targets to a column each.
    """
    return checked(made(job, functions, dataset), job, functions, dataset)


def checked(model: Any, job: Job, functions: Functions, dataset: Dataset) -> Any:
    """Return what a job's builder made, if it is a model for such data; see `build`."""
    input_shape, task = dataset.input_shape, tasks.of(dataset)
    builder, sources = functions.value(job.builder), functions.sources
    if not isinstance(model, keras.Model):
        message = f"{job.builder}() returned {_kind(model)}, neither a Keras model nor an estimator"
        raise sources.problem(builder, message, "return the model it builds")
    texts = not input_shape
    if wrong := _wrong_words(model, texts):
        raise sources.problem(builder, *wrong)
    if len(names := _inputs(model)) > 1:
        message = f"the model of {job.builder}() has inputs {', '.join(names)}, and an item is one"
        remedy = "begin it with one Input(input_shape), and take parts of it: x[:, :3], x[:, 3:]"
        raise sources.problem(builder, message, remedy)
    with sources.blamed(f"building the model of {job.builder}()", builder):
        outputs = model(_input(input_shape))
    shape = getattr(outputs, "shape", None)
    if shape is None or tuple(shape) not in {(None, units) for units in task.widths()}:
        remedy = f"end it with one layer of {task.outputs} unit{'s'[: task.outputs > 1]}"
        if isinstance(outputs, Mapping | list | tuple):
            remedy = "return Model(inputs, output) with the one that predicts, or use a training function"
        message = f"the model of {job.builder}() gives {_outputs(outputs)}, not one {task.wanted}"
        raise sources.problem(builder, message, remedy)
    if ending := task.ends_wrong(_last_activation(model)):
        raise sources.problem(builder, f"the model of {job.builder}() ends with {ending}", task.last_layer)
    # A layer of words can't compute before it was adapted.
    if not texts and not all(layer.built for layer in model._flatten_layers()):
        # An activation that is a layer has no weights before it first computes.
        with sources.blamed(f"building the model of {job.builder}()", builder):
            model(tf.zeros((1, *input_shape)))
    return model


def _last_activation(model: Any) -> str:
    """Return the name of what the last layer ends with."""
    last = model.layers[-1] if model.layers else None
    if isinstance(last, keras.layers.Softmax):
        return "softmax"
    return str(getattr(getattr(last, "activation", None), "__name__", ""))


def units_of(model: Any, input_shape: tuple[int, ...]) -> int:
    """Return how many outputs a model has: see `Task.widths`."""
    return int(model(_input(input_shape)).shape[-1])


def architecture(model: Any, input_shape: tuple[int, ...]) -> Architecture:
    """Return the layer table: the input first, then every layer as Keras's summary lists it.

    Operations that are no layers, such as those behind `+`, are listed as well.
    """
    layers = [_layer(layer) for layer in operations(model)]
    if not any(layer.type == "InputLayer" for layer in layers):
        layers.insert(0, Layer("input_layer", "InputLayer", (None, *input_shape), 0))
    trainable = sum(_size(weight) for weight in model.trainable_weights)
    return Architecture(tuple(layers), _parameters(model), trainable)


def identity(model: Any, job: Job) -> Identity:
    """Return what tells two built models apart."""
    described, whole = _config(model)
    config = json.dumps(described, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(config.encode())
    for variable in model.variables:
        digest.update(repr((tuple(variable.shape), variable.dtype, bool(variable.trainable))).encode())
        digest.update(variable.numpy().tobytes())
    if "Lambda" in config or not whole or not all(map(is_keras, _parts(model))):
        # The configuration names a class of the authors' own but does not show what it computes.
        digest.update(str(job.projection.get("builder")).encode())
    return Identity(config, digest.hexdigest())


def _input(input_shape: tuple[int, ...]) -> Any:
    """Return a symbolic input of a model: numbers, or texts, which have no shape."""
    return keras.Input(input_shape) if input_shape else keras.Input((), dtype="string")


def _wrong_words(model: Any, texts: bool) -> tuple[str, str] | None:
    """Return what is wrong with how a model takes texts, and the remedy."""
    layers = [each for each in model._flatten_layers() if isinstance(each, WORDS)]
    for layer in layers:
        called = f"{layer.name} ({type(layer).__name__})"
        if not texts:
            remedy = 'name the column of texts: text = "…", or make numbers of them where the data are made'
            return f"{called} takes text, and the inputs are numbers", remedy
        if layer.get_config()["output_mode"] in ("tf_idf", "tf-idf"):
            remedy = 'use output_mode="count" or "multi_hot", or an estimator with TfidfVectorizer'
            return f"{called} weighs words by tf_idf, which can't be kept with the result", remedy
    numbers = [each for each in getattr(model, "inputs", None) or () if each.dtype != "string"]
    if texts and (numbers or not layers):
        remedy = 'begin it with Input(input_shape, dtype="string") and TextVectorization(…)'
        return "the model takes numbers, and the inputs are texts", remedy
    return None


def _config(model: Any) -> tuple[Any, bool]:
    """Return a model's configuration, and whether it is one from which Keras could make the model again."""
    try:
        return json.loads(model.to_json()), True
    except (NotImplementedError, TypeError):
        # A class of the authors' own that does not say how to make it again.
        layers = [[type(layer).__name__, layer.name, _parameters(layer)] for layer in model.layers]
        return {"class_name": type(model).__name__, "layers": layers}, False


def _layer(layer: Any) -> Layer:
    try:
        config = layer.get_config()
    except NotImplementedError:
        config = {}
    activation = config.get("activation")
    shape = getattr(getattr(layer, "output", None), "shape", ())  # of several outputs, none
    details = {key: _text(config[key]) for key in _DETAILS if config.get(key) is not None}
    return Layer(
        name=layer.name,
        type=type(layer).__name__,
        output_shape=tuple(shape),
        parameters=_parameters(layer),
        activation=activation if isinstance(activation, str) and activation != "linear" else "",
        details=details or None,
    )


def _text(value: Any) -> str:
    return "×".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _parts(model: Any) -> Iterator[Any]:
    yield model
    for layer in getattr(model, "layers", ()):
        yield from _parts(layer)


def _parameters(part: Any) -> int:
    """Return the number of weights; of an operation that is no layer, and of a layer never called, 0."""
    return sum(map(_size, getattr(part, "weights", ())))


def _size(weight: Any) -> int:
    size = 1
    for length in weight.shape:
        size *= length
    return size


def _inputs(model: Any) -> list[str]:
    """Return the names of the inputs of a model that is built already."""
    return [each.name for each in getattr(model, "inputs", None) or ()]


def _outputs(outputs: Any) -> str:
    if isinstance(outputs, Mapping | list | tuple):
        kind = "dict" if isinstance(outputs, Mapping) else "list"
        return f"a {kind} of {len(outputs)} output{'s'[: len(outputs) != 1]}"
    return str(tuple(getattr(outputs, "shape", ()))) if hasattr(outputs, "shape") else _kind(outputs)


def _kind(value: Any) -> str:
    return "nothing" if value is None else f"a {type(value).__name__}"
