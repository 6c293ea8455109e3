"""Work that a worker process does on this machine, whatever trains: it needs what is stored here."""

import tempfile
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reportgen.executors.process import MODULE, Event, Observer, converse
from reportgen.store.stored import Stored
from reportgen.training import codec
from reportgen.training.job import AUGMENTED, Job


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


def augment(
    job: Job, images: int, versions: int, module: str = MODULE
) -> tuple[NDArray[np.uint8], tuple[int, ...]]:
    """Return a few training images, each followed by what the job's augmentation makes of it; their labels.

    Returns
    -------
    sheet : ndarray of uint8, shape (images, 1 + versions, height, width, channels)
    labels : tuple of int
    """
    with tempfile.TemporaryDirectory(prefix="reportgen-") as out:
        request = {
            "task": "augment",
            "job": asdict(job),
            "images": images,
            "versions": versions,
            "out": out,
        }
        events = converse(request, _silent, set(), module)
        sheet = np.load(Path(out, AUGMENTED), allow_pickle=False)
    return sheet, tuple(events[-1]["labels"])


def _silent(event: Event) -> None:
    pass
