"""What is gathered of a Markdown text while it is parsed: images, formulas, links, captions, problems.

What a text must not hold is noted with its line, so that all of it can be reported at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from reportgen.document.text import placeholders
from reportgen.errors import Problem


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


@dataclass(frozen=True)
class Caption:
    """The caption of a table of the authors' own: its text, and what it is called to be referred to."""

    text: str
    name: str
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
    captions: list[Caption] = field(default_factory=list)
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
