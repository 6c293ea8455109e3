"""Verdicts: on one requirement or claim, and on the whole report."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

from reportgen.language import Measured
from reportgen.report.types import Report

Kind = Literal["results", "requirement", "claim", "baseline", "number"]
Status = Literal["holds", "false", "undecided"]
VACUOUS: Final = "it is true whatever was measured, so it vouches for nothing"

_WORDS: Mapping[Status, str] = {"holds": "holds", "false": "FALSE", "undecided": "UNDECIDED"}
_URGENCY: Mapping[Status, int] = {"false": 0, "undecided": 1, "holds": 2}


@dataclass(frozen=True)
class Test:
    """A statistical test that a claim rests on.

    Attributes
    ----------
    hypothesis : str
        What would be rejected; the same for each claim that rests on the same test.
    text : str
        The test in words: difference, interval, method and n.
    p_value, adjusted : float
        Of this test alone, and adjusted for all the tests of the report (Holm).
    holds : bool
        Whether the relation that was claimed is shown.
    """

    __test__ = False  # not a test case, whatever pytest makes of the name

    hypothesis: str
    text: str
    p_value: float
    adjusted: float
    holds: bool


@dataclass(frozen=True)
class Verdict:
    """One requirement or claim, and what the measurements say about it.

    Attributes
    ----------
    kind : {"results", "requirement", "claim", "baseline", "number"}
        ``results`` stands for a model whose stored results can't be used; ``baseline`` for a number
        that was held against an earlier run; ``number`` for a number that is typed where a fact should
        be named.
    of : str
        The model that it binds, or the section in which it stands.
    path, line : str, int
        Where it is written; the path is relative to the project, with slashes.
    sentence : str
        What a reader reads, numbers filled in; empty for a requirement.
    expression : str
    holds : bool or None
        None where it is undecided (`reason`).
    measured : tuple of Measured
        The facts that the expression names, as printed.
    tests : tuple of Test
    warnings : tuple of str
        Why a statement that holds only just does.
    noise : bool
        Whether a warning says that chance alone may have made it hold.
    number : int
        Distinguishes equal expressions of one section or model, from 1.
    """

    kind: Kind
    of: str
    path: str
    line: int
    expression: str
    holds: bool | None
    sentence: str = ""
    measured: tuple[Measured, ...] = ()
    tests: tuple[Test, ...] = ()
    warnings: tuple[str, ...] = ()
    noise: bool = False
    reason: str = ""
    number: int = 1

    @property
    def id(self) -> str:
        """The same from run to run, also where the sentence or the line has changed."""
        copy = f" #{self.number}" if self.number > 1 else ""
        return f"{self.kind} {self.of}: {self.expression}{copy}"

    @property
    def status(self) -> Status:
        """The verdict in a word."""
        return "undecided" if self.holds is None else "holds" if self.holds else "false"

    @property
    def doubtful(self) -> bool:
        """Whether it holds, but with a warning."""
        return bool(self.holds and self.warnings)

    @property
    def vacuous(self) -> bool:
        """Whether it is true whatever was measured."""
        return VACUOUS in self.warnings

    @property
    def word(self) -> str:
        """The verdict as people read it."""
        if self.doubtful:
            return "holds within noise" if self.noise else "holds with a warning"
        return _WORDS[self.status]


@dataclass(frozen=True)
class Verdicts:
    """All that was decided about a report.

    `adjusted` are the adjusted p-values by hypothesis: what is rendered with them says the same.
    """

    items: tuple[Verdict, ...]
    adjusted: Mapping[str, float] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Verdict]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def of_status(self, status: Status) -> tuple[Verdict, ...]:
        """Return those that hold, are false, or could not be decided."""
        return tuple(verdict for verdict in self.items if verdict.status == status)

    def by_urgency(self) -> list[Verdict]:
        """Return what is false, what is undecided, what holds with a warning, and the rest."""
        return sorted(self.items, key=lambda verdict: (_URGENCY[verdict.status], not verdict.doubtful))

    @property
    def exit_status(self) -> int:
        """2 if anything could not be decided, else 1 if anything is false, else 0.

        2 wins: what is false beside results that are stale may be true again with fresh ones.
        """
        found = {verdict.holds for verdict in self.items}
        return 2 if None in found else 1 if False in found else 0

    def strict(self) -> "Verdicts":
        """Return these with what is true whatever was measured counted as false."""
        held = (
            replace(verdict, holds=False, reason=VACUOUS, warnings=()) if verdict.vacuous else verdict
            for verdict in self.items
        )
        return replace(self, items=tuple(held))

    def with_items(self, more: tuple[Verdict, ...]) -> "Verdicts":
        """Return these and `more`."""
        return replace(self, items=numbered((*self.items, *more)))


def numbered(verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    """Return the verdicts with equal expressions of one place told apart by number, in their order."""
    seen: Counter[str] = Counter()
    found = []
    for verdict in verdicts:
        base = replace(verdict, number=1)
        seen[base.id] += 1
        found.append(replace(base, number=seen[base.id]))
    return tuple(found)


def relative(path: Path, report: Report) -> str:
    """Return a path relative to the report's project, with slashes."""
    return (
        path.relative_to(report.project).as_posix()
        if path.is_relative_to(report.project)
        else path.as_posix()
    )
