"""Parse texts: the Markdown dialect of answers, with rules that check and rearrange its tokens.

What a text holds and must not hold is gathered in a `Reading`.
"""

import re
from collections.abc import Sequence
from functools import cache
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from reportgen.document.text import placeholders
from reportgen.document.text.reading import Link, Reading
from reportgen.document.text.render_rules import add_render_rules
from reportgen.language.dialect import dialect

_CAPTION = re.compile(r"Table(?: ([A-Za-z][\w-]*))?: ")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
SCHEMES = {"http", "https", "mailto"}


@cache
def parser(quotes: tuple[str, ...]) -> MarkdownIt:
    """Return the parser for texts with these quotation marks (double and single, opening and closing).

    It takes its `Reading` from the environment, under ``reading``.
    """
    made = dialect(typographer=True, quotes=quotes)
    made.enable("smartquotes")
    made.core.ruler.before("smartquotes", "dashes", _set_dashes)
    made.core.ruler.push("html", _leave_out_html)
    made.core.ruler.push("marks", _place_marks)
    made.core.ruler.push("captions", _caption_tables)
    made.core.ruler.push("corners", _head_rows)
    made.core.ruler.push("headings", _level_headings)
    add_render_rules(made)
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


def _caption_tables(state: StateCore) -> None:
    """Make the paragraph ``Table NAME: What it shows`` above or below a table its caption."""
    tokens = state.tokens
    position = 0
    while position < len(tokens):
        if tokens[position].type == "table_open":
            end = next(place for place in range(position, len(tokens)) if tokens[place].type == "table_close")
            below = tokens[end + 1 : end + 4]
            above = tokens[max(position - 3, 0) : position]
            if caption := _caption_of(above):
                del tokens[position - 3 : position]
                position -= 3
            elif caption := _caption_of(below):
                del tokens[end + 1 : end + 4]
            tokens[position + 1 : position + 1] = caption
        position += 1


def _caption_of(paragraph: Sequence[Token]) -> list[Token]:
    """Return the tokens of a caption, if a paragraph is one."""
    if [token.type for token in paragraph] != ["paragraph_open", "inline", "paragraph_close"]:
        return []
    inline = paragraph[1]
    children = inline.children or []
    head = _CAPTION.match(children[0].content) if children and children[0].type == "text" else None
    if head is None:
        return []
    children[0].content = children[0].content[head.end() :]
    opening, closing = Token("caption_open", "caption", 1), Token("caption_close", "caption", -1)
    opening.meta, opening.map = {"name": head[1] or "", "inline": inline}, inline.map
    return [opening, inline, closing]


def _head_rows(state: StateCore) -> None:
    """Make the first cell of each row its header, and an empty cell of the head none."""
    for position, token in enumerate(state.tokens):
        if token.type == "th_open" and not state.tokens[position + 1].content:
            token.tag = state.tokens[position + 2].tag = "td"
        elif token.type == "td_open" and state.tokens[position - 1].type == "tr_open":
            token.tag = state.tokens[position + 2].tag = "th"


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
