"""Small data sets in every form in which the real ones travel."""

import gzip
import io
import json
import struct
import tarfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from reportgen.datasets.cache import measured
from reportgen.datasets.fetch_types import Arrays
from reportgen.datasets.published import ARRAYS, Published

TRAIN, TEST = 20, 6


def arrays_of(height: int, width: int, channels: int, seed: int = 1) -> dict[str, NDArray[np.uint8]]:
    """Random images and labels of 10 classes; 20 to train on, 6 for the test."""
    random = np.random.default_rng(seed)

    def some(*shape: int) -> NDArray[np.uint8]:
        return random.integers(0, 256, shape, dtype=np.uint8)

    return {
        "train_images": some(TRAIN, height, width, channels),
        "train_labels": some(TRAIN) % 10,
        "test_images": some(TEST, height, width, channels),
        "test_labels": some(TEST) % 10,
    }


def published_of(arrays: Arrays, name: str = "tiny") -> Published:
    classes = tuple("abcdefghij")
    return Published(name, name.title(), classes, 4, {array: measured(arrays[array]) for array in ARRAYS}, "")


def pickled_by_python2(images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> bytes:
    """A CIFAR-10 batch, opcode for opcode as Python 2's cPickle wrote the published ones."""
    raw = images.transpose(0, 3, 1, 2).tobytes()

    def text(value: str) -> bytes:
        return b"U" + bytes([len(value)]) + value.encode()

    shape = b"J" + struct.pack("<i", len(images)) + b"M" + struct.pack("<H", 3072) + b"\x86"
    array = (
        b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85" + text("b") + b"\x87R"
        b"(K\x01" + shape + b"cnumpy\ndtype\n" + text("u1") + b"K\x00K\x01\x87R"
        b"(K\x03" + text("|") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
        b"\x89T" + struct.pack("<i", len(raw)) + raw + b"tb"
    )
    numbers = b"](" + b"".join(b"K" + bytes([label]) for label in labels) + b"e"
    return b"\x80\x02}(" + text("data") + array + text("labels") + numbers + b"u."


def python_files(arrays: Arrays) -> dict[str, bytes]:
    batches = zip(
        np.split(arrays["train_images"], 5), np.split(arrays["train_labels"], 5), range(1, 6), strict=True
    )
    files = {f"data_batch_{n}": pickled_by_python2(images, labels) for images, labels, n in batches}
    return files | {"test_batch": pickled_by_python2(arrays["test_images"], arrays["test_labels"])}


def png_files(arrays: Arrays) -> dict[str, bytes]:
    def png(images: NDArray[np.uint8]) -> bytes:
        buffer = io.BytesIO()
        Image.fromarray(images.reshape(len(images), 1024, 3)).save(buffer, "PNG")
        return buffer.getvalue()

    def listed(labels: NDArray[np.uint8]) -> bytes:
        return json.dumps(labels.tolist()).encode()

    batches = enumerate(np.split(arrays["train_images"], 5), 1)
    return {f"data_batch_{n}.png": png(images) for n, images in batches} | {
        "test_batch.png": png(arrays["test_images"]),
        "train_lables.json": listed(arrays["train_labels"]),
        "test_lables.json": listed(arrays["test_labels"]),
    }


def idx(values: NDArray[np.uint8]) -> bytes:
    return bytes([0, 0, 8, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape) + values.tobytes()


def idx_files(arrays: Arrays) -> dict[str, bytes]:
    return {
        "train-images-idx3-ubyte": idx(arrays["train_images"][..., 0]),
        "train-labels-idx1-ubyte": idx(arrays["train_labels"]),
        "t10k-images-idx3-ubyte": idx(arrays["test_images"][..., 0]),
        "t10k-labels-idx1-ubyte": idx(arrays["test_labels"]),
    }


def npz_file(arrays: Arrays) -> dict[str, bytes]:
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        x_train=arrays["train_images"][..., 0],
        y_train=arrays["train_labels"],
        x_test=arrays["test_images"][..., 0],
        y_test=arrays["test_labels"],
    )
    return {"mnist.npz": buffer.getvalue()}


def folder(path: Path, files: Mapping[str, bytes], packed: bool = False) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (path / (f"{name}.gz" if packed else name)).write_bytes(gzip.compress(data) if packed else data)
    return path


def archive(path: Path, files: Mapping[str, bytes], prefix: str = "package/") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as members:
        for name, data in files.items():
            member = tarfile.TarInfo(prefix + name)
            member.size = len(data)
            members.addfile(member, io.BytesIO(data))
    return path
