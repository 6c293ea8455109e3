"""Drawings prepared for print: the same picture in fewer, plainer strokes.

A page of charts is thousands of small elements. Groups that say nothing are dissolved, and texts that are
centred or set flush right get their place worked out here, since the layout library would make each a
transparency group.
"""

from functools import cache
from io import BytesIO
from xml.etree import ElementTree

from reportgen.document import fonts

_SVG = "http://www.w3.org/2000/svg"
_INHERITED = ("font-family", "font-size", "font-weight", "font-style", "text-anchor")


def prepared(svg: str) -> ElementTree.Element:
    """Return the root of the drawing `svg`, simplified; what it shows does not change."""
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(svg)  # noqa: S314 - the figures' own
    _place_texts(root, {})
    _dissolve_groups(root)
    return root


def size(svg: str) -> tuple[float, float]:
    """Return width and height of a drawing in its own units, without reading all of it."""
    start = BytesIO(svg.encode())
    for _, element in ElementTree.iterparse(start, events=("start",)):  # noqa: S314 - the figures' own
        _, _, width, height = (float(number) for number in element.attrib["viewBox"].split())
        return width, height
    raise ValueError("an empty drawing")


def _dissolve_groups(element: ElementTree.Element) -> None:
    children: list[ElementTree.Element] = []
    for child in element:
        _dissolve_groups(child)
        if child.tag == f"{{{_SVG}}}g" and not child.attrib:
            children += list(child)
        else:
            children.append(child)
    element[:] = children


def _place_texts(element: ElementTree.Element, above: dict[str, str]) -> None:
    style = {**above, **{name: element.attrib[name] for name in _INHERITED if name in element.attrib}}
    if element.tag == f"{{{_SVG}}}text" and not len(element) and style.get("text-anchor", "start") != "start":
        width = _width(element.text or "", style)
        if width is not None:
            share = 0.5 if style["text-anchor"] == "middle" else 1.0
            element.set("x", f"{float(element.get('x', '0')) - share * width:.3f}")
            element.set("text-anchor", "start")
    for child in element:
        _place_texts(child, style)


def _width(text: str, style: dict[str, str]) -> float | None:
    """Return the width of `text`, or None where its font is not one that metrics are at hand for."""
    family = style.get("font-family", "").split(",")[0].strip("'\" ")
    bold = style.get("font-weight", "400") in ("bold", "600", "700")
    name = fonts.file_of(family, bold=bold, italic=style.get("font-style", "") == "italic")
    if name is None:
        return None
    advances, upem = _metrics(name)
    try:
        units = sum(advances[ord(letter)] for letter in text)
    except KeyError:
        return None
    return units / upem * float(style.get("font-size", "16").removesuffix("px"))


@cache
def _metrics(name: str) -> tuple[dict[int, int], int]:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    path = fonts.path(name)
    assert path is not None
    with TTFont(path, lazy=True) as font:
        widths = font["hmtx"]
        return {code: widths[glyph][0] for code, glyph in font.getBestCmap().items()}, font["head"].unitsPerEm
