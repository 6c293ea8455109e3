"""The machine's side of every executor: serve one request and tell its outcome.

The versions are checked; what an earlier task has kept here is sent; a result that is there already is taken;
else the files that are needed and another machine's checkpoint are fetched, a worker process does the work,
checkpoints are shared after epochs, and the result is published.
"""

import base64
import contextlib
import os
import platform
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from reportgen.errors import DivergedError, Problem, ReportgenError, StoreError
from reportgen.executors import unsent
from reportgen.executors.attachments import fetch
from reportgen.executors.interface import Outcome
from reportgen.executors.machine import this_machine
from reportgen.executors.process import MODULE, Event, Observer, Running, converse
from reportgen.executors.request import Request, placed
from reportgen.executors.sharing import Checkpoints
from reportgen.plan.divergence import forget_divergence, note_divergence
from reportgen.plan.running import Heartbeat
from reportgen.store import Store
from reportgen.training import codec
from reportgen.training.as_planned import check_versions
from reportgen.training.job import AUGMENTED, Job
from reportgen.training.record import SPLITS


@dataclass(frozen=True)
class Site:
    """Where and how a task runs.

    Attributes
    ----------
    store : Store
        That of this machine, with the shared one behind it.
    observe : callable
        Takes each progress event.
    running : set of Popen
        Holds the worker process while it lives, so that another thread can end it.
    stop : threading.Event
        Ends the waiting for another process that has the same key.
    root : Path or None
        Where the files of the task stand already; else they are fetched to a temporary folder.
    slot : int
        Number of this task among those that run here at a time.
    module : str
        What the worker processes run; tests give one that trains nothing.
    """

    store: Store
    observe: Observer
    running: Running = field(default_factory=set)
    stop: threading.Event = field(default_factory=threading.Event)
    root: Path | None = None
    slot: int = 0
    module: str = MODULE


def run(task: str, request: bytes, site: Site) -> Outcome:
    """Serve a request; the outcome reports any failure."""
    machine = platform.node()
    try:
        asked = Request.from_bytes(request)
        for job in asked.jobs:
            check_versions(job)
        if site.root is None:
            site.store.find()
            site.store.reach()
            unsent.send(site.store)
        if asked.key and site.store.get(asked.key) is not None:
            return Outcome(task, "published", machine)
        with _files(asked, site) as jobs:
            answer = _TASKS[asked.task](asked, jobs, site)
    except ReportgenError as error:
        return Outcome.failed(task, machine, error)
    return Outcome(task, "answered" if answer else "published", machine, answer=answer)


def identified(
    jobs: Sequence[Job],
    rehearse: Sequence[int],
    running: Running,
    module: str = MODULE,
    folder: Path | None = None,
) -> list[Event]:
    """Build models under another order of sets than that of the training, which compares."""
    request = {"task": "identify", "jobs": [asdict(job) for job in jobs], "rehearse": list(rehearse)}
    return converse(request, lambda event: None, running, module, hash_seed=1, folder=folder)


def augmented(
    job: Job, values: Mapping[str, Any], running: Running, module: str = MODULE, folder: Path | None = None
) -> Mapping[str, Any]:
    """Return images with what augmentation makes of them, as ``.npy`` in base64, and their labels."""
    with tempfile.TemporaryDirectory(prefix="reportgen-") as out:
        request = {"task": "augment", "job": asdict(job), **values, "out": out}
        events = converse(request, lambda event: None, running, module, folder=folder)
        sheet = base64.b64encode(Path(out, AUGMENTED).read_bytes()).decode()
    return {"sheet": sheet, "labels": events[-1]["labels"]}


@contextlib.contextmanager
def _files(asked: Request, site: Site) -> Iterator[tuple[Job, ...]]:
    """Give the jobs with their files in place; an error names these files as the request does."""
    if site.root is not None:
        yield placed(asked.jobs, site.root, told=True)
        return
    with tempfile.TemporaryDirectory(prefix="reportgen-") as name:
        root = Path(os.path.realpath(name))
        try:
            fetch(asked, site.store, root)
            yield placed(asked.jobs, root, told=False)
        except ReportgenError as error:
            below = f"{root}{os.sep}"
            raise type(error)([_without(problem, below) for problem in error.problems]) from None


def _without(problem: Problem, folder: str) -> Problem:
    return replace(
        problem, path=problem.path.removeprefix(folder), message=problem.message.replace(folder, "")
    )


def _folder(jobs: Sequence[Job], site: Site) -> Path | None:
    """Return the folder in which a worker runs, so that it calls files by the names of the request."""
    return None if site.root is not None else Path(jobs[0].models_path).parent.parent


