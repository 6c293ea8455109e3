"""Stored results → facts and verdicts."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from reportgen import claims, datasets, results
from reportgen import plan as plans
from reportgen.claims import RunSummary, Verdicts
from reportgen.errors import StoreError
from reportgen.language.quantity import DIVERGED
from reportgen.pipeline.project import Project
from reportgen.plan import ModelPlan, Plan
from reportgen.report.dataset_file import Task
from reportgen.results import Facts
from reportgen.training import codec
from reportgen.training.record import Record

_ASKED = ("training", "data", "seed")


@dataclass(frozen=True)
class Gathered:
    """All that the stored results say.

    Attributes
    ----------
    records : mapping of str to tuple of Record
        By model, one a seed, in the order of its seeds; models with a result for every seed only.
    unsettled : mapping of str to str
        The other models, each with the reason why nothing can be said about it.
    """

    plan: Plan
    records: Mapping[str, tuple[Record, ...]]
    unsettled: Mapping[str, str]
    facts: Facts
    verdicts: Verdicts

    @cached_property
    def run(self) -> RunSummary:
        """Everything that this run of the report says: verdicts and facts."""
        return claims.summarize(self.facts.report, self.facts, self.verdicts)

    @property
    def diverged(self) -> tuple[str, ...]:
        """Models whose loss became NaN, so that they have no result."""
        return tuple(name for name, reason in self.unsettled.items() if reason.startswith(DIVERGED))


def gather(project: Project, planned: Plan) -> Gathered:
    """Read every fresh result, verified, and judge the report by them."""
    records, unsettled, facts = measured(project, planned)
    verdicts = claims.judge(project.report, facts, unsettled=unsettled)
    return Gathered(planned, records, unsettled, facts, verdicts)


def measured(project: Project, planned: Plan) -> tuple[dict[str, tuple[Record, ...]], dict[str, str], Facts]:
    """Return records, what is unsettled, and the facts (see `Gathered`), whatever the prose says of them."""
    report = project.report
    classes = {name: datasets.class_names(name, report.datasets) for name in report.used_datasets}
    tasks = {name: datasets.task(name, report.datasets) for name in report.used_datasets}
    records: dict[str, tuple[Record, ...]] = {}
    unsettled: dict[str, str] = {}
    for name, spec in report.models.items():
        found: list[Record] = []
        for each in planned.of(name):
            record, reason = _record(project, each, tasks[spec.training.dataset])
            if record is None:
                unsettled[name] = reason
                break
            found.append(record)
        else:
            records[name] = tuple(found)
    return records, unsettled, results.facts(report, records, classes)


def _differ(one: object, other: object) -> bool:
    return plans.canonical(one) != plans.canonical(other)


def _record(project: Project, planned: ModelPlan, task: Task) -> tuple[Record | None, str]:
    """Return a model's record with one seed, or why it can't be used."""
    if planned.status == "stale":
        if planned.key and (diverged := plans.divergence(project.store, planned.key)):
            return None, f"{DIVERGED}: {diverged}"
        return None, "stale: " + "; ".join(map(str, planned.reasons)) if planned.reasons else "not trained"
    assert planned.key
    stored = project.store.get(planned.key)
    if stored is None:
        return None, "its stored result is damaged and was set aside; train it again"
    try:
        record = codec.read(stored.read)
        codec.check_task(record, task)
        if planned.evaluation_key:
            further = project.store.get(planned.evaluation_key)
            if further is None:
                return None, f"not measured yet: {', '.join(planned.spec.training.metrics)}"
            record = codec.with_metrics(record, further.read)
    except StoreError as error:
        return None, f"its stored result is damaged: {error}"
    if record.key != planned.key:
        return None, "its stored result has another key"
    for part in _ASKED:  # a link may lead to what was trained otherwise
        if part in record.projection and _differ(record.projection[part], planned.projection[part]):
            return None, f"its stored result is of another {part}; train it again"
    return record, ""
