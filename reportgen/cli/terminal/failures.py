"""Handle unforeseen errors: one line for the user, and a log that is kept for the maintainer."""

import errno
import os
import platform
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from reportgen import DISTRIBUTION, __version__
from reportgen.errors import Problem, UndecidedError
from reportgen.files import home
from reportgen.pipeline import extras

KEPT = 20  # logs; the oldest go
# Modules that are called otherwise than the package of an extra that brings them.
PACKAGES = {
    "PIL": "pillow",
    "citeproc": "citeproc-py",
    "fontTools": "fonttools",
    "jupyter_client": "nbclient",
    "jupyter_core": "nbclient",
    "keras": "tensorflow",
    "markdown_it": "markdown-it-py",
    "pydyf": "weasyprint",
    "sklearn": "scikit-learn",
}


def told(error: BaseException) -> UndecidedError:
    """Return any error as one written for users."""
    return _foreseen(error) or _unforeseen(error)


def _foreseen(error: BaseException) -> UndecidedError | None:
    """Return an error that a user can mend, in words: a package that is missing, memory that is full."""
    if isinstance(error, ModuleNotFoundError) and (extra := _extra((error.name or "").partition(".")[0])):
        message = f"this needs the extra {extra!r}: no module named {error.name}"
        return UndecidedError(Problem("", 0, message, f"pip install '{DISTRIBUTION}[{extra}]'"))
    if isinstance(error, MemoryError):
        return UndecidedError(Problem("", 0, "out of memory", "close other programs"))
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        place = error.filename or "a file"
        return UndecidedError(Problem("", 0, f"no space left to write {place}", "free some space"))
    return None


def _unforeseen(error: BaseException) -> UndecidedError:
    """Return the error that says what happened and where its trace is kept."""
    said = (str(error).strip().splitlines() or [""])[0][:300]
    message = f"reportgen failed: {type(error).__name__}" + f": {said}" * bool(said)
    try:
        remedy = f"the log is in {keep(trace(error))}"
    except OSError as failure:
        remedy = f"the log can't be written ({failure.strerror}); --debug prints it"
    return UndecidedError(Problem("", 0, message, remedy))


def trace(error: BaseException) -> str:
    """Return everything that is known of an error."""
    return "".join(traceback.format_exception(error))


def keep(text: str, name: str = "reportgen") -> Path:
    """Keep a log in the user's folder for logs, else in one for temporary files.

    Raises
    ------
    OSError
        If neither can be written.
    """
    about = (
        f"reportgen {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
        f"{' '.join(sys.argv[1:])!r} in {_here()}\n\n"
    )
    failure = OSError()
    for folder in _folders():
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for old in sorted(folder.glob(f"{name}-*.log"))[: 1 - KEPT]:
                old.unlink(missing_ok=True)
            path = folder / f"{name}-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.log"
            with path.open("x", encoding="utf-8", errors="backslashreplace") as file:
                file.write(about + text)
            return path
        except OSError as error:
            failure = error
    raise failure


def _folders() -> Iterator[Path]:
    from platformdirs import user_log_path

    try:
        place = user_log_path("reportgen")
    except (RuntimeError, OSError):  # there is no home
        place = Path()
    if place.is_absolute():
        yield place
    yield home.private() / "log"


def _here() -> str:
    try:
        return os.getcwd()  # noqa: PTH109 - it may be gone
    except OSError:
        return "a folder that no longer exists"


def _extra(module: str) -> str:
    """Return the extra that brings a module; empty where none does."""
    wanted = PACKAGES.get(module, module).lower().replace("_", "-")
    return next((extra for package, extra in extras.packages() if package == wanted), "")
