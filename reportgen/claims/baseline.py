"""Compare a run with an earlier one: no accuracy may drop, and no error rise, by more than is allowed."""

from collections.abc import Iterator
from fractions import Fraction
from math import inf
from typing import Final

from reportgen.claims.moved import noise
from reportgen.claims.run import Fact, RunSummary
from reportgen.claims.verdict import Verdict, relative
from reportgen.errors import InputError
from reportgen.language import Measured
from reportgen.language.exact import counted
from reportgen.language.numbers import decimal, style_of
from reportgen.language.quantity import UNMEASURED
from reportgen.report.types import ModelSpec, Report
from reportgen.results.distributions import upper_tail
from reportgen.results.statistics import ALPHA, holm

ALLOWED: Final = 0.01


def against(
    run: RunSummary, baseline: RunSummary, report: Report, *, allowed: float = ALLOWED
) -> tuple[Verdict, ...]:
    """Return a verdict for the test of each model that both runs have, and for all that was removed.

    Parameters
    ----------
    run, baseline : RunSummary
    report : Report
        For the places of the models.
    allowed : float
        Drop of an accuracy that is accepted, a share of 1; of mean absolute errors, rise as a share.

    Raises
    ------
    InputError
        If the two have no model in common: nothing would be held against anything.

    Notes
    -----
    A drop fails if it is larger than allowed AND larger than noise: the one-sided p-value of "no drop",
    adjusted by Holm's method for the number of models, is at most 0.05. A drop larger than allowed that
    may be noise holds with a warning. A requirement, claim or model of the earlier run that is no longer
    there is a warning, too, for the reviewer of the change. For what noise covers see
    `reportgen.claims.diff.difference`.
    """
    before = {name: fact for name in report.models if (fact := _test(baseline, name))}
    after = {name: fact for name in before if (fact := _test(run, name))}
    if not before:
        raise InputError("the baseline has no test accuracy or error of any model of this report")
    adjusted = dict(zip(after, holm([_p_value(before[name], after[name]) for name in after]), strict=True))
    held = (
        _verdict(report.models[name], report, before[name], after.get(name), allowed, adjusted.get(name, 1.0))
        for name in before
    )
    return (*held, *_removed(run, baseline, relative(report.toml, report)))


def _removed(run: RunSummary, baseline: RunSummary, path: str) -> Iterator[Verdict]:
    """Yield a warning for each model, requirement and claim that only the earlier run has."""
    left = {verdict.id for verdict in run.verdicts}
    for name in baseline.models:
        if name not in run.models:
            yield _missed(name, path, f"the model {name}")
    for verdict in baseline.verdicts:
        if verdict.kind in ("requirement", "claim") and verdict.id not in left:
            yield _missed(
                verdict.of, verdict.path, f"the {verdict.kind} {verdict.expression}", verdict.sentence
            )


def _missed(of: str, path: str, what: str, sentence: str = "") -> Verdict:
    warning = "it was removed since the baseline"
    return Verdict("baseline", of, path, 0, f"{what} is still there", True, sentence, warnings=(warning,))


def _test(run: RunSummary, name: str) -> Fact | None:
    """Return a model's test accuracy, or its mean absolute error, if there is a value."""
    found = (run.facts.get(f"{name}.test.{measure}") for measure in ("accuracy", "mae"))
    return next((fact for fact in found if fact and isinstance(fact.value, int | float)), None)


def _drop(before: Fact, after: Fact) -> Fraction:
    """Return by how much a test became worse: in accuracy, or as a share of the earlier error."""
    if before.kind == "share":
        return _exact(before) - _exact(after)
    return (_exact(after) - _exact(before)) / (_exact(before) or 1)


def _exact(fact: Fact) -> Fraction:
    """Return a share as the fraction that was counted, so that a drop of 1 point is not more than that."""
    assert isinstance(fact.value, int | float)
    if fact.kind != "share":
        return Fraction(fact.value)
    return Fraction(counted(fact.value, (fact.n or 0) * max(len(fact.seeds), 1)))


def _p_value(before: Fact, after: Fact) -> float:
    """Return the one-sided p-value of no drop."""
    error, freedom = noise(before, after) or (0.0, inf)
    if before.kind != "share":
        error /= float(_exact(before) or 1)
    return upper_tail(float(_drop(before, after)), error, freedom)


def _tenths(value: float) -> str:
    return decimal(value, 1, style_of("en"))


def _verdict(
    spec: ModelSpec, report: Report, before: Fact, after: Fact | None, allowed: float, p_value: float
) -> Verdict:
    share = before.kind == "share"
    fact, unit = f"{spec.name}.test.{'accuracy' if share else 'mae'}", "points" if share else "%"
    verb, noun = ("drops", "drop") if share else ("rises", "rise")
    drop = _drop(before, after) if after else Fraction(0)
    larger = drop > Fraction(repr(allowed))
    fails = larger and p_value <= ALPHA
    lost = f"a {noun} of {_tenths(float(100 * drop))} {unit}"
    return Verdict(
        kind="baseline",
        of=spec.name,
        path=relative(spec.place.path, report),
        line=spec.place.line,
        expression=f"{fact} {verb} by no more than {_tenths(100 * allowed)} {unit}",
        holds=not fails if after else None,
        measured=(
            Measured(fact, after.text if after else UNMEASURED),
            Measured(f"{fact} of the baseline", before.text),
        ),
        warnings=(f"{lost} is more than allowed, but within noise (p = {p_value:.2f})",)
        if larger and not fails
        else (),
        noise=larger and not fails,
        reason="" if after else f"{fact}: {UNMEASURED}",
    )
