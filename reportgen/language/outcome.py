"""Results of reading, evaluating and rendering, as frozen values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from jinja2 import nodes

from reportgen.language.values import Show

OPEN: Final = "\ue000"
CLOSE: Final = "\ue001"
TOKEN: Final = re.compile("\ue000(/?[a-z]+):(\\d+)\ue001")


@dataclass(frozen=True)
class Measured:
    """A fact that an expression named, and how it prints."""

    name: str
    text: str


@dataclass(frozen=True)
class TestOutcome:
    """A statistical test that a relation such as ``is significantly_better_than`` made.

    Attributes
    ----------
    hypothesis : str
        What would be rejected; the same for each claim that rests on the same test, so that it is
        counted once when claims are corrected for their number.
    p_value : float
        Of this test alone.
    supported : bool
        Whether the measured difference has the direction that the relation asserts.
    alpha : float
        The level: the relation holds if `supported` and the (adjusted) p-value is at most this.
    text : str
        The test in words: difference, interval, p-value, method and n.
    tries : int
        How many models it may have been made of: with variants, one test counts as so many.
    """

    __test__ = False  # not a test case, whatever pytest makes of the name

    hypothesis: str
    p_value: float
    supported: bool
    alpha: float
    text: str
    tries: int = 1

    def holds(self, adjusted: Mapping[str, float] | None = None) -> bool:
        """Return whether it holds, by the adjusted p-value of its hypothesis where there is one."""
        p_value = (adjusted or {}).get(self.hypothesis, self.p_value)
        return self.supported and p_value <= self.alpha


@dataclass(frozen=True)
class Comparison:
    """A comparison of two values: `left` `sign` `right`, as in ``cnn.test.accuracy > 0.62``."""

    left: object
    sign: str
    right: object
    holds: bool


@dataclass(frozen=True)
class Evaluated:
    """The value of an expression.

    Attributes
    ----------
    value : object
        None where it is undecided: a fact is missing, or a training diverged (`reason`).
    measured : tuple of Measured
        The facts that it named, each once, in order.
    tests, comparisons : tuple
        What was tested and compared on the way; all of it, as ``and`` and ``or`` evaluate both sides.
    vacuous : bool
        Whether it is a statement that is true whatever was measured.
    """

    value: object
    measured: tuple[Measured, ...] = ()
    tests: tuple[TestOutcome, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    reason: str = ""
    vacuous: bool = False


@dataclass(frozen=True)
class ClaimSource:
    """A claim as written; `line` is that of the file."""

    expression: str
    sentence: str
    line: int


@dataclass(frozen=True)
class ClaimOutcome:
    """A claim and what the facts say about it.

    `holds` is None where they can't say. `sentence` is plain text, numbers filled in.
    """

    expression: str
    sentence: str
    line: int
    holds: bool | None
    evaluated: Evaluated

    @property
    def measured(self) -> tuple[Measured, ...]:
        """The facts that the expression named."""
        return self.evaluated.measured


@dataclass(frozen=True)
class PrintedFact:
    """A value printed in an answer.

    Attributes
    ----------
    name : str
        Its dotted name, or an expression that gives the same value; empty for a constant word.
    text : str
        As printed.
    filters : tuple of str
        Filters applied, as written: ``percent(2)``.
    missing : str
        Why there is no value; empty where there is one.
    line : int
    """

    name: str
    text: str
    filters: tuple[str, ...] = ()
    missing: str = ""
    line: int = 0

    @property
    def expression(self) -> str:
        """An expression that prints the same again (see `reportgen.language.reprint`)."""
        name = f"({self.name})" if self.filters and " " in self.name else self.name
        return " | ".join((name, *self.filters))


@dataclass(frozen=True)
class Answer:
    """An answer that was read and found to be well formed.

    Attributes
    ----------
    roots : mapping of str to int
        The names that expressions begin with (models, ``report``, ``data``) and the first line of each.
    claims : tuple of ClaimSource
    tree : jinja2.nodes.Template
        Parsed once; rendering walks it.
    """

    text: str
    path: str
    first_line: int
    roots: Mapping[str, int]
    claims: tuple[ClaimSource, ...]
    tree: nodes.Template = field(repr=False, compare=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The names that expressions begin with, in order of first use."""
        return tuple(self.roots)


@dataclass(frozen=True)
class Rendered:
    """An answer with its facts: Markdown in which tokens stand for all that isn't the author's text.

    A token is U+E000, a kind, ``:``, an index, U+E001. ``show:i`` stands on a line of its own between
    empty lines; ``fact:i`` and ``ref:i`` stand in text; ``claim:i`` and ``/claim:i`` enclose a
    sentence, without the white space around it, and never span paragraphs.

    Attributes
    ----------
    shows : tuple of Show
    facts : tuple of PrintedFact
    claims : tuple of ClaimOutcome
    refs : tuple of Show
        What each cross-reference refers to.
    lines : tuple of int
        For each line of `markdown`, the line of the file that it came from.
    tested : bool
        Whether a statistical test was met, in a claim or anywhere: other p-values could give another text.
    """

    markdown: str
    shows: tuple[Show, ...] = ()
    facts: tuple[PrintedFact, ...] = ()
    claims: tuple[ClaimOutcome, ...] = ()
    refs: tuple[Show, ...] = ()
    lines: tuple[int, ...] = ()
    tested: bool = False

    @property
    def missing(self) -> tuple[PrintedFact, ...]:
        """The facts that have no value yet, or never will (diverged)."""
        return tuple(fact for fact in self.facts if fact.missing)

    def replace_tokens(self, replacement: Callable[[str, int], str]) -> str:
        """Return the Markdown with each token replaced by ``replacement(kind, index)``."""
        return TOKEN.sub(lambda match: replacement(match[1], int(match[2])), self.markdown)

    def plain(self) -> str:
        """Return the Markdown with facts as text, and without claim marks, shows and references."""
        return self.replace_tokens(lambda kind, index: self.facts[index].text if kind == "fact" else "")
