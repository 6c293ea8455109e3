"""Small values that pass between the steps of fetching a data set."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]
"""The four arrays of a data set by their names in `published.ARRAYS`."""

Progress = Callable[[str, int, int | None], None]
"""Told what is being done, how many bytes are done, and of how many (None: not known)."""


def silent(label: str, done: int, total: int | None) -> None:
    """Report nothing."""


class UnavailableError(Exception):
    """One place could not give the data; the next one is tried. The message is a reason for the user."""


class RefusedError(UnavailableError):
    """It gave data, but not the published ones."""


@dataclass(frozen=True)
class Request:
    """What a source may use.

    Attributes
    ----------
    scratch : Path
        A folder for this data set's downloads; it outlives the process, so that a download can go on.
    folder : Path or None
        Where the user says the data lie.
    """

    scratch: Path
    folder: Path | None = None
    progress: Progress = silent


@dataclass(frozen=True)
class Attempt:
    """One place where the data may be; `arrays` reads them, or raises UnavailableError."""

    label: str
    arrays: Callable[[], Arrays]
