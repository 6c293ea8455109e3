"""A run of the report as one value: every verdict, every fact, every confusion matrix; and its JSON.

``check --format json`` prints it, the PDF carries it as ``results.json``, `--baseline` and `diff` read
it again. `schema.json` beside this file describes it. It holds no time and no machine path, so that
equal results give equal bytes.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args

from reportgen import __version__
from reportgen.claims.verdict import Kind, Test, Verdict, Verdicts
from reportgen.errors import InputError
from reportgen.language import Measured

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
    def from_json(cls, text: str, source: str) -> "RunSummary":
        """Return the run that `to_json` wrote; `source` is what to call it in errors.

        Raises
        ------
        InputError
            If it is no such JSON, or of another version.
        """
        try:
            document = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{source} is not JSON: {error}") from None
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise InputError(f"{source} was not written by `reportgen check --format json`")
        if document.get("version") != VERSION:
            found = document.get("version")
            raise InputError(
                f"{source} has version {found} of the format; this reportgen reads version {VERSION}"
            )
        try:
            return _run_from_json(document)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InputError(f"{source} is damaged: {type(error).__name__} {error}") from None


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


def _run_from_json(document: Mapping[str, Any]) -> RunSummary:
    verdicts = tuple(map(_verdict_from_json, document["verdicts"]))
    adjusted = {str(name): float(value) for name, value in document["adjusted"].items()}
    return RunSummary(
        title=_text(document["title"]),
        verdicts=Verdicts(verdicts, adjusted),
        models={name: _model_from_json(model) for name, model in document["models"].items()},
        facts={name: _fact_from_json(fact) for name, fact in document["facts"].items()},
    )


def _verdict_from_json(entry: Mapping[str, Any]) -> Verdict:
    kind = entry["kind"]
    if kind not in get_args(Kind):
        raise ValueError(f"no kind of verdict: {kind!r}")
    return Verdict(
        kind=kind,
        of=_text(entry["of"]),
        path=_text(entry["file"]),
        line=int(entry["line"]),
        expression=_text(entry["expression"]),
        holds={"holds": True, "false": False, "undecided": None}[entry["verdict"]],
        sentence=_text(entry["sentence"]),
        measured=tuple(Measured(_text(item["name"]), _text(item["text"])) for item in entry["measured"]),
        tests=tuple(Test(**item) for item in entry["tests"]),
        warnings=tuple(map(_text, entry["warnings"])),
        reason=_text(entry["reason"]),
        number=int(entry["number"]),
    )


def _model_from_json(entry: Mapping[str, Any]) -> ModelRun:
    return ModelRun(
        title=_text(entry["title"]),
        dataset=_text(entry["dataset"]),
        seeds=tuple(map(int, entry["seeds"])),
        keys=tuple(map(_text, entry["keys"])),
        classes=tuple(map(_text, entry["classes"])),
        confusion=tuple(tuple(map(int, row)) for row in entry["confusion"]),
    )


def _fact_from_json(entry: Mapping[str, Any]) -> Fact:
    value = entry["value"]
    if isinstance(value, bool) or not isinstance(value, int | float | str | None):
        raise TypeError(f"no value of a fact: {value!r}")
    return Fact(
        value=value,
        text=_text(entry["text"]),
        kind=_text(entry["kind"]),
        lower=entry.get("lower"),
        upper=entry.get("upper"),
        n=entry.get("n"),
        seeds=tuple(math.nan if seed is None else float(seed) for seed in entry.get("seeds", ())),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"no text: {value!r}")
    return value
