"""What results know of each task: its facts, its usual measure, and how that is printed.

A task is a folder here, or a file of one; this table is where the others find it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from reportgen.language import style_of
from reportgen.report.dataset_file import Task, TaskKind
from reportgen.results.fold_facts import FoldErrors, FoldFacts, FoldLabels, FoldTargets
from reportgen.results.multilabel.facts import LabelFacts
from reportgen.results.on_split import OnSplit
from reportgen.results.quantity_maker import NO_CLASSES, Maker
from reportgen.results.regression.facts import RegressionFacts
from reportgen.results.regression.several import TargetFacts
from reportgen.results.split_facts import SplitFacts
from reportgen.training.record import Evaluation

Runs = Sequence[Evaluation]
Names = tuple[str, ...]


@dataclass(frozen=True)
class Rules:
    """A task, as far as it is not its facts.

    Attributes
    ----------
    facts, folds : callable
        Make what was measured on one split, or by cross-validation.
    measure, shown : str
        What the usual measure is called, and how it is formatted.
    unclassed : str
        Why there is nothing that only classes have; empty where there are classes.
    """

    facts: Callable[[str, str, Runs, Names, Maker], OnSplit]
    folds: Callable[[str, str, Runs, Names, Maker], FoldFacts | FoldLabels | FoldErrors | FoldTargets]
    measure: str
    shown: str
    unclassed: str = ""


_CLASSES = Rules(SplitFacts, FoldFacts, "accuracy", ".2%")
_LABELS = Rules(
    LabelFacts, FoldLabels, "share of items with all labels right", ".2%", "its items have several labels"
)
_NUMBER = Rules(RegressionFacts, FoldErrors, "mean error", ".4g", NO_CLASSES)
_NUMBERS = Rules(TargetFacts, FoldTargets, "R²", ".4f", "it predicts numbers: there are no classes")
_RULES: Mapping[TaskKind, Rules] = {
    "classification": _CLASSES,
    "multilabel": _LABELS,
    "regression": _NUMBER,
}


def rules(task: Task) -> Rules:
    """Return what there is to know of a task."""
    return _NUMBERS if task.kind == "regression" and task.names else _RULES[task.kind]


def measured(runs: Runs, name: str = "") -> OnSplit:
    """Return what was measured on one split, for tables and figures that name no labels."""
    found = runs[0]
    wide = found.labels.shape[1] if found.labels.ndim > 1 else 0
    task = Task(found.task, tuple(map(str, range(wide))))
    return rules(task).facts(name, name, runs, task.names, Maker(style_of("en")))


def told(found: Evaluation) -> tuple[str, str]:
    """Return what the usual measure is called, and its value as text: ``accuracy`` and ``63.12%``."""
    task = Task(found.task, ("",) if found.labels.ndim > 1 else ())
    return rules(task).measure, f"{measured([found]).measure.value:{rules(task).shown}}"
