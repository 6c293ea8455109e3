"""What training has to know of a task: how labels meet losses, and what outputs and predictions mean.

One file a task; `of` chooses by what the labels are. Everything else in training asks its `Task`.
"""

from collections.abc import Callable, Mapping

from reportgen.datasets.types import Dataset
from reportgen.report.dataset_file import TaskKind
from reportgen.training.tasks.classification import Classification
from reportgen.training.tasks.multilabel import Multilabel
from reportgen.training.tasks.regression import Regression
from reportgen.training.tasks.task import Encode, Task

__all__ = ["Classification", "Encode", "Multilabel", "Regression", "Task", "of"]

_TASKS: Mapping[TaskKind, Callable[[Dataset], Task]] = {
    "classification": lambda data: Classification(len(data.classes)),
    "multilabel": lambda data: Multilabel(len(data.classes)),
    "regression": lambda data: Regression(0 if data.train.labels.ndim == 1 else data.outputs),
}


def of(dataset: Dataset) -> Task:
    """Return the task of a data set."""
    return _TASKS[dataset.task](dataset)
