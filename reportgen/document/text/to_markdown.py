"""Write a parsed text as Markdown again, for readers that know less of it than a page does.

It is written from the tree that the pages are set from, so both say the same. Facts and references are plain
text in it, a tag is no tag in any renderer, and a picture is the attachment of its cell.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from reportgen.document.text import placeholders

Picture = Callable[[int], str]
"""Gives the address of an image, or its caption, by its place among those of the text."""

_OTHER = {"-": "*", "*": "-", "+": "-", ".": ")", ")": "."}
_SPECIAL = re.compile(r"([\\`*_\[\]$~]|!$)")
_BLOCK = re.compile(r"^(#{1,6}(?=\s|$)|[-+=>|:])", re.MULTILINE)
_ITEM = re.compile(r"^(\d{1,9})([.)])(?=\s|$)", re.MULTILINE)
_DEFINITION = re.compile(r"^(\[\^[^\]]+\]):", re.MULTILINE)
_ENTITY = re.compile(r"&(?=#?\w+;)")
_BARE = re.compile(r"[^\s()<>\\]+")
_CLOSING = re.compile(r"(^|\s)(#+)$")
_RUN = re.compile(r"`+")


def _nothing(kind: str, index: int) -> str:
    return ""


def _none(index: int) -> str:
    return ""


def escaped(text: str) -> str:
    """Return plain text as Markdown in which nothing has a meaning."""
    return _started(_plain(text))


def line(text: str) -> str:
    """Return plain text as one line of such Markdown."""
    return " ".join(escaped(text).split())


def image(alt: str, address: str) -> str:
    """Return an image with its alternative text."""
    return f"![{_plain(alt)}]({_target(address)})"


def table(columns: Sequence[tuple[str, bool]], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of plain text; each column has a title, and whether it holds numbers."""
    lines = [":--" if not number else "--:" for _, number in columns]
    cells = [
        [line(cell).replace("|", "\\|") for cell in row] for row in ([name for name, _ in columns], *rows)
    ]
    return _rows([cells[0], lines, *cells[1:]])


def code(text: str, info: str = "") -> str:
    """Return program text as a fenced block."""
    sign = "~" if "`" in info else "`"  # no fence of backticks has one behind it
    fence = sign * max(3, *(len(run) + 1 for run in re.findall(f"{sign}+", text)), 3)
    return f"{fence}{info}\n{text}\n{fence}"


def write(
    tokens: Iterable[Token],
    plain: placeholders.Filler,
    picture: Picture,
    *,
    linked: placeholders.Filler = _nothing,
    caption: Picture = _none,
    notes: str = "",
) -> str:
    """Return parsed blocks as Markdown.

    Parameters
    ----------
    plain, linked : callable
        The text of a mark, and Markdown that stands in its place where there may be a link.
    picture, caption : callable
        The address of an image, and Markdown that stands below it.
    notes : str
        What the names of notes begin with, so that several texts may stand in one file.
    """
    return _Writer(plain, picture, linked, caption, notes).blocks(tuple(tokens))


