"""Render rules: how each token of a text is written as HTML, or as a mark that is filled in later."""

from collections.abc import Callable, MutableMapping, Sequence
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from reportgen.document.text import placeholders
from reportgen.document.text.highlight import highlight
from reportgen.document.text.reading import Caption, Citation, Formula, Image, Reading

Write = Callable[[Token, Reading], str]


def add_render_rules(parser: MarkdownIt) -> None:
    """Have a parser write each kind of token by its rule."""
    for kind, write in _RULES.items():
        parser.add_render_rule(kind, _rule(write))


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
