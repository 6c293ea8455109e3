"""Cross-validation: every training item is predicted by a model that was trained without its fold.

Nothing here needs TensorFlow: facts ask which fold an item was in.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.inputs import items
from reportgen.datasets.labels import strata
from reportgen.datasets.splitting import folded
from reportgen.datasets.types import Dataset, Split
from reportgen.errors import InputError, Problem
from reportgen.training.job import Job
from reportgen.training.record import FOLDS, Evaluation, Record


@dataclass(frozen=True)
class Fold:
    """One of the trainings of a cross-validation: its job, its data, and which items are held out."""

    number: int
    job: Job
    dataset: Dataset
    held_out: NDArray[np.intp]


def fold_of(labels: NDArray[Any], count: int) -> NDArray[np.intp]:
    """Return the fold of each item, counted from 0, shape (n,).

    It is a function of the labels alone, so that all models on the same items have the same folds. They are
    drawn at random, of each class alike; other labels are dealt out in the order of `strata`. Where items
    have groups, `datasets.splitting.folded` says the folds.
    """
    random = np.random.default_rng(count)
    shuffled = random.permutation(len(labels))
    order = shuffled[np.argsort(strata(labels)[shuffled], kind="stable")]
    found = np.empty(len(labels), np.intp)
    blocks = -(-len(labels) // count)
    dealt = np.concatenate([random.permutation(count) for _ in range(blocks)])[: len(labels)]
    found[order] = dealt
    return found


def places(job: Job, dataset: Dataset) -> NDArray[np.intp]:
    """Return the fold of each item that a job trains on, counted from 0.

    Raises
    ------
    InputError
        If there are fewer items, or groups, than folds.
    """
    count, labels = job.training.folds or 0, thinned(dataset.train, job.training.subset).labels
    groups = _groups(job, dataset)
    try:
        if count > len(labels):
            raise ValueError(f"{count} folds of {len(labels)} training items")
        return fold_of(labels, count) if groups is None else folded(groups, strata(labels), count)
    except ValueError as error:
        line = job.lines.get("folds") or job.lines.get("", 0)
        raise InputError(Problem(job.toml, line, f"{job.model}: {error}", "make fewer")) from None


def folds(job: Job, dataset: Dataset) -> Iterator[Fold]:
    """Yield the trainings of a cross-validation over all training items, those for validation included.

    Raises
    ------
    InputError
        If there are fewer items, or groups, than folds.
    """
    train, groups = thinned(dataset.train, job.training.subset), _groups(job, dataset)
    whole, fold = replace(dataset, train=train, groups=groups), places(job, dataset)
    for number in range(job.training.folds or 0):
        yield _fold(job, whole, number, fold == number)


def _fold(job: Job, dataset: Dataset, number: int, chosen: NDArray[np.bool_]) -> Fold:
    """Return the training that holds the chosen items out."""
    held_out, others = np.flatnonzero(chosen), np.flatnonzero(~chosen)
    order = np.concatenate([others, held_out])  # the last ones are held out
    training = replace(job.training, folds=None, subset=None, validation=len(held_out))
    part = replace(
        dataset,
        train=Split(items(dataset.train.inputs, order), dataset.train.labels[order]),
        groups=None if dataset.groups is None else dataset.groups[order],
        columns=(),  # importance is measured once, not in each fold
    )
    return Fold(number, replace(job, training=training), part, held_out)


def _groups(job: Job, dataset: Dataset) -> NDArray[Any] | None:
    """Return the group of each item that is trained on, if there are groups."""
    if dataset.groups is None:
        return None
    return thinned(Split(dataset.groups, dataset.groups), job.training.subset).labels


def evaluated(job: Job, dataset: Dataset, record: Record, train: Callable[[Fold], Record]) -> Record:
    """Return a record with what was measured on each training item by the model that did not see it."""

    def measured(fold: Fold) -> tuple[NDArray[np.intp], Record]:
        record = train(fold)
        gc.collect()  # models refer to themselves, and to the data
        return fold.held_out, record

    labels = thinned(dataset.train, job.training.subset).labels
    # A loop would hold a fold, and so its copy of the data, while the next one is made.
    found = list(map(measured, folds(job, dataset)))
    parts = [(held_out, one.evaluations["validation"]) for held_out, one in found]
    first = parts[0][1]
    predicted = np.empty(labels.shape, first.predicted.dtype)
    ranks = np.empty(len(labels) if len(first.ranks) else 0, np.uint16)
    sure = np.empty((len(labels), *first.confidence.shape[1:]), np.float16)
    places = np.empty(len(labels), np.intp)
    for number, (held_out, part) in enumerate(parts):
        places[held_out] = number
        predicted[held_out] = part.predicted
        if len(part.confidence):
            sure[held_out] = part.confidence
        if len(part.ranks):
            ranks[held_out] = part.ranks
    whole = Evaluation(
        _mean([part.loss for _, part in parts], parts),
        labels.copy(),
        predicted,
        sure if len(first.confidence) else np.empty(0, np.float16),
        {name: _mean([part.metrics[name] for _, part in parts], parts) or 0.0 for name in first.metrics},
        ranks,
        () if dataset.groups is None else tuple(places.tolist()),
    )
    seconds = record.environment.seconds + sum(one.environment.seconds for _, one in found)
    environment = replace(record.environment, seconds=seconds)
    return replace(record, evaluations={**record.evaluations, FOLDS: whole}, environment=environment)


def thinned(split: Split, most: int | None) -> Split:
    """Return at most so many items, evenly spread over the split."""
    if most is None or most >= len(split.labels):
        return split
    chosen = np.linspace(0, len(split.labels) - 1, most).astype(np.intp)
    return Split(items(split.inputs, chosen), split.labels[chosen])


def _mean(
    values: Sequence[float | None], parts: Sequence[tuple[NDArray[np.intp], Evaluation]]
) -> float | None:
    """Return the mean over all items; None where a fold has no value."""
    there = [value for value in values if value is not None]
    if len(there) < len(parts):
        return None
    return float(np.average(there, weights=[len(held_out) for held_out, _ in parts]))
