"""Markdown to HTML for text that nobody vouches for.

Raw HTML is off, and what comes out passes a sanitiser that knows only the tags of plain prose. Marks
(`reportgen.document.marks`) go through untouched; formulas and images become marks themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import nh3

from reportgen.document import marks
from reportgen.document.grammar import SCHEMES, Formula, Image, Reading, parser
from reportgen.errors import InputError, Problem

LIMIT = 500_000
QUOTES = "“”‘’"
_TAGS = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "hr", "div", "section"),
    *("em", "strong", "s", "del", "code", "span", "a", "sup", "br"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td"),
}
_CLASSED = ("td", "pre", "code", "span", "sup", "section", "hr", "div", "table", "tbody")
_ATTRIBUTES = {
    "a": {"href", "id", "class", "title"},
    "li": {"id", "class"},
    "ol": {"start", "class"},
    "th": {"class", "scope"},
    **{tag: {"class"} for tag in _CLASSED},
}


@dataclass(frozen=True)
class Prose:
    """HTML of one text, with marks, what the marks that Markdown added stand for, and what was mended."""

    html: str
    formulas: tuple[Formula, ...] = ()
    images: tuple[Image, ...] = ()
    repairs: tuple[Problem, ...] = ()


def render(
    text: str,
    *,
    path: str = "",
    first_line: int = 1,
    lines: Sequence[int] = (),
    top: int = 3,
    name: str = "",
    quotes: str = QUOTES,
    plain: marks.Filler = marks.mark,
) -> Prose:
    """Turn Markdown into HTML that is safe to place in a page.

    Parameters
    ----------
    text : str
        Markdown with marks.
    path, first_line, lines, top, name, plain
        See `reportgen.document.grammar.Reading`.
    quotes : str
        Opening and closing double, opening and closing single quotation marks.

    Raises
    ------
    InputError
        For an image without alternative text, an address that is not allowed, or a text beyond `LIMIT`.
    """
    if len(text) > LIMIT:
        message = f"the text has {len(text):,} characters; {LIMIT:,} are allowed"
        raise InputError(Problem(path, first_line, message, "split it"))
    reading = Reading(path, first_line, lines, top, name, plain)
    html = parser(quotes).render(text, {"reading": reading})
    if reading.problems:
        raise InputError(reading.problems)
    return Prose(clean(html), tuple(reading.formulas), tuple(reading.images), tuple(reading.repairs))


def levelled(text: str, *, top: int) -> str:
    """Return Markdown with its headings shifted below `top`, without gaps, as `render` would set them."""
    lines = text.split("\n")
    reading = Reading("", 1, (), top, "", marks.mark)
    for token in parser(QUOTES).parse(text, {"reading": reading}):
        if token.type == "heading_open" and token.map and not token.level:
            first, end = token.map
            underlined = token.markup in ("=", "-")
            words = " ".join(line.strip() for line in lines[first : end - underlined])
            words = words if underlined else words.strip("#").strip()
            lines[first:end] = ["#" * int(token.tag[1]) + " " + words, *[""] * (end - first - 1)]
    return "\n".join(lines)


def clean(html: str) -> str:
    """Return `html` with nothing in it but the tags, attributes and addresses of plain prose."""
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)
