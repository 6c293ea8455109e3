"""Markdown rules: CommonMark with tables, formulas and footnotes, and how each token is set.

What a text must not hold is noted as it is parsed, with its line, so that all of it can be reported at
once.
"""

import re
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from reportgen.document.text import placeholders
from reportgen.document.text.highlight import highlight
from reportgen.errors import Problem
from reportgen.language.dialect import dialect

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
SCHEMES = {"http", "https", "mailto"}


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
class Link:
    """A link to an anchor of the report."""

    anchor: str
    line: int


@dataclass(frozen=True)
class Citation:
    """Sources cited in one place: the key of each, and where in it, such as ``p. 3``."""

    items: tuple[tuple[str, str], ...]
    line: int


@dataclass
class Reading:
    """What is known of a text, and what is gathered while it is parsed.

    Attributes
    ----------
    path, first_line, lines : str, int, sequence of int
        Where the text begins, and the line of the file that each of its lines came from where they differ.
    top : int
        Level of its highest heading in the page; 0 leaves all levels as written.
    name : str
        Prefix of its anchors.
    plain : callable
        The text of a mark where HTML can't stand.
    """

    path: str
    first_line: int
    lines: Sequence[int]
    top: int
    name: str
    plain: placeholders.Filler
    formulas: list[Formula] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    repairs: list[Problem] = field(default_factory=list)

    def line(self, token: Token) -> int:
        """Return the line of the file that `token` begins on."""
        offset = token.map[0] if token.map else 0
        return self.lines[offset] if offset < len(self.lines) else self.first_line + offset

    def note(self, token: Token, message: str, remedy: str) -> None:
        """Note what was set otherwise than it is written."""
        self.repairs.append(Problem(self.path, self.line(token), message, remedy))

    def refuse(self, token: Token, message: str, remedy: str) -> None:
        """Note what the text must not hold."""
        self.problems.append(Problem(self.path, self.line(token), message, remedy))


@cache
def parser(quotes: str) -> MarkdownIt:
    """Return the parser for texts with these quotation marks (double and single, opening and closing).

    It takes its `Reading` from the environment, under ``reading``.
    """
    made = dialect(typographer=True, quotes=quotes)
    made.enable("smartquotes")
    made.core.ruler.before("smartquotes", "dashes", _set_dashes)
    made.core.ruler.push("html", _leave_out_html)
    made.core.ruler.push("marks", _place_marks)
    made.core.ruler.push("corners", _head_rows)
    made.core.ruler.push("headings", _level_headings)
    for kind, write in _RULES.items():
        made.add_render_rule(kind, _rule(write))
    return made


def _set_dashes(state: StateCore) -> None:
    """Set dashes and ellipses; nothing else, since ``(c)`` and ``+-`` mean what they say in a lab report."""
    for block in state.tokens:
        for token in block.children or ():
            if token.type == "text":
                text = token.content.replace("---", "—").replace("--", "–")
                token.content = text.replace("...", "…")


def _leave_out_html(state: StateCore) -> None:
    """Leave comments out, and refuse tags: what they would do stands in no document."""
    reading: Reading = state.env["reading"]
    for block in state.tokens:
        for token in (block, *(block.children or ())):
            if token.type not in ("html_block", "html_inline"):
                continue
            rest = _COMMENT.sub("", token.content).strip()
            if not placeholders.has_whole_claims(token.content):
                message = "a claim begins or ends inside an HTML comment"
                reading.refuse(block, message, "comment the whole claim out, or none of it")
            elif not rest:
                reading.note(block, "an HTML comment is left out", "it is in the file that the PDF carries")
            elif rest.startswith("<!--"):
                reading.refuse(block, "an HTML comment does not end", "end it with -->")
            else:
                message = f"HTML is not set: {rest.partition(chr(10))[0][:60]!r}"
                reading.refuse(block, message, "use Markdown, or write < as &lt;")
            token.content = ""


def _place_marks(state: StateCore) -> None:
    """Let displays stand between paragraphs, nest claims, and check addresses."""
    reading: Reading = state.env["reading"]
    claims = placeholders.ClaimFolder()
    tokens: list[Token] = []
    displays: list[Token] = []
    for position, block in enumerate(state.tokens):
        tokens.append(block)
        if block.type == "inline":
            _check_addresses(block, reading)
            children = claims.fold(placeholders.split(block.children or []))
            displays = [_alone(token) for token in children if placeholders.is_mark(token, "show")]
            block.children = [token for token in children if not placeholders.is_mark(token, "show")]
            if displays and state.tokens[position - 1].type != "paragraph_open":
                message = "a figure or table can't be inside a heading or table"
                reading.refuse(block, message, "put it on a line of its own")
        elif block.type == "paragraph_close" and displays:
            if not any(token.content.strip() or token.nesting for token in tokens[-2].children or ()):
                del tokens[-3:]
            tokens += displays
            displays = []
    state.tokens = tokens


def _head_rows(state: StateCore) -> None:
    """Where the corner of a table is empty, it is no header, and the first cell of each row is one."""
    corner = False
    for position, token in enumerate(state.tokens):
        first = state.tokens[position - 1].type == "tr_open"
        if token.type == "th_open" and not state.tokens[position + 1].content:
            corner = corner or first
            token.tag = state.tokens[position + 2].tag = "td"
        elif token.type == "td_open" and first and corner:
            token.tag = state.tokens[position + 2].tag = "th"
        elif token.type == "table_close":
            corner = False


def _alone(token: Token) -> Token:
    block = Token("mark", "", 0)
    block.content, block.block = token.content + "\n", True
    return block


