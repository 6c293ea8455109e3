"""Turn untrusted Markdown into HTML.

HTML is refused and its comments are left out, and what comes out passes a sanitiser that knows only the tags
of plain prose. Marks (`reportgen.document.text.placeholders`) go through untouched; formulas and images
become marks themselves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import nh3
from markdown_it.token import Token

from reportgen.document.text import placeholders
from reportgen.document.text.reading import Caption, Citation, Formula, Image, Link, Reading
from reportgen.document.text.rules import SCHEMES, parser
from reportgen.errors import InputError, Problem

LIMIT = 500_000
QUOTES = ("“", "”", "‘", "’")
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
class Block:
    """A paragraph, list, table or whatever else stands by itself: its tokens, and its HTML with marks."""

    tokens: tuple[Token, ...]
    html: str


@dataclass(frozen=True)
class Prose:
    """One text, parsed: its blocks, what the marks that Markdown added stand for, and what was mended."""

    blocks: tuple[Block, ...]
    formulas: tuple[Formula, ...] = ()
    images: tuple[Image, ...] = ()
    links: tuple[Link, ...] = ()
    citations: tuple[Citation, ...] = ()
    captions: tuple[Caption, ...] = ()
    repairs: tuple[Problem, ...] = ()

    @property
    def html(self) -> str:
        """The whole text."""
        return "".join(block.html for block in self.blocks)


def render(
    text: str,
    *,
    path: str = "",
    first_line: int = 1,
    lines: Sequence[int] = (),
    top: int = 3,
    name: str = "",
    quotes: tuple[str, ...] = QUOTES,
    plain: placeholders.Filler = placeholders.mark,
) -> Prose:
    """Turn Markdown into HTML that is safe to place in a page; nothing reads the text a second time.

    Parameters
    ----------
    text : str
        Markdown with marks.
    path, first_line, lines, top, name, plain
        See `reportgen.document.text.reading.Reading`.
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
    made, environment = parser(quotes), {"reading": reading}
    blocks = [
        Block(tokens, clean(made.renderer.render(tokens, made.options, environment)))
        for tokens in _blocks(made.parse(text, environment))
    ]
    if reading.problems:
        raise InputError(reading.problems)
    return Prose(
        tuple(blocks),
        tuple(reading.formulas),
        tuple(reading.images),
        tuple(reading.links),
        tuple(reading.citations),
        tuple(reading.captions),
        tuple(reading.repairs),
    )


def _blocks(tokens: Sequence[Token]) -> Iterator[tuple[Token, ...]]:
    """Yield the tokens of each outermost block."""
    start = depth = 0
    for place, token in enumerate(tokens, 1):
        depth += token.nesting
        if not depth:
            yield tuple(tokens[start:place])
            start = place


def clean(html: str) -> str:
    """Return `html` with nothing in it but the tags, attributes and addresses of plain prose."""
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)
