"""Check that nothing on the pages of a finished PDF runs off the paper."""

from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as raw

from reportgen.errors import Problem, RenderError

EDGE = 11.0
"""Points of paper, about 4 mm, that printers leave white: no place for words; a picture may fill the page."""
_KINDS = (raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_IMAGE)


def check(data: bytes) -> None:
    """See that the text and images of every page stand on the paper.

    Raises
    ------
    RenderError
        For each page where they don't, with the first words that leave it.
    """
    document = pypdfium2.PdfDocument(data)
    try:
        problems = list(_problems(document))
    finally:
        document.close()
    if problems:
        raise RenderError(problems)


def _problems(document: pypdfium2.PdfDocument) -> Iterator[Problem]:
    for number, page in enumerate(document, 1):
        lost = next(_beyond(page), None)
        if lost is not None:
            message = f"page {number}: {lost} runs off the paper"
            remedy = "give the table fewer columns, make the image smaller, or break the line"
            yield Problem("the PDF", 0, message, remedy)


def _beyond(page: pypdfium2.PdfPage) -> Iterator[str]:
    """Yield what of a page reaches its edge: words in quotes, or what else it is."""
    width, height = page.get_size()
    for item in page.get_objects(filter=_KINDS, max_depth=4):
        left, bottom, right, top = item.get_bounds()
        edge = EDGE if item.type == raw.FPDF_PAGEOBJ_TEXT else -1.0
        if left >= edge and bottom >= edge and right <= width - edge and top <= height - edge:
            continue
        if item.type != raw.FPDF_PAGEOBJ_TEXT:
            yield "an image"
            continue
        text = page.get_textpage().get_text_bounded(left - 1, bottom - 1, right + 1, top + 1)
        if words := " ".join(text.split()):
            yield f"“{words[:60]}”"
