"""One experiment from a job to a record."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any

from reportgen.datasets.model import Dataset, Split
from reportgen.errors import DataError, InputError, Problem, TrainingError, shown
from reportgen.experiment import checkpoint as checkpoints
from reportgen.experiment.build import architecture, build, identity
from reportgen.experiment.checkpoint import Checkpoint
from reportgen.experiment.environment import environment, now
from reportgen.experiment.evaluate import Evaluator, accuracy, improbable
from reportgen.experiment.job import DivergedError, Identity, Job, Observer, Progress
from reportgen.experiment.loop import Loop, augmentation
from reportgen.experiment.record import Evaluation, History, Record
from reportgen.experiment.sources import Functions, Sources
from reportgen.experiment.threads import Sharing, arrange
from reportgen.experiment.twin import Twin
from reportgen.experiment.updates import Rates, Update, fused, loss, optimizer, takes_logits
from reportgen.experiment.weights import pack, unpack


@dataclass(frozen=True)
class Trained:
    """A finished experiment; `weights` is a safetensors file."""

    record: Record
    weights: bytes


def train(job: Job, dataset: Dataset, folder: Path, observe: Observer = lambda progress: None) -> Trained:
    """Train a model, or go on where an interrupted training of it stopped.

    After every epoch the state is written to `folder`; going on from it gives the same weights,
    history and predictions, to the bit, as never having stopped.

    Parameters
    ----------
    folder : Path
        An existing folder for this experiment's checkpoint.
    observe : callable
        Called with a `Progress` about twice a second.

    Raises
    ------
    InputError
        If models.py or the training parameters are not right, with the line at fault.
    DataError
        If a file that models.py reads was changed meanwhile.
    DivergedError
        If the loss is no longer finite.
    TrainingError
        If training can't be resumable, or a checkpoint can't be written.
    """
    with _functions(job) as functions:
        return _Training(job, dataset, folder, functions, observe).run()


def identify(job: Job, dataset: Dataset) -> Identity:
    """Build a job's model without training it, and say what it is."""
    with _functions(job) as functions:
        return identity(build(job, functions, dataset.input_shape, len(dataset.classes)), job)


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
    with _functions(job) as functions:
        classes = len(dataset.classes)
        measure, _ = loss(job.training.loss, functions)
        model = build(job, functions, dataset.input_shape, classes)
        unpack(weights, model)
        logits = takes_logits(job.training.loss)
        evaluator = Evaluator(model, measure, classes, metrics=job.training.metrics, logits=logits)
        return {name: dict(evaluator.measure(split).metrics) for name, split in _splits(job, dataset).items()}


