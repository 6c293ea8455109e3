"""Gathered results → the report as page and notebook, of which `reportgen.pipeline.formats` makes files."""

import ast
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from reportgen import datasets, files, themes
from reportgen.artifacts import Addressed, Artifacts
from reportgen.document import evidence, page
from reportgen.document.displays import Display
from reportgen.document.labels import labels
from reportgen.document.notebook import notebook as notebooks
from reportgen.document.page import Answered, Page
from reportgen.document.provenance import appendix
from reportgen.language import Show, parse, render
from reportgen.pipeline import kernel
from reportgen.pipeline.displays import displays
from reportgen.pipeline.gather import Gathered
from reportgen.pipeline.project import Project
from reportgen.plan import ModelPlan
from reportgen.report import Report
from reportgen.training import codec
from reportgen.training.record import Record
from reportgen.training.weights import pack_kernel

Draw = Callable[[Project, Gathered, Iterable[Show]], Mapping[Show, Display]]
RESULTS = "results.json"
NOTEBOOK = "report.ipynb"
KERNEL = "filters.safetensors"


@dataclass(frozen=True)
class Rendering:
    """A report with its answers set, once for all formats; what none asks for is not made."""

    project: Project
    gathered: Gathered
    draft: bool = False

    @cached_property
    def answers(self) -> list[Answered]:
        """The answers, filled in."""
        return answered(self.project.report, self.gathered)

    @cached_property
    def page(self) -> Page:
        """All of it as HTML, with its numbers, anchors and pictures."""
        return lay_out(self.project, self.gathered, self.answers, draft=self.draft)

    @cached_property
    def notebook(self) -> notebooks.Notebook:
        """The executed notebook."""
        return _executed(self.project, self.gathered, self.answers, self.page)


def answered(report: Report, gathered: Gathered) -> list[Answered]:
    """Fill in every answer whose models all have results; the others stay empty."""
    return [
        Answered(
            section,
            render(
                parse(section.body, section.path, section.body_line),
                gathered.facts,
                adjusted=gathered.verdicts.adjusted,
            )
            if all(model in gathered.records for model in section.models)
            else None,
            " ".join(
                labels(report.language).diverged.format(model=report.models[model].title)
                for model in section.models
                if model in gathered.diverged
            ),
        )
        for section in report.sections
    ]


def lay_out(
    project: Project,
    gathered: Gathered,
    answers: Sequence[Answered],
    *,
    draft: bool,
    draw: Draw = displays,
    located: bool = False,
) -> Page:
    """Set the whole report as HTML.

    Parameters
    ----------
    draw : callable
        Makes the tables and figures, as `displays` does.
    located : bool
        See `page.assemble`.
    """
    shows = [
        show for each in answers if each.rendered for show in (*each.rendered.shows, *each.rendered.refs)
    ]
    shown = draw(project, gathered, dict.fromkeys(shows))
    report = project.report
    notes = appendix(
        gathered.facts,
        labels(report.language),
        datasets={name: datasets.title(name, report.datasets) for name in report.used_datasets},
        fingerprints={
            report.models[name].training.dataset: records[0].dataset
            for name, records in gathered.records.items()
        },
    )
    keep = Artifacts(project.store)
    return page.assemble(report, answers, shown, notes, draft=draft, keep=keep, located=located)


