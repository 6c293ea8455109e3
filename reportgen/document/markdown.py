"""Markdown to HTML for text that nobody vouches for.

Raw HTML is off, and what comes out passes a sanitiser that knows only the tags of plain prose. Marks
(`reportgen.document.marks`) go through untouched; formulas and images become marks themselves.
"""

from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from reportgen.document import marks
from reportgen.document.highlight import highlight
from reportgen.errors import InputError, Problem

LIMIT = 500_000
_SCHEMES = {"http", "https", "mailto"}
_TAGS = {
    *(
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "em",
        "strong",
        "del",
        "code",
        "pre",
        "span",
        "a",
        "sup",
        "br",
        "hr",
    ),
    *(
        "ul",
        "ol",
        "li",
        "blockquote",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "section",
        "div",
    ),
}
_ATTRIBUTES = {
    "a": {"href", "id", "class", "title"},
    "li": {"id", "class"},
    "ol": {"start", "class"},
    "th": {"class", "scope"},
    "td": {"class"},
    "pre": {"class"},
    **{tag: {"class"} for tag in ("code", "span", "sup", "section", "hr", "div", "table", "tbody")},
}


@dataclass(frozen=True)
class Formula:
    """A formula as TeX, and whether it stands on a line of its own."""

    tex: str
    display: bool
    line: int


@dataclass(frozen=True)
class Image:
    """An image of the authors' own: its address as written, its alternative text and its caption."""

    source: str
    alt: str
    caption: str
    line: int


@dataclass(frozen=True)
class Prose:
    """HTML of one text, with marks, and what the marks that Markdown added stand for."""

    html: str
    formulas: tuple[Formula, ...] = ()
    images: tuple[Image, ...] = ()
    repairs: tuple[Problem, ...] = ()


@dataclass
class _Reading:
    """What is gathered while one text is parsed."""

    path: str
    lines: Sequence[int]
    first_line: int
    top: int
    plain: marks.Filler
    formulas: list[Formula] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    repairs: list[Problem] = field(default_factory=list)

    def line(self, token: Token) -> int:
        offset = token.map[0] if token.map else 0
        return self.lines[offset] if offset < len(self.lines) else self.first_line + offset


def render(
    text: str,
    *,
    path: str = "",
    first_line: int = 1,
    lines: Sequence[int] = (),
    top: int = 3,
    name: str = "",
    quotes: str = "“”‘’",
    plain: marks.Filler = marks.mark,
) -> Prose:
    """Turn Markdown into HTML that is safe to place in a page.

    Parameters
    ----------
    text : str
        Markdown with marks.
    path, first_line : str, int
        Where `text` begins, for messages.
    lines : sequence of int
        The line of the file that each line of `text` came from, where they differ.
    top : int
        Level that the highest heading of `text` gets; the rest follow without a gap. 0 leaves all as written.
    name : str
        Prefix of the footnotes' anchors; unique in the page.
    quotes : str
        Opening and closing double, opening and closing single quotation marks.
    plain : callable
        The text of a mark where HTML can't stand (in code, in a formula, in an address).

    Raises
    ------
    InputError
        For an image without alternative text, an address that is not allowed, or a text beyond `LIMIT`.
    """
    if len(text) > LIMIT:
        raise InputError(
            Problem(
                path, first_line, f"the text has {len(text):,} characters; {LIMIT:,} are allowed", "split it"
            )
        )
    reading = _Reading(path, lines, first_line, top, plain)
    html = _parser(quotes).render(text, {"reading": reading, "docId": name})
    if reading.problems:
        raise InputError(reading.problems)
    return Prose(clean(html), tuple(reading.formulas), tuple(reading.images), tuple(reading.repairs))


def levelled(text: str, *, top: int) -> str:
    """Return Markdown with its headings shifted below `top`, without gaps, as `render` would set them."""
    lines = text.split("\n")
    reading = _Reading("", (), 1, top, marks.mark)
    for token in _parser("“”‘’").parse(text, {"reading": reading, "docId": ""}):
        if token.type == "heading_open" and token.map and not token.level:
            first, end = token.map
            words = " ".join(line.strip() for line in lines[first : end - (token.markup in "=-")])
            if token.markup not in "=-":
                words = words.strip("#").strip()
            lines[first:end] = ["#" * int(token.tag[1]) + " " + words, *[""] * (end - first - 1)]
    return "\n".join(lines)


def clean(html: str) -> str:
    """Return `html` with nothing in it but the tags, attributes and addresses of plain prose."""
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)


@cache
def _parser(quotes: str) -> MarkdownIt:
    parser = MarkdownIt(
        "commonmark", {"html": False, "typographer": True, "quotes": quotes, "highlight": None}
    )
    parser.enable(["table", "strikethrough", "smartquotes"])
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True).use(
        footnote_plugin
    )
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # refused below, with its line
    parser.core.ruler.before("smartquotes", "dashes", _dashes)
    parser.core.ruler.push("marks", _place_marks)
    parser.core.ruler.push("headings", _level_headings)
    rules: dict[str, Callable[..., str]] = {
        "mark": lambda self, tokens, i, options, env: tokens[i].content,
        "block_mark": lambda self, tokens, i, options, env: tokens[i].content + "\n",
        "math_inline": _math,
        "math_inline_double": _math,
        "math_block": _math,
        "math_block_label": _math,
        "image": _image,
        "fence": _fence,
        "code_block": _fence,
        "code_inline": _code_inline,
        "footnote_anchor": _footnote_anchor,
        "footnote_block_open": lambda self, tokens, i, options, env: '<section class="footnotes"><ol>\n',
        "footnote_block_close": lambda self, tokens, i, options, env: "</ol></section>\n",
        "footnote_ref": _footnote_reference,
        "footnote_open": lambda self, tokens, i, options, env: (
            f'<li id="{env["docId"]}-note-{tokens[i].meta["id"] + 1}">'
        ),
        "th_open": _cell,
        "td_open": _cell,
    }
    for kind, rule in rules.items():
        parser.add_render_rule(kind, rule)
    return parser


