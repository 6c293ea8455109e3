"""Make everything ready for the first step: the compiled model, the step that trains, the graphs."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportgen.datasets.types import Dataset
from reportgen.errors import DivergedError, TrainingError
from reportgen.training import checkpoint, fast
from reportgen.training.adapted import adapt
from reportgen.training.build import build
from reportgen.training.evaluate import Evaluator, improbable
from reportgen.training.fast import FastStep, Sharing, proof
from reportgen.training.job import Job
from reportgen.training.loop import Loop, Minibatches, augmentation
from reportgen.training.precision import arithmetic, computing_in
from reportgen.training.recipe import Recipe
from reportgen.training.record import Evaluation
from reportgen.training.schedule import Rates
from reportgen.training.sources import Functions, Sources
from reportgen.training.step import KerasStep, Step, compiled
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
        side_by_side = sharing.side_by_side if isinstance(found, FastStep) else 1
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
