"""Provide a cache folder where the user has no home: in containers, services, on read-only disks."""

import os
import stat
from pathlib import Path


def provide() -> None:
    """Point HOME to a writable folder, for this process and those that it starts.

    Keras, Matplotlib, npm and the cache of data sets all look there. A home that can't be written but holds
    a cache stays as it is: what is in it can be read.
    """
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.expanduser fails where there is no home
    cache = os.environ.get("XDG_CACHE_HOME") or home / ".cache"
    if not home.is_absolute() or not (os.access(home, os.W_OK | os.X_OK) or os.path.isdir(cache)):  # noqa: PTH112 - Path.is_dir raises
        os.environ["HOME"] = str(private())


def private() -> Path:
    """Return a folder below the one for temporary files that is this user's alone, the same at every call."""
    import tempfile  # a moment, at every start

    folder = Path(tempfile.gettempdir(), f"reportgen-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077:
        return folder
    return Path(tempfile.mkdtemp(prefix="reportgen-"))  # somebody else was there first
