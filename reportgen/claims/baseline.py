"""Holds a run against an earlier one: no accuracy may have dropped by more than is allowed."""

from math import inf
from typing import Final

from reportgen.claims.diff import noise
from reportgen.claims.run import Fact, RunSummary
from reportgen.claims.verdict import Verdict, relative
from reportgen.errors import InputError
from reportgen.language import Measured
from reportgen.language.numbers import decimal
from reportgen.report.model import ModelSpec, Report
from reportgen.results.distributions import upper_tail
from reportgen.results.statistics import ALPHA, holm

ALLOWED: Final = 0.01


def against(
    run: RunSummary, baseline: RunSummary, report: Report, *, allowed: float = ALLOWED
) -> tuple[Verdict, ...]:
    """Return a verdict for the test accuracy of each model that both runs have.

    Parameters
    ----------
    run, baseline : RunSummary
    report : Report
        For the places of the models.
    allowed : float
        Drop that is accepted, a share of 1.

    Raises
    ------
    InputError
        If the two have no model in common: nothing would be held against anything.

    Notes
    -----
    A drop fails if it is larger than allowed AND larger than noise: the one-sided p-value of "no drop",
    adjusted by Holm's method for the number of models, is at most 0.05. A drop larger than allowed that
    may be noise holds with a warning. For what noise covers see `reportgen.claims.diff.difference`.
    """
    before = {name: fact for name in report.models if (fact := _accuracy(baseline, name))}
    after = {name: fact for name in before if (fact := _accuracy(run, name))}
    if not before:
        raise InputError("the baseline has no test accuracy of any model of this report")
    adjusted = dict(zip(after, holm([_p_value(before[name], after[name]) for name in after]), strict=True))
    return tuple(
        _verdict(report.models[name], report, before[name], after.get(name), allowed, adjusted.get(name, 1.0))
        for name in before
    )


def _accuracy(run: RunSummary, name: str) -> Fact | None:
    """Return a model's test accuracy, if there is a value."""
    fact = run.facts.get(f"{name}.test.accuracy")
    return fact if fact and isinstance(fact.value, int | float) else None


def _drop(before: Fact, after: Fact) -> float:
    assert isinstance(before.value, int | float)
    assert isinstance(after.value, int | float)
    return before.value - after.value


def _p_value(before: Fact, after: Fact) -> float:
    """Return the one-sided p-value of no drop."""
    error, freedom = noise(before, after) or (0.0, inf)
    return upper_tail(_drop(before, after), error, freedom)


def _verdict(
    spec: ModelSpec, report: Report, before: Fact, after: Fact | None, allowed: float, p_value: float
) -> Verdict:
    fact = f"{spec.name}.test.accuracy"
    drop = _drop(before, after) if after else 0.0
    fails = drop > allowed and p_value <= ALPHA
    lost = f"a drop of {decimal(100 * drop, 1)} points"
    return Verdict(
        kind="baseline",
        of=spec.name,
        path=relative(spec.place.path, report),
        line=spec.place.line,
        expression=f"{fact} drops by no more than {decimal(100 * allowed, 1)} points",
        holds=not fails if after else None,
        measured=(
            Measured(fact, after.text if after else "not measured"),
            Measured(f"{fact} of the baseline", before.text),
        ),
        warnings=(f"{lost} is more than allowed, but within noise (p = {p_value:.2f})",)
        if drop > allowed and not fails
        else (),
        reason="" if after else f"{fact}: not measured",
    )
