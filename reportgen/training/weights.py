"""Weights of a model as one safetensors file, which loads without running anything.

Words that a layer has learned from the training texts are in it as well, as bytes of JSON.
"""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from reportgen.errors import StoreError

Kernel = NDArray[np.float32]
_WORDS = "vocabulary"  # ends the name of a tensor


def pack(model: Any) -> bytes:
    """Return a model's weights, by position and Keras path (``003/conv2d/kernel``), then its vocabularies."""
    tensors: dict[str, NDArray[Any]] = {
        # Of a scalar, `ascontiguousarray` alone makes an array of one.
        f"{index:03d}/{weight.path}": np.ascontiguousarray(weight.numpy()).reshape(weight.shape)
        for index, weight in enumerate(model.weights)
    }
    for index, layer in enumerate(_with_words(model), len(tensors)):
        words = [getattr(word, "item", lambda word=word: word)() for word in layer.get_vocabulary(False)]
        told = json.dumps(words, ensure_ascii=False).encode()
        tensors[f"{index:03d}/{layer.name}/{_WORDS}"] = np.frombuffer(told, np.uint8)
    return save(tensors)


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
        words = [name for name in names if name.endswith(f"/{_WORDS}")]
        model.set_weights([tensors[name] for name in names if name not in words])
        for name, layer in zip(words, _with_words(model), strict=bool(words)):
            layer.set_vocabulary(json.loads(tensors[name].tobytes()))
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


def pack_kernel(kernel: Kernel) -> bytes:
    """Return the weights of a first convolution as a file that `first_kernel` reads."""
    return save({"000/kernel": np.ascontiguousarray(kernel)})


def _with_words(model: Any) -> Iterator[Any]:
    """Yield the layers of a model that look words or numbers up in a vocabulary."""
    from reportgen.training.tensorflow import outer_layers  # figures read kernels without TensorFlow

    yield from (each for each in outer_layers(model) if callable(getattr(each, "get_vocabulary", None)))


def _position(name: str) -> int:
    return int(name.partition("/")[0])
