"""The machine-wide cache: verified arrays as plain ``.npy`` files, verified again on every load.

::

    ~/.cache/reportgen/data/
        cifar10/train_images.npy …      whole and verified, or not there
        cifar10.lock                    held by whoever is fetching
        downloads/cifar10/              what a broken download goes on from
"""

import hashlib
import os
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from reportgen.datasets.fetch_types import Arrays, RefusedError, UnavailableError
from reportgen.datasets.inputs import Inputs, NamedInputs
from reportgen.datasets.published import ARRAYS, Expected, Published
from reportgen.files import disk
from reportgen.files.lock import locked


def default_root() -> Path:
    """Return ``REPORTGEN_DATA``, or the data folder below the user's cache folder."""
    chosen = os.environ.get("REPORTGEN_DATA")
    return Path(chosen).expanduser().absolute() if chosen else user_cache_path("reportgen") / "data"


def measured(values: Inputs) -> Expected:
    """Return shape and hash of an array, or of several inputs item by item."""
    if not isinstance(values, NamedInputs):
        return Expected(values.shape, hashlib.sha256(np.ascontiguousarray(values).data).hexdigest())
    digest = hashlib.sha256()
    for items in values.blocks():
        digest.update(items.data)
    return Expected((len(values),), digest.hexdigest())


def verify(published: Published, arrays: Arrays) -> None:
    """Refuse `arrays` unless every byte is the published one.

    Raises
    ------
    RefusedError
        Names the first array that differs, and how.
    """
    for name in ARRAYS:
        values = arrays[name]
        if values.dtype != np.uint8:
            raise RefusedError(f"refused: {_called(published, name)} are {values.dtype}, not uint8")
        _compare(published, name, measured(values))


def _compare(published: Published, name: str, found: Expected) -> None:
    expected = published.arrays[name]
    if found.shape != expected.shape:
        raise RefusedError(
            f"refused: {_called(published, name)} have shape {found.shape}, published {expected.shape}"
        )
    if found.sha256 != expected.sha256:
        raise RefusedError(
            f"refused: {_called(published, name)} have SHA-256 {found.sha256}, published {expected.sha256}"
        )


def _called(published: Published, name: str) -> str:
    return f"the {name.replace('_', ' ').replace('train', 'training')} of {published.title}"


@dataclass(frozen=True)
class Cache:
    """Verified data sets below the folder `root`."""

    root: Path

    def folder(self, name: str) -> Path:
        """Return where the data set of that name is kept."""
        return self.root / name

    @property
    def scratch(self) -> Path:
        """Return where downloads are kept, a folder a data set, until they are verified."""
        return self.root / "downloads"

    def read(self, published: Published) -> Arrays | None:
        """Return the four arrays, memory-mapped and verified; None where they were never cached.

        Raises
        ------
        UnavailableError
            A file is damaged.
        """
        folder = self.folder(published.name)
        if not folder.is_dir():
            return None
        return {name: self._mapped(published, name) for name in ARRAYS}

    def _mapped(self, published: Published, name: str) -> NDArray[np.uint8]:
        path = self.folder(published.name) / f"{name}.npy"
        expected = published.arrays[name]
        try:
            # Shape and type are known, so the pixels are what stands at the end, and a header that may
            # be damaged is not parsed. They are hashed through a small buffer: read through the map,
            # the whole file would count as this process's memory.
            with path.open("rb") as file:
                offset = max(0, path.stat().st_size - prod(expected.shape))
                file.seek(offset)
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            _compare(published, name, Expected(expected.shape, digest))
            return np.asarray(np.memmap(path, np.uint8, "r", offset, expected.shape))
        except OSError as error:
            raise UnavailableError(f"{path.name} is damaged: {error}") from error

    def write(self, published: Published, arrays: Arrays) -> None:
        """Put verified `arrays` into the cache, whole or not at all. The caller holds the lock.

        Raises
        ------
        OSError
            The folder can't be written.
        """
        folder = self.folder(published.name)
        for leftover in self.root.glob(f".{published.name}-*"):
            shutil.rmtree(leftover)
        fresh, old = (self.root / f".{published.name}-{part}" for part in ("new", "old"))
        fresh.mkdir()
        for name in ARRAYS:
            with (fresh / f"{name}.npy").open("wb") as file:
                np.save(file, arrays[name], allow_pickle=False)
                file.flush()
                os.fsync(file.fileno())
        disk.sync(fresh)
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
        disk.sync(self.root)
        shutil.rmtree(old, ignore_errors=True)

    def lock(self, name: str, waiting: Callable[[], None]) -> AbstractContextManager[None]:
        """Hold the lock of one data set; `waiting` is called once if another process has it."""
        return locked(self.root / f"{name}.lock", waiting=waiting)
