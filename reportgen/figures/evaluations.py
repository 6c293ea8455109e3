"""Which figure each task has: the one place where figures tell tasks apart."""

from collections.abc import Callable, Mapping

from reportgen.errors import RenderError
from reportgen.figures.figure import Figure
from reportgen.figures.label_roc import label_roc
from reportgen.figures.label_scores import label_scores
from reportgen.figures.predictions import predicted, trained_to_predict
from reportgen.figures.roc import roc as roc_of_two
from reportgen.figures.shown_model import ShownModel
from reportgen.figures.style import PLAIN, Look
from reportgen.figures.targets import targets, trained_to_targets
from reportgen.report.dataset_file import TaskKind
from reportgen.training.record import Record

_OF_LABELS = ("mistakes", "per_class", "roc")  # of the figures of classes, those that show labels as well
Draw = Callable[[ShownModel, Look], Figure]
_UNCLASSED: Mapping[TaskKind, str] = {
    "multilabel": "gives its items several labels",
    "regression": "predicts a number",
}


def of(record: Record) -> Draw | None:
    """Return what draws the evaluation image of a model; None for that of classes."""
    return {"multilabel": label_scores, "regression": _trained}.get(record.task)


def predictions(model: ShownModel, look: Look = PLAIN) -> Figure:
    """Return predicted against true numbers of the test items, and their errors; of several a panel each.

    Raises
    ------
    RenderError
        It predicts no numbers.
    """
    if not model.first.regression:
        raise RenderError(f"{model.title} predicts classes, not numbers")
    return targets(model, look) if model.names else predicted(model, look)


def roc(model: ShownModel, look: Look = PLAIN) -> Figure:
    """Return the ROC and precision-recall curves of the second of two classes, or of each label.

    Raises
    ------
    RenderError
        There are more classes, or no probabilities were kept.
    """
    draw = label_roc if model.first.task == "multilabel" else roc_of_two
    return draw(model, look)


def unclassed(record: Record, figure: str) -> str:
    """Return why a figure of classes can't show a model; empty where it can."""
    return "" if figure in _OF_LABELS and record.task == "multilabel" else _UNCLASSED.get(record.task, "")


def _trained(model: ShownModel, look: Look) -> Figure:
    return trained_to_targets(model, look) if model.names else trained_to_predict(model, look)
