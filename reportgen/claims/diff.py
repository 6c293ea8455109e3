"""Compare two runs: causes, numbers, claims, confusion matrices."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any, Final

from reportgen.claims.moved import MovedFact, moved
from reportgen.claims.run import ModelRun, RunSummary
from reportgen.claims.verdict import Status, Verdict
from reportgen.language import owner_of
from reportgen.results.causes import is_cause

# By chance alone, one of the 90 cells that ten classes have moves this far in about every fourth comparison.
MOVED_CELL: Final = 3.0


@dataclass(frozen=True)
class Retrained:
    """A model whose results changed.

    `before` and `after` are their keys, empty where there are no results, None where a run doesn't have the
    model. `explained` says whether anything declared differs, too.
    """

    model: str
    before: tuple[str, ...] | None
    after: tuple[str, ...] | None
    explained: bool = True

    def __str__(self) -> str:
        if self.before is None or self.after is None:
            return f"{self.model}: {'new' if self.before is None else 'removed'}"
        if not self.before or not self.after:
            return f"{self.model}: {'results are there' if self.after else 'no results any more'}"
        why = "" if self.explained else "; nothing declared differs, so its code, data or libraries do"
        return f"{self.model}: trained anew{why}"


@dataclass(frozen=True)
class TurnedClaim:
    """A requirement or claim whose verdict differs; None where a run doesn't have it."""

    verdict: Verdict
    before: Status | None
    after: Status | None

    def __str__(self) -> str:
        sentence = f'\n    "{self.verdict.sentence}"' if self.verdict.sentence else ""
        return f"{_word(self.before)} → {_word(self.after)}: {self.verdict.id}{sentence}"


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

    def __str__(self) -> str:
        pair = f"{self.true} taken for {self.predicted}"
        return f"{self.model}: {pair}: {self.before} → {self.after} ({self.errors:+.1f} standard errors)"


@dataclass(frozen=True)
class Difference:
    """All that differs between two runs; each part with what moved most first.

    Attributes
    ----------
    retrained : tuple of Retrained
    causes : tuple of MovedFact
        What was declared, built or read.
    facts : tuple of MovedFact
        The numbers that the report prints or claims something of.
    claims : tuple of TurnedClaim
    others : tuple of MovedFact
        All further facts.
    confusions : tuple of MovedConfusion
    """

    retrained: tuple[Retrained, ...] = ()
    causes: tuple[MovedFact, ...] = ()
    facts: tuple[MovedFact, ...] = ()
    claims: tuple[TurnedClaim, ...] = ()
    others: tuple[MovedFact, ...] = ()
    confusions: tuple[MovedConfusion, ...] = ()

    def to_json(self) -> str:
        """Return it as JSON, with a final newline."""
        document = {
            "format": "reportgen-diff",
            "version": 1,
            "models": [
                {"model": each.model, "before": each.before, "after": each.after} for each in self.retrained
            ],
            "causes": list(map(_fact_to_json, self.causes)),
            "facts": list(map(_fact_to_json, self.facts)),
            "claims": [
                {"id": claim.verdict.id, "before": claim.before, "after": claim.after}
                for claim in self.claims
            ],
            "others": list(map(_fact_to_json, self.others)),
            "confusions": [vars(confusion) for confusion in self.confusions],
        }
        return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    def text_lines(self, *, every: bool = False) -> Iterator[str]:
        """Yield it as plain text: what it comes from, and what readers see of it; or `every` difference."""
        if self == Difference():
            yield "No difference."
        yield from _part("Causes", (*self.retrained, *self.causes))
        yield from _part("Numbers of the report", self.facts)
        yield from _part("Claims", self.claims)
        rest = (*self.others, *self.confusions)
        if every:
            yield from _part("All else", rest)
        elif rest:
            yield f"Not printed in the report: {len(rest)} more; --all lists them."


def _part(title: str, items: Sequence[object]) -> Iterator[str]:
    if items:
        yield f"{title}:"
        yield from (f"  {line}" for item in items for line in str(item).splitlines())


def _fact_to_json(fact: MovedFact) -> dict[str, Any]:
    before, after = (None if each is None else each.value for each in (fact.before, fact.after))
    return {"name": fact.name, "before": before, "after": after, "errors": fact.errors}


def difference(before: RunSummary, after: RunSummary, printed: Collection[str] = ()) -> Difference:
    """Return what differs between two runs.

    Parameters
    ----------
    printed : collection of str
        The facts that the report prints; those that its claims and requirements name, and the test accuracy
        of every model, are counted as such.

    Notes
    -----
    With several seeds, the standard error of a fact is that of its mean over seeds; with one, it is that
    of the images alone, and training noise comes on top. The two runs are taken as independent, which
    overstates the error where they share their test images.
    """
    read = {fact.name for run in (before, after) for each in run.verdicts for fact in each.measured}
    tests = [f"{name}.test" for name in (*before.models, *after.models)]
    read |= {f"{test}.{measure}" for test in tests for measure in ("accuracy", "mae")} | set(printed)
    facts = sorted(moved(before.facts, after.facts), key=lambda fact: -abs(fact.errors or 0))
    lists = {_stem(name) for name in read if _stem(name) != name}
    retrained = list(_retrained(before, after))
    untold = {each.model for each in retrained if not each.before or not each.after}
    causes = tuple(
        fact
        for fact in facts
        if is_cause(fact.name) and not fact.missing and (fact.in_both or owner_of(fact.name) not in untold)
    )
    declared = {owner_of(fact.name) for fact in causes}
    seen = tuple(
        fact for fact in facts if fact not in causes and (fact.name in read or _stem(fact.name) in lists)
    )
    return Difference(
        retrained=tuple(replace(each, explained=each.model in declared) for each in retrained),
        causes=causes,
        facts=seen,
        claims=tuple(_claims(before, after)),
        others=tuple(fact for fact in facts if fact not in causes and fact not in seen),
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


def _stem(name: str) -> str:
    """Return a fact's name up to the number or key of a list's entry; that of a model's variant stays."""
    owner = owner_of(name)
    return owner + name.removeprefix(owner).partition("[")[0]


def _retrained(before: RunSummary, after: RunSummary) -> Iterator[Retrained]:
    for name in dict.fromkeys((*before.models, *after.models)):
        old, new = (run.models[name].keys if name in run.models else None for run in (before, after))
        if old != new:
            yield Retrained(name, old, new)


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
    return {None: "not there", "holds": "holds", "false": "FALSE", "undecided": "undecided"}[status]
