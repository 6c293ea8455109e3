"""Formulas: TeX to vector outlines with the TeX as their alternative text, and to MathML to be read out.

The drawing library turns every glyph into a path, so a formula needs no font and can hold no text, address
or script; what it returns is checked against that all the same.
"""

import hashlib
import json
import re
import warnings
from dataclasses import asdict, dataclass
from functools import lru_cache
from html import escape
from xml.etree import ElementTree

from reportgen.artifacts import Keep, directly
from reportgen.errors import InputError, Problem

LIMIT = 1_000
_ELEMENTS = {"svg", "path", "rect", "g", "line"}
_SVG = "{http://www.w3.org/2000/svg}"
_MATH = "{http://www.w3.org/1998/Math/MathML}"
_SIGNS, _CLOSING = ("−", "-", "+", "±"), (")", "]", "}", "|", "!")
_SIZE = 24.0  # drawn at this size (pixels), then scaled by the em of the text around
_UNKNOWN = re.compile(r"\\[A-Za-z]+")
_ESCAPED = re.compile(r"\\([_%&#$ {}])")
# fmt: off
_SPOKEN = frozenset(
    {
        "math", "mrow", "mi", "mn", "mo", "mtext", "ms", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup",
        "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom",
        "menclose", "mmultiscripts", "mprescripts", "none",
    }
)
# fmt: on


@dataclass(frozen=True)
class Drawing:
    """A formula as SVG.

    Attributes
    ----------
    svg : str
        Outlines in ``currentColor``.
    width, height, depth : float
        In em of the surrounding text; `depth` is how far it reaches below the baseline.
    mathml : str
        The same as presentation MathML without attributes.
    """

    svg: str
    width: float
    height: float
    depth: float
    mathml: str = ""

    def to_bytes(self) -> bytes:
        """Return the drawing as JSON."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Drawing":
        """Return the drawing that `to_bytes` wrote."""
        return cls(**json.loads(data))


def draw(
    tex: str,
    *,
    display: bool = False,
    path: str = "",
    line: int = 0,
    keep: Keep = directly,
) -> Drawing:
    """Draw the formula `tex`; `display` for one that stands alone.

    `keep` keeps the drawing for another time: drawing libraries are slow to load.

    Raises
    ------
    InputError
        If the formula is too long or can't be read.
    """
    if len(tex) > LIMIT:
        message = f"the formula has {len(tex):,} characters; {LIMIT:,} are allowed"
        raise InputError(Problem(path, line, message, "split it"))
    try:
        return Drawing.from_bytes(keep(_drawn, tex, display))
    except _DrawingError as why:
        raise InputError(
            Problem(path, line, f"formula ${tex[:60]}$ can't be set: {why}", "check its TeX")
        ) from None


def _drawn(tex: str, display: bool) -> bytes:
    return _draw(tex, display).to_bytes()


class _DrawingError(ValueError):
    """The drawing library gave up, or gave something that is not outlines only."""


@lru_cache(maxsize=512)
def _draw(tex: str, display: bool) -> Drawing:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # how it finds its font is its own affair
        from ziamath.config import config
        from ziamath.tex import tex2mml
        from ziamath.zmath import Math

    config.svg2 = False  # plain paths: symbols would share their names between formulas
    config.precision = 2
    try:
        tree = _refined(tex2mml(tex, inline=not display))
        formula = Math(tree, size=_SIZE)
        missing = sorted(
            {letter for letter in "".join(tree.itertext()) if not formula.font.glyphindex(letter)}
        )
        unknown = _UNKNOWN.search(formula.mathmlstr())
        element = formula.svgxml()
    except RecursionError:
        raise _DrawingError("it is nested too deeply") from None
    except Exception as error:  # the libraries raise whatever they stumble over
        raise _DrawingError(str(error).split("\n")[0][:80] or type(error).__name__) from None
    if unknown:
        raise _DrawingError(f"{unknown[0]} is not known")
    if missing := [letter for letter in missing if not letter.isspace() and letter.isprintable()]:
        raise _DrawingError(f"no font here has {', '.join(map(repr, missing))}")
    for part in element.iter():
        if part.tag.removeprefix(_SVG) not in _ELEMENTS or any("href" in name for name in part.attrib):
            raise _DrawingError(f"it would draw <{part.tag}>")
    element.attrib.pop("xmlns:xlink", None)
    _, top, width, height = (float(number) for number in element.attrib["viewBox"].split())
    svg = ElementTree.tostring(element, encoding="unicode")
    return Drawing(svg, width / _SIZE, height / _SIZE, (top + height) / _SIZE, _read_out(tree))


def _refined(mathml: str) -> ElementTree.Element:
    """Return the formula with two habits of TeX: small sums in fractions, no space after a sign."""
    root = ElementTree.fromstring(mathml)  # noqa: S314 - written by the converter, which knows no entities
    root.set("mathcolor", "currentColor")
    for text in root.iter(f"{_MATH}mtext"):
        text.text = _ESCAPED.sub(r"\1", text.text or "")
    for fraction in root.iter(f"{_MATH}mfrac"):
        for part in fraction.iter():
            if part is not fraction:
                part.set("displaystyle", "false")
    for row in root.iter():
        before = None
        for part in row:
            signed = part.tag == f"{_MATH}mo" and part.text in _SIGNS
            if signed and (before is None or (before.tag == f"{_MATH}mo" and before.text not in _CLOSING)):
                part.attrib.update(form="prefix", lspace="0em", rspace="0em")
            before = part
    return root


def _read_out(tree: ElementTree.Element) -> str:
    """Return the formula as plain MathML: elements and letters only, so that nothing in it can act."""

    def plain(element: ElementTree.Element) -> str:
        tag = element.tag.removeprefix(_MATH)
        if tag not in _SPOKEN:
            raise _DrawingError(f"it would hold <{tag}>")
        inside = escape(element.text or "") + "".join(map(plain, element))
        return f"<{tag}>{inside}</{tag}>"

    return plain(tree)


def name(drawing: Drawing) -> str:
    """Return a short name for a drawing, the same for the same outlines."""
    return hashlib.sha256(drawing.svg.encode()).hexdigest()[:16]
