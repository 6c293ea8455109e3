"""Attachments: the files that a task needs travel through the shared store, each under its SHA-256."""

import platform
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from reportgen import files
from reportgen.errors import DataError, Problem
from reportgen.executors.request import Request, name_of, relative, root_of
from reportgen.files import disk
from reportgen.plan.reads import ABSENT
from reportgen.store import Store
from reportgen.training.job import Job

_NAME = "attachment"


def attached(request: Request, jobs: Sequence[Job], store: Store, *, everything: bool = False) -> Request:
    """Return a request with the files of its jobs, which are in the shared store then.

    Parameters
    ----------
    jobs : sequence of Job
        As they are here.
    everything : bool
        Attach all that stands beside models.py: what a model reads is not known before it was built once.

    Raises
    ------
    DataError
        If a file is not here, or no longer what the job was planned with.
    """
    paths: dict[str, Path] = {}
    folders: set[str] = set()
    for job in jobs:
        root, folder = root_of(job), Path(job.models_path).absolute().parent
        paths |= {name_of(each, root): each for each in _needed(job, folder)}
        folders |= {relative(each, root) for each in _listed(job, folder)}
        # What a function that makes data reads is not among the reads of the model.
        if everything or (job.dataset_file is not None and job.dataset_file.function):
            paths |= {relative(each, root): each for each in _regular(folder)}
    known = {
        relative(Path(job.models_path).absolute().parent / name.partition(" ")[2], root_of(job)): digest
        for job in jobs
        for name, digest in job.reads.items()
        if name.startswith("file ")
    }
    sent = {name: _sent(path, known.get(name), store) for name, path in sorted(paths.items())}
    return replace(request, files=sent, folders=tuple(sorted(folders)))


def fetch(request: Request, store: Store, root: Path) -> None:
    """Put the files of a request where its jobs look for them.

    Raises
    ------
    DataError
        If one is not in the shared store; it is named, and so is this machine.
    """
    for job in request.jobs:
        folder = _inside(root, job.models_path).parent
        for name, text in job.sources.items():
            path = _inside(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for name in request.folders:
        _inside(root, name).mkdir(parents=True, exist_ok=True)
    for name, digest in request.files.items():
        target = _inside(root, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        found = store.get(digest)
        if found is None or found.manifest.files[_NAME].sha256 != digest:
            message = f"{name} (SHA-256 {digest[:12]}…) is not in the store that {platform.node()} reaches"
            raise DataError(Problem(name, 0, message, "let all machines use one store, and run it again"))
        disk.remove(target)
        disk.write(target, found.path(_NAME), durable=False)


def _sent(path: Path, planned: str | None, store: Store) -> str:
    digest = disk.digest_of(path)
    if not digest:
        raise DataError(Problem(str(path), 0, "the file can't be read here", "it is needed for a training"))
    if planned not in (None, digest):
        raise DataError(Problem(str(path), 0, "was changed while a model was to be trained", "run it again"))
    store.lend(digest, {_NAME: path})
    there = store.get(digest)
    if there is None or there.manifest.files[_NAME].sha256 != digest:
        raise DataError(Problem(str(path), 0, "was changed while it was sent", "run it again"))
    return digest


def _needed(job: Job, folder: Path) -> Iterable[Path]:
    """Yield the files that a job is known to read, below the folder that contains that of models.py."""
    if job.dataset_file is not None and job.dataset_file.stored:
        yield from _regular(job.dataset_file.path)
    for name, digest in job.reads.items():
        kind, _, what = name.partition(" ")
        if kind == "file" and digest != ABSENT and not Path(what).is_absolute():
            yield folder / what
        if kind == "folder" and not Path(what).is_absolute():
            yield from (each for each in sorted((folder / what).iterdir()) if each.is_file())


def _listed(job: Job, folder: Path) -> Iterable[Path]:
    """Yield the folders whose names a job is known to read, and those in them."""
    for name in job.reads:
        kind, _, what = name.partition(" ")
        if kind == "folder" and not Path(what).is_absolute() and (folder / what).is_dir():
            yield folder / what
            yield from (each for each in (folder / what).iterdir() if each.is_dir())


def _regular(place: Path) -> Iterable[Path]:
    if not place.is_dir():
        return [place]
    return [path for _, path in files.walk(place)]


def _inside(folder: Path, name: str) -> Path:
    found = files.inside(folder, name)
    if found is None:
        raise DataError(Problem(name[:200], 0, "lies outside the folder of the task and is not written"))
    return found
