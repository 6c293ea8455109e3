"""Bind the sheets of all parts into one file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from types import SimpleNamespace

import pydyf

from reportgen.document.pdf import libraries
from reportgen.document.pdf.embedding import Fonts
from reportgen.document.pdf.sheets import Shared, Sheets, Thing
from reportgen.document.pdf.tagging import referred

with libraries.quickly():
    import weasyprint
    from weasyprint.pdf.anchors import add_outlines

SCALE = 0.75
"""PDF points in a CSS pixel."""


def bind(file: pydyf.PDF, document: weasyprint.Document, parts: Sequence[Sheets], fonts: Fonts) -> None:
    """Add the pages of `parts`, in order, and their fonts to a file that has no pages.

    Parameters
    ----------
    file : pydyf.PDF
        What the layout library made of `document`.
    document : weasyprint.Document
        Without pages.
    """
    root = referred(file, file.catalog["StructTreeRoot"])
    tags, marked = referred(file, root["K"][0]), referred(file, root["ParentTree"])
    resources = next(each for each in file.objects if isinstance(each, dict) and "ColorSpace" in each)
    shared: dict[Shared, bytes] = {
        "pages": file.pages.reference,
        "tags": tags.reference,
        "fonts": resources["Font"],
        "colors": resources["ColorSpace"],
    }
    targets: dict[str, pydyf.Array] = {}
    for sheets in parts:
        part = _Part(file, sheets.things, len(marked["Nums"]) // 2, shared)
        for page in part.references(sheets.pages):
            file.pages["Count"] += 1
            file.pages["Kids"].extend([int(page.split()[0]), 0, "R"])
        tags["K"].extend(part.references(sheets.tags))
        for each in sheets.marked:
            marked["Nums"].append(len(marked["Nums"]) // 2)
            marked["Nums"].append(
                part.reference(each) if isinstance(each, int) else pydyf.Array(part.references(each))
            )
        for name, (number, x, y) in sheets.anchors.items():
            page = part.reference(sheets.pages[number])
            targets.setdefault(name, pydyf.Array([page, "/XYZ", x, y, 0]))
    names = [each for name in sorted(targets) for each in (pydyf.String(name), targets[name])]
    file.catalog.setdefault("Names", pydyf.Dictionary())["Dests"] = pydyf.Dictionary(
        {"Names": pydyf.Array(names)}
    )
    _add_outlines(file, document, parts)
    embedded = _Part(file, fonts.things, 0, shared)
    referred(file, resources["Font"]).update(
        {name: embedded.reference(place) for name, place in fonts.places.items()}
    )


class _Object(pydyf.Object):  # type: ignore[misc]
    """An object as it is written."""

    data = b""
    compressible = True

    def __init__(self, content: bytes, stream: bytes | None) -> None:
        super().__init__()
        self.data = content if stream is None else b"".join((content, b"\nstream\n", stream, b"\nendstream"))
        self.compressible = stream is None


class _Part:
    """The objects of a part in a file: all of them in a row."""

    def __init__(
        self, file: pydyf.PDF, things: Iterable[Thing], marked: int, shared: Mapping[Shared, bytes]
    ) -> None:
        self._first, self._marked, self._shared = len(file.objects), marked, shared
        for thing in things:
            file.add_object(_Object(b"".join(self._filled(thing)), thing.stream))

    def reference(self, place: int) -> bytes:
        """Return the reference to the object that has a place among the part's."""
        return b"%d 0 R" % (self._first + place)

    def references(self, places: Iterable[int]) -> list[bytes]:
        return [self.reference(place) for place in places]

    def _filled(self, thing: Thing) -> Iterator[bytes]:
        for text, hole in zip_longest(thing.texts, thing.holes):
            yield text.encode("latin-1")
            if isinstance(hole, int):
                yield self.reference(hole)
            elif isinstance(hole, list):
                yield b"%d" % (self._marked + hole[0])
            elif hole is not None:
                yield self._shared[hole]


def _add_outlines(file: pydyf.PDF, document: weasyprint.Document, parts: Sequence[Sheets]) -> None:
    """Add the bookmarks of all parts as one tree."""
    document.pages = [
        SimpleNamespace(bookmarks=bookmarks, height=height)
        for sheets in parts
        for bookmarks, height in zip(sheets.bookmarks, sheets.heights, strict=True)
    ]
    add_outlines(file, document.make_bookmark_tree(SCALE, transform_pages=True))
