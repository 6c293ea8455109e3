"""``export`` from end to end: a trained model as a file of its own."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from reportgen.commands.train import chosen_models
from reportgen.errors import InputError, Problem, UndecidedError, shown
from reportgen.pipeline import extras, write_files
from reportgen.pipeline.project import Project
from reportgen.plan import ModelPlan
from reportgen.store import Stored
from reportgen.training import codec
from reportgen.training.record import Evaluation

if TYPE_CHECKING:
    from reportgen.executors import Observer

ENDINGS = (".keras", ".safetensors")


def export(project: Project, model: str, out: Path, seed: int | None, observe: "Observer") -> Evaluation:
    """Write a trained model to a file, and return its evaluation on the test split, as the report gives it.

    Parameters
    ----------
    out : Path
        A ``.keras`` file, which holds the network as well, or ``.safetensors``: the weights alone.
    seed : int, optional
        Which of its trainings; the first one by default.

    Raises
    ------
    UndecidedError
        If it is not trained, or the file would not predict what the report says.
    """
    if out.suffix not in ENDINGS:
        raise InputError(
            Problem(str(out), 0, "is not a model file", f"give a name that ends in {' or '.join(ENDINGS)}")
        )
    write_files.check_writable([out])
    (name,) = chosen_models(project.report, [model])
    seeds = project.report.models[name].seeds
    if seed is not None and seed not in seeds:
        known = ", ".join(map(str, seeds))
        raise InputError(Problem("--seed", 0, f"{name} is not trained with seed {seed}", f"seeds: {known}"))
    planned = next(each for each in project.plan().of(name) if seed in (None, each.seed))
    stored = project.store.get(planned.key) if planned.key and planned.status != "stale" else None
    if stored is None:
        place = project.report.models[name].place
        message = f"{planned.name} is not trained in its present form"
        raise UndecidedError(Problem(shown(place.path), place.line, message, f"reportgen train {name}"))
    if codec.WEIGHTS not in stored.names:
        message = f"{name} is not a Keras network: its predictions are stored, but no weights"
        raise UndecidedError(Problem(shown(project.report.models[name].place.path), 0, message))
    if out.suffix == ".safetensors":
        write_files.write({out: stored.read(codec.WEIGHTS)})
    else:
        write_files.write({out: keras_file(project, planned, stored, observe)})
    return codec.read(stored.read).evaluations["test"]


def keras_file(project: Project, planned: ModelPlan, stored: Stored, observe: "Observer") -> bytes:
    """Return a trained model as a ``.keras`` file that predicts what the report says."""
    from reportgen import executors

    extras.require_tensorflow()
    test = codec.read(stored.read).evaluations["test"]
    expected = float(
        np.abs(test.predicted - test.labels).mean() if test.regression else np.count_nonzero(test.correct)
    )
    return executors.export(project.job(planned), stored, expected, observe)
