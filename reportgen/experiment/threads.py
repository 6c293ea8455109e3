"""How a processor's cores are shared out, settled before TensorFlow starts its threads."""

import itertools
import os
from dataclasses import dataclass
from typing import Any

from reportgen.experiment.backend import keras, on_gpu, operations, rank, tf
from reportgen.experiment.dense import BlockedDense
from reportgen.experiment.holding import is_keras

_ACROSS = frozenset(["BatchNormalization"])  # looks at all images of a batch
_PER_IMAGE = frozenset(
    [
        "Activation",
        "Add",
        "Average",
        "AveragePooling2D",
        "Concatenate",
        "Conv2D",
        "DepthwiseConv2D",
        "Dense",
        "Dropout",
        "ELU",
        "Flatten",
        "GlobalAveragePooling2D",
        "GlobalMaxPooling2D",
        "InputLayer",
        "LayerNormalization",
        "LeakyReLU",
        "MaxPooling2D",
        "Maximum",
        "Multiply",
        "ReLU",
        "Rescaling",
        "Reshape",
        "SeparableConv2D",
        "Softmax",
        "SpatialDropout2D",
        "Subtract",
        "ZeroPadding2D",
    ]
)
_ELEMENT_WISE = frozenset(["Add", "Divide", "Maximum", "Minimum", "Multiply", "Subtract"])  # not layers
_MOST_WEIGHTS = 1_000_000
_LEAST_IMAGES, _MOST_IMAGES = 8, 64


@dataclass(frozen=True)
class Sharing:
    """Who gets the cores.

    Attributes
    ----------
    towers : int
        Parts of a batch that are computed side by side, one core each; 1: all cores work on one
        operation after the other.
    single : bool
        Whether each operation stays on one core.
    cuts : int
        Parts that each convolution of a batch is cut in, where a tower is not allowed.
    """

    towers: int = 1
    single: bool = False
    cuts: int = 1


def arrange(model: Any, batch_size: int, separable: bool) -> Sharing:
    """Choose the sharing that suits a model and set TensorFlow's threads to it.

    Operations on a few images are too small for several cores, and the cores wait for each other.
    Whole towers of operations are not: a small batch is cut in parts, where every image is
    treated alone. Where only BatchNorm looks at several, each convolution is cut. A wide dense layer
    is bound by memory, and its blocks stay with one core.

    Parameters
    ----------
    model : keras.Model
        A sketch will do, see `build`.
    separable : bool
        Whether the loss is a mean over images.

    Returns
    -------
    Sharing
        What is in force; the default one where TensorFlow's threads already run otherwise.
    """
    if on_gpu():
        return Sharing()
    kinds = _kinds(model)
    most = _parts(model, batch_size)
    towers = most if separable and kinds <= _PER_IMAGE else 1
    cuts = most if towers == 1 and "Conv2D" in kinds and kinds <= _PER_IMAGE | _ACROSS else 1
    single = max(towers, cuts) > 1 or any(BlockedDense.serves(layer) for layer in model.layers)
    if not single:
        return Sharing()
    try:
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(cores())
    except RuntimeError:
        if tf.config.threading.get_intra_op_parallelism_threads() != 1:
            return Sharing()
    return Sharing(towers, single, cuts)


def cores() -> int:
    """Return the number of cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def parts(size: int, count: int) -> list[tuple[int, int]]:
    """Return the ranges of a batch of `size` images in at most `count` parts, as equal as they can be."""
    cuts = [round(part * size / count) for part in range(count + 1)]
    return [(begin, end) for begin, end in itertools.pairwise(cuts) if end > begin]


def _kinds(model: Any) -> set[str]:
    """Return the names of the classes of all that computes in a model, "" for what may do anything."""
    if not is_keras(model):
        return {""}
    return {_kind(operation) for operation in operations(model)}


def _kind(operation: Any) -> str:
    name = type(operation).__name__
    if not isinstance(operation, keras.layers.Layer):
        # Those treat every image alone, as the layer Add does.
        return "Add" if is_keras(operation) and name in _ELEMENT_WISE else ""
    activation = getattr(operation, "activation", None)
    own = not is_keras(operation) or (activation is not None and not _is_keras_function(activation))
    images = (0, -rank(operation))
    across = any(axis in images for axis in tf.nest.flatten(getattr(operation, "axis", None)))
    shared = getattr(operation, "noise_shape", None) is not None
    return "" if own or across or shared or operation.activity_regularizer is not None else name


def _is_keras_function(function: Any) -> bool:
    return str(getattr(function, "__module__", "")).startswith("keras.")


def _parts(model: Any, batch_size: int) -> int:
    """Return in how many parts it pays to cut a batch."""
    if model.count_params() > _MOST_WEIGHTS or model.losses:
        return 1
    most = min(cores(), batch_size // _LEAST_IMAGES)
    return most if most > 1 and batch_size // most <= _MOST_IMAGES else 1
