"""Write a parsed text as Markdown again, for readers that know less of it than a page does.

It is written from the tree that the pages are set from, so both say the same. Facts and references are plain
text in it, a tag is no tag, whoever renders it, and a picture is the attachment of its cell.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from markdown_it.token import Token

from reportgen.document.text import placeholders

Picture = Callable[[int], str]
"""Gives the address of an image by its place among those of the text."""

_OTHER = {"-": "*", "*": "-", "+": "-", ".": ")", ")": "."}
_SPECIAL = re.compile(r"([\\`*_\[\]$~]|!$)")
_BLOCK = re.compile(r"^(#{1,6}(?=\s|$)|[-+=>|:])", re.MULTILINE)
_ITEM = re.compile(r"^(\d{1,9})([.)])(?=\s|$)", re.MULTILINE)
_DEFINITION = re.compile(r"^(\[\^[^\]]+\]):", re.MULTILINE)
_ENTITY = re.compile(r"&(?=#?\w+;)")
_BARE = re.compile(r"[^\s()<>\\]+")
_CLOSING = re.compile(r"(^|\s)(#+)$")
_RUN = re.compile(r"`+")


def escaped(text: str) -> str:
    """Return plain text as Markdown in which nothing has a meaning."""
    return _started(_plain(text))


def write(tokens: Iterable[Token], plain: placeholders.Filler, picture: Picture) -> str:
    """Return parsed blocks as Markdown; `plain` gives the text of a mark."""
    return _Writer(plain, picture).blocks(tuple(tokens))


class _Writer:
    """Writes blocks inside each other."""

    def __init__(self, plain: placeholders.Filler, picture: Picture) -> None:
        self._fill, self._picture = plain, picture

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
                info = first.info.strip()
                sign = "~" if "`" in info else "`"  # no fence of backticks has one behind it
                fence = sign * max(3, *(len(run) + 1 for run in re.findall(f"{sign}+", text)), 3)
                return f"{fence}{info}\n{text}\n{fence}"
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
                return f"[^{_note(first)}]: {_indented(text, 4)}"
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
        head, *body = ([f"| {' | '.join(row)} |" for row in rows]) or [""]
        return "\n".join([head, f"| {' | '.join(lines)} |", *body])

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
                    yield _plain(placeholders.fill(token.content, self._fill))
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
                    address = self._picture(token.meta["index"])
                    yield f"![{_plain(alt)}]({_address(address, token, self._fill)})"
                case "citation":
                    yield _plain(self._fill("cite", token.meta["index"]))
                case "footnote_ref":
                    yield f"[^{_note(token)}]"
                case _:
                    yield token.markup


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
    if not _BARE.fullmatch(address):
        address = "<" + re.sub(r"([<>\\])", r"\\\1", address.replace("\n", " ")) + ">"
    return address + (f' "{quoted}"' if title else "")


def _note(token: Token) -> str:
    return str(token.meta.get("label") or token.meta["id"] + 1)


def _prefixed(text: str, prefix: str) -> str:
    return "\n".join((prefix + line).rstrip() for line in text.split("\n"))


def _indented(text: str, width: int) -> str:
    first, *rest = text.split("\n")
    return "\n".join([first, *(" " * width + line if line else "" for line in rest)])
