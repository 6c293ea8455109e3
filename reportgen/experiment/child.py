"""Work in a forked copy of this process: nothing that it does reaches the process itself."""

import ctypes
import json
import os
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from reportgen.errors import DataError, DivergedError, InputError, Problem, ReportgenError, TrainingError

_PDEATHSIG = 1
_KINDS: dict[str, type[ReportgenError]] = {
    "diverged": DivergedError,
    "input": InputError,
    "data": DataError,
    "training": TrainingError,
}


def apart(work: Callable[[], Any], doing: str) -> Any:
    """Return what `work` returns in a copy of this process, as JSON values.

    Fork before TensorFlow starts its threads; where a process can't be forked, the work is done here.

    Parameters
    ----------
    doing : str
        For messages, such as ``building cnn``.

    Raises
    ------
    ReportgenError
        What the work raised, or a TrainingError if the copy ended before it was done.
    """
    if not hasattr(os, "fork"):
        return work()
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forking beside threads that only wait
        child = os.fork()
    if child == 0:
        os.close(reading)
        _serve(work, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        said = answer.read()
    _, status = os.waitpid(child, 0)
    try:
        found = json.loads(said)
    except ValueError:
        code = os.waitstatus_to_exitcode(status)
        how = f"by signal {signal.Signals(-code).name}" if code < 0 else f"with status {code}"
        message = f"{doing}: the process ended {how} before it was done"
        raise TrainingError(
            Problem("", 0, message, "see whether models.py ends it, as os._exit() does")
        ) from None
    if "error" in found:
        problems = [Problem(**problem) for problem in found["problems"]]
        raise _KINDS.get(found["error"], TrainingError)(problems)
    return found["result"]


def end_with_parent() -> None:
    """Have this process killed when its parent ends, where the system can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL)


def described(error: BaseException, doing: str) -> dict[str, Any]:
    """Return an error as JSON values; what was not foreseen is a training error that says its type."""
    if isinstance(error, ReportgenError):
        kind = next((name for name, types in _KINDS.items() if isinstance(error, types)), "training")
        return {"error": kind, "problems": [asdict(problem) for problem in error.problems]}
    traceback.print_exception(error)
    lines = str(error).strip().splitlines() or ["no message"]
    problem = Problem("", 0, f"{doing} failed: {type(error).__name__}: {lines[0]}")
    return {"error": "training", "problems": [asdict(problem)]}


def _serve(work: Callable[[], Any], writing: int) -> None:
    """Answer through a pipe and end this process, whatever happens."""
    try:
        end_with_parent()
        try:
            answer = {"result": work()}
        except BaseException as error:
            answer = described(error, "building")
        with os.fdopen(writing, "w", encoding="utf-8") as pipe:
            json.dump(answer, pipe)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(0)
