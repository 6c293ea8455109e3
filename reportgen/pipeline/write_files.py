"""Write the files that a user asked for, all or none."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from reportgen.errors import Problem, RenderError, shown
from reportgen.files import disk


def check_writable(paths: Iterable[Path], folders: Iterable[Path] = ()) -> None:
    """Say before the work begins that an output can't be written, not after it.

    Parameters
    ----------
    paths, folders : iterable of Path
        Files that will be written, and folders beside them that will be made where there are none.

    Raises
    ------
    RenderError
        If a folder does not exist or may not be written to, or a path is a folder.
    """
    problems = []
    for path in paths:
        folder = path.parent
        if not folder.is_dir():
            problems.append(Problem(shown(path), 0, f"there is no folder {shown(folder)}", "create it first"))
        elif path.is_dir():
            problems.append(Problem(shown(path), 0, "is a folder", "give the name of a file"))
        elif not os.access(folder, os.W_OK):
            problems.append(Problem(shown(path), 0, f"the folder {shown(folder)} can't be written to"))
    for folder in folders:
        if folder.exists() and not folder.is_dir():
            problems.append(Problem(shown(folder), 0, "is not a folder", "move it away: pictures go there"))
        elif folder.is_dir() and not os.access(folder, os.W_OK):
            problems.append(Problem(shown(folder), 0, "can't be written to"))
    if problems:
        raise RenderError(problems)


def write(files: Mapping[Path, bytes]) -> list[Path]:
    """Replace each file by an atomic rename, all of them written and synced before the first rename.

    Returns
    -------
    list of Path
        Those whose bytes are new; a file that is already right is left alone.
    """
    changed = {path: data for path, data in files.items() if not _holds(path, data)}
    staged: dict[Path, Path] = {}
    try:
        for path, data in changed.items():
            path.parent.mkdir(exist_ok=True)
            staged[path] = disk.unique(path.parent, f".{path.name}")
            disk.write(staged[path], data)
        for path, temporary in staged.items():
            temporary.replace(path)
    except OSError as error:
        raise RenderError(Problem(shown(path), 0, f"can't be written: {error.strerror}")) from error
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)
    return list(changed)


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False
