"""What a figure is made of, as one hash: equal hashes, equal figures."""

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

_LIBRARIES = ("matplotlib", "font-source-serif-pro", "font-source-sans-pro")


def recipe(kind: str, *ingredients: object) -> str:
    """Return the SHA-256 (hex) of everything that decides what a figure looks like, without drawing it.

    Parameters
    ----------
    kind : str
        Which figure.
    *ingredients
        All that its maker is given: records, titles, class names, a `Look`. For an array of images its
        data set's fingerprint will do. This room's own source and the versions of what draws are added.

    Raises
    ------
    TypeError
        An ingredient isn't made of numbers, text, arrays, sequences, mappings and dataclasses.
    """
    digest = hashlib.sha256()
    for part in _parts((_maker(), kind, ingredients)):
        digest.update(b"%d:" % len(part))
        digest.update(part)
    return digest.hexdigest()


@cache
def _maker() -> tuple[str, ...]:
    sources = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    return (hashlib.sha256(sources).hexdigest(), *map(_version, _LIBRARIES))


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def _parts(value: object) -> Iterator[bytes]:
    """Give a value as bytes, each container opened by its type and length."""
    yield type(value).__name__.encode()
    if value is None or isinstance(value, str | int | float):
        yield str(value).encode() if isinstance(value, str) else repr(value).encode()
    elif isinstance(value, np.ndarray):
        yield f"{value.dtype.str} {value.shape}".encode()
        yield np.ascontiguousarray(value).tobytes()
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield field.name.encode()
            yield from _parts(getattr(value, field.name))
    elif isinstance(value, Mapping):
        yield str(len(value)).encode()
        for key in sorted(value):
            yield from _parts(key)
            yield from _parts(value[key])
    elif isinstance(value, Sequence):
        yield str(len(value)).encode()
        for item in value:
            yield from _parts(item)
    else:
        raise TypeError(f"a figure can't depend on a {type(value).__name__}")
