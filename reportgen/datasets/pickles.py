"""CIFAR-10's "python" batches, read without running what a pickle may contain.

A batch is a pickled dictionary: ``data``, a uint8 array of shape (n, 3072), and ``labels``, a list of
n integers. Unpickling calls whatever the file names; here it may name three things only, and each
of them is a stand-in that remembers its arguments.
"""

import io
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray


class _Type:
    """Stands for ``numpy.dtype``."""

    def __init__(self, name: object, *_: object) -> None:
        self.name = name

    def __setstate__(self, state: object) -> None:
        """Byte order and the like mean nothing for a uint8."""


class _Array:
    """Stands for a ``numpy.ndarray`` under reconstruction."""

    state: Any = None

    def __init__(self, *_: object) -> None:
        pass

    def __setstate__(self, state: object) -> None:
        self.state = state

    def value(self) -> NDArray[np.uint8]:
        _, shape, kind, fortran, raw = self.state
        if not isinstance(kind, _Type) or kind.name not in ("u1", b"u1") or not isinstance(raw, bytes):
            raise ValueError("its data are not bytes")
        return np.frombuffer(raw, np.uint8).reshape(shape, order="F" if fortran else "C")


def _latin1(text: str, encoding: str) -> bytes:
    """Stand for ``_codecs.encode``, with which Python 3 writes bytes for Python 2."""
    return text.encode("latin-1")


_ALLOWED: dict[tuple[str, str], Callable[..., object]] = {
    ("numpy.core.multiarray", "_reconstruct"): _Array,
    ("numpy._core.multiarray", "_reconstruct"): _Array,
    ("numpy", "ndarray"): _Array,
    ("numpy", "dtype"): _Type,
    ("_codecs", "encode"): _latin1,
}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        try:
            return _ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"it calls {module}.{name}, which no CIFAR-10 batch does") from None


def read_batch(data: bytes) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return images of shape (n, 32, 32, 3) and labels of shape (n,) of one pickled batch.

    Raises
    ------
    Exception
        Of any kind where `data` is no such batch; nothing that it names has been called.
    """
    batch = _Unpickler(io.BytesIO(data), encoding="bytes").load()
    pixels = batch[b"data"].value()
    images = pixels.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return images, np.array(batch[b"labels"], dtype=np.uint8)
