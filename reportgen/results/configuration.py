"""Configuration of a model as facts: known before anything is trained."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property

from reportgen.language import Keyed, Namespace, Quantity, Series, Show, Term, published
from reportgen.report.dataset_file import Task
from reportgen.report.training_parameters import Argument, Training
from reportgen.report.types import ModelSpec
from reportgen.results.quantity_maker import Maker, setting
from reportgen.results.required import required
from reportgen.training.record import Record

NO_NETWORK = "it was fitted by its own method: there are no epochs and no weights"

BY_FUNCTION = "the authors' own function trains it: report.toml gives its arguments, and no weights are kept"


def loss_of(training: Training) -> str:
    """Return the loss function with its arguments, as it would be called."""
    arguments = sorted(training.loss.arguments.items())
    shown = ", ".join(f"{key}={value}" for key, value in arguments)
    return f"{training.loss.name}({shown})" if shown else training.loss.name


class ConfiguredFacts(Namespace):
    """A model as report.toml declares it; `record` is its first training, if there was one.

    `unclassed` says why it has nothing that only classes have, see `results.tasks`.
    Of what is no network the parameters of a training by epochs are not facts.
    Arguments of its optimizer and loss, or of its training function, are members too: ``cnn.momentum``.
    """

    def __init__(
        self, spec: ModelSpec, task: Task, maker: Maker, record: Record | None, unclassed: str = ""
    ) -> None:
        self.name = spec.name
        self.spec = spec
        self.task = task
        self.class_names = () if task.kind == "regression" else task.names
        self._unclassed = unclassed
        self._maker = maker
        self._trained = record

    @published
    def title(self) -> Term:
        """Its title."""
        return Term(self.spec.title, f"{self.name}.title")

    @published
    def dataset(self) -> Term:
        """Name of its data set."""
        return Term(self.spec.training.dataset, f"{self.name}.dataset")

    @published
    def classes(self) -> Series[Term]:
        """Names of the classes, or labels."""
        name = f"{self.name}.classes"
        terms = (
            Term(label, f"{name}[{rank}]", self.class_names) for rank, label in enumerate(self.class_names)
        )
        return Series(name, "A class", tuple(terms))

    @published
    def targets(self) -> Series[Term]:
        """Names of the targets."""
        name = f"{self.name}.targets"
        names = () if self.class_names else self.task.names
        terms = (Term(target, f"{name}[{rank}]", names) for rank, target in enumerate(names))
        return Series(name, "A target", tuple(terms))

    @published
    def chance(self) -> Quantity:
        """Accuracy of guessing: one by the number of classes."""
        if self._unclassed:
            return self._maker.absent(f"{self.name}.chance", "share", self._unclassed)
        return self._maker.given(f"{self.name}.chance", Fraction(1, len(self.class_names)), "share")

    @published
    def epochs(self) -> Quantity:
        """Number of epochs."""
        return self._count("epochs", self.spec.training.epochs)

    @published
    def batch_size(self) -> Quantity:
        """Items in a minibatch."""
        return self._count("batch_size", self.spec.training.batch_size)

    @published
    def learning_rate(self) -> Quantity | Term:
        """Learning rate, or the name of its schedule."""
        name, rate = f"{self.name}.learning_rate", self.spec.training.learning_rate
        if self.no_network:
            return self._maker.absent(name, "rate", self.no_network)
        return Term(rate, name) if isinstance(rate, str) else self._maker.given(name, rate, "rate")

    @published
    def optimizer(self) -> Term:
        """Name of the optimizer; its arguments are members of the model, such as ``momentum``."""
        return self._word("optimizer", self.spec.training.optimizer.name)

    @published
    def loss_function(self) -> Term:
        """Name of the loss; its arguments are members of the model, such as ``label_smoothing``."""
        return self._word("loss_function", self.spec.training.loss.name)

    @published
    def augmentation(self) -> Term:
        """Name of the augmentation; ``none`` without."""
        return Term(self.spec.training.augmentation or "none", f"{self.name}.augmentation")

    @published
    def arithmetic(self) -> Term:
        """Keras's policies of its layers with weights in training, such as float32 or mixed_bfloat16."""
        if self.spec.training.train:
            return Term("", f"{self.name}.arithmetic", missing=BY_FUNCTION)
        computed = self._trained.precision if self._trained else ""
        return Term(computed or self.spec.training.precision, f"{self.name}.arithmetic")

    @published
    def required(self) -> Keyed[Quantity]:
        """What its requirements ask for, by fact: ``required["test.accuracy"]``."""
        return required(self, self.spec.requirements, self._maker)

    @property
    def no_network(self) -> str:
        """Why it has neither weights nor what networks are trained by; empty for a network."""
        if self.spec.training.train:
            return BY_FUNCTION
        return NO_NETWORK if self._trained and not self._trained.network else ""

    def _count(self, key: str, value: int) -> Quantity:
        name = f"{self.name}.{key}"
        if self.no_network:
            return self._maker.absent(name, "count", self.no_network)
        return self._maker.given(name, value, "count")

    def _word(self, key: str, value: str) -> Term:
        missing = self.no_network
        return Term("" if missing else value, f"{self.name}.{key}", missing=missing)

    # ---- to show --------------------------------------------------------------------------------

    def _show(self, kind: str) -> Show:
        return Show(kind, (self.name,))

    @published
    def summary(self) -> Show:
        """Layer table."""
        return self._show("summary")

    @published
    def training(self) -> Show:
        """Table of the training parameters."""
        return self._show("training")

    @published
    def code(self) -> Show:
        """Source of its builder."""
        return self._show("code")

    @published
    def evaluation_image(self) -> Show:
        """Figure: loss and accuracy by epoch, confusion matrix."""
        return self._show("evaluation_image")

    @published
    def per_class(self) -> Show:
        """Figure: recall and precision of each class."""
        return self._show("per_class")

    @published
    def roc(self) -> Show:
        """Figure: ROC and precision-recall curves of two classes, or of each of several labels."""
        return self._show("roc")

    @published
    def predictions(self) -> Show:
        """Figure: predicted against true numbers, and the errors."""
        return self._show("predictions")

    @published
    def importance(self) -> Show:
        """Figure: how much worse it gets in validation where a column, or one of its inputs, is shuffled."""
        return self._show("importance")

    @published
    def mistakes(self) -> Show:
        """Figure: its most confident mistakes."""
        return self._show("mistakes")

    @published
    def architecture(self) -> Show:
        """Figure: drawing of the network."""
        return self._show("architecture")

    @published
    def augmented(self) -> Show:
        """Figure: training images, and what its augmentation makes of them."""
        return self._show("augmented")

    @published
    def learning_rate_curve(self) -> Show:
        """Figure: learning rate by epoch."""
        return self._show("learning_rate_curve")

    @published
    def reliability(self) -> Show:
        """Figure: how often it is right against how sure it is, with the expected calibration error."""
        return self._show("reliability")

    @published
    def filters(self) -> Show:
        """Figure: the filters of its first convolution as images."""
        return self._show("filters")

    # ---- arguments ------------------------------------------------------------------------------

    @cached_property
    def _arguments(self) -> dict[str, object]:
        training = self.spec.training
        tables: list[Mapping[str, Argument]] = [training.arguments]
        if not self.no_network:
            tables = [{**training.loss.arguments}, {**training.optimizer.arguments}]
        return {
            key: setting(f"{self.name}.{key}", value, self._maker)
            for table in tables
            for key, value in table.items()
            if key not in self._members
        }

    def members(self) -> tuple[str, ...]:
        """Return the published members and the arguments."""
        return (*super().members(), *self._arguments)

    def member(self, key: object) -> object:
        """Return a published member or an argument."""
        if isinstance(key, str) and key in self._arguments:
            return self._arguments[key]
        return super().member(key)

    def describe(self, key: str) -> str:
        """Return what a member means."""
        of = "training function" if self.spec.training.train else "optimizer or loss"
        return super().describe(key) or f"Argument of the {of}, as configured"
