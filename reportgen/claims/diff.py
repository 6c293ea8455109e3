"""What changed from one run to another: numbers, claims, confusions."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import hypot, inf, sqrt
from statistics import variance
from typing import Any, Final

from reportgen.claims.run import Fact, ModelRun, RunSummary
from reportgen.claims.verdict import Status, Verdict
from reportgen.language import Kind
from reportgen.language.numbers import KINDS, printed
from reportgen.results.distributions import two_sided
from reportgen.results.statistics import LEVEL

# By chance alone, one of the 90 cells that ten classes have moves this far in about every fourth comparison.
MOVED_CELL: Final = 3.0


@dataclass(frozen=True)
class MovedFact:
    """A fact whose value differs; None where a run doesn't have it.

    `errors` says how many standard errors the difference is, where it has one.
    """

    name: str
    before: Fact | None
    after: Fact | None
    errors: float | None = None


@dataclass(frozen=True)
class TurnedClaim:
    """A requirement or claim whose verdict differs; None where a run doesn't have it."""

    verdict: Verdict
    before: Status | None
    after: Status | None


@dataclass(frozen=True)
class MovedConfusion:
    """A pair of classes that is confused more, or less, often than before.

    `errors` is the difference of the two counts in units of its standard error.
    """

    model: str
    true: str
    predicted: str
    before: int
    after: int
    errors: float


@dataclass(frozen=True)
class Difference:
    """All that differs between two runs; each part with what moved most first."""

    facts: tuple[MovedFact, ...]
    claims: tuple[TurnedClaim, ...]
    confusions: tuple[MovedConfusion, ...]

    def to_json(self) -> str:
        """Return it as JSON, with a final newline."""
        document = {
            "format": "reportgen-diff",
            "version": 1,
            "claims": [
                {"id": claim.verdict.id, "before": claim.before, "after": claim.after}
                for claim in self.claims
            ],
            "facts": [
                {
                    "name": fact.name,
                    "before": _value(fact.before),
                    "after": _value(fact.after),
                    "errors": fact.errors,
                }
                for fact in self.facts
            ],
            "confusions": [vars(confusion) for confusion in self.confusions],
        }
        return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    def text_lines(self) -> Iterator[str]:
        """Yield it as plain text."""
        if not (self.facts or self.claims or self.confusions):
            yield "No difference."
        for claim in self.claims:
            yield f"{_word(claim.before)} → {_word(claim.after)}: {claim.verdict.id}"
            if claim.verdict.sentence:
                yield f'    "{claim.verdict.sentence}"'
        for fact in self.facts:
            yield f"{fact.name}: {_text(fact.before)} → {_text(fact.after)}{_moved(fact)}"
        for cell in self.confusions:
            pair = f"{cell.true} taken for {cell.predicted}"
            yield f"{cell.model}: {pair}: {cell.before} → {cell.after} ({cell.errors:+.1f} standard errors)"


def difference(before: RunSummary, after: RunSummary) -> Difference:
    """Return what differs between two runs.

    Notes
    -----
    With several seeds, the standard error of a fact is that of its mean over seeds; with one, it is that
    of the images alone, and training noise comes on top. The two runs are taken as independent, which
    overstates the error where they share their test images.
    """
    return Difference(
        facts=tuple(sorted(_facts(before.facts, after.facts), key=lambda fact: -abs(fact.errors or 0))),
        claims=tuple(_claims(before, after)),
        confusions=tuple(
            sorted(
                (
                    cell
                    for name in before.models.keys() & after.models.keys()
                    for cell in _confusions(name, before.models[name], after.models[name])
                ),
                key=lambda cell: (-abs(cell.errors), cell.model, cell.true, cell.predicted),
            )
        ),
    )


def noise(before: Fact, after: Fact) -> tuple[float, float] | None:
    """Return the standard error of a difference of two facts and its degrees of freedom.

    None where they are exact, or nothing is known of their errors. Where one side has several seeds, the
    other borrows their variance.
    """
    several = [fact for fact in (before, after) if len(fact.seeds) > 1]
    if several:
        squares = [
            variance(fact.seeds if fact in several else several[0].seeds) / max(len(fact.seeds), 1)
            for fact in (before, after)
        ]
        return sqrt(sum(squares)), min(len(fact.seeds) for fact in several) - 1
    if before.lower is None or before.upper is None or after.lower is None or after.upper is None:
        return None
    reach = hypot(before.upper - before.lower, after.upper - after.lower) / 2
    return reach / two_sided(LEVEL), inf


def _facts(before: Mapping[str, Fact], after: Mapping[str, Fact]) -> Iterator[MovedFact]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old is None or new is None or old.value != new.value:
            yield MovedFact(name, old, new, _errors(old, new))


def _errors(old: Fact | None, new: Fact | None) -> float | None:
    """Return the difference in units of its standard error."""
    if (
        old is None
        or new is None
        or not isinstance(old.value, int | float)
        or not isinstance(new.value, int | float)
    ):
        return None
    found = noise(old, new)
    return (new.value - old.value) / found[0] if found and found[0] else None


def _claims(before: RunSummary, after: RunSummary) -> Iterator[TurnedClaim]:
    old = {verdict.id: verdict for verdict in before.verdicts}
    new = {verdict.id: verdict for verdict in after.verdicts}
    for name in dict.fromkeys((*old, *new)):
        was, now = old.get(name), new.get(name)
        verdict = now or was
        assert verdict is not None
        turned = TurnedClaim(verdict, was.status if was else None, now.status if now else None)
        if turned.before != turned.after:
            yield turned


def _confusions(name: str, before: ModelRun, after: ModelRun) -> Iterator[MovedConfusion]:
    if before.classes != after.classes or not (before.confusion and after.confusion):
        return
    for true, (old_row, new_row) in enumerate(zip(before.confusion, after.confusion, strict=True)):
        for predicted, (old, new) in enumerate(zip(old_row, new_row, strict=True)):
            errors = (new - old) / sqrt(new + old) if true != predicted and new != old else 0.0
            if abs(errors) >= MOVED_CELL:
                pair = before.classes[true], before.classes[predicted]
                yield MovedConfusion(name, *pair, old, new, errors)


def _word(status: Status | None) -> str:
    return {None: "not there", "holds": "holds", "false": "FALSE", "undecided": "can't say"}[status]


def _text(fact: Fact | None) -> str:
    return "not there" if fact is None else fact.text


def _value(fact: Fact | None) -> Any:
    return None if fact is None else fact.value


def _moved(fact: MovedFact) -> str:
    """Return the difference in words."""
    if fact.before is None or fact.after is None:
        return ""
    old, new, kind = fact.before.value, fact.after.value, fact.after.kind
    if not isinstance(old, int | float) or not isinstance(new, int | float) or kind not in KINDS:
        return ""
    unit: Kind = "points" if kind == "share" else kind  # type: ignore[assignment]
    change = f"{'+' if new > old else ''}{printed(new - old, unit)}"
    return f" ({change}" + (f", {fact.errors:+.1f} standard errors)" if fact.errors is not None else ")")
