"""Train by the authors' own function: it gets the data, a seed and ``epoch``, and returns predictions."""

import hashlib
import inspect
import json
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.inputs import Array, Given, pictures, texts
from reportgen.datasets.types import Dataset, Split
from reportgen.errors import DivergedError, Problem
from reportgen.report.types import Scale
from reportgen.training import tasks
from reportgen.training.as_planned import check_built, check_new_reads, check_reads
from reportgen.training.begun import without_checkpoints
from reportgen.training.data_warnings import data_warnings
from reportgen.training.environment import environment, now
from reportgen.training.job import Identity, Job, Observer, Progress
from reportgen.training.prepare import splits_of
from reportgen.training.record import (
    CURVES,
    SPLITS,
    Architecture,
    Evaluation,
    History,
    Layer,
    Record,
    input_layers,
)
from reportgen.training.scale import scale_of, scaled
from reportgen.training.sources import Functions
from reportgen.training.tasks import Task

_SHARES = ("accuracy", "val_accuracy")


@dataclass(frozen=True)
class Data:
    """What a training function gets to see: the labels of the test are not among it.

    Attributes
    ----------
    x_train, x_validation, x_test : ndarray of float32, shape (n, ...)
        Images of shape (n, height, width, channels), scaled as report.toml says; numbers as they are. Texts
        are str of shape (n,). Of several inputs it is a dict of arrays by name.
    y_train, y_validation : ndarray of int64 or float32, shape (n,) or (n, names)
        Classes, counted from 0, or the numbers to predict; of several targets, or of labels (0 and 1), a
        column each.
    classes : tuple of str
        Names of the classes or labels; none where numbers are predicted.
    """

    x_train: Given
    y_train: NDArray[Any]
    x_validation: Given
    y_validation: NDArray[Any]
    x_test: Given
    classes: tuple[str, ...]


class Told:
    """The epochs that a training function reports; calling it reports one, by named numbers."""

    def __init__(self, job: Job, observe: Observer) -> None:
        self._job, self._observe = job, observe
        self._rows: list[dict[str, float]] = []
        self._seconds: list[float] = []
        self._began = time.perf_counter()
        self.diverged: DivergedError | None = None

    def __call__(self, **values: Any) -> None:
        """Take the numbers of an epoch: the same names each time, shares for accuracies."""
        row = {name: float(value) for name, value in values.items()}
        if not row:
            raise ValueError("epoch() needs at least one number, such as epoch(loss=0.5)")
        if self._rows and row.keys() != self._rows[0].keys():
            first, here = (", ".join(names) for names in (self._rows[0], row))
            raise ValueError(f"epoch() gets {here}, and got {first} before")
        if "seconds" in row:
            raise ValueError("seconds are measured: give this number of epoch() another name")
        number = len(self._rows) + 1
        for name, value in row.items():
            if not math.isfinite(value):
                message = f"{self._job.model}: {name} became {value} in epoch {number}"
                self.diverged = DivergedError(Problem("", 0, message, "try a smaller learning rate"))
                raise self.diverged
            if name in _SHARES and not 0 <= value <= 1:
                raise ValueError(f"{name} is {value:g}, and should be a share from 0 to 1")
        self._rows.append(row)
        self._seconds.append(time.perf_counter() - self._began - sum(self._seconds))
        epochs = self._job.training.arguments.get("epochs", 0)
        total = max(number, epochs if isinstance(epochs, int) else 0)
        loss, right, held_out = (row.get(name) for name in ("loss", "accuracy", "val_accuracy"))
        self._observe(Progress("training", number, total, 1, 1, loss, right, held_out))

    @property
    def history(self) -> History:
        """What was reported, as curves."""
        names = self._rows[0] if self._rows else ()
        curves = {name: tuple(row[name] for row in self._rows) for name in names}
        known = {name: curves.pop(name, ()) for name in CURVES if name != "seconds"}
        return History(**known, seconds=tuple(self._seconds), further=curves)


def identity(job: Job, functions: Functions) -> Identity:
    """Return what tells two training functions apart: source and arguments.

    Raises
    ------
    InputError
        If there is no such function, or it can't be called with these arguments.
    """
    functions.get(job.builder, f"the training of {job.model}")
    function, arguments = functions.value(job.builder), job.training.arguments
    try:
        inspect.signature(function).bind(None, seed=0, epoch=None, **arguments)
    except (TypeError, ValueError) as error:
        asked = ", ".join(("data", "seed", "epoch", *arguments))
        remedy = f"its arguments besides data, seed and epoch stand in [models.{job.model}.arguments]"
        message = f"{job.builder}() can't be called with {asked}: {error}"
        raise functions.sources.problem(function, message, remedy) from None
    config = json.dumps({"function": job.builder, "arguments": _arguments(job)}, sort_keys=True)
    digest = hashlib.sha256(config.encode())
    digest.update(str(job.projection.get("builder")).encode())
    return Identity(config, digest.hexdigest(), dict(functions.reads))


