"""What goes from the child that renders to the server, and on to the browser, as bytes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Asset:
    """Something that the page shows or is set by, at an address that changes with its bytes."""

    address: str
    type: str
    data: bytes
