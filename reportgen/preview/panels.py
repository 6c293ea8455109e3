"""The content of the panels as JSON values: verdicts, problems, models, facts."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from reportgen.claims import Verdict, typed_numbers
from reportgen.claims.text import p_text
from reportgen.errors import Place, Problem
from reportgen.language import TYPED, Quantity, evaluate, fact_names, owner_of
from reportgen.pipeline.gather import Gathered
from reportgen.plan import Plan
from reportgen.report import Report
from reportgen.results import Facts, functions, listing

# Editors that open a file at a line by an address; any other is taken to be Visual Studio Code.
EDITORS: Final = {"codium": "vscodium", "cursor": "cursor", "windsurf": "windsurf"}


def editor() -> str:
    """Return the scheme of the addresses that open the user's editor, by VISUAL or EDITOR."""
    words = (os.environ.get("VISUAL") or os.environ.get("EDITOR") or "").split()
    return EDITORS.get(Path(words[0]).name if words else "", "vscode")


def place(path: str | Path, line: int, project: Path) -> dict[str, Any]:
    """Return a file as it is named in the project, its line, and the address that opens it there."""
    whole = Path(os.path.abspath(project / path))  # noqa: PTH100 - a link stays what it is
    name = whole.relative_to(project).as_posix() if whole.is_relative_to(project) else str(path)
    at = f":{line}" if line else ""
    return {"file": name, "line": line, "edit": f"{editor()}://file{quote(whole.as_posix())}{at}"}


def status(verdict: Verdict) -> str:
    """Return a verdict as ``holds``, ``noise``, ``doubtful`` (a warning), ``false`` or ``undecided``."""
    return ("noise" if verdict.noise else "doubtful") if verdict.doubtful else verdict.status


def verdicts(gathered: Gathered, project: Path) -> list[dict[str, Any]]:
    """Return every requirement and claim with what was measured, the most urgent first."""
    return [
        {
            "id": verdict.id,
            "kind": verdict.kind,
            "of": verdict.of,
            "status": status(verdict),
            "word": verdict.word,
            "sentence": verdict.sentence,
            "expression": verdict.expression,
            "measured": [[fact.name, fact.text] for fact in verdict.measured],
            "tests": [{"text": test.text, "adjusted": p_text(test.adjusted)} for test in verdict.tests],
            "warnings": list(verdict.warnings),
            "reason": verdict.reason,
            **place(verdict.path, verdict.line, project),
        }
        for verdict in gathered.verdicts.by_urgency()
    ]


def typed(report: Report, facts: Facts, project: Path) -> list[dict[str, Any]]:
    """Return every number that looks measured and is typed."""
    before, after = TYPED.split("{}")
    found = typed_numbers(report, facts)
    return [
        {
            "of": each.of,
            "text": each.expression.removeprefix(before).removesuffix(after),
            "message": each.expression,
            "remedy": each.reason,
            **place(each.path, each.line, project),
        }
        for each in found
    ]


def problems(found: Iterable[Problem], project: Path) -> list[dict[str, Any]]:
    """Return what is wrong, each with its place where it has one."""
    return [
        {
            "message": each.message,
            "remedy": each.remedy,
            **(place(Path.cwd() / each.path, each.line, project) if each.path else {}),
        }
        for each in found
    ]


def models(plan: Plan) -> list[dict[str, Any]]:
    """Return every model with each seed: whether it is fresh, and why not."""
    return [
        {
            "name": each.name,
            "model": each.model,
            "title": each.spec.title,
            "status": each.status,
            # Where it is being trained stands in the table, which is newer.
            "reasons": [str(reason) for reason in each.reasons if reason.cause != "running"],
            "epochs": each.spec.training.epochs,
        }
        for each in plan.models
    ]


def facts(gathered: Gathered) -> list[list[str]]:
    """Return name, value, kind and meaning of every fact and function."""
    found = [*listing(gathered.facts), *functions()]
    return [[entry.name, entry.text, entry.kind, entry.description] for entry in found]


def fact(gathered: Gathered, expression: str) -> dict[str, Any]:
    """Return all that is known of one number in the text.

    Raises
    ------
    InputError
        If there is no such name.
    """
    name = re.sub(r"\s*\|.*", "", expression, flags=re.DOTALL)
    value = evaluate(name, gathered.facts, Place(Path("preview"), 0)).value
    owners = dict.fromkeys(map(owner_of, fact_names(name)))
    used = [model for model in owners if model in gathered.records]
    told: dict[str, Any] = {
        "name": name,
        "text": str(value),
        "keys": [record.key for model in used for record in gathered.records[model]],
    }
    if isinstance(value, Quantity):
        told |= dict(_of_quantity(value))
    return told


def _of_quantity(value: Quantity) -> Iterator[tuple[str, Any]]:
    if value.missing:
        yield "missing", value.missing
        return
    if value.bounds is not None:
        yield "interval", str(value.member("interval"))
    if value.n is not None:
        yield "of", [value.k, value.n]
    if value.seeds:
        yield "seeds", [str(value.derived(each, value.kind, "")) for each in value.seeds]
