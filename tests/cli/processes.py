"""A reportgen that runs while a test looks on, edits its files, or kills it."""

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.conftest import environment

PATIENCE = 300  # seconds after which a process that hangs is killed, so that its test fails


def _interruptible() -> None:
    """Let Ctrl-C reach a process although a shell that runs tests in the background has it ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Started:
    """A reportgen in a process group of its own; its standard error is read line by line."""

    def __init__(self, folder: Path, *arguments: str, **changes: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "reportgen", *arguments],
            cwd=folder,
            env=environment() | changes,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=_interruptible,
        )
        self.told: list[str] = []
        self._watch = threading.Timer(PATIENCE, self.process.kill)
        self._watch.start()

    def until(self, text: str) -> str:
        """Wait for a line that holds `text`, and return it."""
        assert self.process.stderr
        for line in self.process.stderr:
            self.told.append(line)
            if text in line:
                return line
        raise AssertionError(f"it ended without saying {text!r}: {''.join(self.told)}")

    def signal(self, number: int) -> None:
        """Send a signal to all of its process group, as a terminal does."""
        os.killpg(self.process.pid, number)

    def end(self) -> tuple[int, str, str]:
        """Wait for its end; return status, standard output, and all of standard error."""
        assert self.process.stdout and self.process.stderr
        with self.process:
            # Not `communicate`, which does not see what `until` has read ahead.
            self.told += self.process.stderr.readlines()
            out = self.process.stdout.read()
        self._watch.cancel()
        return self.process.returncode, out, "".join(self.told)

    @contextmanager
    def worker(self) -> Iterator["Worker"]:
        """Give the process that trains for it."""
        tasks = Path(f"/proc/{self.process.pid}/task")
        (pid,) = {int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()}
        worker = Worker(pid)
        try:
            yield worker
        finally:
            os.close(worker.descriptor)


class Worker:
    """A training process, held by a descriptor, so that its number can't become another's."""

    def __init__(self, pid: int) -> None:
        self.descriptor = os.pidfd_open(pid)

    def kill(self) -> None:
        signal.pidfd_send_signal(self.descriptor, signal.SIGKILL)

    def ends(self) -> bool:
        """Tell whether it ends, before a time that no worker that was told to needs."""
        return bool(select.select([self.descriptor], [], [], PATIENCE)[0])