def evidence_of(rendering: Rendering) -> list[evidence.Attachment]:
    """Return what the PDF carries: all that its numbers and pages were made from."""
    project, gathered = rendering.project, rendering.gathered
    report = project.report
    carried = [
        *evidence.sources(
            files.walk(report.answers),
            "answers",
            "What the authors wrote",
            (".md", ".toml", ".py", ".bib", ".svg", ".png", ".jpg", ".jpeg"),
        ),
        *evidence.sources(
            themes.walk(report.templates), "templates", "What the pages are set by", (".j2", ".css", ".toml")
        ),
        evidence.Attachment(RESULTS, gathered.run.to_json().encode(), "Every verdict and every fact", "Data"),
    ]
    for name, records in gathered.records.items():
        for record, planned in zip(records, gathered.plan.of(name), strict=True):
            about = f"{report.models[name].title}, seed {record.seed}"
            for file, data in _files(project, planned, record).items():
                path = f"results/{record.key}/{file}"
                what = (
                    "predictions for every image" if file == codec.PREDICTIONS else "record of the training"
                )
                carried.append(evidence.Attachment(path, data, f"{about}: {what}", "Data"))
    carried += _kernels(rendering)
    ipynb = rendering.notebook.to_bytes()
    carried.append(evidence.Attachment(NOTEBOOK, ipynb, "The executed notebook", "Supplement"))
    unique = {attachment.name: attachment for attachment in carried}
    return [unique[name] for name in sorted(unique)]


def _kernels(rendering: Rendering) -> Iterator[evidence.Attachment]:
    """Yield the weights whose filters answers show: no other figure is drawn from weights."""
    shows = {show for each in rendering.answers if each.rendered for show in each.rendered.shows}
    for model in sorted(show.models[0] for show in shows if show.kind == "filters"):
        record = rendering.gathered.records[model][0]
        if (weights := rendering.project.kernel(record)) is not None:
            about = f"{rendering.project.report.models[model].title}, seed {record.seed}: its first filters"
            yield evidence.Attachment(f"results/{record.key}/{KERNEL}", pack_kernel(weights), about, "Data")


def _files(project: Project, planned: ModelPlan, record: Record) -> Mapping[str, bytes]:
    """Return a record's files as they are stored; one with further metrics, stored apart, is written anew."""
    stored = None if planned.evaluation_key else project.store.get(record.key)
    if stored is None:
        return codec.files_of(record)
    return {name: stored.read(name) for name in (codec.RECORD, codec.PREDICTIONS)}


def unexecuted(
    report: Report, gathered: Gathered, answers: Sequence[Answered], laid_out: Page
) -> notebooks.Notebook:
    """Return the notebook without outputs."""
    shown = [
        name
        for name in report.models
        if any(name in each.section.models for each in answers if each.rendered)
    ]
    code = {name: gathered.plan.of(name)[0].sources for name in shown}
    unlogged = {name for name, records in gathered.records.items() if records and not len(records[0].history)}
    imports = _imports(gathered, shown)
    return notebooks.make(report, laid_out, code, imports=imports, unlogged=unlogged)


def _executed(
    project: Project, gathered: Gathered, answers: Sequence[Answered], laid_out: Page
) -> notebooks.Notebook:
    """Return the notebook with its outputs; a kernel runs only if something that it can see has changed."""
    notebook = unexecuted(project.report, gathered, answers, laid_out)
    seen = kernel.seen(project, gathered.plan)
    lab = Addressed(seen, lambda: (project.report.project, kernel.environment(project, seen)))
    return notebook.filled(Artifacts(project.store)(_outputs, notebook.only_code(), lab))


def _outputs(notebook: notebooks.Notebook, lab: Addressed[tuple[Path, Mapping[str, str]]]) -> bytes:
    folder, environment = lab.load()
    return notebooks.execute(notebook, folder=folder, environment=environment).outputs()


def _imports(gathered: Gathered, models: Sequence[str]) -> str:
    """Return the import statements of models.py, which the builders' cells need."""
    if not models:
        return ""
    snapshot = gathered.plan.of(models[0])[0].snapshot
    tree = ast.parse(snapshot.files[snapshot.root])
    return "\n".join(ast.unparse(node) for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom))


def moment(gathered: Gathered) -> datetime:
    """Return the date of the report: SOURCE_DATE_EPOCH, else when its last training began."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdecimal():
        return datetime.fromtimestamp(int(epoch), UTC)
    started = [
        datetime.fromisoformat(record.environment.started)
        for records in gathered.records.values()
        for record in records
    ]
    return max(started).astimezone(UTC) if started else datetime(2020, 1, 1, tzinfo=UTC)
