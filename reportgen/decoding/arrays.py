"""NumPy's ``.npy`` and ``.npz`` → arrays; the size that a header claims is held against what is there."""

import io
import zipfile
from collections.abc import Callable, Mapping
from math import prod
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from reportgen.decoding.archives import FAILURES, chunks, members
from reportgen.decoding.documents import UndecodableError

ALIGNED = 64  # bytes; an array that begins at a multiple of them can be a tensor as it is
_HEAD = 70_000  # bytes in which a header ends
_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


def read_array(data: bytes | bytearray | memoryview, start: int = 0) -> tuple[NDArray[Any], int]:
    """Return the array that begins at `start`, as a view of `data`, and where it ends.

    Raises
    ------
    UndecodableError
        If there is none, it holds Python objects, or its header claims more than there is.
    """
    head = io.BytesIO(data[start : start + _HEAD])
    try:
        shape, fortran, dtype = _HEADERS[npy.read_magic(head)](head)
    except Exception as error:  # the header is a Python literal, and may be wrong in as many ways
        raise UndecodableError(f"it has no array header: {str(error)[:100]}") from None
    if dtype.hasobject or dtype.itemsize == 0:
        raise UndecodableError(f"it is an array of {dtype}")
    if len(shape) > 32 or any(length < 0 for length in shape):
        raise UndecodableError("its shape is impossible")
    first = start + head.tell()
    last = first + prod(shape) * dtype.itemsize
    if last > len(data):
        raise UndecodableError("its header declares more data than there are")
    flat = np.frombuffer(data, dtype, prod(shape), first) if prod(shape) else np.empty(0, dtype)
    return flat.reshape(shape, order="F" if fortran else "C"), last


def read_arrays(file: IO[bytes], wanted: Callable[[str], bool], most: int) -> Mapping[str, NDArray[Any]]:
    """Return the arrays of an ``.npz`` whose names are wanted, in its order.

    Parameters
    ----------
    most : int
        Bytes that all of it may unpack to.

    Raises
    ------
    UndecodableError
        If it is no such archive, or unpacks to more.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            found = members(archive, most)
            names = {each.removesuffix(".npy"): item for each, item in found.items() if each.endswith(".npy")}
            return {name: _member(archive, item, name) for name, item in names.items() if wanted(name)}
    except FAILURES as error:
        raise UndecodableError(str(error) or type(error).__name__) from None


def _member(archive: zipfile.ZipFile, item: zipfile.ZipInfo, name: str) -> NDArray[Any]:
    try:
        return read_array(_unpacked(archive, item))[0]
    except UndecodableError as error:
        raise UndecodableError(f"{name}: {error}") from None


def aligned(shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Return an array to be filled, which can be a tensor as it is."""
    size = prod(shape) * dtype.itemsize
    room = np.empty(size + ALIGNED, np.uint8)
    start = -room.ctypes.data % ALIGNED
    return room[start : start + size].view(dtype).reshape(shape)


def _unpacked(archive: zipfile.ZipFile, item: zipfile.ZipInfo) -> memoryview:
    """Return the bytes of a member, from an aligned address: NumPy's headers end aligned, too."""
    data, at = aligned((item.file_size,), np.dtype(np.uint8)).data, 0
    for chunk in chunks(archive, item):
        data[at : at + len(chunk)] = chunk
        at += len(chunk)
    return data
