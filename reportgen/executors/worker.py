"""One worker process: a JSON request in, JSON events out, one a line.

Training runs in a process of its own, so that a crash, a leak or lack of memory there takes
nothing else along, and so that this process never imports the training library.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

from reportgen.errors import DataError, InputError, Problem, TrainingError, UndecidedError

Event = Mapping[str, Any]
Observer = Callable[[Event], None]

MODULE = "reportgen.experiment.worker"
_PATIENCE = 20.0
_ERRORS: Mapping[str, type[UndecidedError]] = {"input": InputError, "data": DataError}


class DivergedError(TrainingError):
    """The loss is no longer a number; training the same again would end the same."""


Running = set["subprocess.Popen[bytes]"]


def converse(
    request: Mapping[str, Any], observe: Observer, running: Running, module: str = MODULE
) -> list[Event]:
    """Run one request in a worker process and return the events that were no progress.

    `running` holds the process while it lives, so that another thread can end it.

    Raises
    ------
    InputError, DataError, TrainingError
        As the worker reported them; TrainingError also when it died, with the end of its log.
    DivergedError
        When the loss became NaN or infinite.
    """
    events: list[Event] = []
    with tempfile.TemporaryFile() as log, _started(log, running, module) as process:
        assert process.stdin and process.stdout
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(json.dumps(request, default=str).encode())
            process.stdin.close()
        for line in process.stdout:
            event = _event(line)
            if event["event"] == "error":
                problems = [Problem(**problem) for problem in event["problems"]]
                process.wait(_PATIENCE)
                if event["kind"] == "diverged":
                    raise DivergedError(problems)
                raise _ERRORS.get(event["kind"], TrainingError)(problems)
            if event["event"] == "progress":
                observe(event)
            else:
                events.append(event)
        if process.wait() != 0:
            raise TrainingError(_died(process.returncode, log))
    return events


@contextlib.contextmanager
def _started(log: IO[bytes], running: Running, module: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a worker in a session of its own; whatever happens, it does not outlive the block."""
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2", "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        env=environment,
        start_new_session=True,
    )
    running.add(process)
    try:
        yield process
    finally:
        running.discard(process)
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()


def _event(line: bytes) -> Event:
    try:
        event = json.loads(line)
    except ValueError:
        raise TrainingError(f"the training process said something unintelligible: {line[:200]!r}") from None
    if not isinstance(event, dict) or "event" not in event:
        raise TrainingError(f"the training process said something unexpected: {line[:200]!r}")
    return event


def _died(status: int, log: IO[bytes]) -> Problem:
    log.seek(0)
    tail = log.read().decode(errors="replace").strip().splitlines()[-3:]
    if status == -signal.SIGKILL:
        return Problem(
            "",
            0,
            "the training process was killed, as happens when memory runs out",
            "run it again: it goes on from its last epoch",
        )
    return Problem("", 0, f"the training process ended with status {status}: {' / '.join(tail)}")
