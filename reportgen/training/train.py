"""Run one experiment, from a job to a record."""

import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from reportgen.datasets.types import Dataset
from reportgen.errors import DivergedError, Problem, TrainingError
from reportgen.training import build, estimator, function
from reportgen.training import checkpoint as checkpoints
from reportgen.training.as_planned import check_built, check_gpu, check_new_reads, check_reads
from reportgen.training.begun import without_checkpoints
from reportgen.training.checkpoint import Checkpoint
from reportgen.training.data_warnings import data_warnings, lacking
from reportgen.training.environment import environment, now, sitting
from reportgen.training.fast import Sharing, thread_count
from reportgen.training.folds import Fold, evaluated
from reportgen.training.importance import importance
from reportgen.training.job import Job, Observer, Progress
from reportgen.training.precision import computing_in
from reportgen.training.prepare import Prepared, loaded, opened, prepare
from reportgen.training.progression import at_chance, kept_epoch
from reportgen.training.recipe import Recipe, splits_of
from reportgen.training.record import CURVES, Evaluation, History, Record
from reportgen.training.scale import squeezed
from reportgen.training.schedule import Rates
from reportgen.training.sources import Functions
from reportgen.training.tensorflow import on_gpu
from reportgen.training.weights import pack

# Of a loss, and of accuracy: an evaluation may add up in another order, in bfloat16 with 8 bits a number.
_ROUNDING = {"float32": 1e-3, "bfloat16": 2e-2}


@dataclass(frozen=True)
class Trained:
    """A finished experiment; `weights` is a safetensors file, empty for what is no network."""

    record: Record
    weights: bytes


def train(
    job: Job,
    dataset: Dataset,
    folder: Path,
    observe: Observer = lambda progress: None,
    sharing: Sharing | None = None,
) -> Trained:
    """Train a model, or go on where an interrupted training of it stopped; with folds, once more for each.

    After every epoch the state is written to `folder`; going on from it gives the same weights,
    history and predictions, to the bit, as never having stopped. What is stored is loaded into a model
    built anew, and that one is measured.

    Parameters
    ----------
    folder : Path
        An existing folder for this experiment's checkpoint.
    observe : callable
        Called with a `Progress` about twice a second.
    sharing : Sharing, optional
        How the cores are shared out, already arranged.

    Raises
    ------
    InputError
        If models.py or the training parameters are not right, with the line at fault.
    DataError
        If a file that models.py reads was changed meanwhile.
    DivergedError
        If the loss is no longer finite.
    TrainingError
        If training can't be resumable, a checkpoint can't be written, or what is stored is not what was
        trained.
    """
    done = _once(job, dataset, folder.resolve(), observe, sharing)
    if not job.training.folds:
        return done

    def fold(found: Fold) -> Record:
        name = f"fold {found.number + 1} of {job.training.folds}"
        place = folder.resolve() / name.replace(" ", "-")
        place.mkdir(exist_ok=True)
        observe(Progress("building", 0, job.training.epochs, 0, 0, note=name))
        return _once(found.job, found.dataset, place, observe, sharing).record

    return replace(done, record=evaluated(job, dataset, done.record, fold))


def _once(
    job: Job, dataset: Dataset, folder: Path, observe: Observer, sharing: Sharing | None = None
) -> Trained:
    check_reads(job)
    observe(Progress("building", 0, job.training.epochs, 0, 0))
    with opened(job) as functions:
        if job.training.train:
            return Trained(function.trained(job, dataset, functions, folder, observe), b"")
        made = build.made(job, functions, dataset)
        if estimator.is_estimator(made):
            return Trained(_fitted(made, job, dataset, folder, functions, observe), b"")
        check_gpu(job, on_gpu())
        training = _Training(made, job, dataset, folder, functions, observe)
        done = training.run(sharing or Sharing())
        observe(Progress("evaluating", len(done.history), job.training.epochs, 0, 0))
        weights = pack(training.model)
        record = training.record(done, weights)
    check_reads(job)
    return Trained(record, weights)


