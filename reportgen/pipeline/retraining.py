"""Trains a model again from the sources that a PDF carries, and compares."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reportgen.errors import InputError, Problem, StoreError, shown
from reportgen.experiment import codec
from reportgen.pipeline.carried import unpacked
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


def retrain(path: Path, model: str, observe: Observe, workers: int = 1) -> tuple[Replication, ...]:
    """Train every seed of a model from what the PDF carries."""
    with unpacked(path) as evidence:
        project = evidence.project
        (name,) = chosen_models(project.report, [model])
        if name not in evidence.gathered.records:
            raise InputError(Problem(shown(path), 0, f"carries no result of {name} to compare with"))
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
