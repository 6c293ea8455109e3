"""The process of an engine's client: commands come in as JSON lines, events go out as JSON lines.

It is a process of its own because an engine may end its client, or hang in it, as it likes. The first line
has the options; then ``{"do": "start", ...}`` starts a task and ``{"do": "cancel"}`` ends all. The end of
the input ends all as well: its client is gone.
"""

import json
import queue
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any, Protocol

from reportgen.errors import ReportgenError
from reportgen.executors.interface import Machine, Outcome, Task
from reportgen.report.types import Needs
from reportgen.training.fork import described
from reportgen.training.json_events import claim_stdout, speaker

Options = Mapping[str, Any]


class Backend(Protocol):
    """What an engine's client must be able to do.

    Attributes
    ----------
    notes : sequence of str
        What the user should know about the machines.
    pause : float
        Seconds between two calls of `poll`.
    """

    notes: list[str]
    pause: float

    def machines(self) -> tuple[Machine, ...]:
        """Return what is offered."""

    def start(self, task: Task) -> None:
        """Start a task, or let it wait."""

    def poll(self) -> Iterable[Mapping[str, Any]]:
        """Return what has happened since: lines of `stream`, and outcomes of what said none."""

    def cancel(self) -> None:
        """End all tasks that were started and have no outcome yet."""


def serve(connect: Callable[[Options], Backend]) -> int:
    """Run a client and return its exit status."""
    say = speaker(claim_stdout())
    commands: queue.SimpleQueue[Mapping[str, Any] | None] = queue.SimpleQueue()
    options = json.loads(sys.stdin.readline())
    threading.Thread(target=_read, args=[commands], daemon=True).start()
    try:
        backend = connect(options)
        machines = backend.machines()
        notes = [*backend.notes, *_mixed(machines)]
        say(event="open", machines=[asdict(machine) for machine in machines], notes=notes)
        _loop(backend, commands, say)
    except Exception as error:
        told = described(error, "running on several machines")
        say(event="error", kind=told["error"], problems=told["problems"])
        return 2
    return 0


def _mixed(machines: Iterable[Machine]) -> Iterable[str]:
    """Yield what the user should know where processors differ: a key does not tell them apart."""
    kinds: dict[str, list[str]] = {}
    for machine in sorted(machines, key=lambda each: each.name):
        kinds.setdefault(machine.processor, []).append(machine.name)
    kinds.pop("", None)
    if len(kinds) > 1:
        told = "; ".join(f"{', '.join(names)}: {kind}" for kind, names in kinds.items())
        yield (
            "these machines have different processors, so which of them trains may change the last digits"
            f" (the record of a result names it): {told}"
        )


def _read(commands: "queue.SimpleQueue[Mapping[str, Any] | None]") -> None:
    for line in sys.stdin:
        commands.put(json.loads(line))
    commands.put(None)


def _loop(
    backend: Backend, commands: "queue.SimpleQueue[Mapping[str, Any] | None]", say: Callable[..., None]
) -> None:
    while True:
        try:
            command = commands.get(timeout=backend.pause)
        except queue.Empty:
            for event in backend.poll():
                say(**event)
            continue
        if command is None:
            backend.cancel()
            return
        if command["do"] == "cancel":
            backend.cancel()
            say(event="cancelled")
        else:
            _start(backend, command, say)


def _start(backend: Backend, command: Mapping[str, Any], say: Callable[..., None]) -> None:
    request = json.dumps(command["request"]).encode()
    task = Task(command["task"], command["name"], request, Needs(**command["needs"]), command["threads"])
    try:
        backend.start(task)
    except ReportgenError as error:
        say(event="outcome", outcome=Outcome.failed(task.id, "", error).to_json())
