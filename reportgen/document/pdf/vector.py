"""Drawings prepared for print."""

from io import BytesIO
from xml.etree import ElementTree

_SVG = "http://www.w3.org/2000/svg"


def prepared(svg: str) -> ElementTree.Element:
    """Return the root of the drawing `svg`, without what is for browsers only.

    A drawing says how long each text is, for browsers that lack its font. The PDF carries the font, and the
    layout library would set such a text letter by letter.
    """
    root = ElementTree.fromstring(svg)  # noqa: S314 - the figures' own
    for text in root.iter(f"{{{_SVG}}}text"):
        for name in ("textLength", "lengthAdjust"):
            text.attrib.pop(name, None)
    return root


def size(svg: str) -> tuple[float, float]:
    """Return width and height of a drawing in its own units, without reading all of it."""
    start = BytesIO(svg.encode())
    for _, element in ElementTree.iterparse(start, events=("start",)):  # noqa: S314 - the figures' own
        _, _, width, height = (float(number) for number in element.attrib["viewBox"].split())
        return width, height
    raise ValueError("an empty drawing")
