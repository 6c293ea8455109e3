"""Turn jobs into tasks, run them on an executor, and see that their results are in the store."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from reportgen.errors import KINDS, DivergedError, Problem, ReportgenError, TrainingError, shown
from reportgen.executors import node
from reportgen.executors.attachments import attached
from reportgen.executors.interface import Executor, Outcome, Task
from reportgen.executors.local import Local
from reportgen.executors.process import MODULE, Event, Observer, raised
from reportgen.executors.request import Request, carried, root_of
from reportgen.executors.run import run
from reportgen.plan.versions import COMPUTING
from reportgen.store import Store
from reportgen.training.commit import commit_of
from reportgen.training.job import Identity, Job


def train(
    jobs: Sequence[Job],
    store: Store,
    observe: Callable[[Job, Event], None],
    workers: int = 1,
    *,
    again: bool = False,
    executor: Executor | None = None,
    module: str = MODULE,
) -> None:
    """Train what the store does not hold yet; each result is published as soon as it is there.

    Parameters
    ----------
    jobs : sequence of Job
        Two jobs with one key are trained once.
    observe : callable
        Called with a job and each progress event of it, from the thread that runs the job.
    workers : int
        Number of processes at a time, of the executor of this machine.
    again : bool
        Also train what is known to diverge.
    executor : Executor, optional
        Which machines train; without one this machine.
    module : str
        What the processes run; tests give one that trains nothing.

    Raises
    ------
    TrainingError, InputError, DataError, StoreError
        After all other jobs had their turn; what they published stays.
    """
    unique = {job.key: job for job in jobs}
    failures: list[ReportgenError] = []
    for key, job in list(unique.items()):
        if not again and (noted := store.noted(node.DIVERGED, key, shared=True)):
            remedy = f"change it, or try it again: reportgen train {job.model.partition(' ')[0]}"
            failures.append(DivergedError(Problem("", 0, noted.decode(), remedy)))
            del unique[key]
    with _chosen(executor, list(unique.values()), store, workers, module) as chosen:
        tasks = [_task("train", job, job.key, store, chosen, again=again) for job in unique.values()]
        for outcome in run(chosen, tasks, lambda task, event: observe(unique[task], event)):
            job = unique[outcome.task]
            if outcome.kind == "published" and store.get(job.key) is None:
                outcome = _missing(outcome, job)
            if outcome.kind != "published":
                failures.append(_error(outcome, job, chosen))
    if failures:
        raise together(failures)


def evaluate(
    job: Job,
    store: Store,
    evaluation_key: str,
    observe: Observer,
    *,
    executor: Executor | None = None,
    module: str = MODULE,
) -> None:
    """Measure further metrics of a trained model, and publish them under a key of their own.

    Nothing is done where the model is not trained.
    """
    if store.get(job.key) is None:
        return
    with _chosen(executor, [job], store, 1, module) as chosen:
        task = _task("evaluate", job, evaluation_key, store, chosen)
        for outcome in run(chosen, [task], lambda _, event: observe(event)):
            if outcome.kind == "published" and store.get(evaluation_key) is None:
                outcome = _missing(outcome, job)
            if outcome.kind != "published":
                raise _error(outcome, job, chosen)


def identify(
    jobs: Iterable[Job],
    rehearse: Collection[int] = (),
    *,
    store: Store | None = None,
    executor: Executor | None = None,
    module: str = MODULE,
) -> list[Identity]:
    """Build models without training them, to see whether a changed source changed the model.

    Parameters
    ----------
    rehearse : collection of int
        Indices of jobs that are also made ready for training, so that what can't be trained is known now.
    store, executor : Store, Executor, optional
        Which machine builds, and by which store the files get there; without them this machine.

    Returns
    -------
    list of Identity
        What was built, in the order of the jobs.

    Raises
    ------
    InputError, DataError, TrainingError
        With what is wrong in all of them.
    """
    asked, chosen = list(jobs), sorted(rehearse)
    if executor is None or store is None:
        events = node.identified(asked, chosen, set(), module)
    else:
        events = _identified(asked, chosen, store, executor)
    refused = [raised(event) for event in events if event["event"] == "refused"]
    if refused:
        raise together(refused)
    found = {
        event["index"]: Identity(event["config"], event["digest"], event["reads"])
        for event in events
        if event["event"] == "identity"
    }
    if set(found) != set(range(len(asked))):
        raise TrainingError(Problem("", 0, "the training process did not identify every model"))
    return [found[index] for index in range(len(asked))]


def versions(executor: Executor, store: Store) -> dict[str, str]:
    """Return the versions of the libraries that compute, which all machines must have in common.

    Raises
    ------
    TrainingError
        If they differ, or are not known.
    """
    offered = [machine.versions for machine in executor.machines()]
    if offered and not any(offered):  # the engine does not tell; every machine compares before it trains
        offered = [_asked(executor, store)]  # type: ignore[arg-type]
    found = {name: {each.get(name, "") for each in offered} for name in COMPUTING}
    for name, each in found.items():
        if len(each) != 1 or not all(each):
            told = ", ".join(sorted(version or "none" for version in each)) or "none that is known"
            message = f"{name} is not installed here, and the machines that train have {told}"
            raise TrainingError(Problem("", 0, message, "install the same version on all machines"))
    return {name: version for name, (version,) in found.items()}


@lru_cache(maxsize=1)
def _asked(executor: Executor, store: Store) -> Mapping[str, str]:
    """Ask one machine for its versions."""
    store.reach()
    task = Task("versions", "asking for versions", Request("versions", ()).to_bytes())
    for outcome in run(executor, [task], lambda *_: None):
        if outcome.kind != "answered":
            raise KINDS.get(outcome.error, TrainingError)(outcome.problems)
        return dict(outcome.answer["versions"])
    raise AssertionError("every task has an outcome")


def together(failures: Sequence[ReportgenError]) -> ReportgenError:
    """Return one error for several, of their kind where they have one."""
    kind = type(failures[0]) if len({type(failure) for failure in failures}) == 1 else TrainingError
    return kind([problem for failure in failures for problem in failure.problems])


def _identified(jobs: list[Job], rehearse: list[int], store: Store, executor: Executor) -> list[Event]:
    store.reach()
    request = Request("identify", carried(jobs), values={"rehearse": rehearse})
    request = attached(request, jobs, store, everything=True)
    task = Task("identify", "building models", request.to_bytes())
    for outcome in run(executor, [task], lambda *_: None):
        if outcome.kind != "answered":
            raise _error(outcome, jobs[0], executor)
        return [_at_home(event, root_of(jobs[0])) for event in outcome.answer["events"]]
    raise AssertionError("every task has an outcome")


def _at_home(event: Event, root: Path) -> Event:
    """Return an event with its problems at the places that they have here."""
    if event["event"] != "refused":
        return event
    return {
        **event,
        "problems": [{**each, "path": _path_here(each["path"], root)} for each in event["problems"]],
    }


@contextmanager
def _chosen(
    executor: Executor | None, jobs: Sequence[Job], store: Store, workers: int, module: str
) -> Iterator[Executor]:
    if executor is not None:
        store.reach()  # what its machines must find there
        yield executor
        return
    local = Local(store, root_of(jobs[0]) if jobs else Path(), workers, module)
    try:
        yield local
    finally:
        local.close()


def _task(kind: str, job: Job, key: str, store: Store, executor: Executor, **values: object) -> Task:
    threads = job.threads or job.needs.cores
    if executor.shared and not threads:  # as many everywhere, so that it does not matter where one trains
        threads = min((machine.cores for machine in executor.machines()), default=1)
    commit = commit_of(job) if executor.shared else None  # machines get the files, but no repository
    asked = replace(job, threads=threads, commit=commit)
    request = Request(kind, carried([asked], here=not executor.shared), key, values=values)
    if executor.shared:
        request = attached(request, [job], store)
    line = job.lines.get("needs") or job.lines.get("", 0)
    return Task(key, job.model, request.to_bytes(), job.needs, threads, job.toml, line)


def _missing(outcome: Outcome, job: Job) -> Outcome:
    message = f"{outcome.machine} has published {job.model}, but it is not in the store here"
    problem = Problem("", 0, message, "let all machines use one store")
    return replace(outcome, kind="failed", error="store", problems=(problem,))


def _error(outcome: Outcome, job: Job, executor: Executor) -> ReportgenError:
    """Return the error that an outcome tells, with the name of the machine and files as they are here."""
    kind = KINDS.get(outcome.error, TrainingError)
    if not executor.shared:
        return kind(outcome.problems)
    root, where = root_of(job), outcome.machine
    named = re.compile(rf"\b{re.escape(where)}\b" if where else "")
    times = f"{job.model}, started {outcome.attempts} times: " if outcome.attempts > 1 else ""
    return kind(
        [
            Problem(
                _path_here(each.path, root),
                each.line,
                times + (each.message if named.search(each.message) else f"{where}: {each.message}"),
                each.remedy,
            )
            for each in outcome.problems
        ]
    )


def _path_here(path: str, root: Path) -> str:
    return shown(root / path) if path and not Path(path).is_absolute() else path
