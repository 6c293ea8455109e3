"""Build a model with the authors' builder, and describe it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from reportgen.datasets.types import Dataset
from reportgen.training import tasks
from reportgen.training.job import Identity, Job
from reportgen.training.model_inputs import InputShape, output_of, wrong_inputs, zeros
from reportgen.training.record import Architecture, Layer, input_layers
from reportgen.training.sources import Functions
from reportgen.training.tensorflow import is_keras, keras, operations, set_up

_DETAILS = ("filters", "units", "kernel_size", "pool_size", "strides", "padding", "rate", "momentum", "axis")


def made(job: Job, functions: Functions, dataset: Dataset) -> Any:
    """Call a job's builder and return what it makes, whatever that is, everything seeded.

    It gets the shape of one input, or a dict of those of several, and how many outputs a model has: one for
    each class, label or target.
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
        remedy = f"return {model.__name__}(…)" if isinstance(model, type) else "return the model it builds"
        raise sources.problem(builder, message, remedy)
    if wrong := wrong_inputs(model, job.builder, input_shape):
        raise sources.problem(builder, *wrong)
    with sources.blamed(f"building the model of {job.builder}()", builder):
        outputs = output_of(model, input_shape)
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
    if (item := zeros(input_shape)) is not None and not all(layer.built for layer in model._flatten_layers()):
        # An activation that is a layer has no weights before it first computes.
        with sources.blamed(f"building the model of {job.builder}()", builder):
            model(item)
    return model


def _last_activation(model: Any) -> str:
    """Return the name of what the last layer ends with."""
    last = model.layers[-1] if model.layers else None
    if isinstance(last, keras.layers.Softmax):
        return "softmax"
    return str(getattr(getattr(last, "activation", None), "__name__", ""))


def units_of(model: Any, input_shape: InputShape) -> int:
    """Return how many outputs a model has: see `Task.widths`."""
    return int(output_of(model, input_shape).shape[-1])


def architecture(model: Any, input_shape: InputShape) -> Architecture:
    """Return the layer table: the inputs, and every layer as Keras's summary lists it.

    Operations that are no layers, such as those behind `+`, are listed as well.
    """
    layers = [_layer(layer) for layer in operations(model)]
    if not any(layer.type == "InputLayer" for layer in layers):
        layers[:0] = input_layers(input_shape, "input_layer", "InputLayer")
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


def _outputs(outputs: Any) -> str:
    if isinstance(outputs, Mapping | list | tuple):
        kind = "dict" if isinstance(outputs, Mapping) else "list"
        return f"a {kind} of {len(outputs)} output{'s'[: len(outputs) != 1]}"
    return str(tuple(getattr(outputs, "shape", ()))) if hasattr(outputs, "shape") else _kind(outputs)


def _kind(value: Any) -> str:
    if isinstance(value, type):
        return f"the class {value.__name__}"
    return "nothing" if value is None else f"a value of type {type(value).__name__}"
