"""A result's trace, the small file read before the rest of it: how it was trained, what it read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from reportgen.decoding import Decoder, UndecodableError
from reportgen.decoding import documents as of
from reportgen.errors import StoreError

TRACE = "trace.json"


@dataclass(frozen=True)
class Trace:
    """How a result came about.

    Attributes
    ----------
    way : str
        By which step it was trained, see `training.record.Record`.
    reads : mapping of str to str
        What models.py read, see `plan.reads`.
    """

    way: str = ""
    reads: Mapping[str, str] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Return it as a file."""
        return json.dumps({"way": self.way, "reads": dict(self.reads)}, sort_keys=True, indent=1).encode()


def trace_of(content: bytes) -> Trace:
    """Return the trace that a file holds.

    Raises
    ------
    StoreError
        If it holds none.
    """
    try:
        return _TRACE(content)
    except UndecodableError:
        raise StoreError("a stored result does not say how it was made: train it again") from None


_TRACE = Decoder[Trace](lambda: of.made(Trace, way=of.text(), reads=of.named(of.text())), 16 << 20)
