"""A run of the report as one value (verdicts, facts, confusion matrices), and its JSON.

``check --format json`` prints it, the PDF carries it as ``results.json``, `--baseline` and `diff` read
it again. `schema.json` beside this file describes it. It holds no time and no machine path, so that
equal results give equal bytes.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args

from pydantic_core import CoreSchema, core_schema

from reportgen import __version__
from reportgen.claims.verdict import Kind, Test, Verdict, Verdicts
from reportgen.decoding import Decoder, UndecodableError
from reportgen.decoding import documents as of
from reportgen.errors import InputError, Problem
from reportgen.language import Measured
from reportgen.language.numbers import KINDS

FORMAT: Final = "reportgen-run"
VERSION: Final = 1


@dataclass(frozen=True)
class Fact:
    """One value of the catalogue.

    Attributes
    ----------
    value : float or str or None
        None where there is none: not trained, or diverged.
    text : str
        As the report prints it.
    kind : str
        See `reportgen.language.numbers.Kind`; ``word`` for text.
    lower, upper : float or None
        95 % interval, where there is one.
    n : int or None
        Of how many images a share was counted.
    seeds : tuple of float
        One value a seed where there are several; `value` is their mean.
    """

    value: float | str | None
    text: str
    kind: str
    lower: float | None = None
    upper: float | None = None
    n: int | None = None
    seeds: tuple[float, ...] = ()


@dataclass(frozen=True)
class ModelRun:
    """Where a model's facts come from.

    `keys` are the stored results, one a seed; `confusion` counts the test images of the first seed, by
    true class (row) and predicted class (column).
    """

    title: str
    dataset: str
    seeds: tuple[int, ...]
    keys: tuple[str, ...]
    classes: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class RunSummary:
    """Everything that one run of the report says, as printed and as measured."""

    title: str
    verdicts: Verdicts
    models: Mapping[str, ModelRun]
    facts: Mapping[str, Fact]

    @property
    def exit_status(self) -> int:
        """See `Verdicts.exit_status`."""
        return self.verdicts.exit_status

    def to_json(self) -> str:
        """Return the JSON that `schema.json` describes: a line for each verdict, model and fact."""
        held = self.verdicts.of_status("holds")
        document = {
            "format": FORMAT,
            "version": VERSION,
            "reportgen": __version__,
            "title": self.title,
            "exit_status": self.exit_status,
            "counts": {
                "hold": len(held),
                "false": len(self.verdicts.of_status("false")),
                "undecided": len(self.verdicts.of_status("undecided")),
                "warnings": sum(verdict.doubtful for verdict in held),
            },
            "verdicts": [_verdict_to_json(verdict) for verdict in self.verdicts],
            "adjusted": dict(sorted(self.verdicts.adjusted.items())),
            "models": {name: vars(model) for name, model in self.models.items()},
            "facts": {name: _fact_to_json(fact) for name, fact in sorted(self.facts.items())},
        }
        return _dumped(document)

    @classmethod
    def from_json(cls, text: str | bytes, source: str) -> "RunSummary":
        """Return the run that `to_json` wrote; `source` is what to call it in errors.

        Raises
        ------
        InputError
            If it is no such JSON, or of another version.
        """
        try:
            head = _HEAD(text)
        except UndecodableError as error:
            wrong = f"is not JSON: {error}" if error.malformed else _OTHER
            raise InputError(Problem(source, 0, wrong)) from None
        if head.get("format") != FORMAT:
            raise InputError(Problem(source, 0, _OTHER))
        if head.get("version") != VERSION:
            found = f"has version {head.get('version')!r:.20} of the format"
            raise InputError(Problem(source, 0, f"{found}; this reportgen reads version {VERSION}"))
        try:
            return _RUN(text)
        except UndecodableError as error:
            raise InputError(Problem(source, 0, f"is damaged: {error}")) from None


def _dumped(document: Mapping[str, Any]) -> str:
    """Return JSON whose second level has a line an entry, so that two runs can be compared by line."""

    def compact(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)

    def block(value: object) -> str:
        if isinstance(value, dict) and value:
            return (
                "{\n"
                + ",\n".join(f"  {compact(key)}: {compact(entry)}" for key, entry in value.items())
                + "\n }"
            )
        if isinstance(value, list) and value:
            return "[\n" + ",\n".join(f"  {compact(entry)}" for entry in value) + "\n ]"
        return compact(value)

    return "{\n" + ",\n".join(f" {compact(key)}: {block(value)}" for key, value in document.items()) + "\n}\n"


def _verdict_to_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "id": verdict.id,
        "kind": verdict.kind,
        "of": verdict.of,
        "file": verdict.path,
        "line": verdict.line,
        "sentence": verdict.sentence,
        "expression": verdict.expression,
        "number": verdict.number,
        "verdict": verdict.status,
        "reason": verdict.reason,
        "warnings": list(verdict.warnings),
        "measured": [vars(measured) for measured in verdict.measured],
        "tests": [vars(test) for test in verdict.tests],
    }


def _fact_to_json(fact: Fact) -> dict[str, Any]:
    shown: dict[str, Any] = {"value": _number(fact.value), "text": fact.text, "kind": fact.kind}
    if fact.lower is not None and fact.upper is not None:
        shown |= {"lower": _number(fact.lower), "upper": _number(fact.upper)}
    if fact.n is not None:
        shown["n"] = fact.n
    if fact.seeds:
        shown["seeds"] = [_number(value) for value in fact.seeds]
    return shown


def _number(value: float | str | None) -> float | str | None:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _schema() -> CoreSchema:
    """Return what a run consists of: the types of `schema.json`, and bounds that no report comes near."""
    share = of.number(ge=0, le=1)
    value = core_schema.union_schema([of.number(), of.text(), core_schema.none_schema()])
    test = of.made(Test, hypothesis=of.text(), text=of.text(), p_value=share, adjusted=share, holds=_BOOL)
    verdict = of.made(
        _verdict,
        id=of.text(),
        kind=core_schema.literal_schema(list(get_args(Kind))),
        of=of.text(),
        file=of.text(),
        line=of.count(),
        expression=of.text(),
        verdict=core_schema.literal_schema(list(_HOLDS)),
        sentence=of.text(),
        measured=of.several(of.made(Measured, name=of.text(), text=of.text())),
        tests=of.several(test),
        warnings=of.several(of.text()),
        reason=of.text(),
        number=core_schema.int_schema(ge=1, le=1 << 31),
    )
    model = of.made(
        _model,
        title=of.text(),
        dataset=of.text(),
        seeds=of.several(core_schema.int_schema(ge=-(1 << 63), le=1 << 63)),
        keys=of.several(core_schema.str_schema(pattern="^[0-9a-f]{64}$")),
        classes=of.several(of.text()),
        confusion=of.several(of.several(of.count())),
    )
    fact = of.made(
        _fact,
        value=value,
        text=of.text(),
        kind=core_schema.literal_schema([*KINDS, "word"]),
        lower=of.optional(of.maybe(of.number())),
        upper=of.optional(of.maybe(of.number())),
        n=of.optional(core_schema.int_schema(ge=1, le=1 << 53)),
        seeds=of.optional(of.several(of.maybe(of.number()))),
    )
    return of.made(
        _run,
        reportgen=of.text(),
        exit_status=of.count(),
        counts=of.named(of.count()),
        title=of.text(),
        verdicts=of.several(verdict),
        adjusted=of.named(share),
        models=of.named(model),
        facts=of.named(fact),
    )


def _run(
    title: str,
    verdicts: tuple[Verdict, ...],
    adjusted: Mapping[str, float],
    models: Mapping[str, ModelRun],
    facts: Mapping[str, Fact],
    **_: object,
) -> RunSummary:
    return RunSummary(title, Verdicts(verdicts, adjusted), models, facts)


def _verdict(id: str, file: str, verdict: str, **rest: Any) -> Verdict:
    return Verdict(path=file, holds=_HOLDS[verdict], **rest)


def _model(keys: tuple[str, ...], confusion: tuple[tuple[int, ...], ...], **rest: Any) -> ModelRun:
    model = ModelRun(keys=keys, confusion=confusion, **rest)
    if keys and len(keys) != len(model.seeds):
        raise ValueError("it does not have one key per seed")
    if confusion and {len(confusion), *map(len, confusion)} != {len(model.classes)}:
        raise ValueError("the confusion matrix does not match its classes")
    return model


def _fact(value: Any, seeds: tuple[float | None, ...] = (), **rest: Any) -> Fact:
    fact = Fact(value=value, seeds=tuple(math.nan if each is None else each for each in seeds), **rest)
    if isinstance(value, str) != (fact.kind == "word") and value is not None:
        raise ValueError("the value does not match its kind")
    if (fact.lower is None) != (fact.upper is None) or (fact.lower or 0) > (fact.upper or 0):
        raise ValueError("the interval does not have two ends in order")
    return fact


_BOOL = core_schema.bool_schema()
_HOLDS: Final[Mapping[str, bool | None]] = {"holds": True, "false": False, "undecided": None}
_OTHER: Final = "was not written by `reportgen check --format json`"
LARGEST: Final = 32 << 20  # bytes; a report of twenty models has 1 MB
_ANY: Final = of.optional(core_schema.any_schema())
_HEAD: Final = Decoder[Mapping[str, Any]](lambda: of.made(dict, format=_ANY, version=_ANY), LARGEST)
_RUN: Final = Decoder[RunSummary](_schema, LARGEST)
