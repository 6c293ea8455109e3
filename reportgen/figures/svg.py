"""From a drawing's raw SVG to one that can stand beside others in a page.

matplotlib writes a prolog, comments, a style sheet that would reach the whole page, ids that repeat from
figure to figure and six decimals. What leaves here has none of that.
"""

import hashlib
import re
from functools import partial
from xml.etree import ElementTree

from reportgen.errors import RenderError
from reportgen.figures.style import Look

_NAMESPACE = "http://www.w3.org/2000/svg"
_LINK = "{http://www.w3.org/1999/xlink}href"
_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e[-+]?\d+)?")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_ALLOWED = frozenset({"svg", "defs", "clipPath", "g", "path", "rect", "text", "use"})
_DROPPED = frozenset({"metadata", "style"})
_DEFAULTS = {"stroke-linejoin": "round", "stroke-linecap": "butt"}  # what the dropped style sheet said


def finish(raw: str, alt: str, look: Look) -> str:
    """Return the SVG element with `alt` as its title, own ids, short numbers and nothing active.

    Raises
    ------
    RenderError
        The drawing holds something that a figure must not, such as a raster image.
    """
    root = ElementTree.fromstring(raw)  # noqa: S314 - this room wrote it
    _prune(root)
    _flatten(root)
    body = "".join(ElementTree.tostring(child, encoding="unicode") for child in root)
    prefix = "f" + hashlib.sha256((alt + body).encode()).hexdigest()[:10]
    _rename(root, prefix)
    _, _, width, height = root.attrib["viewBox"].split()
    title = ElementTree.Element("title", {"id": f"{prefix}-title"})
    title.text = alt
    root.insert(0, title)
    root.tail = None
    root.attrib = {
        "xmlns": _NAMESPACE,
        "role": "img",
        "aria-labelledby": f"{prefix}-title",
        "width": f"{width}pt",
        "height": f"{height}pt",
        "viewBox": root.attrib["viewBox"],
        "font-family": look.families,
        **_DEFAULTS,
    }
    return ElementTree.tostring(root, encoding="unicode")


def _prune(element: ElementTree.Element) -> None:
    """Drop namespaces from tags, what isn't drawn, and blanks between elements."""
    element.tag = element.tag.removeprefix(f"{{{_NAMESPACE}}}")
    if element.tag not in _ALLOWED:
        raise RenderError(f"a figure must not hold <{element.tag}>")
    for child in list(element):
        if child.tag.removeprefix(f"{{{_NAMESPACE}}}") in _DROPPED:
            element.remove(child)
            continue
        _prune(child)
        child.tail = None
        if child.tag in ("g", "defs") and not len(child):
            element.remove(child)
    if element.tag != "text":
        element.text = None


def _flatten(root: ElementTree.Element) -> None:
    """Turn ``style`` into attributes, plain links and short numbers; the family is said once, at the root."""
    for element in root.iter():
        for declaration in filter(None, element.attrib.pop("style", "").split(";")):
            name, _, value = declaration.partition(":")
            if name.strip() != "font-family" and _DEFAULTS.get(name.strip()) != value.strip():
                element.set(name.strip(), value.strip())
        if _LINK in element.attrib:
            element.set("href", element.attrib.pop(_LINK))
        for name, value in element.attrib.items():
            digits = 4 if name == "transform" else 2
            element.set(name, " ".join(_NUMBER.sub(partial(_shorter, digits), value).split()))
        if element.get("transform", "").startswith("rotate(-0 "):
            del element.attrib["transform"]


def _shorter(digits: int, number: re.Match[str]) -> str:
    short = f"{float(number[0]):.{digits}f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def _rename(root: ElementTree.Element, prefix: str) -> None:
    """Keep the ids that something refers to, in order of appearance under `prefix`; drop the others."""
    used: set[str] = set()
    for element in root.iter():
        used.update(found for value in element.attrib.values() for found in _REFERENCE.findall(value))
        used.add(element.get("href", "").removeprefix("#"))
    names: dict[str, str] = {}
    for element in root.iter():
        if (identifier := element.attrib.pop("id", "")) in used - {""}:
            names[identifier] = f"{prefix}-{len(names)}"
            element.set("id", names[identifier])
    for element in root.iter():
        for name, value in element.attrib.items():
            if name == "href":
                element.set(name, f"#{names[value[1:]]}")
            elif "url(#" in value:
                element.set(name, _REFERENCE.sub(lambda match: f"url(#{names[match[1]]})", value))
