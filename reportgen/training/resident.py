"""Data as tensors: resident as the bytes that they are, and large data in their own memory."""

from typing import Any

import numpy as np

from reportgen.datasets.inputs import Array, Given
from reportgen.decoding.arrays import ALIGNED
from reportgen.training.tensorflow import on_gpu, tf

_LARGE = 1 << 26  # bytes


def resident(values: Given) -> Any:
    """Return data as tensors, in their own memory where that can be: large data are not held twice."""
    return tf.nest.map_structure(_tensor, values)


def taken(values: Any, chosen: Any) -> Any:
    """Return the items of resident data at some indices."""
    return tf.nest.map_structure(lambda each: _gathered(each, chosen), values)


def _tensor(values: Array) -> Any:
    values = np.ascontiguousarray(values)
    taken_over = values.dtype in (np.uint8, np.float32, np.float64) and values.flags.writeable
    moved = on_gpu() and values.dtype != np.uint8
    if not taken_over or values.nbytes < _LARGE or values.ctypes.data % ALIGNED or moved:
        with _where(values):
            return tf.constant(values)
    return tf.experimental.dlpack.from_dlpack(values.__dlpack__())


def _gathered(values: Any, chosen: Any) -> Any:
    with _where(values):
        return tf.gather(values, chosen)


def _where(values: Any) -> Any:
    """Return the scope of the device that holds data: no GPU gathers bytes, it would send them all back."""
    return tf.device("CPU" if on_gpu() and values.dtype == np.uint8 else None)
