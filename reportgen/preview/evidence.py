"""Evidence to look at: a model's confusion matrix and the items behind a cell, or its largest errors."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from reportgen import datasets
from reportgen.errors import InputError, nearest
from reportgen.figures import pixels
from reportgen.figures.confusion import among, shown
from reportgen.figures.mistakes import named, surety
from reportgen.pipeline.gather import Gathered
from reportgen.pipeline.project import Project
from reportgen.training.record import Evaluation

MOST: Final = 60  # items that are shown of a cell
LETTERS: Final = 300  # of a text
VALUES: Final = 30  # of an item
SIDE: Final = 64  # pixels at least of an image, so that small ones can be seen
Keep = Callable[[str, bytes], str]


def matrix(project: Project, gathered: Gathered, model: str) -> dict[str, Any]:
    """Return the confusion matrix of a model's first seed on the test data, empty where there is none."""
    found = _test(gathered, model)
    if found.task != "classification":
        return {"model": model, "classes": [], "counts": [], "others": []}
    classes = _classes(project, model)
    chosen = shown(found.labels, found.predicted, len(classes))
    counts = among(found.labels, found.predicted, chosen, len(classes))
    same = project.report.models[model].training.dataset
    others = [
        name
        for name in gathered.records
        if name != model
        and project.report.models[name].training.dataset == same
        and gathered.records[name][0].task == "classification"
    ]
    names = [classes[each] for each in chosen]
    return {"model": model, "classes": names, "counts": counts.tolist(), "others": others}


def items(
    project: Project, gathered: Gathered, model: str, cell: tuple[int, int] | None, other: str, keep: Keep
) -> dict[str, Any]:
    """Return the items of a cell, the surest first; where numbers are predicted all, the largest error first.

    Of several labels it is the surest wrong one that counts, of several targets the largest error in terms of
    the target's spread.

    Parameters
    ----------
    cell : tuple of int, optional
        True and predicted class, as places in the matrix; without it all mistakes.
    other : str
        Another model: only the mistakes that it does not share.
    keep : callable
        Keeps an image by name, and returns its address.
    """
    found = _test(gathered, model)
    record = gathered.records[model][0]
    data = project.trained_on(record, project.report.models[model].training.dataset)

    def told_of(place: int) -> dict[str, Any]:
        found: dict[str, Any] = {"index": place}
        if data.test.images is not None:
            found |= _picture(data.test.images[place], keep)
        if data.test.several:
            return found | _several({name: part[place] for name, part in data.test.several.items()})
        return found if data.test.pictures else found | _words(data.test.arrays[0][place], data.columns)

    if found.regression:
        errors = found.predicted - found.labels
        size = np.abs(errors) if errors.ndim == 1 else np.max(np.abs(errors) / _spread(found.labels), axis=1)
        order = np.argsort(-size, kind="stable")[:MOST].tolist()
        about = [
            (
                _numbers(found.labels[i], ".4g"),
                _numbers(found.predicted[i], ".4g"),
                _numbers(errors[i], "+.3g"),
            )
            for i in order
        ]
        told = [
            {**told_of(place), "true": true, "predicted": predicted, "error": error}
            for place, (true, predicted, error) in zip(order, about, strict=True)
        ]
        return {"count": len(errors), "items": told}
    classes = _classes(project, model)
    wanted = ~found.correct
    if cell is not None and found.labels.ndim == 1:
        true, taken = shown(found.labels, found.predicted, len(classes))[list(cell)]
        wanted = (found.labels == true) & (found.predicted == taken)
    if other:
        wanted = wanted & _test(gathered, other).correct
    places = np.flatnonzero(wanted)
    sure = surety(found)
    if len(sure):
        places = places[np.argsort(-sure[places], kind="stable")]
    told = [
        {
            **told_of(place),
            "true": named(found.labels[place], classes),
            "predicted": named(found.predicted[place], classes),
            "confidence": round(float(sure[place]), 3) if len(sure) else None,
        }
        for place in places[:MOST].tolist()
    ]
    return {"count": len(places), "items": told}


def _spread(labels: NDArray[Any]) -> NDArray[Any]:
    """Return the standard deviation of each target, so that errors of different units can be compared."""
    found: NDArray[Any] = labels.std(axis=0)
    return np.where(found > 0, found, 1.0)


def _numbers(values: Any, form: str) -> str:
    """Return one number, or those of several targets."""
    return ", ".join(format(value, form) for value in np.atleast_1d(values).tolist())


def _words(item: NDArray[Any], columns: Sequence[str]) -> dict[str, Any]:
    """Return a text, or the first values of an item, with their names in a table."""
    if item.dtype.kind == "U":
        return {"row": [str(item)[:LETTERS]]}
    values = [f"{value:.4g}" for value in item.ravel()[:VALUES].astype(float)]
    if len(columns) != item.size:
        return {"row": values}
    told = []
    for name, value in zip(columns, values, strict=False):
        if " = " not in name:
            told.append(f"{name} {value}")
        elif value != "0":  # of a column of words, the one that stands there
            told.append(name)
    return {"row": told}


def _several(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the texts and numbers among several inputs, the first values of each after its name."""
    told = {name: _words(np.asarray(item), ())["row"] for name, item in inputs.items() if np.ndim(item) < 2}
    return {"row": [f"{name}: {', '.join(row)}" for name, row in told.items()]}


def _picture(item: NDArray[Any], keep: Keep) -> dict[str, Any]:
    times = max(SIDE // max(item.shape[:2]), 1)
    return {"image": keep("item.png", pixels.png(item.repeat(times, axis=0).repeat(times, axis=1)))}


def _test(gathered: Gathered, model: str) -> Evaluation:
    if model not in gathered.records:
        raise InputError(f"{model!r} has no results ({nearest(model, gathered.records)})")
    return gathered.records[model][0].evaluations["test"]


def _classes(project: Project, model: str) -> tuple[str, ...]:
    report = project.report
    return datasets.class_names(report.models[model].training.dataset, report.datasets)