def _check_addresses(block: Token, reading: Reading) -> None:
    linked = False
    for token in block.children or ():
        if token.type in ("link_open", "link_close"):
            linked = token.nesting > 0
        elif token.type == "image" and linked:
            source = str(token.attrs.get("src", ""))[:80]
            reading.refuse(block, f"image {source!r} is inside a link", "put the link behind the image")
        if token.type == "link_open":
            address = placeholders.fill(unquote(str(token.attrs["href"])), reading.plain)
            token.attrs["href"] = address
            if title := token.attrs.get("title"):
                token.attrs["title"] = placeholders.fill(str(title), reading.plain)
            if address.startswith("#"):
                reading.links.append(Link(address[1:], reading.line(block)))
            elif scheme(address) not in SCHEMES:
                remedy = "link to https:, http:, mailto: or a #section of the report"
                reading.refuse(block, f"a link to {address[:80]!r} is not allowed", remedy)
        elif token.type in ("image", "citation"):
            token.map = block.map


def scheme(address: str) -> str:
    """Return the scheme of an address in lower case; empty where there is none or it can't be read."""
    try:
        return urlsplit(address).scheme.lower()
    except ValueError:
        return ""


def _level_headings(state: StateCore) -> None:
    """Shift headings below the section's own and close gaps; readers of the tag tree rely on both."""
    reading: Reading = state.env["reading"]
    opened: list[int] = []
    for position, token in enumerate(state.tokens):
        if token.type != "heading_open" or not reading.top:
            continue
        written = int(token.tag[1])
        while opened and opened[-1] >= written:
            opened.pop()
        if opened and written > opened[-1] + 1:
            message = f"a heading of level {written} follows one of level {opened[-1]}"
            reading.note(token, message, f"rendered as level {opened[-1] + 1}")
        opened.append(written)
        level = f"h{min(reading.top + len(opened) - 1, 6)}"
        token.tag = state.tokens[position + 2].tag = level


Write = Callable[[Token, Reading], str]


def _rule(write: Write) -> Callable[..., str]:
    def render(
        self: RendererHTML,
        tokens: Sequence[Token],
        place: int,
        options: OptionsDict,
        env: MutableMapping[str, Any],
    ) -> str:
        return write(tokens[place], env["reading"])

    return render


def _formula(token: Token, reading: Reading) -> str:
    tex = placeholders.fill(token.content.strip(), reading.plain)
    reading.formulas.append(Formula(tex, token.type != "math_inline", reading.line(token)))
    return placeholders.mark("math", len(reading.formulas) - 1)


def _image(token: Token, reading: Reading) -> str:
    alt = placeholders.fill("".join(child.content for child in token.children or ()), reading.plain).strip()
    source = unquote(str(token.attrs.get("src", "")))
    if not alt:
        reading.refuse(
            token, f"image {source[:80]!r} has no alternative text", "write ![what it shows](file)"
        )
    caption = placeholders.fill(str(token.attrs.get("title", "")), reading.plain)
    token.meta = {"index": len(reading.images)}
    reading.images.append(Image(source, alt, caption, reading.line(token)))
    return placeholders.mark("image", len(reading.images) - 1)


def _citation(token: Token, reading: Reading) -> str:
    token.meta["index"] = len(reading.citations)
    reading.citations.append(Citation(token.meta["items"], reading.line(token)))
    return placeholders.mark("cite", token.meta["index"])


def _fence(token: Token, reading: Reading) -> str:
    language = token.info.split()[0] if token.info.strip() else ""
    return highlight(placeholders.fill(placeholders.unclaimed(token.content), reading.plain), language)


def _cell(token: Token, reading: Reading) -> str:
    align = str(token.attrs.get("style", "")).removeprefix("text-align:")
    kind = f' class="{align}"' if align in ("right", "center") else ""
    scope = ""
    if token.tag == "th":
        scope = ' scope="row"' if token.type == "td_open" else ' scope="col"'
    return f"<{token.tag}{kind}{scope}>"


def _note_reference(token: Token, reading: Reading) -> str:
    number = token.meta["id"] + 1
    anchor = f"{reading.name}-note-{number}"
    own = f' id="{anchor}-ref"' if token.meta.get("subId", 0) <= 0 else ""
    return f'<sup class="note"><a href="#{anchor}"{own}>{number}</a></sup>'


def _note_return(token: Token, reading: Reading) -> str:
    """Lead back to where a note is called; templates show it where readers scroll."""
    anchor = f"{reading.name}-note-{token.meta['id'] + 1}-ref"
    return "" if token.meta.get("subId", 0) > 0 else f' <a class="back" href="#{anchor}">↩</a>'


_RULES: dict[str, Write] = {
    "mark": lambda token, reading: token.content,
    "math_inline": _formula,
    "math_inline_double": _formula,
    "math_block": _formula,
    "math_block_label": _formula,
    "image": _image,
    "citation": _citation,
    "html_block": lambda token, reading: token.content,
    "html_inline": lambda token, reading: token.content,
    "fence": _fence,
    "code_block": _fence,
    "code_inline": lambda token, reading: f"<code>{escapeHtml(token.content)}</code>",
    "th_open": _cell,
    "td_open": _cell,
    "footnote_ref": _note_reference,
    "footnote_block_open": lambda token, reading: '<section class="footnotes"><ol>\n',
    "footnote_block_close": lambda token, reading: "</ol></section>\n",
    "footnote_open": lambda token, reading: f'<li id="{reading.name}-note-{token.meta["id"] + 1}">',
    "footnote_anchor": _note_return,
}
