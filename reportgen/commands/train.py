"""Bring models up to date: train what is stale, and record it."""

import platform
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from reportgen import plan as plans
from reportgen.errors import InputError, Problem, ReportgenError, nearest, shown
from reportgen.pipeline import extras
from reportgen.pipeline.project import Project
from reportgen.plan import ModelPlan, Plan
from reportgen.report import Report

if TYPE_CHECKING:
    from reportgen.training.job import Job

Observe = Callable[[str, Mapping[str, Any]], None]


def bring_up_to_date(
    project: Project,
    planned: Plan,
    models: Iterable[str],
    observe: Observe,
    workers: int = 1,
    *,
    again: bool = False,
    threads: int = 0,
    shard: plans.Shard | None = None,
) -> tuple[ModelPlan, ...]:
    """Train the stale ones among `models`; those that are known to diverge only `again`.

    Parameters
    ----------
    threads : int
        How many compute, see `Job`.
    shard : Shard, optional
        Only what belongs to it is trained.

    Returns
    -------
    tuple of ModelPlan
        The models with their seeds that were trained or evaluated anew.

    Raises
    ------
    TrainingError, DataError, InputError
        After all models had their turn; what could be trained is kept and remembered.
    """
    mine = (shard or plans.Shard(1, 1)).of(planned, set(models))
    stale = tuple(each for each in mine if each.status != "fresh")
    if not stale:
        return ()
    machines = project.executor
    if machines is None:
        extras.require_tensorflow()
    from reportgen import executors

    project.store.reach()
    plans.record_build(project.report, project.store, planned)  # so that nobody prunes what is half done
    store, jobs = project.store, [replace(project.job(each), threads=threads) for each in stale]
    told = _Told(observe, stale)
    tasks = [partial(executors.train, jobs, store, told, workers, again=again, executor=machines)] + [
        partial(executors.evaluate, job, store, each.evaluation_key, partial(told, job), executor=machines)
        for each, job in zip(stale, jobs, strict=True)
        if each.evaluation_key
    ]
    failures: list[ReportgenError] = []
    try:
        for task in tasks:
            try:
                task()
            except ReportgenError as error:
                failures.append(error)
    finally:
        done = [
            each
            for each in stale
            if each.key and all(key in store for key in (each.key, each.evaluation_key) if key)
        ]
        plans.record(project.report, store, done)
    if failures:
        raise executors.together(failures)
    return stale


class _Told:
    """Passes events on, each with the row of its training in the table of all."""

    def __init__(self, observe: Observe, planned: Iterable[ModelPlan]) -> None:
        self._observe, self._models = observe, {each.name: each.model for each in planned}
        self._paces: dict[str, plans.Pace] = defaultdict(plans.Pace)

    def __call__(self, job: "Job", event: Mapping[str, Any]) -> None:
        machine, left = event.get("machine") or platform.node(), self._paces[job.key](event)
        row = plans.Row.of(machine, self._models[job.model], job.seed, event, left)
        self._observe(job.model, {**event, "row": row.cells})


def chosen_models(report: Report, names: Iterable[str]) -> tuple[str, ...]:
    """Return the models of these names, or all; an unknown name is an error that names the nearest.

    A family's name stands for all its models; one of them is known without its quotation marks as well.
    """
    known = {name.replace('"', ""): [name] for name in report.models}
    known |= {name: [name] for name in report.models}
    for name, spec in report.models.items():
        if spec.family:
            known.setdefault(spec.family, []).append(name)
    wanted = _chosen(report, names, list(known), "model")
    found = {model for name in wanted for model in known[name]}
    return tuple(name for name in report.models if name in found)


def chosen_sections(report: Report, names: Iterable[str]) -> tuple[str, ...]:
    """Return the sections of these ids, or all; an unknown id is an error that names the nearest."""
    return _chosen(report, names, [section.id for section in report.sections], "section")


def _chosen(report: Report, names: Iterable[str], known: list[str], kind: str) -> tuple[str, ...]:
    wanted = list(names)
    problems = []
    for name in wanted:
        if name not in known:
            message = f'there is no {kind} "{name}"'
            problems.append(Problem(shown(report.answers), 0, message, nearest(name, known)))
    if problems:
        raise InputError(problems)
    return tuple(name for name in known if name in wanted) if wanted else tuple(known)
