"""Requests: what a machine is asked to do, as versioned JSON bytes.

A request holds no path of the machine that asks: paths are relative to the folder in which the folder of
models.py stands, and files travel as attachments.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Any

from reportgen import __version__
from reportgen.errors import Place, Problem, TrainingError, shown
from reportgen.training.job import Job

FORMAT = 1


@dataclass(frozen=True)
class Request:
    """A task for a machine.

    Attributes
    ----------
    task : str
        ``train``, ``evaluate``, ``identify``, ``augment``, ``data`` or ``versions``.
    jobs : tuple of Job
        With relative paths.
    key : str
        Under which the result is published; empty where there is an answer instead.
    files : mapping of str to str
        SHA-256 of the files that the jobs need, by path.
    folders : tuple of str
        Folders that must be there, whatever is in them.
    values : mapping
        What else the task needs to know (JSON values).
    """

    task: str
    jobs: tuple[Job, ...]
    key: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    folders: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Return the request as JSON."""
        values = {"format": FORMAT, "reportgen": __version__, **asdict(self)}
        return json.dumps(values, default=_path, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Request":
        """Return the request that `to_bytes` made.

        Raises
        ------
        TrainingError
            If another version of reportgen made it.
        """
        values = json.loads(data)
        try:
            if values["format"] != FORMAT:
                raise ValueError(values["format"])
            jobs = tuple(map(Job.from_json, values["jobs"]))
            known = {name: values[name] for name in cls.__dataclass_fields__}
            return cls(**{**known, "jobs": jobs, "folders": tuple(known["folders"])})
        except (KeyError, TypeError, ValueError, AttributeError):
            asking = f"reportgen {values['reportgen']}, which asks for this,"
            message = f"{asking} and reportgen {__version__} here do not understand each other"
            remedy = "install the same version on both machines"
            raise TrainingError(Problem("", 0, message, remedy)) from None


def root_of(job: Job) -> Path:
    """Return the folder to which the paths of a request are relative."""
    return Path(os.path.abspath(job.models_path)).parent.parent  # noqa: PTH100 - links stay


def carried(jobs: Sequence[Job], *, here: bool = False) -> tuple[Job, ...]:
    """Return jobs without any path of this machine; `here` if they run on it all the same."""
    named = relative if here else name_of
    return tuple(_moved(job, lambda path, job=job: named(path, root_of(job))) for job in jobs)


def placed(jobs: Sequence[Job], root: Path, *, told: bool) -> tuple[Job, ...]:
    """Return jobs whose files stand below `root`; `told` if messages shall name paths as seen from here."""
    found = (_moved(job, lambda path: str(root / path)) for job in jobs)
    return tuple(
        replace(each, toml=shown(Path(each.toml)) if told else job.toml)
        for each, job in zip(found, jobs, strict=True)
    )


def relative(path: str | Path, root: Path) -> str:
    """Return a path as seen from `root`, with ``/``."""
    return PurePath(os.path.relpath(os.path.abspath(path), root)).as_posix()  # noqa: PTH100 - links stay


def name_of(path: str | Path, root: Path) -> str:
    """Return how a request calls a file: as `relative`; one outside `root` has a place of its own in it."""
    found = relative(path, root)
    if not found.startswith("../"):
        return found
    return f"outside/{sha256(str(path).encode()).hexdigest()[:12]}-{Path(path).name}"


def _moved(job: Job, moved: Any) -> Job:
    file = job.dataset_file
    if file is not None:
        place = Place(Path(moved(file.place.path)), file.place.line)
        file = replace(file, path=file.path if file.url else Path(moved(file.path)), place=place)
    return replace(job, models_path=moved(job.models_path), toml=moved(job.toml), dataset_file=file)


def _path(value: object) -> str:
    assert isinstance(value, Path)
    return value.as_posix()
