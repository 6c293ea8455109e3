"""Recomputes what a PDF says from the evidence inside it, and compares the two word by word.

The PDF alone is read. From the predictions that it carries every fact, verdict, figure and page is made
anew, by the answers and templates that it carries; what stands on its pages must be what comes out.
"""

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportgen import claims
from reportgen import plan as plans
from reportgen.document import opened, pdf
from reportgen.pipeline.carried import Evidence, unpacked
from reportgen.pipeline.gathering import Gathered
from reportgen.pipeline.rendering import answered, lay_out, moment

_NUMBER = re.compile(r"\d")
_LABELS = {"facts": "fact", "verdicts": "verdict", "models": "model"}
_MOST = 3  # differences that are told of one entry


@dataclass(frozen=True)
class Difference:
    """Where the PDF and its evidence disagree: what is printed, and what was recomputed."""

    where: str
    printed: str
    recomputed: str

    def __str__(self) -> str:
        return f"{self.where}: printed {self.printed!r}, recomputed {self.recomputed!r}"


@dataclass(frozen=True)
class Verification:
    """How far a PDF agrees with its evidence.

    Attributes
    ----------
    numbers : int
        Words with a digit on the pages that agree with what was recomputed.
    facts, verdicts : int
        Values and verdicts of results.json that agree.
    differences : tuple of Difference
    """

    numbers: int
    facts: int
    verdicts: int
    differences: tuple[Difference, ...]

    @property
    def exit_status(self) -> int:
        """0 if all agrees, else 1."""
        return int(bool(self.differences))


def verify(path: Path) -> Verification:
    """Compare a PDF with what its evidence gives.

    Raises
    ------
    InputError
        If it can't be read, or does not carry a report.
    """
    with unpacked(path) as evidence:
        gathered = evidence.gathered
        run = claims.summarize(evidence.project.report, gathered.facts, gathered.verdicts)
        said, found = map(_anywhere, (json.loads(evidence.results), json.loads(run.to_json())))
        differences = [*_results(said, found), *_trainings(gathered)]
        told = _told(evidence, path)
    numbers = sum(bool(_NUMBER.search(word)) for text in evidence.pages for word in text.split())
    places = [each.where.partition(" ")[0] for each in differences]
    return Verification(
        numbers - sum(bool(_NUMBER.search(each.printed)) for each in told),
        len(run.facts) - places.count("fact"),
        len(run.verdicts) - places.count("verdict"),
        (*differences, *told),
    )


def _told(evidence: Evidence, path: Path) -> list[Difference]:
    """Set the report once more, by what the PDF carries, and compare the words on the pages."""
    project, gathered = evidence.project, evidence.gathered
    answers = answered(project.report, gathered)

    def compared(draft: bool) -> list[Difference]:
        page = lay_out(project, gathered, answers, draft=draft)
        again = pdf.write(
            page.parts, page.assets, metadata=pdf.Metadata(moment(gathered)), formulas=page.formulas
        )
        return list(_words(evidence.pages, opened.open_pdf(again, path).pages))

    false = any(verdict.holds is False for verdict in gathered.verdicts)
    told = compared(false)
    # What is marked as a draft may hold nevertheless.
    return told if false or not told else min(told, compared(True), key=len)


def _results(said: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[Difference]:
    """Compare results.json, entry by entry, with what the predictions give."""
    for part in dict.fromkeys((*said, *found)):
        if part == "reportgen":  # the version that wrote it
            continue
        old, new = _entries(said.get(part)), _entries(found.get(part))
        for name in dict.fromkeys((*old, *new)):
            leaves = list(_leaves(old.get(name), new.get(name), ""))[:_MOST]
            if leaves:
                where = " ".join(filter(None, (_LABELS.get(part, part), name)))
                yield Difference(where, *(", ".join(column) for column in zip(*leaves, strict=True)))


def _anywhere(results: Any) -> Any:
    """Return results.json without the folder that the answers were in; the PDF has one of its own."""
    verdicts = results.get("verdicts") if isinstance(results, dict) else None
    for verdict in verdicts if isinstance(verdicts, list) else ():
        if isinstance(verdict, dict) and isinstance(verdict.get("file"), str):
            verdict["file"] = verdict["file"].rpartition("/")[2]
    return results


def _entries(value: Any) -> Mapping[str, Any]:
    if isinstance(value, list):
        named = [entry for entry in value if isinstance(entry, dict) and isinstance(entry.get("id"), str)]
        return {entry["id"]: entry for entry in named}
    return value if isinstance(value, dict) else {"": value}


def _leaves(old: Any, new: Any, name: str) -> Iterator[tuple[str, str]]:
    """Yield the innermost values that differ, each with its name."""
    if isinstance(old, dict) and isinstance(new, dict):
        for each in dict.fromkeys((*old, *new)):
            yield from _leaves(old.get(each), new.get(each), each)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for place, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _leaves(one, other, f"{name}[{place}]")
    elif old != new:
        one, other = (
            value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in (old, new)
        )
        yield f"{name} {one}".strip(), f"{name} {other}".strip()


def _trainings(gathered: Gathered) -> Iterator[Difference]:
    """Compare how models are trained by the report with how its results were trained by their keys."""
    for name, records in gathered.records.items():
        for planned, record in zip(gathered.plan.of(name), records, strict=False):
            key = plans.result_key(record.projection)
            if key != record.key:
                yield Difference(f"key of {planned.name}", record.key[:12], key[:12])
            for part in ("training", "seed"):
                said, found = (each.projection[part] for each in (planned, record))
                for leaf in _leaves(said, found, part):
                    yield Difference(f"training of {planned.name}", *leaf)


def _words(printed: Sequence[str], again: Sequence[str]) -> Iterator[Difference]:
    """Compare the words on the pages, wherever lines and pages break."""
    before = [(word, number) for number, text in enumerate(printed, 1) for word in text.split()]
    after = [word for text in again for word in text.split()]
    matcher = difflib.SequenceMatcher(None, [word for word, _ in before], after, autojunk=False)
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        if kind != "equal":
            page = before[min(start, len(before) - 1)][1] if before else 1
            said = " ".join(word for word, _ in before[start:end])
            yield Difference(f"page {page}", said, " ".join(after[other_start:other_end]))
