"""Trains a model again from the sources that a PDF carries, and compares."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from reportgen import datasets
from reportgen.errors import DataError, InputError, Problem, StoreError, shown
from reportgen.experiment import codec
from reportgen.pipeline.carried import unpacked
from reportgen.pipeline.project import Project
from reportgen.pipeline.training import Observe, bring_up_to_date, chosen_models


@dataclass(frozen=True)
class Replication:
    """One seed trained again.

    Attributes
    ----------
    before, after : float
        Test accuracy in the PDF, and of the model trained now.
    agreement : float
        Share of the test images for which both predict the same; 1 for an exact replication.
    """

    model: str
    seed: int
    before: float
    after: float
    agreement: float


def retrain(
    path: Path, model: str, observe: Observe, workers: int = 1, data: Path | None = None
) -> tuple[Replication, ...]:
    """Train every seed of a model from what the PDF carries.

    Parameters
    ----------
    data : Path, optional
        The model's data set, where it is the authors' own: a PDF does not carry it.

    Raises
    ------
    InputError
        If the PDF carries no such model, or the data are needed.
    DataError
        If the data are not those that the model was trained on.
    """
    with unpacked(path) as evidence:
        project = evidence.project
        (name,) = chosen_models(project.report, [model])
        if name not in evidence.gathered.records:
            raise InputError(Problem(shown(path), 0, f"carries no result of {name} to compare with"))
        project = _with_data(project, name, data, evidence.gathered.records[name][0].dataset)
        trained = bring_up_to_date(project, project.plan(), [name], observe, workers)
        found = []
        for planned, before in zip(trained, evidence.gathered.records[name], strict=True):
            stored = project.store.get(planned.key or "")
            if stored is None:
                raise StoreError(f"{planned.name} left no result")
            old, new = before.evaluations["test"], codec.read(stored.read).evaluations["test"]
            found.append(
                Replication(
                    name,
                    planned.seed,
                    float(np.mean(old.labels == old.predicted)),
                    float(np.mean(new.labels == new.predicted)),
                    float(np.mean(old.predicted == new.predicted)),
                )
            )
    return tuple(found)


def _with_data(project: Project, model: str, data: Path | None, fingerprint: str) -> Project:
    """Return the project with the authors' own data where they were handed over; what they are decides."""
    report = project.report
    dataset = report.models[model].training.dataset
    if dataset not in report.datasets:
        if data is not None:
            raise InputError(f"{model} is trained on {dataset}, which needs not be handed over")
        return project
    if data is None:
        message = f"{model} is trained on the authors' own data {dataset}, which a PDF does not carry"
        raise InputError(Problem("", 0, message, "hand them over: --data FILE.npz"))
    own = {**report.datasets, dataset: replace(report.datasets[dataset], path=data.absolute())}
    if datasets.fingerprint(dataset, own) != fingerprint:
        message = f"holds other data than {model} was trained on"
        raise DataError(Problem(shown(data), 0, message, f"ask the authors for {dataset}"))
    return replace(project, report=replace(report, datasets=own))
