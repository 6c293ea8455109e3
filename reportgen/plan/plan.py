"""Report and store → what is fresh, and what is stale and why."""

import logging
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from reportgen.plan.built_cache import built
from reportgen.plan.last_run import Memory, lock_key
from reportgen.plan.model_plan import Planner, link
from reportgen.plan.result import Data, Identify, ModelPlan, Plan, SectionPlan
from reportgen.plan.sections import plan_sections
from reportgen.plan.source.closure import Projector
from reportgen.plan.source.snapshot import Snapshot
from reportgen.plan.versions import COMPUTING, installed
from reportgen.report.types import Report
from reportgen.store import Store

_log = logging.getLogger(__name__)


def make(
    report: Report,
    store: Store,
    data: Callable[[str], Data],
    identify: Identify | None = None,
    versions: Mapping[str, str] | None = None,
) -> Plan:
    """Compare a report with a store.

    Parameters
    ----------
    report : Report
    store : Store
    data : callable
        Gives what is to be known of a data set, by name.
    identify : callable, optional
        Builds models (without training them) whose source is not known to the store, and tells them by what
        was built. Without it such models count as stale and have no key.
    versions : mapping of str to str, optional
        In place of the installed versions of these libraries.

    Raises
    ------
    InputError
        If models.py can't be parsed, or lacks a function that the report names.
    """
    policy = str(report.options.get("versions", "exact"))
    snapshot = Snapshot.read(report.models_path)
    memory = Memory.read(report, store)
    look_up, versions = cache(data), versions or {}
    planner = Planner(report, store, Projector(snapshot), look_up, memory, policy, versions)
    models = planner.plan(identify)
    for model in models:
        why = "; ".join(map(str, model.reasons))
        _log.debug(
            "%s: %s, key %s%s", model.name, model.status, (model.key or "none")[:12], why and f": {why}"
        )
    sections, title = plan_sections(report, models, look_up, memory, versions)
    return Plan(models, sections, title, tuple(_remarks(policy, versions)))


def record(
    report: Report, store: Store, models: Iterable[ModelPlan] = (), sections: Iterable[SectionPlan] = ()
) -> None:
    """Remember what was trained (links, and what a later plan compares with) and which pages were built.

    Call it for a model after its result is published, and for sections after their pages are written. A plan
    says what was read BEFORE training, so an edit made in between is seen by the next one.
    """
    models, sections = tuple(models), tuple(sections)
    for model in models:
        link(store, model)
    if store.read_only or not (models or sections):
        return
    with store.lock(lock_key(report, store)):
        memory = Memory.read(report, store)
        Memory(
            {**memory.models, **{f"{each.model}/{each.seed}": _memory(each, store) for each in models}},
            {**memory.sections, **{each.id: each.projection for each in sections}},
        ).write(report, store)


def _memory(model: ModelPlan, store: Store) -> Mapping[str, object]:
    """Return what is remembered of a model; one that was found by its source need not have been built now."""
    known = None if model.config else built(store, model)
    return {**model.memory, "config": known[0]} if known else model.memory


def _remarks(policy: str, versions: Mapping[str, str]) -> Iterable[str]:
    missing = [name for name in COMPUTING if not versions.get(name, installed(name))]
    if missing:
        yield f"{' and '.join(missing)} not installed here: results are accepted whatever version made them"
    elif policy != "exact":
        yield 'versions of the training libraries are not compared: report.toml sets versions = "ignore"'
