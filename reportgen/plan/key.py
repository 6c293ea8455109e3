"""Keys: the SHA-256 of a value's canonical JSON."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence


def canonical(value: object) -> bytes:
    """Return the one JSON text of a value: keys sorted, no spaces, ASCII.

    Mappings with string keys, sequences, strings, integers, floats, booleans and None are allowed. Tuples are
    lists. The order of a mapping does not matter; ``1``, ``1.0`` and ``True`` are three values.

    Raises
    ------
    TypeError
        If the value holds anything else, or a key that is no string.
    ValueError
        If a number is not finite: NaN is not equal to itself, so it can't be part of a key.
    """
    return _dump(_plain(value))


def digest(value: object) -> str:
    """Return the SHA-256 of `canonical` in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def digest_bytes(data: bytes) -> str:
    """Return the SHA-256 of bytes in hex."""
    return hashlib.sha256(data).hexdigest()


def _dump(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} can't be part of a key")
        return value + 0.0  # an instance of float itself, also for a subclass with its own repr
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("the keys of a mapping must be strings")
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} can't be part of a key")
