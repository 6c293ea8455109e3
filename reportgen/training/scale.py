"""Bring images from bytes to the range in which models take them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.types import Dataset
from reportgen.errors import InputError, Problem
from reportgen.report.training_parameters import SCALES, Scale, Training
from reportgen.training.job import TOML
from reportgen.training.tensorflow import keras, rank, tf

_TINY = 0.02  # of a range: what is narrower looks the same to a network that is not trained


def scale_of(scale: Scale, data: Dataset) -> Scale:
    """Return the range in which the inputs of a data set arrive; numbers that are no images stay as they are.

    Raises
    ------
    InputError
        If a range was chosen for what is no image.
    """
    if data.train.images is not None:
        return scale
    if scale != Training.scale:
        remedy = "leave it out: what is no image arrives as it is"
        raise InputError(Problem(TOML, 0, f"scale is for images; {data.title} has none", remedy))
    return "bytes"


def scaled(images: Any, scale: Scale) -> Any:
    """Return inputs as float32, images in the range of a scale; texts as they are.

    Of several inputs, a tensor by each name, only those that are images are scaled.
    """
    if isinstance(images, Mapping):
        parts = {name: tf.convert_to_tensor(part) for name, part in images.items()}
        return {name: scaled(part, scale if _image(part) else "bytes") for name, part in parts.items()}
    given = tf.convert_to_tensor(images)
    if given.dtype == tf.string:
        return given
    values = tf.cast(given, tf.float32)
    match scale:
        case "unit":
            return values / 255.0
        case "signed":
            return values / 127.5 - 1.0
        case "bytes":
            return values


def _image(part: Any) -> bool:
    return bool(part.dtype == tf.uint8 and part.shape.rank == 4)


def as_bytes(values: NDArray[np.float32], scale: Scale) -> NDArray[np.uint8]:
    """Return images in the range of a scale as uint8; what is out of it is black or white."""
    low, high = SCALES[scale]
    return np.rint(255 * np.clip((values - low) / (high - low), 0, 1)).astype(np.uint8)


def squeezed(model: Any, scale: Scale) -> str:
    """Return a warning of a layer that scales images once more than it should; mostly empty."""
    low, high = SCALES[scale]
    several = len(getattr(model, "inputs", None) or ()) > 1  # the others are numbers, which nothing scales
    for layer in model._flatten_layers():
        if isinstance(layer, keras.layers.Rescaling) and (rank(layer) == 4 or not several):
            width = (high - low) * float(np.max(np.abs(layer.scale)))
            if width < _TINY:
                return (
                    f"images arrive from {low} to {high}, and {layer.name} (Rescaling) brings them to a "
                    f'range of {width:.2g}: remove it, or set scale = "bytes" in report.toml'
                )
    return ""
