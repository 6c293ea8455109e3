"""Find the parts of an answer that Jinja must leave alone: code and mathematics.

``$x^{{2}}$`` and a listing with ``{% if %}`` are meant as they stand. Their braces are exchanged for a
stand-in of the private use area before Jinja reads the text, and back afterwards; nothing moves, so
line numbers stay true.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

BRACE: Final = "\ue002"
FORBIDDEN: Final = re.compile("[\ue000-\ue00f]")

_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})(.*)")
# Bounded, so that a brace which nothing closes isn't looked for to the end of the text each time.
_TAG = re.compile(r"\{\{.{0,800}?\}\}|\{%.{0,800}?%\}|\{#.{0,800}?#\}", re.DOTALL)
_SPECIAL = re.compile(r"[\\{`$]")
_MARK = re.compile(r"`+|\$\$?")
_FACT_IN_MATH = re.compile(r"\{\{\s*[a-z_]\w*(?:\.\w+)+\s*(?:\|[^{}]*)?\}\}")


class Span(NamedTuple):
    """A literal part of a text, from `start` to `end`; `kind` is ``code`` or ``math``."""

    start: int
    end: int
    kind: str


def spans(text: str) -> list[Span]:
    """Return the literal parts of a Markdown text, in order."""
    found: list[Span] = []
    for start, end, code in _blocks(text):
        if code:
            found.append(Span(start, end, "code"))
        else:
            found.extend(_inline(text, start, end))
    return found


def shield(text: str) -> str:
    """Return `text` with the opening braces of its literal parts exchanged for `BRACE`."""
    pieces, position = [], 0
    for start, end, _ in spans(text):
        pieces += [text[position:start], text[start:end].replace("{", BRACE)]
        position = end
    return "".join([*pieces, text[position:]])


def restore(text: str) -> str:
    """Undo `shield`."""
    return text.replace(BRACE, "{")


def facts_in_math(text: str) -> Iterator[tuple[int, str]]:
    """Yield the offset and text of what looks like a named fact inside mathematics."""
    for start, end, kind in spans(text):
        if kind == "math":
            for match in _FACT_IN_MATH.finditer(text, start, end):
                yield match.start(), match.group()


def _blocks(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield the paragraphs, and the fenced code blocks whole, as (start, end, is code)."""
    start = position = 0
    fence = ""
    for line in text.splitlines(keepends=True):
        opening = _FENCE.match(line.rstrip("\r\n"))
        after = position + len(line)
        if fence:
            if opening and opening[1].startswith(fence) and not opening[2].strip():
                yield start, after, True
                start, fence = after, ""
        elif opening and not (opening[1][0] == "`" and "`" in opening[2]):
            yield start, position, False
            start, fence = position, opening[1]
        elif not line.strip():
            yield start, after, False
            start = after
        position = after
    yield start, position, bool(fence)


def _inline(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield code spans and formulas of one paragraph; tags are stepped over."""
    position = start
    hopeless: set[str] = set()  # marks that nothing closes from here on: looked for once, not again
    while special := _SPECIAL.search(text, position, end):
        position, character = special.start(), special.group()
        if character == "\\":
            position += 2
        elif character == "{" and (tag := _TAG.match(text, position, end)):
            position = tag.end()
        elif mark := _MARK.match(text, position, end):
            opening = mark.group()
            after = 0 if opening in hopeless else _closing(text, opening, mark.end(), end)
            if after > 0:
                yield Span(position, after, "code" if character == "`" else "math")
            elif after == 0:
                hopeless.add(opening)
            position = after if after > 0 else mark.end()
        else:
            position += 1


def _closing(text: str, opening: str, begin: int, end: int) -> int:
    """Return where what `opening` opens ends; 0 if nothing closes it, -1 if it opens nothing.

    For formulas the rule is Pandoc's: no space after the opening dollar nor before the closing one, no
    digit after that.
    """
    if opening == "$" and (begin >= end or text[begin].isspace()):
        return -1
    for match in _MARK.finditer(text, begin, end):
        close = match.start()
        if opening[0] == "`":
            if match.group() == opening:
                return match.end()
        elif match.group()[0] == "$" and not _escaped(text, close) and (close > begin or opening == "$$"):
            if opening == "$$":
                if match.group() == "$$":
                    return match.end()
            elif not text[close - 1].isspace() and not text[close + 1 : close + 2].isdigit():
                return close + 1
    return 0


def _escaped(text: str, position: int) -> bool:
    slashes = 0
    while position > slashes and text[position - slashes - 1] == "\\":
        slashes += 1
    return slashes % 2 == 1
