"""All facts of one model."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from reportgen.language import (
    FactError,
    Keyed,
    KindError,
    MissingError,
    Model,
    Namespace,
    NumberStyle,
    Quantity,
    Series,
    Term,
    TestOutcome,
    published,
)
from reportgen.report.dataset_file import Task
from reportgen.report.types import ModelSpec
from reportgen.results.configuration import ConfiguredFacts, loss_of
from reportgen.results.history import HistoryFacts, history
from reportgen.results.network_facts import (
    EnvironmentFacts,
    LayerFacts,
    ParameterFacts,
    built,
    dropout_rates,
    layers_of,
)
from reportgen.results.quantity_maker import DIVERGED, UNMEASURED, Maker
from reportgen.results.relations import RELATIONS, Related
from reportgen.results.tasks import rules
from reportgen.training.record import FOLDS, Layer, Record

CONVERGED = 0.01
OVERFITTING = 0.05


class ModelFacts(ConfiguredFacts, Model):
    """A model: what was configured, what was built, and what was measured.

    Parameters
    ----------
    spec : ModelSpec
    records : sequence of Record
        One a seed, in the order of the seeds; empty before the model was trained.
    task : Task
    style : NumberStyle
    """

    relations = {**RELATIONS, "overfitting": "is_overfitting", "converged": "is_converged"}  # noqa: RUF012

    def __init__(self, spec: ModelSpec, records: Sequence[Record], task: Task, style: NumberStyle) -> None:
        self.records = tuple(records)
        self.missing = _why(self.records)
        self._built = Maker(style, "" if self.records else UNMEASURED)
        self._rules = rules(task)
        maker = Maker(style, self.missing, loss_of(spec.training))
        super().__init__(spec, task, maker, self.record, self._rules.unclassed)

    @property
    def record(self) -> Record | None:
        """The reference run: that of the first seed."""
        return self.records[0] if self.records else None

    def members(self) -> tuple[str, ...]:
        """Return the names; figures of another task, and folds, only where there are such."""
        hidden = {
            "predictions": not self.regression,
            "roc": self.regression or (self.task.kind == "classification" and len(self.class_names) != 2),
            "targets": not self.regression or not self.task.names,
            "folds": not self.spec.training.folds,
        }
        return tuple(name for name in super().members() if not hidden.get(name))

    @property
    def regression(self) -> bool:
        """Whether it predicts numbers."""
        return self.task.kind == "regression"

    @property
    def sources(self) -> tuple[str, ...]:
        """The keys of its results, one a seed."""
        return tuple(record.key for record in self.records)

    # ---- measured -------------------------------------------------------------------------------

    def _split(self, key: str) -> Related:
        runs = [record.evaluations[key] for record in self.records if key in record.evaluations]
        maker = self._maker if runs else replace(self._maker, missing=self._maker.missing or UNMEASURED)
        data = f"{self.spec.training.dataset}/{self.spec.training.validation}/{key}"
        if key == "test":
            data = f"{self.spec.training.dataset}/test"
        found = self._rules.facts(f"{self.name}.{key}", data, runs, self.task.names, maker)
        found.variants = self.spec.variants
        return found

    @published
    def train(self) -> Related:
        """Measured on the training items after training, with Dropout and augmentation off."""
        return self._split("train")

    @published
    def validation(self) -> Related:
        """Measured on the items held out from the training items."""
        return self._split("validation")

    @published
    def test(self) -> Related:
        """Measured on the test items."""
        return self._split("test")

    @published
    def folds(self) -> Related:
        """Measured on every training item, by a model that was trained without its fold."""
        runs = [record.evaluations[FOLDS] for record in self.records if FOLDS in record.evaluations]
        chosen, count = self.spec.training, self.spec.training.folds or 0
        missing = "" if runs else UNMEASURED if count else "report.toml asks for no folds"
        maker = replace(self._maker, missing=self._maker.missing or missing)
        name, data = f"{self.name}.folds", f"{chosen.dataset}/{chosen.subset}/{count} folds"
        found = self._rules.folds(name, data, runs, self.task.names, maker)
        found.count, found.variants = count, self.spec.variants
        return found

    @published
    def gap(self) -> Quantity:
        """How much worse validation is than training, by the usual measure: accuracy or mean error."""
        return self._worse(self.validation).named(f"{self.name}.gap")

    @published
    def test_gap(self) -> Quantity:
        """How much worse the test is than training."""
        return self._worse(self.test).named(f"{self.name}.test_gap")

    def _worse(self, other: Related) -> Quantity:
        seen, unseen = self.train.measure, other.measure
        return unseen - seen if other.sign < 0 else seen - unseen

    @published
    def history(self) -> HistoryFacts:
        """Curves over epochs."""
        maker = self._maker
        if self.record and not len(self.record.history):
            maker = replace(maker, missing=self._no_epochs)
        untold = f"{self.spec.builder}() did not tell of it" if self.spec.training.train else self._unclassed
        return history(f"{self.name}.history", self.records, maker, untold)

    @published
    def diverged(self) -> bool:
        """Whether the loss of a training turned NaN."""
        if self.missing == UNMEASURED:
            raise MissingError(f"{self.name}.diverged: {self.missing}")
        return self.missing == DIVERGED

    @published
    def converged(self) -> bool:
        """Whether the last quarter of the epochs gained less than a point of validation accuracy."""
        return self.is_converged()

    @published
    def seconds(self) -> Quantity:
        """Wall time of training."""
        times = [record.environment.seconds for record in self.records]
        return self._maker.measured(f"{self.name}.seconds", times, "seconds")

    @published
    def seconds_per_epoch(self) -> Quantity:
        """Wall time of an epoch, validation included."""
        if self.record and not len(self.record.history):
            return self._maker.absent(f"{self.name}.seconds_per_epoch", "seconds", self._no_epochs)
        times = [math.fsum(r.history.seconds) / len(r.history) for r in self.records if len(r.history)]
        return self._maker.measured(f"{self.name}.seconds_per_epoch", times, "seconds")

    @property
    def _no_epochs(self) -> str:
        return f"{self.spec.builder}() told of no epochs" if self.spec.training.train else self.no_network

    # ---- built ----------------------------------------------------------------------------------

    @built
    def parameters(self) -> ParameterFacts:
        """Numbers of weights."""
        architecture = self.record.architecture if self.record and self.record.network else None
        maker = replace(self._built, missing=self.no_network) if self.no_network else self._built
        return ParameterFacts(f"{self.name}.parameters", architecture, maker)

    @built
    def layers(self) -> Quantity:
        """Number of layers, the input not counted."""
        return self._layers("layers", lambda layer: True)

    @built
    def weight_layers(self) -> Quantity:
        """Number of layers that multiply by weights: dense and convolutional."""
        return self._layers("weight_layers", lambda layer: "Dense" in layer.type or "Conv" in layer.type)

    def _layers(self, key: str, wanted: Callable[[Layer], bool]) -> Quantity:
        name = f"{self.name}.{key}"
        if self.record is None or self.no_network:
            return self._built.absent(name, "count", self.no_network)
        found = [
            layer for layer in self.record.architecture.layers if layer.type != "InputLayer" and wanted(layer)
        ]
        return self._built.given(name, len(found), "count")

    @built
    def layer(self) -> Keyed[LayerFacts]:
        """The layers by name, with their settings."""
        return layers_of(f"{self.name}.layer", self.record.architecture if self.record else None, self._built)

    @built
    def dropout_rates(self) -> Series[Quantity]:
        """Rates of the Dropout layers, in order."""
        architecture = self.record.architecture if self.record else None
        return dropout_rates(f"{self.name}.dropout_rates", architecture, self._built)

    @built
    def environment(self) -> EnvironmentFacts:
        """Where and when it was trained."""
        environment = self.record.environment if self.record else None
        return EnvironmentFacts(f"{self.name}.environment", environment, self._built)

    @published
    def key(self) -> Term:
        """Identity of the first seed's result, shortened."""
        return self._built.word(f"{self.name}.key", self.record.key[:12] if self.record else "")

    @built
    def seeds(self) -> Quantity:
        """Number of seeds it is trained with."""
        return self._maker.given(f"{self.name}.seeds", len(self.records) or len(self.spec.seeds), "count")

    @built
    def seed(self) -> Quantity:
        """The first seed, whose confusions and figures are shown."""
        first = self.record.seed if self.record else self.spec.seeds[0]
        return self._maker.given(f"{self.name}.seed", first, "label")

    # ---- relations ------------------------------------------------------------------------------

    def difference(self, other: object) -> Namespace:
        """As that of ``test``."""
        return self.test.difference(other)

    def significantly_better_than(self, other: object, by: object = "") -> TestOutcome:
        """As that of ``test``."""
        return self.test.significantly_better_than(other, by)

    def significantly_worse_than(self, other: object, by: object = "") -> TestOutcome:
        """As that of ``test``."""
        return self.test.significantly_worse_than(other, by)

    def significantly_different_from(self, other: object, by: object = "") -> TestOutcome:
        """As that of ``test``."""
        return self.test.significantly_different_from(other, by)

    def indistinguishable_from(self, other: object, margin: object = None, by: object = "") -> TestOutcome:
        """As that of ``test``."""
        return self.test.indistinguishable_from(other, margin, by)

    def is_overfitting(self, by: object = OVERFITTING) -> bool:
        """Hold where validation is worse than training by more than `by`: 0.05 is 5 points, or an amount."""
        if self.test.kind == "points":
            return self.gap > _share("by", by)
        unit = "the unit of the target" if self.test.kind == "amount" else "R²"
        if by is OVERFITTING:
            raise KindError(f"{self.name}: say by how much, in {unit}", "overfitting(by=...)")
        if isinstance(by, bool) or not isinstance(by, int | float | Quantity):
            raise KindError(f"`by` is an amount in {unit}")
        return bool(self.gap > by)

    def is_converged(self, within: object = CONVERGED) -> bool:
        """Hold where the last quarter of the epochs raised the best validation accuracy by less than this."""
        if self._unclassed:
            raise MissingError(f"{self.name}: {self._unclassed}")
        if self.missing or self.record is None or not len(self.record.history):
            raise MissingError(f"{self.name}: {self.missing or self._no_epochs}")
        curve = self.history.val_accuracy
        if not len(curve.mean):
            raise MissingError(f"{curve.name}: {curve.last.missing}")
        epochs = range(1, len(curve.mean) + 1)
        last = max(len(epochs) // 4, 1)
        if len(epochs) < 2:
            raise FactError(f"{self.name} was trained for one epoch: too few to tell convergence")
        reached = [curve.after(epoch) for epoch in epochs]
        return max(reached[-last:]) - max(reached[:-last]) < _share("within", within)

    def headline_by(self, by: str) -> tuple[object, ...]:
        """As that of ``test``."""
        return self.test.headline_by(by)

    def headline(self, relation: str = "") -> tuple[object, ...]:
        """Return what a relation rests on, else the test accuracy."""
        match relation:
            case "overfitting":
                return (self.train.measure, self.validation.measure)
            case "converged":
                return (self.history.val_accuracy.best, self.history.val_accuracy.last)
            case _:
                return (self.test.measure,)


def _share(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise KindError(f"`{name}` is a share such as 0.05, for 5 points")
    return value


def _why(records: Sequence[Record]) -> str:
    """Return why nothing can be said of the measurements; empty where it can."""
    if not records:
        return UNMEASURED
    losses = (
        loss
        for record in records
        for loss in (*record.history.loss, *(found.loss for found in record.evaluations.values()))
        if loss is not None
    )
    return DIVERGED if any(map(math.isnan, losses)) else ""
