"""Everything ready for the first step: data, loss, metrics, the step that trains, the graphs."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reportgen.datasets.inputs import texts
from reportgen.datasets.types import Dataset, Split
from reportgen.errors import DivergedError, InputError, Problem, TrainingError
from reportgen.report.types import Scale, Training
from reportgen.training import checkpoint, components, fast, tasks
from reportgen.training.adapted import adapt
from reportgen.training.build import build
from reportgen.training.class_weights import class_weights
from reportgen.training.evaluate import Evaluator, improbable, metrics_of
from reportgen.training.fast import FastStep, Sharing, proof
from reportgen.training.folds import thinned
from reportgen.training.job import TOML, Job
from reportgen.training.loop import Loop, Minibatches, augmentation
from reportgen.training.precision import arithmetic, computing_in
from reportgen.training.raised import said
from reportgen.training.record import Evaluation
from reportgen.training.scale import scale_of
from reportgen.training.schedule import Rates
from reportgen.training.sources import Functions, Sources
from reportgen.training.step import KerasStep, Step, compiled
from reportgen.training.tasks import Task
from reportgen.training.tensorflow import set_up
from reportgen.training.weights import unpack

_FEW = 64  # images for a first look at outputs


@contextmanager
def opened(job: Job) -> Iterator[Functions]:
    """Import a job's models.py, everything seeded."""
    set_up(job.seed)
    with Sources(job.sources, Path(job.models_path)).imported() as functions:
        yield functions


@dataclass(frozen=True)
class Recipe:
    """What a job trains by, as objects of Keras.

    Attributes
    ----------
    splits : mapping of str to Split
        By name: train, validation, test.
    task : Task
        What the data have to be predicted.
    units : int
        Outputs of the model: one for each class, label or target, or a single one.
    loss : object
        What ``compile`` takes.
    encode : callable
        Labels as the loss takes them.
    scale : str
        The range of the images, see `Training`.
    separable : bool
        Whether the loss is a mean of what it says of each image.
    metrics : mapping
        Further metrics, see `evaluate.metrics_of`.
    weights : tuple of float
        Of the classes, see `class_weights`.
    columns : tuple of str
        Of a table, and of several inputs, the name of each.
    """

    job: Job
    splits: Mapping[str, Split]
    scale: Scale
    task: Task
    units: int
    loss: Any
    encode: Callable[[Any], Any]
    separable: bool
    metrics: Mapping[str, tuple[Any, Callable[[Any], Any]]]
    weights: tuple[float, ...] = ()
    columns: tuple[str, ...] = ()

    @classmethod
    def of(cls, job: Job, functions: Functions, dataset: Dataset, units: int | None = None) -> "Recipe":
        """Make the objects that a job names, for a model of so many outputs; default: one for each class.

        Raises
        ------
        InputError
            With all that is wrong in them.
        """
        task, wanted, problems = tasks.of(dataset), job.training, list[Problem]()

        def tried(key: str, make: Callable[[], Any]) -> Any:
            try:
                return make()
            except InputError as error:
                problems.extend(_placed(problem, job, key) for problem in error.problems)
                return None

        splits = tried("validation", lambda: splits_of(job, dataset))
        scale = tried("scale", lambda: scale_of(wanted.scale, dataset))
        made = tried("optimizer", lambda: components.optimizer(wanted.optimizer))
        tried("early_stopping", lambda: _check_stopping(wanted, made))
        metrics = tried("metrics", lambda: metrics_of(wanted.metrics, task, units))
        loss = tried("loss", lambda: components.loss(wanted.loss, functions))
        weights = tried(
            "class_weights",
            lambda: splits and class_weights(wanted.class_weights, dataset.classes, splits["train"].labels),
        )
        encode: Any = loss and tried("loss", lambda: _encoding(job, loss, task, units, functions))
        tried("augmentation", lambda: _check_augmentation(wanted, dataset))
        if problems:
            raise InputError(problems)
        separable = components.separable(loss, encode, task, units)
        return cls(
            job,
            splits,
            scale,
            task,
            units or task.outputs,
            loss,
            encode,
            separable,
            metrics,
            weights,
            dataset.columns,
        )

    @property
    def reported(self) -> tuple[str, ...]:
        """The metrics that are reported while it trains."""
        return self.task.reported

    def optimizer(self) -> Any:
        """Return a new optimizer."""
        return components.optimizer(self.job.training.optimizer)

    def evaluator(self, model: Any, towers: int = 1, *, further: bool = False) -> Evaluator:
        """Return what measures a compiled model; `further` metrics are those of the finished one.

        Where loss or model may look at several images, they are given as many at a time as in training.
        """
        training = self.job.training
        alone = self.separable and fast.image_by_image(model)
        return Evaluator(
            model,
            self.task,
            self.encode,
            None if alone else training.batch_size,
            towers,
            self.metrics if further else {},
            components.takes_logits(training.loss),
            self.scale,
        )


