"""Extract the words of a text as its readers see them: paragraphs, headings, notes and captions.

They are taken from the parsed Markdown, so that emphasis, entities, escapes and line breaks inside a
number hide nothing. Code, formulas and addresses are left out; a fact is a gap.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from jinja2 import nodes

from reportgen.language.dialect import dialect
from reportgen.language.lines import laid_out, marked
from reportgen.language.outcome import CLOSE, OPEN, TOKEN, Answer
from reportgen.language.syntax import claim_number, is_claim

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

GAP: Final = f"{OPEN}fact:0{CLOSE}"
_BLANK: Final = frozenset({"citation", "code_inline", "math_inline", "math_inline_double"})


@dataclass(frozen=True)
class Passage:
    """A piece of text that is read in one go.

    Attributes
    ----------
    text : str
    lines : sequence of (int, int)
        From which place in the text on which line of the file goes.
    claims : sequence of (int, int)
        From which place on which claim vouches for it; −1 for none.
    """

    text: str
    lines: Sequence[tuple[int, int]]
    claims: Sequence[tuple[int, int]]

    def line(self, place: int) -> int:
        """Return the line of the file at a place in the text."""
        return _at(self.lines, place)

    def claim(self, place: int) -> int:
        """Return the number of the claim that vouches for a place in the text, −1 for none."""
        return _at(self.claims, place)


def _at(steps: Sequence[tuple[int, int]], place: int) -> int:
    return steps[max(bisect_right(steps, place, key=lambda step: step[0]) - 1, 0)][1]


def outline(answer: Answer) -> tuple[str, list[int]]:
    """Return an answer as Markdown with marks for facts and claims, and where each of its lines came from.

    It holds what stands in every branch, whatever the conditions say; of typed strings, their text.
    """
    lines, sources, _ = laid_out("".join(_written(answer.tree.body, answer.first_line)), answer.first_line)
    return "\n".join(lines), sources


def passages(answer: Answer) -> list[Passage]:
    """Return the passages of an answer."""
    return read(*outline(answer))


def read(markdown: str, lines: Sequence[int]) -> list[Passage]:
    """Return the passages of a Markdown text; `lines` are those of the file, one for each of its own."""
    reader = _Reader(lines)
    reader.read(_parser().parse(markdown))
    return [made.passage() for made in reader.found if made.pieces]


def as_passage(text: str, line: int) -> Passage:
    """Return a text that is no Markdown, such as a title."""
    return Passage(_seen(text), [(0, line)], [(0, -1)])


@cache
def _parser() -> MarkdownIt:
    return dialect()


def _written(body: Iterable[nodes.Node], first: int) -> Iterator[str]:
    """Yield the text of statements, with a mark for each claim and each fact."""
    for node in body:
        match node:
            case nodes.TemplateData(data=data):
                yield marked(data, first + node.lineno - 1)
            case nodes.Output(nodes=parts):
                yield from _written(parts, first)
            case nodes.Const(value=str() as text):
                yield text
            case nodes.If():
                yield from _written(node.body, first)
                for arm in node.elif_:
                    yield GAP
                    yield from _written(arm.body, first)
                yield GAP if node.else_ else ""
                yield from _written(node.else_, first)
            case nodes.For():
                yield from _written(node.body, first)
                yield from _written(node.else_, first)
            case nodes.CallBlock() if is_claim(node):
                yield f"{OPEN}claim:{claim_number(node)}{CLOSE}"
                yield from _written(node.body, first)
                yield f"{OPEN}/claim:{claim_number(node)}{CLOSE}"
            case _:
                yield GAP


@dataclass
class _Made:
    """A passage in the making."""

    pieces: list[str] = field(default_factory=list)
    lines: list[tuple[int, int]] = field(default_factory=list)
    claims: list[tuple[int, int]] = field(default_factory=list)
    length: int = 0

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)

    def passage(self) -> Passage:
        return Passage("".join(self.pieces), self.lines, self.claims)


class _Reader:
    """Collects the passages of a parsed text."""

    def __init__(self, lines: Sequence[int]) -> None:
        self.found: list[_Made] = []
        self._lines = lines
        self._claim = -1
        self._notes: dict[int, int] = {}  # lines of the references to footnotes

    def read(self, tokens: Iterable[Token]) -> None:
        """Read the blocks of a text; a row of a table is one passage, since its cells explain each other."""
        row: _Made | None = None
        line = 0
        for token in tokens:
            line = token.map[0] if token.map else line
            match token.type:
                case "tr_open":
                    row = self._begin()
                case "tr_close":
                    row = None
                case "footnote_open":
                    line = self._notes.get(token.meta["id"], line)
                case "inline":
                    passage = row or self._begin()
                    self._add(passage, " | " if row else "", line)
                    self._inline(passage, token.children or (), line)

    def _begin(self) -> _Made:
        self.found.append(_Made())
        return self.found[-1]

    def _inline(self, passage: _Made, children: Sequence[Token], line: int) -> None:
        address = False
        for token in children:
            match token.type:
                case "text" | "text_special" if not address:
                    self._add(passage, token.content, line)
                case "softbreak" | "hardbreak":
                    line += 1
                    self._add(passage, " ", line)
                case "link_open" | "link_close":
                    address = token.type == "link_open" and token.markup == "autolink"
                    self._beside(token, line)
                case "image":
                    self._add(passage, " ", line)
                    self._inline(self._begin(), token.children or (), line)
                    self._beside(token, line)
                case "footnote_ref":
                    self._notes[token.meta["id"]] = line
                case kind if kind in _BLANK:
                    self._add(passage, " ", line)

    def _beside(self, token: Token, line: int) -> None:
        """Read the title of a link or an image: its caption."""
        if title := token.attrs.get("title"):
            self._add(self._begin(), str(title), line)

    def _add(self, passage: _Made, text: str, line: int) -> None:
        passage.lines.append((passage.length, self._lines[min(line, len(self._lines) - 1)]))
        passage.claims.append((passage.length, self._claim))
        end = 0
        for mark in TOKEN.finditer(text):
            passage.add(_seen(text[end : mark.start()]))
            end = mark.end()
            if mark[1] == "fact":
                passage.add(" ")
            else:
                self._claim = int(mark[2]) if mark[1] == "claim" else -1
                passage.claims.append((passage.length, self._claim))
        passage.add(_seen(text[end:]))


def _seen(text: str) -> str:
    """Return a text without what can't be seen, its digits as ASCII."""
    return text if text.isascii() else "".join(map(_letter, text))


@cache
def _letter(character: str) -> str:
    kind = unicodedata.category(character)
    if kind == "Nd":
        return str(unicodedata.decimal(character))
    if "\uff01" <= character <= "\uff5e":  # the wide forms of ASCII
        return chr(ord(character) - 0xFEE0)
    return "" if kind == "Cf" else character
