"""Errors, as one small hierarchy.

::

    ReportgenError
    ├── ContentError     the report's own content fails             exit status 1
    └── UndecidedError   it could not be decided or done            exit status 2
        ├── InputError       what the user wrote is invalid
        ├── DataError        a data set is missing, broken or unverified
        ├── StoreError       stored results are missing, damaged or locked
        │   └── AwayError        a shared store that is needed can't be reached now
        ├── TrainingError    a model could not be trained
        │   └── DivergedError    its loss is no longer a number
        └── RenderError      a page, figure or notebook could not be made

Every message says where (file, line), what, and what to do about it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

# What a terminal obeys instead of showing it: C0 but for tab and line feed, DEL, C1, and marks that turn the
# direction of what follows.
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

_LONGEST, _MOST = 200, 5_000  # letters of a name, and names, that are compared in the search for a near one


@dataclass(frozen=True)
class Place:
    """A line of a file (counted from 1)."""

    path: Path
    line: int


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, and where.

    Attributes
    ----------
    path : str
        The file, as the user would name it; empty where no file is to blame.
    line : int
        Line in that file, counted from 1; 0 where no line is to blame.
    message : str
        What is wrong, naming the offending item.
    remedy : str
        What to do about it; may be empty.
    """

    path: str
    line: int
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}: " if self.line else f"{self.path}: " if self.path else ""
        return f"{where}{self.message}" + (f" ({self.remedy})" if self.remedy else "")


class ReportgenError(Exception):
    """Base of every error that is shown to the user without a traceback.

    Parameters
    ----------
    problems : Problem or iterable of Problem or str
        All that is wrong, found in one pass; a string is a problem without a place.
    """

    exit_status = 2

    def __init__(self, problems: Problem | Iterable[Problem] | str) -> None:
        if isinstance(problems, str):
            problems = Problem("", 0, problems)
        found = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.problems: tuple[Problem, ...] = tuple(sorted(set(found)))
        super().__init__("\n".join(map(str, self.problems)))


class ContentError(ReportgenError):
    """A claim or requirement is false: the report contradicts its measurements."""

    exit_status = 1


class UndecidedError(ReportgenError):
    """It could not be decided or done."""


class InputError(UndecidedError):
    """What the user wrote is invalid."""


class DataError(UndecidedError):
    """A data set is missing, broken or not what it should be."""


class StoreError(UndecidedError):
    """Stored results are missing, damaged or locked."""


class AwayError(StoreError):
    """A shared store that is needed can't be reached now; it may come back."""


class TrainingError(UndecidedError):
    """A model could not be built or trained."""


class DivergedError(TrainingError):
    """The loss is no longer a number; training the same again would end the same."""


class RenderError(UndecidedError):
    """A page, a figure or the notebook could not be made."""


KINDS: Mapping[str, type[UndecidedError]] = {
    "diverged": DivergedError,
    "input": InputError,
    "data": DataError,
    "store": StoreError,
    "training": TrainingError,
}
"""What an error is called on its way from another process; a subclass goes before its class."""


def kind_of(error: ReportgenError) -> str:
    """Return what an error is called on its way to another process."""
    return next((name for name, kind in KINDS.items() if isinstance(error, kind)), "training")


def shown(path: Path) -> str:
    """Return `path` as a user would name it: relative to the working folder where it lies below it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError, RuntimeError):  # elsewhere; no working folder any more; links in a circle
        return str(path)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a remedy that names what is spelled most alike, or all there is where nothing is."""
    import difflib

    options = list(dict.fromkeys(known))
    close = difflib.get_close_matches(name[:_LONGEST], options[:_MOST], n=3, cutoff=0.6)
    if close:
        return "did you mean " + " or ".join(f"`{option}`" for option in close) + "?"
    if not options:
        return "there are no names to choose from"
    listed = ", ".join(f"`{option}`" for option in options[:12])
    return f"there are: {listed}" + (" …" if len(options) > 12 else "")


def printable(text: object) -> str:
    """Return text for a terminal: characters that it would obey are spelled out, lone surrogates too."""
    escaped = CONTROLS.sub(lambda found: f"\\x{ord(found[0]):02x}", str(text))
    return escaped.encode("utf-8", "backslashreplace").decode()