def _dashes(state: StateCore) -> None:
    """Set dashes and ellipses; nothing else, since ``(c)`` and ``+-`` mean what they say in a lab report."""
    for block in state.tokens:
        for token in block.children or ():
            if token.type == "text":
                token.content = token.content.replace("---", "—").replace("--", "–").replace("...", "…")


def _place_marks(state: StateCore) -> None:
    reading: _Reading = state.env["reading"]
    claims = marks.ClaimFolder()
    tokens: list[Token] = []
    pending: list[Token] = []
    for position, block in enumerate(state.tokens):
        tokens.append(block)
        if block.type == "inline":
            _check_addresses(block, reading)
            children = claims.fold(marks.split(block.children or []))
            shows = [token for token in children if marks.is_mark(token, "show")]
            if shows and state.tokens[position - 1].type != "paragraph_open":
                reading.problems.append(
                    Problem(reading.path, reading.line(block), "a figure or table can't stand in a heading or table",
                            "put it on a line of its own")
                )  # fmt: skip
            block.children = [token for token in children if not marks.is_mark(token, "show")]
            pending = [_block_mark(token) for token in shows]
        elif block.type == "paragraph_close" and pending:
            if not any(token.content.strip() or token.nesting for token in tokens[-2].children or ()):
                del tokens[-3:]
            tokens += pending
            pending = []
    state.tokens = tokens


def _block_mark(token: Token) -> Token:
    block = Token("block_mark", "", 0)
    block.content, block.block = token.content, True
    return block


def _check_addresses(block: Token, reading: _Reading) -> None:
    for token in block.children or ():
        if token.type == "link_open":
            address = unquote(str(token.attrs["href"]))
            address = marks.fill(address, reading.plain)
            token.attrs["href"] = address
            if title := token.attrs.get("title"):
                token.attrs["title"] = marks.fill(str(title), reading.plain)
            if not address.startswith("#") and urlsplit(address).scheme.lower() not in _SCHEMES:
                reading.problems.append(
                    Problem(reading.path, reading.line(block), f"link to {address[:80]!r} is not allowed",
                            "link to https:, http:, mailto: or a #section of the report")
                )  # fmt: skip
        elif token.type == "image":
            token.meta["line"] = reading.line(block)


def _level_headings(state: StateCore) -> None:
    """Shift headings below the section's own and close gaps; readers of the tag tree rely on both."""
    reading: _Reading = state.env["reading"]
    if not reading.top:
        return
    opened: list[int] = []
    for position, token in enumerate(state.tokens):
        if token.type != "heading_open":
            continue
        written = int(token.tag[1])
        while opened and opened[-1] >= written:
            opened.pop()
        if opened and written > opened[-1] + 1:
            reading.repairs.append(
                Problem(reading.path, reading.line(token),
                        f"heading of level {written} below one of level {opened[-1]}",
                        f"set as level {opened[-1] + 1}")
            )  # fmt: skip
        opened.append(written)
        level = f"h{min(reading.top + len(opened) - 1, 6)}"
        token.tag = state.tokens[position + 2].tag = level


def _math(
    self: RendererHTML, tokens: Sequence[Token], i: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    reading: _Reading = env["reading"]
    token = tokens[i]
    tex = marks.fill(token.content.strip(), reading.plain)
    reading.formulas.append(Formula(tex, token.type != "math_inline", reading.line(token)))
    return marks.mark("math", len(reading.formulas) - 1)


def _image(
    self: RendererHTML, tokens: Sequence[Token], i: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    reading: _Reading = env["reading"]
    token = tokens[i]
    alt = marks.fill(self.renderInlineAsText(token.children, options, env), reading.plain).strip()
    source = unquote(str(token.attrs.get("src", "")))
    caption = marks.fill(str(token.attrs.get("title", "")), reading.plain)
    line = token.meta.get("line", reading.first_line)
    if not alt:
        reading.problems.append(
            Problem(
                reading.path,
                line,
                f"image {source!r} has no alternative text",
                "write ![what it shows](file)",
            )
        )
    reading.images.append(Image(source, alt, caption, line))
    return marks.mark("image", len(reading.images) - 1)


def _fence(
    self: RendererHTML, tokens: Sequence[Token], i: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    reading: _Reading = env["reading"]
    code = marks.fill(tokens[i].content, reading.plain)
    language = tokens[i].info.split()[0] if tokens[i].info.strip() else ""
    return highlight(code, language)


def _code_inline(
    self: RendererHTML, tokens: Sequence[Token], i: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    return f"<code>{escapeHtml(tokens[i].content)}</code>"


def _cell(
    self: RendererHTML, tokens: Sequence[Token], i: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    token = tokens[i]
    align = str(token.attrs.get("style", "")).removeprefix("text-align:")
    kind = f' class="{align}"' if align in ("right", "center") else ""
    scope = ' scope="col"' if token.tag == "th" else ""
    return f"<{token.tag}{kind}{scope}>"


def _footnote_reference(
    self: RendererHTML, tokens: Sequence[Token], i: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    note, again = tokens[i].meta["id"] + 1, tokens[i].meta.get("subId", 0)
    anchor = f"{env['docId']}-note-{note}"
    own = f' id="{anchor}-ref"' if again <= 0 else ""
    return f'<sup class="note"><a href="#{anchor}"{own}>{note}</a></sup>'


def _footnote_anchor(
    self: RendererHTML, tokens: Sequence[Token], i: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    return ""
