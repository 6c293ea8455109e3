"""Decide from its verdicts whether a report may be written."""

from collections.abc import Iterable, Sequence

from reportgen.claims import Verdict
from reportgen.claims.text import details
from reportgen.errors import ContentError, Problem, UndecidedError, shown
from reportgen.pipeline.gather import Gathered
from reportgen.report import Report


def concerning(gathered: Gathered, sections: Sequence[str], models: Sequence[str]) -> tuple[Verdict, ...]:
    """Return the verdicts on some sections and models."""
    return tuple(
        verdict
        for verdict in gathered.verdicts
        if verdict.of in (sections if verdict.kind == "claim" else models)
    )


def require(verdicts: Iterable[Verdict], report: Report) -> None:
    """See that everything holds.

    Raises
    ------
    UndecidedError
        If something can't be decided.
    ContentError
        If something is false.
    """
    verdicts = tuple(verdicts)
    undecided = [verdict for verdict in verdicts if verdict.holds is None]
    if undecided:
        raise UndecidedError([_problem(verdict, report) for verdict in undecided])
    false = [verdict for verdict in verdicts if verdict.holds is False]
    if false:
        raise ContentError([_problem(verdict, report) for verdict in false])


def warnings(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """Return what holds within noise only and, in a draft, what doesn't hold."""
    verdicts = tuple(verdicts)
    told = [
        f"{verdict.path}:{verdict.line}: {warning}" for verdict in verdicts for warning in verdict.warnings
    ]
    failed = [
        f"{verdict.path}:{verdict.line}: {verdict.word}: {verdict.expression}"
        + (f": {verdict.reason}" if verdict.reason else "")
        for verdict in verdicts
        if not verdict.holds
    ]
    return (*told, *failed)


def _problem(verdict: Verdict, report: Report) -> Problem:
    path = shown(report.project / verdict.path)
    return Problem(path, verdict.line, f"{verdict.word}: " + "; ".join(details(verdict)))