@dataclass(frozen=True)
class _Writer:
    """Writes blocks inside each other; see `write`."""

    _fill: placeholders.Filler
    _picture: Picture
    _linked: placeholders.Filler
    _caption: Picture
    _notes: str

    def blocks(self, tokens: Sequence[Token], between: str = "\n\n") -> str:
        """Return blocks, one after the other."""
        written: list[str] = []
        last = ""
        for block in _outermost(tokens):
            # Two lists in a row are told apart by their markers alone.
            marker = _marker(block[0])
            last = _OTHER[marker] if marker and marker == last else marker
            if text := self._block(block, last):
                written.append(text)
        return between.join(written)

    def _block(self, tokens: Sequence[Token], marker: str) -> str:
        first, inside = tokens[0], tokens[1:-1]
        match first.type:
            case "paragraph_open":
                return self._inline(inside)
            case "heading_open":
                # A heading has one line.
                words = _CLOSING.sub(r"\1\\\2", " ".join(self._inline(inside).replace("\\\n", " ").split()))
                return f"{'#' * int(first.tag[1])} {words}"
            case "bullet_list_open" | "ordered_list_open":
                return self._list(first, inside, marker)
            case "blockquote_open":
                return _prefixed(self.blocks(inside), "> ")
            case "fence" | "code_block":
                text = placeholders.fill(placeholders.unclaimed(first.content), self._fill).removesuffix("\n")
                return code(text, first.info.strip())
            case "hr":
                return "___"  # no list begins with it
            case "table_open" if inside[0].type == "caption_open":
                label = self._fill("caption", inside[0].meta["index"])
                caption = f"{label} " if label else ""
                return f"{caption}{self._inline(inside[1:2])}\n\n{self._table(inside[3:])}"
            case "table_open":
                return self._table(inside)
            case "math_block" | "math_block_label":
                label = f" ({first.info})" if first.type == "math_block_label" else ""
                return f"$$\n{placeholders.fill(first.content.strip(), self._fill)}\n$${label}"
            case "footnote_block_open":
                return self.blocks(inside)
            case "footnote_open":
                text = self.blocks([each for each in inside if each.type != "footnote_anchor"])
                return f"[^{self._note(first)}]: {_indented(text, 4)}"
        return ""

    def _list(self, opening: Token, inside: Sequence[Token], sign: str) -> str:
        tight = any(token.type == "paragraph_open" and token.hidden for token in inside)
        number = int(opening.attrs.get("start", 1))
        items = []
        for place, item in enumerate(_outermost(inside)):
            ordered = opening.type == "ordered_list_open"
            marker = f"{number + place}{sign}" if ordered else sign
            text = self.blocks(item[1:-1], "\n" if tight else "\n\n")
            items.append(f"{marker} {_indented(text, len(marker) + 1)}".rstrip())
        return ("\n" if tight else "\n\n").join(items)

    def _table(self, tokens: Sequence[Token]) -> str:
        rows: list[list[str]] = []
        lines: list[str] = []
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(self._children(token).replace("|", "\\|").replace("\n", " "))
            elif token.type in ("th_open", "td_open") and len(rows) == 1:
                align = str(token.attrs.get("style", "")).removeprefix("text-align:")
                lines.append({"left": ":--", "right": "--:", "center": ":-:"}.get(align, "---"))
        return _rows([*rows[:1], lines, *rows[1:]])

    def _inline(self, tokens: Iterable[Token]) -> str:
        return _started("".join(self._children(token) for token in tokens if token.type == "inline"))

    def _children(self, inline: Token) -> str:
        return "".join(self._words(inline.children or ()))

    def _words(self, tokens: Iterable[Token]) -> Iterator[str]:
        links: list[Token] = []
        for token in tokens:
            match token.type:
                case "text" | "text_special":
                    yield _plain(token.content)
                case "mark":
                    kind, index = token.meta["kind"], token.meta["index"]
                    linked = "" if links else self._linked(kind, index)
                    yield linked or _plain(self._fill(kind, index))
                case "softbreak":
                    yield "\n"
                case "hardbreak":
                    yield "\\\n"
                case "code_inline":
                    yield _code(placeholders.fill(token.content, self._fill))
                case "math_inline":
                    yield f"${placeholders.fill(token.content, self._fill)}$"
                case "math_inline_double":
                    yield f"$${placeholders.fill(token.content, self._fill)}$$"
                case "link_open":
                    links.append(token)
                    yield "["
                case "link_close":
                    opening = links.pop()
                    yield f"]({_address(str(opening.attrs['href']), opening, self._fill)})"
                case "image":
                    alt = placeholders.fill(
                        "".join(child.content for child in token.children or ()), self._fill
                    )
                    address, caption = self._picture(token.meta["index"]), self._caption(token.meta["index"])
                    if caption:
                        yield f"{image(alt, address)}\\\n{caption}"
                    else:
                        yield f"![{_plain(alt)}]({_address(address, token, self._fill)})"
                case "citation":
                    index = token.meta["index"]
                    linked = "" if links else self._linked("cite", index)
                    yield linked or _plain(self._fill("cite", index))
                case "footnote_ref":
                    yield f"[^{self._note(token)}]"
                case _:
                    yield token.markup

    def _note(self, token: Token) -> str:
        return self._notes + str(token.meta.get("label") or token.meta["id"] + 1)


def _rows(rows: Iterable[Iterable[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _marker(token: Token) -> str:
    """Return what a list marks its items with; empty for any other block."""
    return token.markup if token.type in ("bullet_list_open", "ordered_list_open") else ""


def _outermost(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    start = depth = 0
    for place, token in enumerate(tokens, 1):
        depth += token.nesting
        if not depth:
            yield tokens[start:place]
            start = place


def _plain(text: str) -> str:
    text = _SPECIAL.sub(r"\\\1", _ENTITY.sub("&amp;", text))
    return text.replace("<", "&lt;")


def _started(text: str) -> str:
    """Return lines that begin no block."""
    return _DEFINITION.sub(r"\1\\:", _ITEM.sub(r"\1\\\2", _BLOCK.sub(r"\\\1", text)))


def _code(text: str) -> str:
    ticks = "`" * (1 + max((len(run) for run in _RUN.findall(text)), default=0))
    padding = " " if text[:1] == "`" or text[-1:] == "`" or text[:1] == text[-1:] == " " else ""
    return f"{ticks}{padding}{text}{padding}{ticks}"


def _address(address: str, token: Token, plain: placeholders.Filler) -> str:
    title = placeholders.fill(str(token.attrs.get("title", "")), plain)
    quoted = re.sub(r'(["\\])', r"\\\1", title)
    return _target(address) + (f' "{quoted}"' if title else "")


def _target(address: str) -> str:
    if _BARE.fullmatch(address):
        return address
    return "<" + re.sub(r"([<>\\])", r"\\\1", address.replace("\n", " ")) + ">"


def _prefixed(text: str, prefix: str) -> str:
    return "\n".join((prefix + line).rstrip() for line in text.split("\n"))


def _indented(text: str, width: int) -> str:
    first, *rest = text.split("\n")
    return "\n".join([first, *(" " * width + line if line else "" for line in rest)])
