"""Ask one machine what takes TensorFlow to say: what builders build, what augmentation makes, versions."""

import base64
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets import Dataset
from reportgen.errors import KINDS, Problem, StoreError, TrainingError
from reportgen.executors import node
from reportgen.executors.attachments import attached
from reportgen.executors.interface import Executor, Task
from reportgen.executors.process import MODULE, Event, raised
from reportgen.executors.request import Request, carried, root_of
from reportgen.executors.run import run
from reportgen.executors.tasks import failure, path_here, together
from reportgen.plan.versions import COMPUTING
from reportgen.store import Store
from reportgen.training import authored
from reportgen.training.job import Identity, Job


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


def augment(
    job: Job,
    images: int,
    versions: int,
    *,
    store: Store | None = None,
    executor: Executor | None = None,
    module: str = MODULE,
) -> tuple[NDArray[np.uint8], tuple[int, ...]]:
    """Return a few training images, each followed by what the job's augmentation makes of it; their labels.

    Parameters
    ----------
    store, executor : Store, Executor, optional
        As in `identify`.

    Returns
    -------
    sheet : ndarray of uint8, shape (images, 1 + versions, height, width, channels)
    labels : tuple of int
    """
    values = {"images": images, "versions": versions}
    if executor is None or store is None:
        answer = node.augmented(job, values, set(), module)
    else:
        request = Request("augment", carried([job]), values=values)
        answer = _answer(request, [job], store, executor, "augmenting images")
    sheet = np.load(io.BytesIO(base64.b64decode(answer["sheet"])), allow_pickle=False)
    return sheet, tuple(answer["labels"])


def data(job: Job, *, store: Store, executor: Executor) -> tuple[Dataset, Mapping[str, str]]:
    """Return the data set that a function of a job's models.py makes, and what it read (see `plan.reads`)."""
    assert job.dataset_file is not None
    answer = _answer(Request("data", carried([job])), [job], store, executor, f"data set {job.model}")
    found = store.get(answer["key"])
    if found is None:
        message = f"data set {job.model} was made, but it is not in the store here"
        raise StoreError(Problem("", 0, message, "let all machines use one store"))
    for name in found.names:
        found.path(name)  # verified
    return authored.read(job.dataset_file, found.folder), answer["reads"]


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
    """Return the versions of whatever machine answers."""
    answer = _answer(Request("versions", ()), (), store, executor, "asking for versions")
    return dict(answer["versions"])


def _identified(jobs: list[Job], rehearse: list[int], store: Store, executor: Executor) -> list[Event]:
    request = Request("identify", carried(jobs), values={"rehearse": rehearse})
    answer = _answer(request, jobs, store, executor, "building models")
    return [_at_home(event, root_of(jobs[0])) for event in answer["events"]]


def _answer(
    request: Request, jobs: Sequence[Job], store: Store, executor: Executor, name: str
) -> Mapping[str, Any]:
    """Return what a machine answers, which gets all that stands beside models.py."""
    store.reach()
    sent = attached(request, jobs, store, everything=True)
    for outcome in run(executor, [Task(sent.task, name, sent.to_bytes())], lambda *_: None):
        if outcome.kind != "answered":
            if jobs:
                raise failure(outcome, jobs[0], executor)
            raise KINDS.get(outcome.error, TrainingError)(outcome.problems)
        return outcome.answer
    raise AssertionError("every task has an outcome")


def _at_home(event: Event, root: Path) -> Event:
    """Return an event with its problems at the places that they have here."""
    if event["event"] != "refused":
        return event
    return {
        **event,
        "problems": [{**each, "path": path_here(each["path"], root)} for each in event["problems"]],
    }