def trained(job: Job, dataset: Dataset, functions: Functions, folder: Path, observe: Observer) -> Record:
    """Call a training function, and measure what it predicts.

    Raises
    ------
    InputError
        If it raises, or what it returns are no predictions, with its line.
    DivergedError
        If a number that it reports for an epoch is not finite.
    """
    found = identity(job, functions)
    check_built(job, functions, found.digest)
    splits = splits_of(job, dataset)
    for warning in data_warnings(splits, dataset):
        observe(Progress("building", 0, 0, 0, 0, note=f"warning: {warning}"))
    data = _data(splits, scale_of(job.training.scale, dataset), dataset)
    function, arguments = functions.get(job.builder, "the training"), _arguments(job)
    started, began = now(), time.perf_counter()
    with without_checkpoints(folder, f"{job.builder}()", observe):
        told = Told(job, observe)
        returned = function(data, seed=job.seed, epoch=told, **arguments)
        if told.diverged:  # the function may have caught it
            raise told.diverged
    seconds = time.perf_counter() - began
    observe(Progress("evaluating", len(told.history), len(told.history), 0, 0))
    evaluations = _measured(job, functions, returned, splits, tasks.of(dataset))
    check_new_reads(job, functions)
    check_reads(job)
    versions = job.projection.get("versions")
    libraries = {"numpy", *(versions if isinstance(versions, Mapping) else ())}
    return Record(
        key=job.key,
        projection=job.projection,
        seed=job.seed,
        dataset=dataset.fingerprint,
        architecture=_architecture(job, dataset),
        history=told.history,
        evaluations=evaluations,
        environment=environment(job, started, seconds, libraries=sorted(libraries)),
        code=job.code,
        config=found.config,
        way=f"by the authors' function {job.builder}()",
        reads=dict(functions.reads),
        function=job.builder,
    )


def _arguments(job: Job) -> dict[str, Any]:
    pairs = job.training.arguments.items()
    return {name: list(value) if isinstance(value, tuple) else value for name, value in pairs}


def _data(splits: Mapping[str, Split], scale: Scale, dataset: Dataset) -> Data:
    inputs: dict[str, Given] = {
        name: {each: _handed(part, scale) for each, part in split.several.items()}
        or _handed(split.arrays[0], scale)
        for name, split in splits.items()
    }
    task = tasks.of(dataset)
    labels = {name: task.for_function(splits[name].labels) for name in ("train", "validation")}
    return Data(
        inputs["train"],
        labels["train"],
        inputs["validation"],
        labels["validation"],
        inputs["test"],
        dataset.classes,
    )


def _handed(inputs: Array, scale: Scale) -> Array:
    """Return inputs as a function gets them; as they are where that can be, which holds large ones once."""
    if texts(inputs) or inputs.dtype == np.float32:
        return inputs
    found: Array = scaled(inputs, scale if pictures(inputs) else "bytes").numpy()
    return found


def _measured(
    job: Job, functions: Functions, returned: Any, splits: Mapping[str, Split], task: Task
) -> dict[str, Evaluation]:
    """Return an evaluation of each split; raise an InputError for what are no predictions."""
    function = functions.value(job.builder)

    def refused(message: str) -> Exception:
        remedy = 'return {"train": …, "validation": …, "test": …}, with a prediction for each item'
        return functions.sources.problem(function, f"{job.builder}() {message}", remedy)

    if not isinstance(returned, Mapping):
        raise refused(f"returns a {type(returned).__name__}, not a dict of predictions")
    if missing := [name for name in SPLITS if name not in returned]:
        raise refused(f"returns no predictions for {', '.join(missing)}")
    found = {}
    for name, split in splits.items():
        with functions.sources.blamed(f"the {name} predictions of {job.builder}()", function):
            given = np.asarray(returned[name])
        try:
            found[name] = task.of_predictions(given, split.labels, keep=name != "train")
        except ValueError as error:
            raise refused(f"returns for {name} {error}") from None
    return found


def _architecture(job: Job, dataset: Dataset) -> Architecture:
    """Return the input, and the function with its arguments in place of layers."""
    details = {name: _text(value) for name, value in job.training.arguments.items()}
    layers = (
        *input_layers(dataset.input_shape),
        Layer(job.builder.lower(), job.builder, (), 0, "", details),
    )
    return Architecture(layers, 0, 0)


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
