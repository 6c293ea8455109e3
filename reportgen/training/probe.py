"""Look at a model before TensorFlow starts its threads, as cores can't be shared out afterwards."""

from dataclasses import asdict
from typing import Any

from reportgen.datasets.types import Dataset
from reportgen.errors import ReportgenError
from reportgen.training import fast
from reportgen.training.build import build, units_of
from reportgen.training.fast import Sharing, sgd
from reportgen.training.fork import apart
from reportgen.training.job import Job
from reportgen.training.prepare import opened
from reportgen.training.recipe import Recipe
from reportgen.training.tensorflow import on_gpu


def suggest(job: Job, dataset: Dataset) -> Sharing:
    """Return how the cores are best shared out for a job, from a model that a copy of this process builds."""
    if job.training.train or not job.training.fast:
        return Sharing()

    def look() -> dict[str, Any]:
        if on_gpu():
            return {}
        with opened(job) as functions:
            model = build(job, functions, dataset)
            recipe = Recipe.of(job, functions, dataset, units_of(model, dataset.input_shape))
            if fast.unsuited(model):
                return {}
            fused = sgd.serves(recipe.optimizer())
            return asdict(fast.suggest(model, job.training.batch_size, recipe.separable, fused))

    try:
        return Sharing(**apart(look, f"building {job.model}"))
    except ReportgenError:
        return Sharing()  # the training itself says what is wrong