@dataclass(frozen=True)
class Prepared:
    """A model that the next step can train."""

    job: Job
    model: Any
    recipe: Recipe
    functions: Functions
    batches: Minibatches
    step: Step
    loop: Loop
    validator: Evaluator
    precision: str

    def rehearse(self) -> None:
        """Make sure that the first and the last learning rate can be had."""
        rates = Rates(self.job.training, self.functions, self.batches.steps, self.job.seed)
        for epoch in sorted({0, self.job.training.epochs - 1}):
            rates.epoch(epoch)

    def check(self, measured: Evaluation) -> None:
        """Raise an InputError if the model's outputs are no probabilities."""
        self.refuse(improbable(measured))

    def refuse(self, value: float | None) -> None:
        """Raise an InputError for an output that is no probability, if there is one."""
        if value is not None:
            builder = self.functions.value(self.job.builder)
            message = f"{self.job.model}: the model gives {value:.3g} for a class, which is not a probability"
            remedy = f'{self.recipe.task.last_layer}, or give the loss "from_logits = true"'
            raise self.functions.sources.problem(builder, message, remedy)

    def finish(self) -> None:
        """Have averaged weights, where the optimizer keeps them, take over: training is at its end."""
        step = self.step
        trained = step.variables if isinstance(step, FastStep) else self.model.trainable_variables
        self.model.optimizer.finalize_variable_values(trained)

    def give_back(self) -> str:
        """Write the trained weights into the model; return in what the fast path differs from it then.

        Call it when the training is over, outside the block of `prepare`.
        """
        if not isinstance(self.step, FastStep):
            return ""
        self.step.give_back()
        return proof.difference(self.step, *self.batches.first())


@contextmanager
def prepare(
    job: Job, model: Any, recipe: Recipe, functions: Functions, sharing: Sharing
) -> Iterator[Prepared]:
    """Compile a model as its job declares, and make its graphs; inside the block it can be trained.

    Raises
    ------
    InputError, TrainingError
        If the model, its loss or its augmentation can't be trained.
    """
    wanted = job.training
    with ExitStack() as stack, _blamed(job, functions):
        adapt(model, recipe.splits["train"], recipe.scale, recipe.columns)
        compiled(model, recipe.optimizer(), recipe.loss, recipe.reported)
        why = fast.unsuited(model) if wanted.fast else "fast = false"
        why = why or recipe.task.slow(recipe.units)
        why = why or ("its classes have weights" if recipe.weights else "")
        augment = augmentation(wanted.augmentation, functions) if wanted.augmentation else None
        batches = Minibatches(
            recipe.splits["train"], wanted.batch_size, job.seed, recipe.encode, augment, recipe.scale
        )
        found = why or fast.faster(model, *batches.first(), sharing)
        stack.enter_context(computing_in(model, wanted.precision))
        step: Step
        if isinstance(found, FastStep):
            step = found
            stack.enter_context(found.in_force())
        else:
            step = KerasStep(model, *batches.first(), recipe.units, found, recipe.reported, recipe.weights)
        loop = Loop(step, batches, job.seed)
        loop.prepare()
        side_by_side = max(sharing.towers, sharing.cuts) if isinstance(found, FastStep) else 1
        validator = recipe.evaluator(model, side_by_side)
        precision = arithmetic(model)
        prepared = Prepared(job, model, recipe, functions, batches, step, loop, validator, precision)
        before = checkpoint.capture(loop.state)
        prepared.refuse(validator.outlier(recipe.splits["validation"].inputs[:_FEW]))
        checkpoint.restore(loop.state, before)
        yield prepared


