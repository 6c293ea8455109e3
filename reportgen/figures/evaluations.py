"""Which figure each task has: the one place where figures tell tasks apart."""

from collections.abc import Callable, Mapping, Sequence

from reportgen.errors import RenderError
from reportgen.figures import roc as of_two
from reportgen.figures.figure import Figure
from reportgen.figures.label_roc import label_roc
from reportgen.figures.label_scores import label_scores
from reportgen.figures.predictions import predicted, trained_to_predict
from reportgen.figures.style import PLAIN, Look
from reportgen.figures.targets import targets, trained_to_targets
from reportgen.report.types import TaskKind
from reportgen.training.record import Record

_OF_LABELS = ("mistakes", "per_class", "roc")  # of the figures of classes, those that show labels as well
Draw = Callable[[str, Sequence[Record], Sequence[str], Look], Figure]
_UNCLASSED: Mapping[TaskKind, str] = {
    "multilabel": "gives its items several labels",
    "regression": "predicts a number",
}


def of(record: Record) -> Draw | None:
    """Return what draws the evaluation image of a model; None for that of classes."""
    return {"multilabel": label_scores, "regression": _trained}.get(record.task)


def predictions(title: str, records: Sequence[Record], names: Sequence[str], look: Look = PLAIN) -> Figure:
    """Return predicted against true numbers of the test items, and their errors; of several a panel each.

    Raises
    ------
    RenderError
        It predicts no numbers.
    """
    if not records[0].regression:
        raise RenderError(f"{title} predicts classes, not numbers")
    return targets(title, records, names, look) if names else predicted(title, records, look)


def roc(title: str, records: Sequence[Record], names: Sequence[str], look: Look = PLAIN) -> Figure:
    """Return the ROC and precision-recall curves of the second of two classes, or of each label.

    Raises
    ------
    RenderError
        There are more classes, or no probabilities were kept.
    """
    draw = label_roc if records[0].task == "multilabel" else of_two.roc
    return draw(title, records, names, look)


def unclassed(record: Record, figure: str) -> str:
    """Return why a figure of classes can't show a model; empty where it can."""
    return "" if figure in _OF_LABELS and record.task == "multilabel" else _UNCLASSED.get(record.task, "")


def _trained(title: str, records: Sequence[Record], names: Sequence[str], look: Look) -> Figure:
    if names:
        return trained_to_targets(title, records, names, look)
    return trained_to_predict(title, records, look)
