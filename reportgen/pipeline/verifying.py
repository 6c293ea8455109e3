"""Recomputes what a PDF says from the evidence inside it, and compares the two word by word.

The PDF alone is read. From the predictions that it carries every fact, verdict, figure and page is made
anew, by the answers and templates that it carries; what stands on its pages must be what comes out.
"""

import difflib
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from reportgen import claims, datasets, results
from reportgen import plan as plans
from reportgen import report as reports
from reportgen.claims import RunSummary
from reportgen.datasets.model import Pixels
from reportgen.document import opened, pdf
from reportgen.document.opened import Opened
from reportgen.errors import InputError, Problem, ReportgenError, shown
from reportgen.experiment import codec
from reportgen.experiment.record import Record
from reportgen.pipeline.gathering import Gathered
from reportgen.pipeline.project import Project
from reportgen.pipeline.rendering import RESULTS, answered, lay_out, moment
from reportgen.store import Store

_NUMBER = re.compile(r"\d")


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


@dataclass(frozen=True)
class Carried(Project):
    """A project that a PDF carries: of its data sets only `marks` are there, their fingerprints by name."""

    marks: Mapping[str, str] = field(default_factory=dict)

    def data(self, name: str) -> plans.Data:
        """Return what the results say of a data set."""
        own = self.report.datasets
        names = datasets.class_names(name, own)
        return plans.Data(self.marks.get(name, ""), datasets.validation(name, own), names)

    def images(self, record: Record, dataset: str) -> Pixels:
        """Return blank images: what is said about them does not depend on how they look."""
        shape = record.architecture.layers[0].output_shape[1:]
        return np.zeros((len(record.evaluations["test"].labels), *(size or 1 for size in shape)), np.uint8)


@dataclass(frozen=True)
class Evidence:
    """The evidence of a PDF, unpacked: a report project, its results, and what the PDF says of them."""

    project: Project
    gathered: Gathered
    run: RunSummary
    opened: Opened


def unpacked(path: Path, folder: Path) -> Evidence:
    """Unpack a PDF into a folder and read its results.

    Raises
    ------
    InputError
        If it can't be read, or does not carry a report.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(Problem(shown(path), 0, f"can't be read: {error.strerror}")) from None
    found = opened.open_pdf(data, path)
    if RESULTS not in found.attachments or "answers/report.toml" not in found.attachments:
        remedy = "only a PDF that reportgen built can be verified"
        raise InputError(Problem(shown(path), 0, "carries no evidence", remedy))
    carried, store = folder / "carried", folder / "store"  # nothing that is carried gets into the store
    try:
        opened.unpack(found, carried)
    except OSError as error:
        message = f"its attachments can't be unpacked: {error.strerror}"
        raise InputError(Problem(shown(path), 0, message)) from None
    run = RunSummary.from_json(found.attachments[RESULTS].decode(errors="replace"), f"{path.name}: {RESULTS}")
    report = reports.load(carried)
    records = {
        name: tuple(_record(found, key, path) for key in model.keys)
        for name, model in run.models.items()
        if name in report.models and model.keys
    }
    marks = {report.models[name].training.dataset: found[0].dataset for name, found in records.items()}
    project = Carried(report, Store.open(store), marks=marks)
    classes = {
        spec.training.dataset: datasets.class_names(spec.training.dataset, report.datasets)
        for spec in report.models.values()
    }
    facts = results.facts(report, records, classes)
    reasons = {verdict.of: verdict.reason for verdict in run.verdicts if verdict.kind == "results"}
    unsettled = {
        name: reasons.get(name, "the PDF carries no result") for name in report.models if name not in records
    }
    verdicts = claims.judge(report, facts, unsettled=unsettled)
    return Evidence(
        project, Gathered(project.plan(build=False), records, unsettled, facts, verdicts), run, found
    )


def verify(path: Path) -> Verification:
    """Compare a PDF with what its evidence gives."""
    with tempfile.TemporaryDirectory(prefix="reportgen-") as folder:
        evidence = unpacked(path, Path(folder))
        gathered = evidence.gathered
        run = gathered.run
        differences = [
            *_facts(evidence.run, run),
            *_verdicts(evidence.run, run),
            *_trainings(gathered),
        ]
        false = any(verdict.holds is False for verdict in gathered.verdicts)
        told = list(_words(evidence.opened.pages, _pages(evidence, path, draft=false)))
        if told and not false:
            # What is marked as a draft may hold nevertheless, or lack a section.
            told = min(told, list(_words(evidence.opened.pages, _pages(evidence, path, draft=True))), key=len)
    numbers = sum(bool(_NUMBER.search(word)) for text in evidence.opened.pages for word in text.split())
    return Verification(
        numbers - sum(bool(_NUMBER.search(each.printed)) for each in told),
        len(run.facts) - len([each for each in differences if each.where.startswith("fact")]),
        len(run.verdicts) - len([each for each in differences if each.where.startswith("verdict")]),
        (*differences, *told),
    )


def _pages(evidence: Evidence, path: Path, *, draft: bool) -> Sequence[str]:
    """Set the report once more, by what the PDF carries, and return the texts of its pages."""
    project, gathered = evidence.project, evidence.gathered
    page = lay_out(project, gathered, answered(project.report, gathered), draft=draft)
    again = pdf.write(page.html, page.assets, metadata=pdf.Metadata(moment(gathered)), formulas=page.formulas)
    return opened.open_pdf(again, path).pages


def _record(found: Opened, key: str, path: Path) -> Record:
    """Return a record that the PDF carries."""

    def read(name: str) -> bytes:
        try:
            return found.attachments[f"results/{key}/{name}"]
        except KeyError:
            raise InputError(Problem(shown(path), 0, f"lacks the file {name} of result {key[:12]}")) from None

    try:
        record = codec.read(read)
    except InputError:
        raise
    except ReportgenError as error:
        raise InputError(Problem(shown(path), 0, f"result {key[:12]}: {error}")) from None
    if record.key != key:
        raise InputError(Problem(shown(path), 0, f"result {key[:12]} says that it is {record.key[:12]}"))
    return record


def _facts(printed: RunSummary, again: RunSummary) -> Iterator[Difference]:
    """Compare the facts of results.json with those that the predictions give."""
    for name in sorted({*printed.facts, *again.facts}):
        old, new = printed.facts.get(name), again.facts.get(name)
        if old != new:
            yield Difference(f"fact {name}", _value(old), _value(new))


def _trainings(gathered: Gathered) -> Iterator[Difference]:
    """Compare how models are trained by the report with how its results were trained by their keys."""
    for name, records in gathered.records.items():
        for planned, record in zip(gathered.plan.of(name), records, strict=False):
            key = plans.result_key(record.projection)
            if key != record.key:
                yield Difference(f"key of {planned.name}", record.key[:12], key[:12])
            for part in ("training", "seed"):
                said, found = (plans.canonical(each.projection[part]) for each in (planned, record))
                if said != found:
                    yield Difference(f"{part} of {planned.name}", said.decode(), found.decode())


def _value(fact: claims.Fact | None) -> str:
    return "nothing" if fact is None else f"{fact.text} ({fact.value})"


def _verdicts(printed: RunSummary, again: RunSummary) -> Iterator[Difference]:
    old = {verdict.id: verdict for verdict in printed.verdicts}
    new = {verdict.id: verdict for verdict in again.verdicts}
    for name in dict.fromkeys((*old, *new)):
        said, found = (which[name].word if name in which else "nothing" for which in (old, new))
        if said != found:
            yield Difference(f"verdict {name}", said, found)


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
