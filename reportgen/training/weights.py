"""Weights of a model as one safetensors file, which loads without running anything."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from reportgen.errors import StoreError

Kernel = NDArray[np.float32]


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
        names = sorted(tensors, key=_position)
        model.set_weights([tensors[name] for name in names])
    except (SafetensorError, ValueError) as error:
        raise StoreError(f"the stored weights do not fit the model: {error}") from error


def first_kernel(content: bytes) -> Kernel | None:
    """Return the weights of the first two-dimensional convolution in a file, if there is one.

    Returns
    -------
    ndarray of float32, shape (height, width, channels, filters)
    """
    try:
        tensors = load(content)
        kernels = [name for name, tensor in tensors.items() if name.endswith("/kernel") and tensor.ndim == 4]
        first = min(kernels, key=_position, default=None)
    except (SafetensorError, ValueError) as error:
        raise StoreError(f"the stored weights can't be read: {error}") from error
    return None if first is None else tensors[first].astype(np.float32)


def _position(name: str) -> int:
    return int(name.partition("/")[0])
