"""An executor whose engine has a client in a process of its own, see `serving`."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from typing import IO, Any

from reportgen.errors import Problem, TrainingError
from reportgen.executors.interface import Machine, Outcome, Task, TaskObserver
from reportgen.executors.process import raised

_PATIENCE = 20.0  # seconds that a client has to end by itself
_KEPT = "what is finished is in the store: run it again"


class Engine:
    """Runs tasks on the machines of an engine.

    Parameters
    ----------
    name : str
        What people call it.
    module : str
        The client.
    options : mapping
        Its first line (JSON values).
    tell : callable
        Takes a sentence for the user.
    """

    shared = True

    def __init__(
        self, name: str, module: str, options: Mapping[str, Any], tell: Callable[[str], None]
    ) -> None:
        self.name, self.gone = name, ""
        self._module, self._options, self._tell = module, options, tell
        self._observers: dict[str, TaskObserver] = {}
        self._machines: tuple[Machine, ...] = ()
        self._client: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None

    def machines(self) -> tuple[Machine, ...]:
        """Return what is offered; the client is started for that.

        Raises
        ------
        UndecidedError
            If the engine can't be reached, or what it offers can't be used.
        """
        if self.gone:
            raise TrainingError(Problem("", 0, self.gone, _KEPT))
        if self._client is None:
            self._open()
        return self._machines

    def start(self, task: Task, observe: TaskObserver) -> None:
        """Start a task, or let it wait for a machine."""
        self._observers[task.id] = observe
        self._say(
            do="start",
            task=task.id,
            name=task.name,
            request=json.loads(task.request),
            needs=vars(task.needs),
            threads=task.threads,
        )

    def outcome(self) -> Outcome:
        """Wait for the next task that ends."""
        while True:
            event = None if self.gone else self._heard()
            if event is None:
                self.gone = self.gone or f"the connection to {self.name} has ended{self._last_words()}"
                task, _ = self._observers.popitem()
                return Outcome.without(task, "lost", "", self.gone, _KEPT)
            if event["event"] == "outcome":
                found = Outcome.from_json(event["outcome"])
                if self._observers.pop(found.task, None) is not None:
                    return found
            elif event["event"] == "error":
                self.gone = "; ".join(str(problem) for problem in raised(event).problems)
            elif event["event"] == "progress" and (observe := self._observers.get(event["task"])):
                observe(event["task"], event)

    def cancel(self) -> None:
        """End all tasks that were started, and wait for that."""
        self._observers.clear()
        self._say(do="cancel")
        while not self.gone and (event := self._heard()) is not None and event["event"] != "cancelled":
            pass

    def close(self) -> None:
        """End the client, which ends what it has started."""
        client, self._client = self._client, None
        if client is None:
            return
        self.gone = self.gone or f"{self.name} was closed"
        assert client.stdin and client.stdout
        with contextlib.suppress(OSError):
            client.stdin.close()
        try:
            client.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(client.pid, signal.SIGKILL)
            client.wait()
        client.stdout.close()
        if self._log:
            self._log.close()

    def _open(self) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - for as long as the client
        self._client = subprocess.Popen(
            [sys.executable, "-m", self._module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            start_new_session=True,  # Ctrl-C on the terminal reaches this process, which then cancels
        )
        self._say(**self._options)
        event = self._heard()
        if event is None:
            self.gone = f"{self.name} can't be used{self._last_words()}"
            raise TrainingError(Problem("", 0, self.gone))
        if event["event"] == "error":
            self.close()
            raise raised(event)
        self._machines = tuple(Machine(**each) for each in event["machines"])
        for note in event["notes"]:
            self._tell(note)

    def _say(self, **command: Any) -> None:
        assert self._client and self._client.stdin
        with contextlib.suppress(OSError):  # it has ended, which shows when it is listened to
            self._client.stdin.write(json.dumps(command).encode() + b"\n")
            self._client.stdin.flush()

    def _heard(self) -> Mapping[str, Any] | None:
        """Return the next event; None where the client has ended."""
        assert self._client and self._client.stdout
        line = self._client.stdout.readline()
        try:
            event = json.loads(line) if line else None
        except ValueError:
            return None
        return event if isinstance(event, dict) and "event" in event else None

    def _last_words(self) -> str:
        """Return the end of the client's log, as a clause."""
        if self._log is None or self._log.closed:
            return ""
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").strip().splitlines()
        return f": {lines[-1][:300]}" if lines else ""
