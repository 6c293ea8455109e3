"""Give a project an identifier, which tells it from others that use the same store.

The name of the folder does not do: every project in a container stands in /work, and a folder is renamed.
"""

import contextlib
import os
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic_core import core_schema

from reportgen import files
from reportgen.decoding import Decoder, UndecodableError
from reportgen.decoding import documents as of
from reportgen.errors import InputError
from reportgen.files import disk

FOLDER = ".reportgen"
FILE = "project.json"
_LARGEST = 10_000
_KEPT = Decoder[dict[str, Any]](
    lambda: of.made(dict, id=core_schema.str_schema(pattern="^[0-9a-f]{32}$"), path=of.text()), _LARGEST
)


def identity(project: Path, *, make: bool = False) -> str:
    """Return the name of a project; it moves with its folder, and a copy gets another.

    Parameters
    ----------
    make : bool
        Give the project a name where it has none yet. Without it, and where its folder can't be written,
        such a project is known by its place.
    """
    here = project.resolve()
    found = _kept(here)
    if found is not None and (found["path"] == str(here) or not _is_copy(found, here)):
        if make and found["path"] != str(here):
            _keep(here, found["id"])
        return str(found["id"])
    if make and _keep(here, name := os.urandom(16).hex()):
        return name
    return sha256(str(here).encode(errors="surrogateescape")).hexdigest()[:32]


def _kept(project: Path) -> dict[str, Any] | None:
    path = project / FOLDER / FILE
    try:
        return _KEPT(files.read(path, _LARGEST)) if path.exists() else None
    except (InputError, UndecodableError, OSError):
        return None


def _is_copy(found: dict[str, Any], here: Path) -> bool:
    """Tell whether the project that had the name still stands where it stood."""
    with contextlib.suppress(OSError, ValueError):
        there = Path(found["path"])
        other = _kept(there) if there != here else None
        return other is not None and other["id"] == found["id"]
    return False


def _keep(project: Path, name: str) -> bool:
    """Write the name down; tell whether that could be done."""
    import json

    folder = project / FOLDER
    kept = json.dumps({"id": name, "path": str(project)}, indent=1).encode()
    try:
        disk.make_folder(folder)
        with contextlib.suppress(FileExistsError):
            disk.write(folder / ".gitignore", b"*\n")
        disk.put(folder / FILE, kept, folder)
    except (OSError, UnicodeEncodeError):
        return False
    return True
