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
    """What the file says of itself; `moment` is its date of creation, with a time zone."""

    moment: datetime


def sources(root: Path, prefix: str, description: str, endings: Iterable[str]) -> Iterator[Attachment]:
    """Yield the files below `root` with one of `endings` as sources, in order of their names."""
    wanted = tuple(endings)
    for name, file in files.walk(root):
        if name.endswith(wanted):
            yield Attachment(f"{prefix}/{name}", files.read(file), description, "Source")
