"""Placeholders: marks in a text for what is filled in later.

A mark is ``U+E000 kind ":" index U+E001``. Authors cannot write one (the two characters are refused), so a
mark that comes out of Markdown unharmed may be replaced by trusted HTML, whatever surrounds it.

Kinds from the language of answers: ``fact``, ``claim`` and ``/claim``, ``show``, ``ref``. Kinds that
Markdown adds: ``math``, ``image``, ``cite``, ``caption``.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from markdown_it.token import Token

OPEN, CLOSE = "\ue000", "\ue001"
MARK = re.compile(f"{OPEN}(/?[a-z]+):([0-9]+){CLOSE}")
_CLAIM = re.compile(f"{OPEN}/?claim:[0-9]+{CLOSE}")

Filler = Callable[[str, int], str]


def mark(kind: str, index: int) -> str:
    """Return the mark of `kind` and `index` as text."""
    return f"{OPEN}{kind}:{index}{CLOSE}"


def fill(text: str, filler: Filler) -> str:
    """Replace every mark of `text`, in order, by what ``filler(kind, index)`` returns."""
    return MARK.sub(lambda found: filler(found[1], int(found[2])), text)


def unclaimed(text: str) -> str:
    """Return text without the marks of claims, for a place where none can begin or end."""
    return _CLAIM.sub("", text)


def has_whole_claims(text: str) -> bool:
    """Tell whether every claim that begins in a text ends in it, and the other way round."""
    found = _CLAIM.findall(text)
    return found[1::2] == [mark.replace("claim", "/claim") for mark in found[::2]]


def split(children: Iterable[Token]) -> list[Token]:
    """Return inline tokens in which every mark of a text is a token of its own, of type ``mark``."""
    parts: list[Token] = []
    for token in children:
        if token.type in ("code_inline", "math_inline", "math_inline_double"):
            # Code is no place for a claim to begin or end: that moves behind it.
            claims = _CLAIM.findall(token.content)
            token.content = unclaimed(token.content)
            parts += [token, *map(_mark, claims)]
        elif token.type == "text" and OPEN in token.content:
            parts += _parts(token)
        else:
            parts.append(token)
    return parts


def _parts(text: Token) -> Iterator[Token]:
    end = 0
    for found in MARK.finditer(text.content):
        if found.start() > end:
            yield _text(text, text.content[end : found.start()])
        yield _mark(found[0])
        end = found.end()
    if end < len(text.content):
        yield _text(text, text.content[end:])


def _mark(text: str) -> Token:
    token, found = Token("mark", "", 0), MARK.fullmatch(text)
    assert found is not None
    token.content, token.meta = text, {"kind": found[1], "index": int(found[2])}
    return token


def _text(like: Token, content: str) -> Token:
    token = Token("text", "", 0)
    token.content, token.level = content, like.level
    return token


def is_mark(token: Token, kind: str) -> bool:
    """Tell whether `token` is a mark of `kind`."""
    return token.type == "mark" and token.meta["kind"] == kind


class ClaimFolder:
    """Nest the marks of claims properly, however they cross emphasis, links and paragraphs.

    A claim that covers ``**half a`` bold phrase, or two paragraphs, becomes several pairs of marks, each
    within one element. One folder serves one text, paragraph after paragraph.
    """

    def __init__(self) -> None:
        self._claim: int | None = None

    def fold(self, children: list[Token]) -> list[Token]:
        """Return the inline tokens of one paragraph with every claim properly nested."""
        return list(self._fold(children))

    def _fold(self, children: list[Token]) -> Iterator[Token]:
        if self._claim is not None:
            yield _claim(self._claim, opening=True)
        for position, token in enumerate(children):
            if is_mark(token, "claim"):
                if self._claim is not None:
                    yield _claim(self._claim, opening=False)
                self._claim = token.meta["index"]
                yield token
            elif is_mark(token, "/claim"):
                if self._claim is not None:
                    yield token
                self._claim = None
            elif token.nesting and self._claim is not None and not _balanced(children, position):
                yield _claim(self._claim, opening=False)
                yield token
                yield _claim(self._claim, opening=True)
            else:
                yield token
        if self._claim is not None:
            yield _claim(self._claim, opening=False)


def _claim(index: int, *, opening: bool) -> Token:
    return _mark(mark("claim" if opening else "/claim", index))


def _balanced(children: list[Token], position: int) -> bool:
    """Tell whether the element that opens or closes at `position` lies wholly inside its claim."""
    step: int = children[position].nesting
    depth, place = step, position
    while depth:
        place += step
        if not 0 <= place < len(children):
            return False
        token = children[place]
        if is_mark(token, "/claim") if step > 0 else is_mark(token, "claim"):
            return False
        depth += token.nesting
    return True
