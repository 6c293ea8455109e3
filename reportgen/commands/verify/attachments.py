"""Unpack the report project and the results attached to a PDF, into a temporary folder."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from math import prod
from pathlib import Path

import numpy as np

from reportgen import claims, datasets, results
from reportgen import plan as plans
from reportgen import report as reports
from reportgen.claims import RunSummary
from reportgen.datasets.types import Pixels
from reportgen.document.pdf import reader
from reportgen.document.pdf.reader import Opened
from reportgen.errors import InputError, Problem, ReportgenError, shown
from reportgen.pipeline.gather import Gathered
from reportgen.pipeline.project import Project
from reportgen.pipeline.render import KERNEL, NOTEBOOK, RESULTS
from reportgen.report.dataset_file import Task
from reportgen.store import Store
from reportgen.training import codec
from reportgen.training.record import Record
from reportgen.training.weights import Kernel, first_kernel

_MOST_PIXELS = 1 << 31
_PARTS = {"builder", "training", "seed", "versions"}


@dataclass(frozen=True)
class Carried(Project):
    """A project that a PDF carries.

    Of its data sets only `marks` are there, their fingerprints by name; of weights only `kernels`, by key of
    their results.
    """

    marks: Mapping[str, str] = field(default_factory=dict)
    kernels: Mapping[str, bytes] = field(default_factory=dict)

    def data(self, name: str) -> plans.Data:
        """Return what the results say of a data set."""
        own = self.report.datasets
        names = datasets.class_names(name, own)
        return plans.Data(self.marks.get(name, ""), datasets.validation(name, own), names)

    def images(self, record: Record, dataset: str) -> Pixels:
        """Return blank images: their alt text and caption don't depend on how they look."""
        shapes = [layer.output_shape[1:] for layer in record.inputs or record.architecture.layers[:1]]
        sizes = [size or 1 for size in next((each for each in shapes if len(each) == 3), shapes[0])]
        count = len(record.evaluations["test"].labels)
        if count * prod(sizes) > _MOST_PIXELS:
            raise InputError(f"result {record.key[:12]} has larger images than a data set may have")
        return np.zeros((count, *sizes), np.uint8)

    def kernel(self, record: Record) -> Kernel | None:
        """Return the weights of a first convolution, if the PDF carries them."""
        if record.key not in self.kernels:
            raise InputError(f"the PDF lacks the filters of result {record.key[:12]}: build the report again")
        return first_kernel(self.kernels[record.key])


@dataclass(frozen=True)
class Evidence:
    """The evidence of a PDF.

    Attributes
    ----------
    gathered : Gathered
        Facts and verdicts, made anew from the predictions.
    results : bytes
        What the PDF says of them: its results.json.
    pages : tuple of str
        The texts of its pages.
    notebook : bytes or None
        The notebook that it carries.
    """

    project: Project
    gathered: Gathered
    results: bytes
    pages: tuple[str, ...]
    notebook: bytes | None = None


@contextmanager
def unpacked(path: Path) -> Iterator[Evidence]:
    """Unpack a PDF for the time of the block, and read its results.

    Raises
    ------
    InputError
        If it can't be read, or does not carry a report.
    """
    found = reader.open_foreign(path)
    if RESULTS not in found.attachments or "answers/report.toml" not in found.attachments:
        remedy = "only a PDF that reportgen built can be verified"
        raise InputError(Problem(shown(path), 0, "carries no evidence", remedy))
    with tempfile.TemporaryDirectory(prefix="reportgen-") as temporary:
        # Side by side, so that nothing that is carried gets into the store.
        folder, store = Path(temporary, "carried"), Path(temporary, "store")
        try:
            reader.unpack(found, folder)
            yield _evidence(found, folder, store, path)
        except OSError as error:
            message = f"its attachments can't be unpacked: {error.strerror}"
            raise InputError(Problem(shown(path), 0, message)) from None
        except ReportgenError as error:
            places = [
                replace(each, path=each.path.replace(f"{folder}/", f"{shown(path)}: "))
                for each in error.problems
            ]
            raise type(error)(places) from None


def _evidence(found: Opened, folder: Path, store: Path, path: Path) -> Evidence:
    run = RunSummary.from_json(found.attachments[RESULTS], f"{path.name}: {RESULTS}")
    report = reports.load(folder)
    classes = {name: datasets.class_names(name, report.datasets) for name in report.used_datasets}
    tasks = {name: datasets.task(name, report.datasets) for name in report.used_datasets}
    records = {
        name: tuple(
            _record(found, key, tasks[report.models[name].training.dataset], path) for key in model.keys
        )
        for name, model in run.models.items()
        if name in report.models and model.keys
    }
    facts = results.facts(report, records, classes)
    reasons = {verdict.of: verdict.reason for verdict in run.verdicts if verdict.kind == "results"}
    unsettled = {
        name: reasons.get(name, "the PDF carries no result") for name in report.models if name not in records
    }
    verdicts = claims.judge(report, facts, unsettled=unsettled)
    marks = {report.models[name].training.dataset: each[0].dataset for name, each in records.items()}
    kernels = {
        key: found.attachments[name]
        for model in run.models.values()
        for key in model.keys
        if (name := f"results/{key}/{KERNEL}") in found.attachments
    }
    project = Carried(report, Store.open(store), marks=marks, kernels=kernels)
    gathered = Gathered(project.plan(build=False), records, unsettled, facts, verdicts)
    notebook = found.attachments.get(NOTEBOOK)
    return Evidence(project, gathered, found.attachments[RESULTS], found.pages, notebook)


def _record(found: Opened, key: str, task: Task, path: Path) -> Record:
    """Return a record that the PDF carries."""

    def read(name: str) -> bytes:
        try:
            return found.attachments[f"results/{key}/{name}"]
        except KeyError:
            raise InputError(Problem(shown(path), 0, f"lacks the file {name} of result {key[:12]}")) from None

    try:
        record = codec.read(read)
        codec.check_task(record, task)
    except InputError:
        raise
    except ReportgenError as error:
        raise InputError(Problem(shown(path), 0, f"result {key[:12]}: {error}")) from None
    if record.key != key:
        raise InputError(Problem(shown(path), 0, f"result {key[:12]} claims to be {record.key[:12]}"))
    if not record.projection.keys() >= _PARTS or not isinstance(record.projection["versions"], Mapping):
        raise InputError(Problem(shown(path), 0, f"result {key[:12]} does not say how it was trained"))
    return record
