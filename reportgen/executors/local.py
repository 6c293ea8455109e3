"""Run experiments in worker processes on this machine, and publish their results to the store."""

import queue
import tempfile
import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import DivergedError, Problem, ReportgenError, TrainingError
from reportgen.executors.process import MODULE, Event, Observer, Running, converse, end, raised
from reportgen.store import Store
from reportgen.store.stored import Stored
from reportgen.training import codec
from reportgen.training.job import AUGMENTED, Identity, Job
from reportgen.training.record import SPLITS

DIVERGED = "diverged"
_PAUSE = 0.1  # seconds between two tries to end what runs


def train(
    jobs: Sequence[Job],
    store: Store,
    observe: Callable[[Job, Event], None],
    workers: int = 1,
    *,
    again: bool = False,
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
        Number of processes at a time.
    again : bool
        Also train what is known to diverge.
    module : str
        What the processes run; tests give one that trains nothing.

    Raises
    ------
    TrainingError, InputError, DataError
        After all other jobs had their turn; what they published stays.
    """
    unique = list({job.key: job for job in jobs}.values())
    failures: list[ReportgenError] = []
    running: Running = set()
    stop = threading.Event()
    slots: queue.SimpleQueue[int] = queue.SimpleQueue()
    for slot in range(workers):
        slots.put(slot)
    pool = ThreadPoolExecutor(max_workers=workers)
    pending: set[Future[None]] = set()
    try:
        for job in unique:
            if not again and (noted := store.noted(DIVERGED, job.key, shared=True)):
                remedy = f"change it, or try it again: reportgen train {job.model.partition(' ')[0]}"
                failures.append(DivergedError(Problem("", 0, noted.decode(), remedy)))
                continue
            run = partial(_in_slot, slots, job, store, partial(observe, job), running, stop, module, again)
            pending.add(pool.submit(run))
        while pending:
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in done:
                error = future.exception()
                if isinstance(error, ReportgenError):
                    failures.append(error)
                elif error is not None:
                    raise error
    finally:
        stop.set()
        pool.shutdown(wait=False, cancel_futures=True)
        pending = {future for future in pending if not future.cancelled()}
        while pending:  # a process may be starting just now
            end(running)
            pending = wait(pending, timeout=_PAUSE).not_done
    if failures:
        raise together(failures)


def _in_slot(slots: "queue.SimpleQueue[int]", *arguments: Any) -> None:
    """Train one experiment as one of those that may train at a time."""
    slot = slots.get()
    try:
        _one(slot, *arguments)
    finally:
        slots.put(slot)


def _one(
    slot: int,
    job: Job,
    store: Store,
    observe: Observer,
    running: Running,
    stop: threading.Event,
    module: str,
    again: bool,
) -> None:
    """Train one experiment unless another process has published it in the meantime."""
    with store.lock(job.key, f"{job.model}: waiting for another process that trains it", stop):
        if store.get(job.key) is not None:
            return
        with tempfile.TemporaryDirectory(prefix="reportgen-") as out:
            request = {
                "task": "train",
                "job": asdict(job),
                "folder": str(store.partial(job.key)),
                "out": out,
                "slot": slot,
            }
            try:
                events = converse(request, observe, running, module)
            except DivergedError as error:
                store.note(DIVERGED, job.key, "\n".join(map(str, error.problems)).encode(), shared=True)
                raise
            files = events[-1]["files"]
            store.publish(job.key, {name: Path(out, name) for name in files})
            if again:
                store.forget(DIVERGED, job.key, shared=True)


def evaluate(job: Job, store: Store, evaluation_key: str, observe: Observer, module: str = MODULE) -> None:
    """Measure further metrics of a trained model, and publish them under a key of their own.

    What training measured already is taken from its record; else a worker loads the stored weights.
    """
    with store.lock(evaluation_key, f"{job.model}: waiting for another process that evaluates it"):
        trained = store.get(job.key)
        if trained is None or store.get(evaluation_key) is not None:
            return
        further = set(job.training.metrics) - {"accuracy"}
        evaluations = codec.read(trained.read).evaluations
        if all(further <= set(evaluations[name].metrics) for name in SPLITS):
            kept = {
                split: {name: found.metrics[name] for name in further} for split, found in evaluations.items()
            }
            store.publish(evaluation_key, {codec.METRICS: codec.metrics_file(kept)})
            return
        with tempfile.TemporaryDirectory(prefix="reportgen-") as out:
            weights = str(trained.path(codec.WEIGHTS).resolve())
            request = {"task": "evaluate", "job": asdict(job), "weights": weights, "out": out}
            converse(request, observe, set(), module)
            store.publish(evaluation_key, {codec.METRICS: Path(out, codec.METRICS)})


def export(job: Job, trained: Stored, expected: float, observe: Observer, module: str = MODULE) -> bytes:
    """Return a trained model as a ``.keras`` file that classifies so many test images right.

    Raises
    ------
    TrainingError
        If such a file can't hold the model.
    """
    with tempfile.TemporaryDirectory(prefix="reportgen-") as out:
        weights = str(trained.path(codec.WEIGHTS).resolve())
        request = {"task": "export", "job": asdict(job), "weights": weights, "expected": expected, "out": out}
        converse(request, observe, set(), module)
        return Path(out, codec.MODEL).read_bytes()


def augment(
    job: Job, images: int, versions: int, module: str = MODULE
) -> tuple[NDArray[np.uint8], tuple[int, ...]]:
    """Return a few training images, each followed by what the job's augmentation makes of it; their labels.

    Returns
    -------
    sheet : ndarray of uint8, shape (images, 1 + versions, height, width, channels)
    labels : tuple of int
    """
    with tempfile.TemporaryDirectory(prefix="reportgen-") as out:
        request = {
            "task": "augment",
            "job": asdict(job),
            "images": images,
            "versions": versions,
            "out": out,
        }
        events = converse(request, _silent, set(), module)
        sheet = np.load(Path(out, AUGMENTED), allow_pickle=False)
    return sheet, tuple(events[-1]["labels"])


def identify(jobs: Iterable[Job], rehearse: Collection[int] = (), module: str = MODULE) -> list[Identity]:
    """Build models without training them, to see whether a changed source changed the model.

    They are built under another order of sets than that of the training, which compares.

    Parameters
    ----------
    rehearse : collection of int
        Indices of jobs that are also made ready for training, so that what can't be trained is known now.

    Returns
    -------
    list of Identity
        What was built, in the order of the jobs.

    Raises
    ------
    InputError, DataError, TrainingError
        With what is wrong in all of them.
    """
    asked = list(jobs)
    request = {"task": "identify", "jobs": [asdict(job) for job in asked], "rehearse": sorted(rehearse)}
    events = converse(request, _silent, set(), module, hash_seed=1)
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


def together(failures: Sequence[ReportgenError]) -> ReportgenError:
    """Return one error for several, of their kind where they have one."""
    kind = type(failures[0]) if len({type(failure) for failure in failures}) == 1 else TrainingError
    return kind([problem for failure in failures for problem in failure.problems])


def _silent(event: Event) -> None:
    pass
