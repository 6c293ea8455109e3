"""A part of a report, laid out: its pages, as objects of a PDF that are not in a file yet."""

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from reportgen.document.pdf.recording import Face, Glyphs, faces_from, glyphs_from

Shared = Literal["pages", "tags", "fonts", "colors"]
"""What the parts of a file share: its list of pages, the root of its tags, its fonts and colour spaces."""
Hole = int | Shared | list[int]
"""Stands for a reference: to the object at a place in the part, or to a shared one. A list of one number
stands for that number, counted not in the part but in the file: it names a page's or link's list of tags."""
Bookmark = tuple[int, str, tuple[float, float], str]
"""Level, label, point in CSS pixels from the top left, and whether it is open or closed."""


@dataclass(frozen=True)
class Thing:
    """An object of a PDF.

    Attributes
    ----------
    texts, holes : tuple of str, tuple of Hole
        They alternate; a text comes first and last. A character is a byte.
    stream : bytes, optional
    """

    texts: tuple[str, ...]
    holes: tuple[Hole, ...] = ()
    stream: bytes | None = None

    def fields(self) -> tuple[object, ...]:
        """Return the thing as JSON can write it."""
        return self.texts, self.holes, None if self.stream is None else b64encode(self.stream).decode()

    @classmethod
    def of(cls, texts: Iterable[str], holes: Iterable[Hole], stream: str | None) -> "Thing":
        """Return the thing that `fields` gave."""
        return cls(tuple(texts), tuple(holes), None if stream is None else b64decode(stream))


@dataclass(frozen=True)
class Sheets:
    """The pages of a part.

    Attributes
    ----------
    things : tuple of Thing
        All objects; the other attributes name them by their places.
    pages, tags : tuple of int
        The pages and the outermost tags, in order.
    marked : tuple of int or tuple of int
        For each page the tags of what is marked on it, and then for each link its tag.
    anchors : mapping of str to (int, float, float)
        Page, counted from 0, and point in PDF points from the bottom left.
    bookmarks : tuple of tuple of Bookmark
        By page.
    heights : tuple of float
        Of the pages, in CSS pixels.
    faces : mapping of str to Face
        Fonts by the short names that operators use.
    glyphs : mapping of str to Glyphs
        By the same names.
    about : mapping of str to object
        Title, authors, language and what else the part says of itself.
    """

    things: tuple[Thing, ...]
    pages: tuple[int, ...]
    tags: tuple[int, ...]
    marked: tuple[int | tuple[int, ...], ...]
    anchors: Mapping[str, tuple[int, float, float]]
    bookmarks: tuple[tuple[Bookmark, ...], ...]
    heights: tuple[float, ...]
    faces: Mapping[str, Face]
    glyphs: Mapping[str, Glyphs]
    about: Mapping[str, object]

    def to_bytes(self) -> bytes:
        """Return the sheets as compressed JSON."""
        fields = {**vars(self), "things": [each.fields() for each in self.things]}
        return zlib.compress(json.dumps(fields, sort_keys=True).encode(), 1)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Sheets":
        """Return the sheets that `to_bytes` wrote."""
        fields = json.loads(zlib.decompress(data))
        return cls(
            things=tuple(Thing.of(*each) for each in fields["things"]),
            pages=tuple(fields["pages"]),
            tags=tuple(fields["tags"]),
            marked=tuple(tuple(each) if isinstance(each, list) else each for each in fields["marked"]),
            anchors={name: (page, x, y) for name, (page, x, y) in fields["anchors"].items()},
            bookmarks=tuple(
                tuple((level, label, (x, y), state) for level, label, (x, y), state in page)
                for page in fields["bookmarks"]
            ),
            heights=tuple(fields["heights"]),
            faces=faces_from(fields["faces"]),
            glyphs=glyphs_from(fields["glyphs"]),
            about=fields["about"],
        )
