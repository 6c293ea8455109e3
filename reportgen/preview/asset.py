"""Assets: bytes that go from the child that renders to the server, and on to the browser."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Asset:
    """Something that the page shows or is set by, at an address that changes with its bytes."""

    address: str
    type: str
    data: bytes


def digest(data: bytes) -> str:
    """Return what tells bytes from others, for an address."""
    return hashlib.sha256(data).hexdigest()[:24]