def loaded(job: Job, recipe: Recipe, functions: Functions, dataset: Dataset, weights: bytes) -> Any:
    """Return a compiled model, built anew, with the weights of a safetensors file."""
    model = build(job, functions, dataset)
    with _blamed(job, functions):
        adapt(model, recipe.splits["train"], recipe.scale, recipe.columns)
        unpack(weights, model)
        return compiled(model, recipe.optimizer(), recipe.loss, recipe.reported)


@contextmanager
def _blamed(job: Job, functions: Functions) -> Iterator[None]:
    """Have errors of the authors' code name its line, and others the model's builder."""
    builder = functions.value(job.builder)
    try:
        with functions.sources.blamed(f"training {job.model}", builder):
            yield
    except TrainingError as error:
        if isinstance(error, DivergedError) or any(problem.path for problem in error.problems):
            raise
        found = error.problems[0]
        raise functions.sources.problem(builder, f"{job.model}: {found.message}", found.remedy) from None


def _placed(problem: Problem, job: Job, key: str) -> Problem:
    """Return a problem of report.toml with its line and the model's name."""
    if problem.path != TOML or problem.line:
        return problem
    line = job.lines.get(key) or job.lines.get("", 0)
    return replace(problem, path=job.toml, line=line, message=f"{job.model}: {problem.message}")


def _encoding(
    job: Job, loss: Any, task: Task, units: int | None, functions: Functions
) -> Callable[[Any], Any]:
    if message := task.refuses(job.training.loss, units):
        raise InputError(Problem(TOML, 0, message, f'set loss = "{task.loss}"'))
    name = job.training.loss.name
    own = functions.has(name)
    try:
        return task.encoding(loss, units)
    except InputError:
        raise
    except Exception as error:
        message = f"loss {name} does not take {task.takes}: {said(error)}"
        if own:
            raise functions.sources.problem(functions.value(name), message) from None
        raise InputError(Problem(TOML, 0, message)) from None


def _check_stopping(wanted: Training, optimizer: Any) -> None:
    """Refuse to keep the best epoch's weights where the optimizer averages those of several."""
    if wanted.early_stopping and getattr(optimizer, "use_ema", False):
        message = "early_stopping keeps the weights of one epoch, and use_ema averages those of many"
        raise InputError(Problem(TOML, 0, message, "leave one of them out"))


def _check_augmentation(wanted: Training, dataset: Dataset) -> None:
    """Refuse to change texts: an augmentation is of numbers."""
    if wanted.augmentation and all(map(texts, dataset.train.arrays)):
        message = f"augmentation is of numbers, and {dataset.title} has texts"
        raise InputError(Problem(TOML, 0, message, 'set augmentation = "" for it'))


def splits_of(job: Job, dataset: Dataset) -> dict[str, Split]:
    """Return a data set's splits as a job wants them; raise an InputError where one is empty."""
    splits = dataset.split(job.training.validation)
    train, held_out = splits["train"].labels, splits["validation"].labels
    if not (len(train) and len(held_out)):
        have = len(dataset.train.labels)
        remedy = f"hold out between 1 and {have - 1} of the {have} training items"
        raise InputError(Problem(TOML, 0, "validation leaves a split without items", remedy))
    for name in ("train", "validation"):
        splits[name] = thinned(splits[name], job.training.subset)
    return splits
