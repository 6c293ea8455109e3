"""What takes a moment to make is kept for another time."""

import hashlib
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path

Make = Callable[[], bytes]
Keep = Callable[[str, Make], bytes]
"""``keep(key, make)`` returns what is kept under `key`, or keeps and returns what `make` gives."""


@cache
def maker(folder: Path, libraries: tuple[str, ...]) -> str:
    """Return a hash of what makes something: the sources in a folder, and the versions of libraries."""
    sources = b"".join(path.read_bytes() for path in sorted(folder.glob("*.py")))
    return hashlib.sha256(sources + repr([*map(version, libraries)]).encode()).hexdigest()
