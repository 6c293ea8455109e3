"""Fingerprint what the authors' code reads besides its modules: files, folders, variables.

A read is named ``file NAME``, ``folder NAME`` or ``variable NAME``; files and folders relative to the
folder of models.py where they lie in the project, else by their full path.
"""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from reportgen import files
from reportgen.errors import InputError

ABSENT = "absent"


def name_of(kind: str, path: str, folder: Path) -> str:
    """Return the name of a read file or folder."""
    found, home = absolute(path), absolute(folder)
    if found.is_relative_to(home.parent):
        return f"{kind} {Path(os.path.relpath(found, home)).as_posix()}"
    return f"{kind} {found.as_posix()}"


def mark(name: str, folder: Path) -> str:
    """Return the SHA-256 (hex) of what a read gives now, or `ABSENT`.

    Parameters
    ----------
    folder : Path
        Where models.py stands.
    """
    kind, _, what = name.partition(" ")
    if kind == "variable":
        value = os.environ.get(what)
        return ABSENT if value is None else hashlib.sha256(value.encode(errors="surrogateescape")).hexdigest()
    path = folder / what
    try:
        if kind == "folder":
            names = sorted(each.name for each in path.iterdir())
            return hashlib.sha256("\0".join(names).encode(errors="surrogateescape")).hexdigest()
        return files.digest(path)
    except (OSError, InputError):
        return ABSENT


def changed(reads: Mapping[str, str], folder: Path) -> list[str]:
    """Return the names of reads that would give something else now."""
    return [name for name, before in reads.items() if mark(name, folder) != before]


def absolute(path: str | Path) -> Path:
    """Return a full path; a link in it stays, as it may come to lead elsewhere."""
    return Path(os.path.abspath(path))  # noqa: PTH100
