"""Reading a PDF as a screen reader does: its tree of tags, in order."""

import ctypes
import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as raw


def elements(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Yield every structure element, parents first, in reading order."""
    yield from _elements(pdf.Root.StructTreeRoot)


def _elements(node: Any) -> Iterator[Any]:
    if not isinstance(node, pikepdf.Dictionary):
        return
    if "/S" in node:
        yield node
    yield from (found for kid in kids(node) for found in _elements(kid))


def kids(node: Any) -> list[Any]:
    found = node.get("/K", [])
    return list(found) if isinstance(found, pikepdf.Array) else [found]


def kind(node: Any) -> str:
    return str(node.get("/S", "")).removeprefix("/") if isinstance(node, pikepdf.Dictionary) else ""


def kinds(pdf: pikepdf.Pdf) -> list[str]:
    return [kind(element) for element in elements(pdf)]


def spoken(data: bytes) -> str:
    """Return what is read out, in the order of the tree; pictures, formulas and list labels left out."""
    texts = [_marked(page) for page in pypdfium2.PdfDocument(data)]
    said = pikepdf.open(io.BytesIO(data))
    places = {page.obj.objgen: index for index, page in enumerate(said.pages)}

    def read(node: Any) -> Iterator[str]:
        for kid in kids(node):
            if isinstance(kid, int):
                yield texts[places[node.Pg.objgen]].get(kid, "")
            elif kind(kid) not in ("Figure", "Formula", "Lbl") and isinstance(kid, pikepdf.Dictionary):
                yield from read(kid)

    return " ".join(read(said.Root.StructTreeRoot))


def _marked(page: pypdfium2.PdfPage) -> dict[int, str]:
    """Return the text of a page by the number of its marked content."""
    found: dict[int, str] = {}
    sheet = page.get_textpage()
    for each in page.get_objects([raw.FPDF_PAGEOBJ_TEXT]):
        length = raw.FPDFTextObj_GetText(each, sheet, None, 0)
        buffer = ctypes.create_string_buffer(length)
        raw.FPDFTextObj_GetText(each, sheet, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), length)
        number = raw.FPDFPageObj_GetMarkedContentID(each)
        found[number] = found.get(number, "") + buffer.raw.decode("utf-16-le").rstrip("\0")
    return found
