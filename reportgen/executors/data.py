"""Have the authors' function make a data set, in a worker process on this machine."""

import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from reportgen.datasets import Dataset
from reportgen.executors.process import MODULE, Event, converse
from reportgen.report.types import DatasetFile
from reportgen.training import authored


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
