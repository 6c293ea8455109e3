"""Markdown rules: CommonMark with tables, formulas and footnotes, and how each token is set.

What a text holds and must not hold is gathered in a `Reading`.
"""

import re
from collections.abc import Callable, MutableMapping, Sequence
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
from reportgen.document.text.reading import Caption, Citation, Formula, Image, Link, Reading
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


def _caption(token: Token, reading: Reading) -> str:
    words = "".join(child.content for child in token.meta["inline"].children or ())
    text = " ".join(placeholders.fill(placeholders.unclaimed(words), reading.plain).split())
    token.meta["index"] = len(reading.captions)
    reading.captions.append(Caption(text, token.meta["name"], reading.line(token)))
    return f"<caption>{placeholders.mark('caption', token.meta['index'])} "


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
    "caption_open": _caption,
    "th_open": _cell,
    "td_open": _cell,
    "footnote_ref": _note_reference,
    "footnote_block_open": lambda token, reading: '<section class="footnotes"><ol>\n',
    "footnote_block_close": lambda token, reading: "</ol></section>\n",
    "footnote_open": lambda token, reading: f'<li id="{reading.name}-note-{token.meta["id"] + 1}">',
    "footnote_anchor": _note_return,
}
