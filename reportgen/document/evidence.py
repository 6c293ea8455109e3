"""Attachments and metadata of a PDF: all that its numbers can be recomputed from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from reportgen import files

Relationship = Literal["Source", "Data", "Supplement"]


@dataclass(frozen=True)
class Attachment:
    """A file inside the report.

    `relationship` says what it is to the pages: their ``Source``, the ``Data`` behind them, or a
    ``Supplement``.
    """

    name: str
    data: bytes
    description: str
    relationship: Relationship


@dataclass(frozen=True)
class Metadata:
    """What the file says about itself; `moment` is its date of creation, with a time zone."""

    moment: datetime


def sources(
    found: Iterable[tuple[str, Path]], prefix: str, description: str, endings: Iterable[str]
) -> Iterator[Attachment]:
    """Yield those of the files, given by name, that have one of `endings`, as sources."""
    wanted = tuple(endings)
    for name, file in found:
        if name.endswith(wanted):
            yield Attachment(f"{prefix}/{name}", files.read(file), description, "Source")
