"""Identify a job's model without training it; measure a trained one by further metrics."""

from reportgen.datasets.types import Dataset
from reportgen.training import build, estimator, function
from reportgen.training.fast import Sharing
from reportgen.training.folds import places
from reportgen.training.job import Identity, Job
from reportgen.training.prepare import loaded, opened, prepare
from reportgen.training.recipe import Recipe


def identify(job: Job, dataset: Dataset, rehearse: bool = False) -> Identity:
    """Build a job's model without training it, and say what it is.

    Parameters
    ----------
    rehearse : bool
        Also make everything ready for training, so that what can't be trained is known now.
    """
    if job.training.folds:
        places(job, dataset)  # there are enough items
    with opened(job) as functions:
        if job.training.train:
            return function.identity(job, functions)
        made = build.made(job, functions, dataset)
        if estimator.is_estimator(made):
            return estimator.identity(made, job, functions, dataset)
        model = build.checked(made, job, functions, dataset)
        found = build.identity(model, job)
        if rehearse:
            units = build.units_of(model, dataset.input_shape)
            recipe = Recipe.of(job, functions, dataset, units)
            with prepare(job, model, recipe, functions, Sharing()) as prepared:
                prepared.rehearse()
        return Identity(found.config, found.digest, dict(functions.reads))


def evaluate(job: Job, dataset: Dataset, weights: bytes) -> dict[str, dict[str, float]]:
    """Measure a trained model by the metrics of its job, on every split.

    Parameters
    ----------
    weights : bytes
        The model's weights, as a safetensors file.

    Returns
    -------
    dict of str to dict of str to float
        Values by split and metric, accuracy excepted.
    """
    with opened(job) as functions:
        model = build.build(job, functions, dataset)
        recipe = Recipe.of(job, functions, dataset, build.units_of(model, dataset.input_shape))
        evaluator = recipe.evaluator(loaded(job, recipe, functions, dataset, weights), further=True)
        return {name: dict(evaluator.measure(split).metrics) for name, split in recipe.splits.items()}
