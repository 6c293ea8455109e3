"""All facts of a report: the root of the names that answers use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from reportgen.datasets.published import BUILT_IN
from reportgen.language import (
    Keyed,
    Namespace,
    NumberStyle,
    Quantity,
    Root,
    Series,
    Show,
    Term,
    published,
    style_of,
)
from reportgen.report.dataset_file import Task
from reportgen.report.types import Report
from reportgen.results.data import DataFacts, DataRoot
from reportgen.results.family_facts import FamilyFacts
from reportgen.results.model_facts import ModelFacts
from reportgen.results.quantity_maker import Maker
from reportgen.results.required import configured_numbers
from reportgen.training.record import Record


class ReportFacts(Namespace):
    """The report as a whole."""

    name = "report"

    def __init__(self, report: Report, models: Mapping[str, ModelFacts], style: NumberStyle) -> None:
        self._report = report
        self._models = models
        self._maker = Maker(style, "")

    @published
    def title(self) -> Term:
        """Its title."""
        return Term(self._report.title_block.title, "report.title")

    @published
    def models(self) -> Series[ModelFacts]:
        """All models, in the order of report.toml."""
        return Series("report.models", "A model", tuple(self._models.values()))

    @published
    def questions(self) -> Quantity:
        """Number of questions."""
        asked = [section for section in self._report.sections if section.question]
        return self._maker.given("report.questions", len(asked), "count")

    @published
    def seconds(self) -> Quantity:
        """Wall time of all trainings, every seed."""
        records = {r.key: r for model in self._models.values() for r in model.records}
        if any(not model.records for model in self._models.values()):
            return self._maker.absent("report.seconds", "seconds")
        total = sum(record.environment.seconds for record in records.values())
        return self._maker.given("report.seconds", total, "seconds")

    @published
    def table(self) -> Show:
        """Table over all models."""
        return Show("table", ())

    @published
    def comparison(self) -> Show:
        """Figure: accuracy with interval against parameters, over all models."""
        return Show("comparison", ())

    @published
    def efficiency(self) -> Show:
        """Figure: accuracy, training time and parameters, over all models."""
        return Show("efficiency", ())


class Facts(Root):
    """The names that answers begin with: each model, ``report``, ``data`` and ``published``.

    Parameters
    ----------
    report : Report
    records : mapping of str to sequence of Record
        By model, one a seed; a model that is not in it, or has none, was not trained yet: what was
        configured is there, what is measured is missing.
    class_names : mapping of str to tuple of str
        By data set.
    """

    def __init__(
        self,
        report: Report,
        records: Mapping[str, Sequence[Record]],
        class_names: Mapping[str, tuple[str, ...]],
    ) -> None:
        self.report = report
        self.style = style_of(report.language)
        self._class_names = class_names
        self.models: dict[str, ModelFacts] = {
            name: ModelFacts(spec, records.get(name, ()), self._task(spec.training.dataset), self.style)
            for name, spec in report.models.items()
        }

    def _task(self, dataset: str) -> Task:
        """Return what is predicted; one of the authors' own data sets says so itself."""
        own = self.report.datasets.get(dataset)
        return own.task if own else Task.usual(self._class_names.get(dataset, ()))

    @cached_property
    def datasets(self) -> dict[str, DataFacts]:
        """The data sets by name."""
        found = {}
        for name in self._class_names:
            users = [model for model in self.models.values() if model.spec.training.dataset == name]
            known = self.report.datasets.get(name) or BUILT_IN.get(name)
            found[name] = DataFacts(name, known.title if known else name, self._task(name), users, self.style)
        return found

    @cached_property
    def configured(self) -> frozenset[float]:
        """Numbers that were configured, required or published: in prose they are no measurements."""
        found = {number for spec in self.report.models.values() for number in configured_numbers(spec)}
        found |= {rate.value for model in self.models.values() for rate in model.dropout_rates}
        return frozenset(found | {float(n) for data in self.datasets.values() for n in data.numbers.values()})

    @cached_property
    def _roots(self) -> dict[str, Namespace]:
        report = ReportFacts(self.report, self.models, self.style)
        families: dict[str, list[ModelFacts]] = {}
        for name, model in self.models.items():
            families.setdefault(model.spec.family or name, []).append(model)
        owners = {
            name: FamilyFacts(name, found, self.style) if found[0].spec.family else found[0]
            for name, found in families.items()
        }
        roots: dict[str, Namespace] = {**owners, "report": report, "data": DataRoot(self.datasets)}
        if self.report.published:
            roots["published"] = self._published()
        return roots

    def _published(self) -> Keyed[Quantity]:
        """Return the figures of others; a published accuracy has no interval and no images."""
        make = Maker(self.style, "")
        found = {
            name: make.given(f"published.{name}", each.value, each.kind)
            for name, each in self.report.published.items()
        }
        return Keyed("published", "A figure from the literature", found)

    def members(self) -> tuple[str, ...]:
        """Return the names of the models and families, ``report`` and ``data``."""
        return tuple(self._roots)

    def member(self, key: object) -> Namespace:
        """Return what a name stands for; a model of a family is there by its own name, too."""
        if isinstance(key, str) and key in self.models:
            return self.models[key]
        return self._roots[key]  # type: ignore[index]

    def __getitem__(self, name: str) -> ModelFacts:
        return self.models[name]

    def describe(self, key: str) -> str:
        """Return what a name stands for."""
        known = {"report": "The report as a whole", "data": "The data sets", "published": "Figures of others"}
        return known.get(key, "A model, or a family of models")


def facts(
    report: Report,
    records: Mapping[str, Sequence[Record]],
    class_names: Mapping[str, tuple[str, ...]],
) -> Facts:
    """Return the facts of a report (see `Facts`)."""
    return Facts(report, records, class_names)
