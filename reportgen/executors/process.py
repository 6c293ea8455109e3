"""Run one worker process: a JSON request in, JSON events out, one a line.

Training runs in a process of its own, so that a crash, a leak or lack of memory there takes
nothing else along, and so that this process never imports the training library.
"""

import contextlib
import json
import logging
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from reportgen.errors import KINDS, Problem, TrainingError, UndecidedError

Event = Mapping[str, Any]
Observer = Callable[[Event], None]

_log = logging.getLogger(__name__)
MODULE = "reportgen.training.worker"
_PATIENCE = 5.0  # seconds that a worker has to end by itself
_PAUSE = 0.05
_LEAST = 100_000  # bytes of free space below which a disk counts as full
_SILENCE = 60.0  # seconds after which a worker that says nothing is shown as such
# What the user's surroundings set, and what would change the last digits or the order of sets.
_SETTINGS = {"TF_CPP_MIN_LOG_LEVEL": "2", "PYTHONUNBUFFERED": "1", "TF_ENABLE_ONEDNN_OPTS": "1"}

Running = set["subprocess.Popen[bytes]"]


def converse(
    request: Mapping[str, Any],
    observe: Observer,
    running: Running,
    module: str = MODULE,
    hash_seed: int = 0,
    folder: Path | None = None,
) -> list[Event]:
    """Run one request in a worker process and return the events that were no progress.

    The conversation is over when the worker says that it is done: what it has left running is ended.

    Parameters
    ----------
    running : set of Popen
        Holds the process while it lives, so that another thread can end it.
    hash_seed : int
        Of the worker's Python, which decides the order of sets.
    folder : Path, optional
        Where the worker runs; without one where this process does.

    Raises
    ------
    InputError, DataError, TrainingError
        As the worker reported them; TrainingError also when it ended before it was done, with the end of
        its log.
    DivergedError
        When the loss became NaN or infinite.
    """
    events: list[Event] = []
    with tempfile.TemporaryFile() as log, _started(log, running, module, hash_seed, folder) as process:
        assert process.stdin and process.stdout
        _log.info("worker %d: %s", process.pid, request["task"])
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(json.dumps(request, default=str).encode())
            process.stdin.close()
        for event in _events(process.stdout, observe):
            if event["event"] == "error":
                raise raised(event)
            events.append(event)
            if event["event"] == "done":
                return events
        raise TrainingError(_died(process.wait(), log))


def end(running: Running, patience: float = _PATIENCE) -> None:
    """End the processes that run and all that they have started; what does not end by itself is killed."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        for process in list(running):
            _signal(process, number)
        until = time.monotonic() + patience
        while running and time.monotonic() < until:
            time.sleep(_PAUSE)


def raised(event: Event) -> UndecidedError:
    """Return the error that an event tells."""
    problems = [Problem(**problem) for problem in event["problems"]]
    return KINDS.get(event["kind"], TrainingError)(problems)


def _events(stream: IO[bytes], observe: Observer) -> Iterator[Event]:
    """Yield events that are no progress; progress, and the lack of any, goes to the observer."""
    last: Event = {"event": "progress", "phase": "starting", "epoch": 0, "epochs": 0, "step": 0, "steps": 0}
    for line in _lines(stream):
        if line is None:
            minutes = round(_SILENCE / 60)
            observe({**last, "phase": f"{last['phase']} (nothing heard for over {minutes} min)"})
            continue
        event = _event(line)
        if event["event"] == "progress":
            last = event
            observe(event)
        else:
            yield event


def _lines(stream: IO[bytes]) -> Iterator[bytes | None]:
    """Yield the lines of a stream, and None whenever there was none for long."""
    buffer = b""
    while True:
        ready, _, _ = select.select([stream], [], [], _SILENCE)
        if not ready:
            yield None
            continue
        block = os.read(stream.fileno(), 1 << 16)
        if not block:
            break
        *lines, buffer = (buffer + block).split(b"\n")
        yield from lines
    if buffer:
        yield buffer


@contextlib.contextmanager
def _started(
    log: IO[bytes], running: Running, module: str, hash_seed: int, folder: Path | None
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a worker in a session of its own; neither it nor its children outlive the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        env={**os.environ, **_SETTINGS, "PYTHONHASHSEED": str(hash_seed)},
        cwd=folder,
        start_new_session=True,
    )
    running.add(process)
    try:
        yield process
    finally:
        running.discard(process)
        _signal(process, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_PATIENCE)
        _signal(process, signal.SIGKILL)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()


def _signal(process: "subprocess.Popen[bytes]", number: int) -> None:
    """Send a signal to a worker and all that it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _event(line: bytes) -> Event:
    try:
        event = json.loads(line)
    except ValueError:
        raise TrainingError(f"the training process sent something unintelligible: {line[:200]!r}") from None
    if not isinstance(event, dict) or "event" not in event:
        raise TrainingError(f"the training process sent something unexpected: {line[:200]!r}")
    return event


def _died(status: int, log: IO[bytes]) -> Problem:
    log.seek(0)
    tail = log.read().decode(errors="replace").strip().splitlines()[-3:]
    if status == -signal.SIGKILL:
        return Problem(
            "",
            0,
            "the training process was killed, as happens when memory runs out",
            "run it again: a network resumes from its last epoch, anything else starts over",
        )
    message = f"the training process ended with status {status} before it was done"
    if shutil.disk_usage(tempfile.gettempdir()).free < _LEAST:  # then the log may say nothing
        return Problem("", 0, f"{message}: no space left in {tempfile.gettempdir()}", "free some space there")
    remedy = "check whether models.py ends it, as os._exit() does" if status == 0 else ""
    return Problem("", 0, ": ".join([message, *([" / ".join(tail)] if tail else [])]), remedy)
