"""Clean up a drawing's SVG so that several can stand in one page.

matplotlib writes a prolog, comments, nested groups, a style sheet that would reach the whole page, ids that
repeat from figure to figure and six decimals. What leaves here is a flat list of paths, rectangles and texts
with plain attributes, which every renderer reads alike and fast; images of a data set stay images.
"""

import hashlib
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree

from reportgen.errors import RenderError
from reportgen.figures.style import Look, text_width

Element = ElementTree.Element

_NAMESPACE = "http://www.w3.org/2000/svg"
_TAG = f"{{{_NAMESPACE}}}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e[-+]?\d+)?")
_SHAPES = frozenset({"path", "rect", "text"})
_PIXELATED = "pixelated"  # the images of a data set; a chart that became pixels is a mistake
_UNUSED = frozenset({"defs", "metadata", "title"})
_HINTS = frozenset(
    {"id", "clip-path", "font-family"}
)  # nothing is drawn outside its axes; the family is the root's
_FINISHED = re.compile(
    r'<svg [^>]*viewBox="([^"]*)"[^>]*><title id="alt-([^"]*)">[^<]*</title>(.*)</svg>', re.DOTALL
)
_DEFAULTS = {"stroke-linejoin": "round", "stroke-linecap": "butt"}  # as matplotlib's style sheet says


Part = tuple[float, float, float, float]
"""Left edge, top, width and height of a part of a drawing, in points."""


def columns(width: float, height: float, *cuts: float) -> tuple[Part, ...]:
    """Return the parts of a drawing (in points) that is cut from top to bottom at these places."""
    edges = itertools.pairwise((0.0, *cuts, width))
    return tuple((left, 0.0, right - left, height) for left, right in edges)


def finish(raw: str, alt: str, look: Look, *, parts: Sequence[Part] = ()) -> str:
    """Return the SVG element with `alt` as its title, and nothing active.

    Parameters
    ----------
    parts : sequence of Part
        What a narrow screen may stack in place of the whole drawing, in the order of reading.

    Raises
    ------
    RenderError
        The drawing holds something that a figure must not, such as a chart as a raster image.
    """
    source = ElementTree.fromstring(raw)  # noqa: S314 - this room wrote it
    symbols = {element.attrib["id"]: element for element in source.iter() if "id" in element.attrib}
    shapes = list(_shapes(source, symbols))
    for shape in shapes:
        if shape.tag == "text":
            _anchor(shape, look)
    view = _NUMBER.sub(_fine, source.attrib["viewBox"])
    _, _, width, height = view.split()
    title = ElementTree.Element(
        "title", {"id": f"alt-{hashlib.sha256((alt + raw).encode()).hexdigest()[:12]}"}
    )
    title.text = alt
    attributes = {
        "xmlns": _NAMESPACE,
        "role": "img",
        "aria-labelledby": title.attrib["id"],
        "width": f"{width}pt",
        "height": f"{height}pt",
        "viewBox": view,
        "font-family": look.families,
        **_DEFAULTS,
        **({"data-parts": _written(parts)} if len(parts) > 1 else {}),
    }
    root = ElementTree.Element("svg", attributes)
    root.extend([title, *shapes])
    return ElementTree.tostring(root, encoding="unicode")


def has_parts(svg: str) -> bool:
    """Tell whether a finished drawing says which parts a narrow screen may stack."""
    return " data-parts=" in svg.partition(">")[0]


def with_narrow(svg: str, narrow: str) -> str:
    """Return a finished drawing that holds a narrow one of the same, for screens without room for it.

    That one is a symbol, drawn only where something asks for it; ``data-narrow`` names it.
    """
    found = _FINISHED.fullmatch(narrow)
    if found is None:
        raise ValueError("not a drawing that `finish` returned")
    view, name, shapes = found.groups()
    symbol = f'<defs><symbol id="narrow-{name}" viewBox="{view}">{shapes}</symbol></defs>'
    return (
        f'<svg data-narrow="#narrow-{name}" {svg.removeprefix("<svg ").removesuffix("</svg>")}{symbol}</svg>'
    )


def _written(parts: Sequence[Part]) -> str:
    return ",".join(" ".join(_shorter(2, number) for number in part) for part in parts)


def _shapes(element: Element, symbols: Mapping[str, Element]) -> Iterator[Element]:
    """Give everything that is drawn, in drawing order, out of its groups and symbols."""
    for child in element:
        tag = child.tag.removeprefix(_TAG)
        if tag in _UNUSED:
            continue
        if tag == "g" and not {"transform", "style", "opacity"} & child.attrib.keys():
            yield from _shapes(child, symbols)
        elif tag == "use":
            given = _attributes(child)
            symbol = symbols[given.pop(_LINK).removeprefix("#")]
            place = f"translate({given.pop('x')} {given.pop('y')})"
            yield _plain("path", {**given, **_attributes(symbol), "transform": place})
        elif tag == "image" and child.get("image-rendering") == _PIXELATED:
            yield _plain(tag, child.attrib)
        elif tag in _SHAPES and not len(child):
            yield _plain(tag, _attributes(child), child.text)
        else:
            raise RenderError(f"a figure must not hold <{tag}>")


def _anchor(text: Element, look: Look) -> None:
    """Begin a text where its first letter stands and say how long it is.

    So it keeps its place in whatever font a reader has, narrowed where that is wider; and WeasyPrint
    makes an object of every text that is set to its middle or end, which is nine tenths of a chart's
    size in the PDF.
    """
    size = float(text.attrib["font-size"].removesuffix("px"))
    width = text_width(text.text or "", size, look.family, bold="font-weight" in text.attrib)
    shift = {"start": 0.0, "middle": width / 2, "end": width}[text.attrib.pop("text-anchor", "start")]
    text.set("font-size", f"{size:g}")
    text.set("x", _shorter(2, float(text.attrib["x"]) - shift))
    text.set("textLength", _shorter(2, width))
    text.set("lengthAdjust", "spacingAndGlyphs")


def _plain(tag: str, attributes: Mapping[str, str], text: str | None = None) -> Element:
    made = ElementTree.Element(tag)
    for name, value in attributes.items():
        made.set(name, " ".join(_NUMBER.sub(_finer if name == "transform" else _fine, value).split()))
    made.text = text if tag == "text" else None
    return made


def _attributes(element: Element) -> dict[str, str]:
    """Return an element's attributes, those of its ``style`` among them, without what says nothing."""
    attributes = dict(element.attrib)
    for declaration in filter(None, attributes.pop("style", "").split(";")):
        name, _, value = declaration.partition(":")
        attributes[name.strip()] = value.strip()
    return {
        name: value
        for name, value in attributes.items()
        if name not in _HINTS and _DEFAULTS.get(name) != value and not value.startswith("rotate(-0 ")
    }


def _fine(number: re.Match[str]) -> str:
    return _shorter(2, number[0])


def _finer(number: re.Match[str]) -> str:
    return _shorter(4, number[0])


def _shorter(digits: int, number: float | str) -> str:
    short = f"{float(number):.{digits}f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short
