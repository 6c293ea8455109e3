"""Recompute what a PDF says from the evidence inside it, and compare the two word by word.

The PDF alone is read. From the predictions that it carries every fact, verdict, figure and page is made
anew, by the answers and templates that it carries; what stands on its pages must be what comes out.
"""

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from reportgen import claims
from reportgen.commands.verify import attached_notebook, origins
from reportgen.commands.verify.attachments import Evidence, unpacked
from reportgen.commands.verify.json_diff import Difference, leaves
from reportgen.document import pdf
from reportgen.document.pdf import reader
from reportgen.errors import InputError, Problem, shown
from reportgen.pipeline.formats import FORMATS
from reportgen.pipeline.read_report import quick_title
from reportgen.pipeline.render import answered, lay_out, moment, unexecuted

_NUMBER = re.compile(r"\d")
_LABELS = {"facts": "fact", "verdicts": "verdict", "models": "model"}
_MOST = 3  # differences reported for one entry


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
    undecided : mapping of str to str
        Models whose attached code is not what their results were trained by, with a sentence. It may build
        the same model all the same, which only running it tells.
    """

    numbers: int
    facts: int
    verdicts: int
    differences: tuple[Difference, ...]
    undecided: Mapping[str, str] = field(default_factory=dict)

    @property
    def exit_status(self) -> int:
        """1 if anything differs, else 2 if something can't be said, else 0."""
        return 1 if self.differences else 2 if self.undecided else 0

    def settled(self, model: str | None) -> "Verification":
        """Return this without what is undecided of a model that is trained again."""
        return replace(self, undecided={name: why for name, why in self.undecided.items() if name != model})


def verify(path: Path) -> Verification:
    """Compare a PDF with what its evidence gives.

    Raises
    ------
    InputError
        If it can't be read, or does not carry a report.
    """
    if path.suffix in FORMATS and path.suffix != ".pdf":
        pdf_beside = shown(path.with_suffix(".pdf"))
        message = "has no evidence inside it to recompute its numbers from; a PDF has"
        raise InputError(Problem(shown(path), 0, message, f"reportgen verify {pdf_beside}"))
    with unpacked(path) as evidence:
        _refuse_draft(evidence, path)
        gathered = evidence.gathered
        run = claims.summarize(evidence.project.report, gathered.facts, gathered.verdicts)
        said, found = map(_anywhere, (json.loads(evidence.results), json.loads(run.to_json())))
        differences = [*_results(said, found), *origins.differences(gathered)]
        undecided = origins.undecided(gathered)
        told = _told(evidence, path)
    numbers = sum(bool(_NUMBER.search(word)) for text in evidence.pages for word in text.split())
    places = [each.where.partition(" ")[0] for each in differences]
    return Verification(
        numbers - sum(bool(_NUMBER.search(each.printed)) for each in told),
        len(run.facts) - places.count("fact"),
        len(run.verdicts) - places.count("verdict"),
        (*differences, *told),
        undecided,
    )


def _refuse_draft(evidence: Evidence, path: Path) -> None:
    """Raise an InputError for a quick draft: its models were not trained as the report in it says."""
    report, said = evidence.project.report, json.loads(evidence.results)
    if isinstance(said, dict) and said.get("title") == quick_title(report.title_block.title, report.language):
        message = "is a quick draft: its models were trained on few items, so there is nothing to verify"
        raise InputError(Problem(shown(path), 0, message, "reportgen build writes the report"))


def _told(evidence: Evidence, path: Path) -> list[Difference]:
    """Set the report once more, by what the PDF carries, and compare the words on the pages."""
    project, gathered = evidence.project, evidence.gathered
    answers = answered(project.report, gathered)

    def compared(draft: bool) -> list[Difference]:
        page = lay_out(project, gathered, answers, draft=draft)
        again = pdf.write(
            page.html, page.assets, metadata=pdf.Metadata(moment(gathered)), formulas=page.formulas
        )
        notebook = unexecuted(project.report, gathered, answers, page)
        return [
            *_words(evidence.pages, reader.open_pdf(again, path).pages),
            *attached_notebook.differences(evidence.notebook, notebook, project, gathered),
        ]

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
            apart = list(leaves(old.get(name), new.get(name), ""))[:_MOST]
            if apart:
                where = " ".join(filter(None, (_LABELS.get(part, part), name)))
                yield Difference(where, *(", ".join(column) for column in zip(*apart, strict=True)))


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
