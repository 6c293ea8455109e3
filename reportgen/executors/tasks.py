"""Turn jobs into tasks, run them on an executor, and see that their results are in the store."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from reportgen.errors import KINDS, DivergedError, Problem, ReportgenError, StoreError, TrainingError, shown
from reportgen.executors.attachments import attached
from reportgen.executors.interface import Executor, Outcome, Task
from reportgen.executors.local import Local
from reportgen.executors.process import MODULE, Event, Observer
from reportgen.executors.request import Request, carried, root_of
from reportgen.executors.run import run
from reportgen.plan.divergence import divergence
from reportgen.store import Store
from reportgen.training.commit import commit_of
from reportgen.training.job import Job


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
        if not again and (diverged := divergence(store, key)):
            remedy = f"change it, or try it again: reportgen train {job.model.partition(' ')[0]}"
            failures.append(DivergedError(Problem("", 0, diverged, remedy)))
            del unique[key]
    with _chosen(executor, list(unique.values()), store, workers, module) as chosen:
        tasks = [_task("train", job, job.key, store, chosen, again=again) for job in unique.values()]
        for outcome in run(chosen, tasks, lambda task, event: observe(unique[task], event)):
            job = unique[outcome.task]
            outcome = _seen(outcome, job, job.key, store)
            if outcome.kind != "published":
                failures.append(failure(outcome, job, chosen))
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
            outcome = _seen(outcome, job, evaluation_key, store)
            if outcome.kind != "published":
                raise failure(outcome, job, chosen)


def together(failures: Sequence[ReportgenError]) -> ReportgenError:
    """Return one error for several, of their kind where they have one."""
    kind = type(failures[0]) if len({type(failure) for failure in failures}) == 1 else TrainingError
    return kind([problem for failure in failures for problem in failure.problems])


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


def _seen(outcome: Outcome, job: Job, key: str, store: Store) -> Outcome:
    """Return an outcome; one that was published and can't be had here has failed, and ends no other one."""
    if outcome.kind != "published":
        return outcome
    message, remedy = f"{outcome.machine} has published {job.model}, but", "let all machines use one store"
    try:
        if store.get(key) is not None:
            return outcome
        message += " it is not in the store here"
    except StoreError as error:
        message, remedy = f"{message} here {error.problems[0].message}", "run it again"
    return replace(outcome, kind="failed", error="store", problems=(Problem("", 0, message, remedy),))


def failure(outcome: Outcome, job: Job, executor: Executor) -> ReportgenError:
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
                path_here(each.path, root),
                each.line,
                times + (each.message if named.search(each.message) else f"{where}: {each.message}"),
                each.remedy,
            )
            for each in outcome.problems
        ]
    )


def path_here(path: str, root: Path) -> str:
    """Return a path of a request as people here know the file."""
    return shown(root / path) if path and not Path(path).is_absolute() else path
