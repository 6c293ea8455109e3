"""Serve one request on a machine of an engine, and tell it in JSON lines: progress, and last its outcome.

As a program it reads one JSON line, ``{"task": id, "request": {...}, "store": URL, "module": worker}``.
Nothing stays behind on the machine; what has to outlive it is in the shared store.
"""

import errno
import json
import queue
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reportgen.errors import Problem, ReportgenError, TrainingError
from reportgen.executors import node
from reportgen.executors.interface import Outcome
from reportgen.executors.machine import this_machine
from reportgen.executors.process import MODULE, Event, Running, end
from reportgen.store import Store
from reportgen.training.json_events import claim_stdout

_EVERY = 2.0  # seconds between two events of one epoch


def stream(task: str, request: bytes, url: str, module: str = MODULE) -> Iterator[bytes]:
    """Serve a request and yield each event as a line; closing the iterator ends the work."""
    said: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
    running: Running = set()
    stop = threading.Event()
    machine = this_machine().name

    def say(**event: Any) -> None:
        said.put({**event, "task": task, "machine": machine})

    def work() -> None:
        try:
            say(**_outcome(task, request, url, _Thinned(say), running, stop, module))
        finally:
            said.put(None)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        while (event := said.get()) is not None:
            yield json.dumps(event).encode()
    finally:
        stop.set()
        while thread.is_alive():
            end(running)
            thread.join(0.1)


class _Thinned:
    """Passes on what ends an epoch, what is to be read, and of the rest one event in a while."""

    def __init__(self, say: Any) -> None:
        self._say, self._last, self._state = say, 0.0, (None, None)

    def __call__(self, event: Event) -> None:
        state, now = (event.get("phase"), event.get("epoch")), time.monotonic()
        whole = event.get("step") == event.get("steps")
        if whole or event.get("note") or state != self._state or now - self._last >= _EVERY:
            self._last, self._state = now, state
            self._say(**event)


def _outcome(
    task: str, request: bytes, url: str, say: _Thinned, running: Running, stop: threading.Event, module: str
) -> dict[str, Any]:
    """Serve the request in a folder of its own; whatever goes wrong on this machine is an outcome."""
    machine = this_machine().name
    try:
        with tempfile.TemporaryDirectory(prefix="reportgen-") as folder:
            store = Store.open(
                Path(folder, "store"),
                url,
                required=True,
                tell=lambda sentence: say({"event": "progress", "phase": "", "note": sentence}),
            )
            found = node.run(task, request, node.Site(store, say, running, stop, module=module))
    except ReportgenError as error:
        found = Outcome.failed(task, machine, error)
    except Exception as error:
        found = Outcome.failed(task, machine, _unforeseen(error))
    return {"event": "outcome", "outcome": found.to_json()}


def _unforeseen(error: Exception) -> TrainingError:
    """Return the error for what only this machine can mend; the trace goes to its log."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        place = error.filename or tempfile.gettempdir()
        return TrainingError(Problem("", 0, f"no space left for {place}", "free some space there"))
    traceback.print_exception(error)
    said = (str(error).strip().splitlines() or ["no message"])[0][:300]
    return TrainingError(Problem("", 0, f"this failed: {type(error).__name__}: {said}"))


def main() -> None:
    """Serve the request on standard input."""
    protocol = claim_stdout()
    asked = json.loads(sys.stdin.readline())
    request = json.dumps(asked["request"]).encode()
    protocol.write(json.dumps({"event": "started", "machine": this_machine().name}) + "\n")
    protocol.flush()
    for line in stream(asked["task"], request, asked["store"], asked["module"]):
        protocol.write(line.decode() + "\n")
        protocol.flush()


if __name__ == "__main__":
    main()