def _train(asked: Request, jobs: Sequence[Job], site: Site) -> Mapping[str, Any]:
    """Train one model unless another process has published it in the meantime."""
    store, (job,) = site.store, jobs
    with store.lock(job.key, f"{job.model}: waiting for another process that trains it", site.stop):
        if store.get(job.key) is not None:
            return {}
        heartbeat, checkpoints = Heartbeat(store, job.key), Checkpoints(store, job.key, _note(site.observe))
        checkpoints.take()

        def observe(event: Event) -> None:
            site.observe(event)
            heartbeat(event)
            checkpoints(event)

        with tempfile.TemporaryDirectory(prefix="reportgen-") as out:
            request = {
                "task": "train",
                "job": asdict(job),
                "folder": str(store.partial(job.key)),
                "out": out,
                "slot": site.slot,
            }
            try:
                events = converse(request, observe, site.running, site.module, folder=_folder(jobs, site))
            except DivergedError as error:
                with contextlib.suppress(StoreError):  # where the share is away, this is still what happened
                    note_divergence(store, job.key, str(error))
                raise
            finally:
                heartbeat.end()
            files = {name: Path(out, name) for name in events[-1]["files"]}
            unsent.publish(store, job.key, files, site.observe, site.stop, keep=site.root is None)
            if asked.values.get("again"):
                with contextlib.suppress(StoreError):
                    forget_divergence(store, job.key)
    return {}


def _evaluate(asked: Request, jobs: Sequence[Job], site: Site) -> Mapping[str, Any]:
    """Measure further metrics of a trained model, and publish them under a key of their own.

    What training measured already is taken from its record; else a worker loads the stored weights.
    """
    store, (job,) = site.store, jobs
    with store.lock(asked.key, f"{job.model}: waiting for another process that evaluates it", site.stop):
        trained = store.get(job.key)
        if trained is None or store.get(asked.key) is not None:
            return {}
        further = set(job.training.metrics) - {"accuracy"}
        evaluations = codec.read(trained.read).evaluations
        if all(further <= set(evaluations[name].metrics) for name in SPLITS):
            kept = {
                split: {name: found.metrics[name] for name in further} for split, found in evaluations.items()
            }
            store.publish(asked.key, {codec.METRICS: codec.metrics_file(kept)})
            return {}
        with tempfile.TemporaryDirectory(prefix="reportgen-") as out:
            weights = str(trained.path(codec.WEIGHTS).resolve())
            request = {"task": "evaluate", "job": asdict(job), "weights": weights, "out": out}
            converse(request, site.observe, site.running, site.module, folder=_folder(jobs, site))
            store.publish(asked.key, {codec.METRICS: Path(out, codec.METRICS)})
    return {}


def _identify(asked: Request, jobs: Sequence[Job], site: Site) -> Mapping[str, Any]:
    return {
        "events": identified(jobs, asked.values["rehearse"], site.running, site.module, _folder(jobs, site))
    }


def _augment(asked: Request, jobs: Sequence[Job], site: Site) -> Mapping[str, Any]:
    (job,) = jobs
    return augmented(job, asked.values, site.running, site.module, _folder(jobs, site))


def _data(asked: Request, jobs: Sequence[Job], site: Site) -> Mapping[str, Any]:
    """Call the function of a data set, and lend what it returned under the SHA-256 of the request."""
    (job,) = jobs
    key = sha256(asked.to_bytes()).hexdigest()
    with tempfile.TemporaryDirectory(prefix="reportgen-data-") as out:
        request = {"task": "data", "sources": dict(job.sources), "out": out}
        request |= {"dataset_file": asdict(job)["dataset_file"]}
        events = converse(request, site.observe, site.running, site.module, folder=_folder(jobs, site))
        site.store.lend(key, {name: Path(out, name) for name in events[-1]["files"]})
    return {"key": key, "reads": events[-1]["reads"]}


def _versions(asked: Request, jobs: Sequence[Job], site: Site) -> Mapping[str, Any]:
    return {"versions": dict(this_machine().versions)}


def _note(observe: Observer) -> Callable[[str], None]:
    return lambda sentence: observe({"event": "progress", "phase": "", "note": f"warning: {sentence}"})


_TASKS: Mapping[str, Callable[[Request, Sequence[Job], Site], Mapping[str, Any]]] = {
    "train": _train,
    "evaluate": _evaluate,
    "identify": _identify,
    "augment": _augment,
    "data": _data,
    "versions": _versions,
}
