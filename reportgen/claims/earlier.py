"""Find an earlier run by what a user calls it: a JSON file, a stored run, or a git revision."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from reportgen import files
from reportgen.claims.run import LARGEST, RunSummary
from reportgen.errors import InputError, Problem

FILE: Final = "results.json"
_PATIENCE = 60  # seconds


def read_run(
    reference: str,
    project: Path,
    *,
    stored: Callable[[str], bytes | None] = lambda name: None,
    rerun: Callable[[Path], RunSummary] | None = None,
) -> RunSummary:
    """Return the run that `reference` names.

    Tried in this order:

    1. a file with the JSON that ``reportgen check --format json`` printed;
    2. a stored run, as `stored` finds it by name;
    3. ``REVISION:PATH``, or ``REVISION`` for its ``results.json``, in git;
    4. a git revision of the project without such a file, through `rerun`: the project's files of that
       revision are unpacked into a temporary folder, which `rerun` holds against the store.

    Raises
    ------
    InputError
        If there is none of these, or it can't be read.
    """
    path = Path(reference)
    if os.path.exists(path) and not os.path.isdir(path):  # noqa: PTH110, PTH112 - these raise for no name
        return RunSummary.from_json(_decoded(files.read(path, LARGEST), reference), reference)
    found = stored(reference)
    if found is not None:
        return RunSummary.from_json(_decoded(found, reference), reference)
    revision, _, inside = reference.partition(":")
    commit = _commit(revision, project)
    if commit is None:
        message = f"{reference!r} is not a file, a stored run or a git revision"
        raise InputError(Problem("", 0, message, "give one of these"))
    content = _git(project, "show", f"{commit}:./{inside or FILE}")
    if content is not None:
        return RunSummary.from_json(_decoded(content, reference), reference)
    if inside or rerun is None:
        message = f"revision {revision} has no {inside or FILE}"
        remedy = "commit the output of `reportgen check --format json`, or give another file as REVISION:PATH"
        raise InputError(Problem("", 0, message, remedy))
    return _rerun(revision, commit, project, rerun)


def _rerun(revision: str, commit: str, project: Path, rerun: Callable[[Path], RunSummary]) -> RunSummary:
    """Return the run of the project's files as they were in a commit."""
    from io import BytesIO
    from tempfile import TemporaryDirectory
    from zipfile import ZipFile

    # As a zip archive, because zipfile keeps names inside the folder and makes no links.
    packed = _git(project, "archive", "--format=zip", commit, ".")
    if packed is None:
        raise InputError(f"the files of revision {revision} can't be read")
    with TemporaryDirectory(prefix="reportgen-") as folder, ZipFile(BytesIO(packed)) as archive:
        archive.extractall(folder)
        return rerun(Path(folder))


def _commit(name: str, project: Path) -> str | None:
    """Return the hash of the commit that a name stands for."""
    found = _git(project, "rev-parse", "--quiet", "--verify", "--end-of-options", f"{name}^{{commit}}")
    return found.decode().strip() if name and found else None


def _git(project: Path, *arguments: str) -> bytes | None:
    """Return what git printed, or None if it failed or isn't there."""
    import subprocess

    try:
        done = subprocess.run(
            ["git", "-C", str(project), *arguments], capture_output=True, check=False, timeout=_PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _decoded(data: bytes, source: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{source} is not text in UTF-8") from None