class _Training:
    """The parts of one training, put together."""

    def __init__(
        self, job: Job, dataset: Dataset, folder: Path, functions: Functions, observe: Observer
    ) -> None:
        wanted, classes = job.training, len(dataset.classes)
        self._job, self._dataset, self._folder, self._observe = job, dataset, folder, observe
        self._splits = _splits(job, dataset)
        self._blamed = functions.sources.blamed
        self._loss, separable = loss(wanted.loss, functions)
        self._say("building")
        sharing = _sharing(job, functions, dataset, separable)
        self._model = build(job, functions, dataset.input_shape, classes)
        self._identity = identity(self._model, job)
        chosen = optimizer(wanted.optimizer)
        blocked = sharing.single and fused(chosen)
        self._wrong = partial(functions.sources.problem, functions.get(job.builder, "the builder"))
        try:
            self._twin = Twin(self._model, wanted.precision, blocked, sharing.cuts)
        except TrainingError as error:
            found = error.problems[0]
            raise self._wrong(f"{job.model}: {found.message}", found.remedy) from None
        augment = augmentation(wanted.augmentation, functions) if wanted.augmentation else None
        update = Update(chosen, self._twin.model.trainable_variables)
        self._loop = Loop(
            self._twin.model,
            update,
            self._loss,
            self._splits["train"],
            classes,
            wanted.batch_size,
            job.seed,
            augment,
            sharing.towers,
        )
        self._optimizer = chosen
        self._rates = Rates(wanted, functions, self._loop.steps)
        side_by_side = max(sharing.towers, sharing.cuts)  # no image looks at another any more
        logits = takes_logits(wanted.loss)
        self._validator = Evaluator(self._twin.model, self._loss, classes, side_by_side, logits=logits)
        self._final = Evaluator(self._model, self._loss, classes, side_by_side, wanted.metrics, logits)
        self._resumed = False

    def run(self) -> Trained:
        """Train the epochs that are missing and evaluate."""
        done = self._resume()
        curves = {field.name: list(getattr(done.history, field.name)) for field in fields(History)}
        for index in range(len(done.history), self._job.training.epochs):
            for name, value in self._epoch(index, curves["val_accuracy"]).items():
                curves[name].append(value)
            history = History(**{name: tuple(values) for name, values in curves.items()})
            done = Checkpoint(done.started, history, checkpoints.capture(self._loop.state))
            checkpoints.write(self._folder, self._mark, done)
        self._twin.give_back()
        return Trained(self._record(done), pack(self._model))

    def _resume(self) -> Checkpoint:
        found = checkpoints.read(self._folder, self._mark)
        if found is None:
            return Checkpoint(now(), History((), (), (), (), (), ()), ())
        checkpoints.restore(self._loop.state, found.state)
        self._resumed = True
        return found

    def _epoch(self, index: int, val_accuracies: list[float]) -> dict[str, float]:
        began = time.perf_counter()
        rates = self._rates.epoch(index)
        last = val_accuracies[-1] if val_accuracies else None
        try:
            with self._blamed(f"training {self._job.model}"):
                mean, right = self._loop.epoch(index, rates, partial(self._tell, index, last))
        except FloatingPointError as error:
            step, value = error.args
            message = f"{self._job.model}: the loss became {value} in epoch {index + 1}, step {step}"
            raise DivergedError(Problem("", 0, message, "try a smaller learning rate")) from None
        if index + 1 == self._job.training.epochs:
            # Averaged weights, where the optimizer keeps them, take over at the end.
            self._optimizer.finalize_variable_values(self._twin.model.trainable_variables)
        measured = self._validator.measure(self._splits["validation"], keep_confidence=True)
        self._check(measured)
        return {
            "loss": mean,
            "accuracy": right,
            "val_loss": measured.loss,
            "val_accuracy": accuracy(measured),
            "learning_rate": float(rates[-1]),
            "seconds": time.perf_counter() - began,
        }

    def _record(self, done: Checkpoint) -> Record:
        self._say("evaluating", len(done.history))
        evaluations = {
            name: self._final.measure(split, keep_confidence=name != "train")
            for name, split in self._splits.items()
        }
        for evaluation in evaluations.values():
            self._check(evaluation)
        job = self._job
        return Record(
            key=job.key,
            projection=job.projection,
            seed=job.seed,
            dataset=self._dataset.fingerprint,
            architecture=architecture(self._model, self._dataset.input_shape),
            history=done.history,
            evaluations=evaluations,
            environment=environment(Path(job.models_path).parent, done.started, sum(done.history.seconds)),
            code=_code(job),
            config=self._identity.config,
        )

    def _check(self, evaluation: Evaluation) -> None:
        if (value := improbable(evaluation)) is not None:
            message = f"{self._job.model}: the model gives {value:.3g} for a class, which is no probability"
            remedy = 'end it in a softmax, or give the loss "from_logits = true"'
            raise self._wrong(message, remedy)

    @property
    def _mark(self) -> str:
        return f"{self._job.key} {self._identity.digest}"

    def _say(self, phase: str, epoch: int = 0) -> None:
        self._observe(Progress(phase, epoch, self._job.training.epochs, 0, 0))

    def _tell(self, index: int, last: float | None, step: int, mean: float, right: float) -> None:
        epochs = self._job.training.epochs
        self._observe(
            Progress("training", index + 1, epochs, step, self._loop.steps, mean, right, last, self._resumed)
        )


@contextmanager
def _functions(job: Job) -> Iterator[Functions]:
    _check_files(job)
    with Sources(job.sources, Path(job.models_path)).imported() as functions:
        yield functions
    _check_files(job)


def _check_files(job: Job) -> None:
    """Raise if a file that models.py reads is no longer what the job's key was made from."""
    for name, mark in job.files.items():
        path = Path(job.models_path).parent / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != mark:
            message = f"was changed while {job.model} was to be trained with it"
            raise DataError(Problem(shown(path), 0, message, "run it again"))


def _sharing(job: Job, functions: Functions, dataset: Dataset, separable: bool) -> Sharing:
    sketch = build(job, functions, dataset.input_shape, len(dataset.classes), sketch=True)
    return arrange(sketch, job.training.batch_size, separable)


def _splits(job: Job, dataset: Dataset) -> dict[str, Split]:
    splits = dataset.split(job.training.validation)
    if not (len(splits["train"].labels) and len(splits["validation"].labels)):
        have = len(dataset.train.labels)
        remedy = f"hold out between 1 and {have - 1} of the {have} training images"
        raise InputError(Problem("report.toml", 0, f"{job.model}: a split without images", remedy))
    return splits


def _code(job: Job) -> str:
    code: Any = job.projection.get("code") if isinstance(job.projection, dict) else None
    return code if isinstance(code, str) else "\n".join(job.sources.values())
