"""A first look at a model, before TensorFlow starts its threads: they can't be shared out afterwards."""

from dataclasses import asdict
from typing import Any

from reportgen.datasets.model import Dataset
from reportgen.errors import ReportgenError
from reportgen.experiment import fast
from reportgen.experiment.build import build
from reportgen.experiment.child import apart
from reportgen.experiment.fast import Sharing, sgd
from reportgen.experiment.job import Job
from reportgen.experiment.prepare import Recipe, opened


def suggest(job: Job, dataset: Dataset) -> Sharing:
    """Return how the cores are best shared out for a job, from a model that a copy of this process builds."""
    if not job.training.fast:
        return Sharing()

    def look() -> dict[str, Any]:
        with opened(job) as functions:
            recipe = Recipe.of(job, functions, dataset)
            model = build(job, functions, dataset.input_shape, recipe.classes)
            if fast.unsuited(model):
                return {}
            fused = sgd.serves(recipe.optimizer())
            return asdict(fast.suggest(model, job.training.batch_size, recipe.separable, fused))

    try:
        return Sharing(**apart(look, f"building {job.model}"))
    except ReportgenError:
        return Sharing()  # the training itself says what is wrong
