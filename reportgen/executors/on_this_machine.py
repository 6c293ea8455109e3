"""Work that a worker process does on this machine, whatever trains: the models and data are here."""

import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from reportgen.datasets import Dataset
from reportgen.executors.process import MODULE, Event, Observer, converse
from reportgen.report.dataset_file import DatasetFile
from reportgen.store.stored import Stored
from reportgen.training import authored, codec
from reportgen.training.job import Job


def export(job: Job, trained: Stored, expected: float, observe: Observer, module: str = MODULE) -> bytes:
    """Return a trained model as a ``.keras`` file that classifies so many test images right.

    Raises
    ------
    TrainingError
        If such a file can't hold the model.
    """
    with tempfile.TemporaryDirectory(prefix="reportgen-") as out:
        weights = str(trained.path(codec.WEIGHTS).resolve())
        request = {"task": "export", "job": asdict(job), "weights": weights, "expected": expected, "out": out}
        converse(request, observe, set(), module)
        return Path(out, codec.MODEL).read_bytes()


def data(
    sources: Mapping[str, str], declared: DatasetFile, module: str = MODULE
) -> tuple[Dataset, Mapping[str, str]]:
    """Return the data set, and what models.py read meanwhile (see `plan.reads`).

    Parameters
    ----------
    sources : mapping of str to str
        Texts of models.py and of the modules beside it, by relative path.

    Raises
    ------
    InputError, DataError, TrainingError
        If the function raises, or what it returns is no data set.
    """
    with tempfile.TemporaryDirectory(prefix="reportgen-data-") as out:
        request = {"task": "data", "sources": dict(sources), "dataset_file": asdict(declared), "out": out}
        events = converse(request, _silent, set(), module)
        return authored.read(declared, Path(out)), events[-1]["reads"]


def _silent(event: Event) -> None:
    pass
