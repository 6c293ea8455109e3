"""Weights of a model as one safetensors file, which loads without running anything."""

from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from reportgen.errors import StoreError


def pack(model: Any) -> bytes:
    """Return a model's weights, by position and Keras path (``003/conv2d/kernel``)."""
    return save(
        {
            # Of a scalar, `ascontiguousarray` alone makes an array of one.
            f"{index:03d}/{weight.path}": np.ascontiguousarray(weight.numpy()).reshape(weight.shape)
            for index, weight in enumerate(model.weights)
        }
    )


def unpack(content: bytes, model: Any) -> None:
    """Set the weights of a model to those of a file.

    Raises
    ------
    StoreError
        If the file is damaged or belongs to another architecture.
    """
    try:
        tensors = load(content)
        names = sorted(tensors, key=lambda name: int(name.partition("/")[0]))
        model.set_weights([tensors[name] for name in names])
    except (SafetensorError, ValueError) as error:
        raise StoreError(f"the stored weights do not fit the model: {error}") from error
