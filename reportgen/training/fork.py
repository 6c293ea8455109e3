"""Work in a forked copy of this process: nothing that it does reaches the process itself."""

import ctypes
import json
import os
import select
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from reportgen.errors import KINDS, Problem, ReportgenError, TrainingError, kind_of
from reportgen.training import raised

_PDEATHSIG = 1
_PAUSE = 0.1  # seconds between two looks whether a copy still lives


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
    said, code = _answer(reading, child)
    try:
        found = json.loads(said)
    except ValueError:
        how = f"by signal {signal.Signals(-code).name}" if code < 0 else f"with status {code}"
        message = f"{doing}: the process ended {how} before it was done"
        raise TrainingError(
            Problem("", 0, message, "check whether models.py ends it, as os._exit() does")
        ) from None
    if "error" in found:
        problems = [Problem(**problem) for problem in found["problems"]]
        raise KINDS.get(found["error"], TrainingError)(problems)
    return found["result"]


def _answer(reading: int, child: int) -> tuple[bytes, int]:
    """Return the line that a copy says, and its exit code.

    What the authors' code has started there may outlive it and hold the pipe, so its end is not waited for.
    """
    said, ended = b"", None
    try:
        while not said.endswith(b"\n"):
            if select.select([reading], [], [], _PAUSE)[0]:
                block = os.read(reading, 1 << 16)
                if not block:
                    break
                said += block
            elif ended is not None:
                break
            else:
                found, status = os.waitpid(child, os.WNOHANG)
                ended = status if found else None
    finally:
        os.close(reading)
    if ended is None:
        _, ended = os.waitpid(child, 0)
    return said, os.waitstatus_to_exitcode(ended)


def end_with_parent() -> None:
    """Have this process killed when its parent ends, where the system can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL)


def described(error: BaseException, doing: str) -> dict[str, Any]:
    """Return an error as JSON values; what was not foreseen is a training error that says its type."""
    if isinstance(error, ReportgenError):
        return {"error": kind_of(error), "problems": [asdict(problem) for problem in error.problems]}
    traceback.print_exception(error)
    message = f"{doing} failed: {type(error).__name__}: {raised.said(error) if str(error) else 'no message'}"
    problem = Problem("", 0, message, raised.remedy(error))
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
            pipe.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(0)
