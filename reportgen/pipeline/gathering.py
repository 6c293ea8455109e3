"""Stored results → facts and verdicts."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from reportgen import claims, datasets, results
from reportgen.claims import RunSummary, Verdicts
from reportgen.errors import StoreError
from reportgen.experiment import codec
from reportgen.experiment.record import Record
from reportgen.pipeline.project import Project
from reportgen.plan import ModelPlan, Plan
from reportgen.results import Facts

DIVERGED = "training diverged"


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
        """Models whose loss became no number, so that they have no result."""
        return tuple(name for name, reason in self.unsettled.items() if reason.startswith(DIVERGED))


def gather(project: Project, planned: Plan) -> Gathered:
    """Read every fresh result, verified, and judge the report by them."""
    records: dict[str, tuple[Record, ...]] = {}
    unsettled: dict[str, str] = {}
    for name in project.report.models:
        found: list[Record] = []
        for each in planned.of(name):
            record, reason = _record(project, each)
            if record is None:
                unsettled[name] = reason
                break
            found.append(record)
        else:
            records[name] = tuple(found)
    report = project.report
    class_names = {
        spec.training.dataset: datasets.class_names(spec.training.dataset, report.datasets)
        for spec in report.models.values()
    }
    facts = results.facts(report, records, class_names)
    return Gathered(planned, records, unsettled, facts, claims.judge(report, facts, unsettled=unsettled))


def _record(project: Project, planned: ModelPlan) -> tuple[Record | None, str]:
    """Return a model's record with one seed, or why it can't be used."""
    if planned.status == "stale":
        diverged = planned.key and project.store.noted("diverged", planned.key)
        if diverged:
            return None, f"{DIVERGED}: {diverged.decode()}"
        return None, "stale: " + "; ".join(map(str, planned.reasons)) if planned.reasons else "not trained"
    assert planned.key
    stored = project.store.get(planned.key)
    if stored is None:
        return None, "its stored result is damaged and was set aside; train it again"
    try:
        record = codec.read(stored.read)
        if planned.evaluation_key:
            further = project.store.get(planned.evaluation_key)
            if further is None:
                return None, f"not measured yet: {', '.join(planned.spec.training.metrics)}"
            record = codec.with_metrics(record, further.read)
    except StoreError as error:
        return None, f"its stored result is damaged: {error}"
    if record.key != planned.key:
        return None, "its stored result carries another key"
    return record, ""
