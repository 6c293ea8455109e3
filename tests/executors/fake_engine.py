"""An engine whose machines are processes of this one; its client is what those of Ray and Slurm are."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading

from reportgen.executors.interface import Machine, Outcome
from reportgen.executors.serving import serve


class Processes:
    """Three machines with two cores each."""

    notes = ["these machines are made up"]  # noqa: RUF012
    pause = 0.05

    def __init__(self, options):
        self._options = options
        self._events = queue.SimpleQueue()
        self._running = {}

    def machines(self):
        return (Machine("one", 2, processor="fast"), Machine("two", 2, processor="slow"), Machine("three", 2))

    def start(self, task):
        if task.name == "heads off":
            os._exit(1)  # as Ray does when its head is gone
        process = subprocess.Popen(
            [sys.executable, "-m", "reportgen.executors.stream"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        envelope = {"task": task.id, "request": json.loads(task.request)}
        envelope |= {name: self._options[name] for name in ("store", "module")}
        process.stdin.write(json.dumps(envelope).encode() + b"\n")
        process.stdin.close()
        self._running[task.id] = process
        threading.Thread(target=self._listen, args=[task.id, process], daemon=True).start()

    def poll(self):
        while not self._events.empty():
            yield self._events.get()

    def cancel(self):
        for process in self._running.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    def _listen(self, task, process):
        told = False
        for line in process.stdout:
            event = json.loads(line)
            told = told or event["event"] == "outcome"
            self._events.put(event)
        if not told:
            lost = Outcome.without(task, "lost", "one", "the machine went away")
            self._events.put({"event": "outcome", "outcome": lost.to_json()})


if __name__ == "__main__":
    sys.exit(serve(Processes))