class _Training:
    """One model on its way through the epochs."""

    def __init__(
        self,
        made: Any,
        job: Job,
        dataset: Dataset,
        folder: Path,
        functions: Functions,
        observe: Observer,
    ) -> None:
        self._job, self._dataset, self._folder, self._observe = job, dataset, folder, observe
        self._functions = functions
        self.model = build.checked(made, job, functions, dataset)
        self._identity = build.identity(self.model, job)
        check_built(job, functions, self._identity.digest)
        units = build.units_of(self.model, dataset.input_shape)
        self._recipe = Recipe.of(job, functions, dataset, units)
        ignored = f"compile() in {job.builder}() is ignored: report.toml says how to train"
        notes = (
            ignored if self.model.compiled else "",
            *data_warnings(self._recipe.splits, dataset, network=True),
            squeezed(self.model, self._recipe.scale),
        )
        for note in notes:
            if note:
                observe(Progress("building", 0, job.training.epochs, 0, 0, note=f"warning: {note}"))
        self._resumed = False
        self._way, self._precision = "", ""

    def run(self, sharing: Sharing) -> Checkpoint:
        """Train the epochs that are missing."""
        with prepare(self._job, self.model, self._recipe, self._functions, sharing) as prepared:
            self._way, self._precision = prepared.step.way, prepared.precision
            done = self._resume(prepared)
            check_new_reads(self._job, self._functions)
            before, first = done.sittings, len(done.history) + 1
            rates = Rates(self._job.training, self._functions, prepared.batches.steps, self._job.seed)
            for index in range(len(done.history), self._job.training.epochs):
                if self._ended(done.history):
                    break
                speeds = rates.epoch(index, done.history.val_loss)
                values = self._epoch(prepared, speeds, index, done.history)
                curves: dict[str, Any] = {
                    name: (*getattr(done.history, name), *values[name]) for name in CURVES
                }
                sittings = (*before, sitting(first, index + 1))
                state = checkpoints.capture(prepared.loop.state)
                history = History(**curves)
                best = done.best
                if self._job.training.early_stopping:
                    best = state if kept_epoch(history.val_loss) == index else best
                done = Checkpoint(done.started, history, sittings, thread_count(), state, best)
                checkpoints.write(self._folder, self._mark, done)
            if done.best:
                checkpoints.restore(prepared.loop.state, done.best)
            if note := at_chance(done.history, len(self._dataset.classes)):
                epochs = self._job.training.epochs
                self._observe(Progress("training", len(done.history), epochs, 0, 0, note=f"warning: {note}"))
        if difference := prepared.give_back():
            message = f"{self._job.model}: the fast path no longer matches Keras's step ({difference})"
            raise TrainingError(Problem("", 0, message, "set fast = false for it in report.toml"))
        check_new_reads(self._job, self._functions)
        return done

    def record(self, done: Checkpoint, weights: bytes) -> Record:
        """Measure what is stored: the weights, in a model built anew from the same text."""
        job, dataset = self._job, self._dataset
        with opened(job) as functions:
            recipe = Recipe.of(job, functions, dataset, self._recipe.units)
            model = loaded(job, recipe, functions, dataset, weights)
            self._check_stored(model, recipe, done.history)
            evaluator = recipe.evaluator(model, further=True)
            evaluations = {
                name: evaluator.measure(split, keep_confidence=name != "train")
                for name, split in recipe.splits.items()
            }
            measure = recipe.evaluator(model).measure
            important = importance(
                dataset.columns,
                recipe.splits["validation"],
                lambda split: measure(split).predicted,
                job.seed,
            )
            layers = build.architecture(model, dataset.input_shape)
        for name, evaluation in evaluations.items():
            if evaluation.loss is None or not np.isfinite(evaluation.loss):
                raise self._diverged(f"the {name} loss is {evaluation.loss}")
        seconds = sum(done.history.seconds)
        return Record(
            key=job.key,
            projection=job.projection,
            seed=job.seed,
            dataset=dataset.fingerprint,
            architecture=layers,
            history=done.history,
            evaluations=evaluations,
            environment=environment(job, done.started, seconds, done.sittings),
            code=job.code,
            config=self._identity.config,
            way=self._way,
            precision=self._precision,
            reads=dict(self._functions.reads),
            importance=important,
        )

    def _ended(self, history: History) -> bool:
        """Tell whether the validation loss has not fallen for as many epochs as are waited for."""
        patience = self._job.training.early_stopping
        return bool(patience and len(history) and len(history) - 1 - kept_epoch(history.val_loss) >= patience)

    @property
    def _mark(self) -> str:
        return f"{self._job.key} {self._identity.digest}"

    def _resume(self, prepared: Prepared) -> Checkpoint:
        found = checkpoints.read(self._folder, self._mark)
        here = thread_count()
        if found is None or len(found.state) != len(prepared.loop.state) or found.threads != here:
            return Checkpoint(now(), History((), (), (), (), (), ()), (), here, ())
        checkpoints.restore(prepared.loop.state, found.state)
        self._resumed = True
        return found

    def _epoch(
        self, prepared: Prepared, rates: Any, index: int, history: History
    ) -> dict[str, tuple[float, ...]]:
        """Train an epoch; return what it adds to each curve: of numbers nothing to accuracies."""
        began = time.perf_counter()
        last = history.val_accuracy[-1] if history.val_accuracy else None
        try:
            mean, right = prepared.loop.epoch(
                index, rates, partial(self._tell, prepared.batches.steps, index, last)
            )
        except FloatingPointError as error:
            step, value = error.args
            raise self._diverged(f"the loss became {value} in epoch {index + 1}, step {step}") from None
        if index + 1 == self._job.training.epochs:
            prepared.finish()
        measured = prepared.validator.measure(self._recipe.splits["validation"], keep_confidence=True)
        if measured.loss is None or not np.isfinite(measured.loss):
            raise self._diverged(f"the validation loss became {measured.loss} in epoch {index + 1}")
        prepared.check(measured)
        return {
            "loss": (mean,),
            "accuracy": (right,) if self._recipe.reported else (),
            "val_loss": (measured.loss,),
            "val_accuracy": (measured.accuracy,) if self._recipe.reported else (),
            "learning_rate": (float(rates[-1]),),
            "seconds": (time.perf_counter() - began,),
        }

    def _check_stored(self, model: Any, recipe: Recipe, history: History) -> None:
        """Raise if the weights, in a model built anew, do not give the validation of their epoch."""
        early = self._job.training.early_stopping
        kept = kept_epoch(history.val_loss) if early else len(history) - 1
        loss = history.val_loss[kept]
        right = history.val_accuracy[kept] if history.val_accuracy else None
        split = recipe.splits["validation"]
        with computing_in(model, self._job.training.precision):
            again = recipe.evaluator(model).measure(split, keep_confidence=True)
        tolerance = _ROUNDING[self._job.training.precision]
        if _agree(again, loss, right, tolerance) or self._unsteady():
            return
        message = (
            f"{self._job.model}: the weights, loaded into a newly built model, give validation"
            f" {_told(again.loss, None if again.regression else again.accuracy)}, not"
            f" {_told(loss, right)} as after epoch {kept + 1}"
        )
        remedy = "keep everything that the model learns in weights of its layers (add_weight)"
        builder = self._functions.value(self._job.builder)
        raise self._functions.sources.problem(builder, message, remedy)

    def _unsteady(self) -> bool:
        """Tell whether the trained model is random at test time, so that no two measurements agree."""
        split = self._recipe.splits["validation"]
        with computing_in(self.model, self._job.training.precision):
            one, other = (self._recipe.evaluator(self.model).measure(split) for _ in range(2))
        right = None if other.regression else other.accuracy
        return not _agree(one, other.loss or 0.0, right, 1e-6)

    def _diverged(self, what: str) -> DivergedError:
        remedy = lacking(self._recipe.splits["train"], self._dataset.columns) or "try a smaller learning rate"
        return DivergedError(Problem("", 0, f"{self._job.model}: {what}", remedy))

    def _tell(self, steps: int, index: int, last: float | None, step: int, mean: float, right: float) -> None:
        epochs = self._job.training.epochs
        share = right if self._recipe.reported else None
        self._observe(Progress("training", index + 1, epochs, step, steps, mean, share, last, self._resumed))


def _told(loss: float | None, right: float | None) -> str:
    return f"loss {loss:.4g}" + ("" if right is None else f" and accuracy {right:.1%}")


def _agree(measured: Evaluation, loss: float, right: float | None, tolerance: float) -> bool:
    few = max(2 / len(measured.labels), tolerance)
    return bool(
        np.isclose(measured.loss or 0.0, loss, rtol=tolerance, atol=1e-6)
        and (right is None or abs(measured.accuracy - right) <= few)
    )


def _fitted(
    made: Any, job: Job, dataset: Dataset, folder: Path, functions: Functions, observe: Observer
) -> Record:
    """Fit an estimator that the plan built as well."""
    found = estimator.identity(made, job, functions, dataset)
    check_built(job, functions, found.digest)
    splits = splits_of(job, dataset)
    for warning in data_warnings(splits, dataset):
        observe(Progress("building", 0, 0, 0, 0, note=f"warning: {warning}"))
    with without_checkpoints(folder, job.model, observe):
        observe(Progress("training", 0, 0, 0, 0))
        record = estimator.fit(made, job, dataset, splits, functions)
    observe(Progress("evaluating", 0, 0, 0, 0))
    check_new_reads(job, functions)
    check_reads(job)
    return record
