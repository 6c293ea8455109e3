"""Take the pages out of a PDF that the layout library is about to write."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pydyf

from reportgen.document.pdf.recording import Glyphs, face
from reportgen.document.pdf.sheets import Hole, Shared, Sheets, Thing
from reportgen.document.pdf.tagging import referred

_REFERENCE = re.compile(rb"(\d+) 0 R")


def take(file: pydyf.PDF, pages: Iterable[Any], fonts: Iterable[Any], about: Mapping[str, object]) -> Sheets:
    """Return the pages of `file`, with all that they refer to.

    Parameters
    ----------
    file : pydyf.PDF
        It holds one part of a report, tagged.
    pages : iterable of weasyprint.document.Page
        The same pages as they were laid out.
    fonts : iterable of weasyprint.pdf.fonts.Font
        What they are set in.
    about : mapping of str to object
        What the part says of itself; values that JSON has.
    """
    pages, fonts = list(pages), list(fonts)
    things = Things(file)
    root = referred(file, file.catalog["StructTreeRoot"])
    outermost = referred(file, root["K"][0])
    resources = referred(file, referred(file, file.page_references[0])["Resources"])
    things.shared = {
        file.pages.reference: "pages",
        outermost.reference: "tags",
        resources["Font"]: "fonts",
        resources["ColorSpace"]: "colors",
    }
    marked = referred(file, root["ParentTree"])["Nums"][1::2]
    return Sheets(
        pages=things.places(file.page_references),
        tags=things.places(outermost["K"]),
        marked=tuple(
            things.places(each) if isinstance(each, list) else things.place(each) for each in marked
        ),
        things=tuple(things),
        anchors=dict(_anchors(file)),
        bookmarks=tuple(tuple(page.bookmarks) for page in pages),
        heights=tuple(page.height for page in pages),
        faces={font.hash: face(font) for font in fonts},
        glyphs=_glyphs(fonts),
        about=about,
    )


class Things:
    """The objects that are taken: those that are asked for, and those that they refer to.

    Attributes
    ----------
    shared : mapping of bytes to Shared
        References to what stays behind.
    """

    def __init__(self, file: pydyf.PDF) -> None:
        self._file = file
        self._places: dict[bytes, int] = {}
        self.shared: Mapping[bytes, Shared] = {}

    def place(self, reference: bytes) -> int:
        """Return the place of an object among those taken."""
        return self._places.setdefault(reference, len(self._places))

    def places(self, references: Iterable[bytes]) -> tuple[int, ...]:
        """Return the places of several objects."""
        return tuple(map(self.place, references))

    def __iter__(self) -> Iterator[Thing]:
        """Yield everything in order; what an object refers to comes to the end of the line."""
        done = 0
        while len(self._places) > done:
            for reference in list(self._places)[done:]:
                yield self._thing(referred(self._file, reference))
                done += 1

    def _thing(self, value: Any) -> Thing:
        stream = None
        if isinstance(value, pydyf.Stream):
            stream = b"\n".join(pydyf._to_bytes(part) for part in value.stream)
            value = {**value.extra, "Length": len(stream)}
        texts, holes = [b""], []
        for piece in self._pieces(value):
            if isinstance(piece, bytes):
                texts[-1] += piece
            else:
                texts.append(b"")
                holes.append(piece)
        return Thing(tuple(text.decode("latin-1") for text in texts), tuple(holes), stream)

    def _pieces(self, value: Any) -> Iterator[bytes | Hole]:
        """Yield a value as it is written, and holes in place of what depends on the file."""
        if isinstance(value, bytes) and _REFERENCE.fullmatch(value):
            yield self.shared[value] if value in self.shared else self.place(value)
        elif isinstance(value, dict):
            yield b"<<"
            for key, item in value.items():
                yield b"/" + pydyf._to_bytes(key) + b" "
                if key in ("StructParent", "StructParents"):
                    yield [item]
                else:
                    yield from self._pieces(item)
            yield b">>"
        elif isinstance(value, list | tuple):
            yield b"["
            for item in value:
                yield from self._pieces(item)
                yield b" "
            yield b"]"
        else:
            yield pydyf._to_bytes(value)


def _anchors(file: pydyf.PDF) -> Iterator[tuple[str, tuple[int, float, float]]]:
    """Yield what can be led to: its name, its page counted from 0, and its point."""
    names = file.catalog.get("Names", {}).get("Dests", {}).get("Names", [])
    pages = file.page_references
    for name, (page, _, x, y, _) in zip(names[::2], names[1::2], strict=True):
        yield name.string, (pages.index(page), x, y)


def _glyphs(fonts: Iterable[Any]) -> dict[str, Glyphs]:
    """Return the glyphs that are used, by the short name of their font; it may have been opened twice."""
    found: dict[str, dict[int, tuple[str, int]]] = {}
    for font in fonts:
        used = found.setdefault(font.hash, {})
        for glyph, text in font.to_unicode.items():
            used.setdefault(glyph, (text, font.widths[glyph]))
    return {name: used for name, used in found.items() if used}
