"""The client of Slurm: a task is a batch job whose script carries the request, and whose output is read.

Nothing is pickled and nothing but Slurm's own commands is used, so it works where they do. Where jobs go, and
for how long, is up to the site and to sbatch's environment variables, such as SBATCH_ACCOUNT and
SBATCH_TIMELIMIT.
"""

import base64
import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportgen.errors import Problem, TrainingError
from reportgen.executors.interface import Machine, Outcome, Task
from reportgen.executors.serving import Options, serve

FOLDER = Path(".reportgen", "slurm")
_PATIENCE = 60.0  # seconds for an answer of Slurm
_EVERY = 3.0  # seconds between two questions what became of the jobs
_SILENCE = 300.0  # seconds for which it may give none, as while its controller is started again
_LOST = {"NODE_FAIL", "BOOT_FAIL", "PREEMPTED", "TIMEOUT", "REVOKED", "DEADLINE"}
_OPEN = {"PENDING", "CONFIGURING", "RUNNING", "COMPLETING", "SUSPENDED", "STOPPED", "SIGNALING", "STAGE_OUT"}
_LINE = re.compile(rb"[^\n]*\n")
_END = 4096  # bytes of a log that are looked at
_LATE = 60.0  # seconds after which a shared folder shows what was written on another machine
_COMMON = {
    "",
    "None",
    "Priority",
    "Resources",
    "BeginTime",
    "Prolog",
}  # reasons to wait that pass by themselves


@dataclass
class Submitted:
    """A job of Slurm, how far its output has been read, when it was found to have ended, why it waits."""

    task: Task
    job: str
    output: Path
    read: int = 0
    machine: str = ""
    told: bool = False
    ended: float = 0.0
    reason: str = ""


class Queue:
    """A queue of Slurm.

    Parameters
    ----------
    options : mapping
        ``place`` is a partition, or empty for the site's default one; ``folder`` is on a file system that the
        nodes share; ``store`` and ``module`` as in `stream`.
    """

    pause = 1.0

    def __init__(self, options: Options) -> None:
        self.notes: list[str] = []
        self._options, self._partition = options, str(options["place"])
        self._folder = Path(options["folder"], FOLDER)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._jobs: dict[str, Submitted] = {}
        self._asked, self._answered = 0.0, time.monotonic()
        self._going_on = self._found() if self._alone() else {}

    def machines(self) -> tuple[Machine, ...]:
        """Return the nodes of the partition, whatever they do just now."""
        asked = ["sinfo", "--noheader", "--Node", "--responding", "--format=%N|%c|%m|%G|%T"]
        lines = _run([*asked, *self._in_partition()]).splitlines()
        found = {
            name: (cores, memory, gres, state)
            for name, cores, memory, gres, state in (_fields(line, 5) for line in lines)
        }
        return tuple(
            Machine(name, int(cores), _gpus(gres), int(memory) << 20)
            for name, (cores, memory, gres, state) in found.items()
            if not state.startswith(("down", "drain", "fail", "maint"))
        )

    def start(self, task: Task) -> None:
        """Submit a job, which Slurm starts once; one that goes on from before is taken over."""
        job = self._going_on.pop(task.id, "") or self._submitted(task)
        self._jobs[task.id] = Submitted(task, job, self._folder / f"{job}.jsonl")

    def _alone(self) -> bool:
        """Tell whether no other client runs for this project, whose jobs would look as if left behind."""
        import fcntl  # not there on Windows

        lock = os.open(self._folder.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o666)  # for good
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            pass  # there are file systems without locks
        return True

    def _found(self) -> dict[str, str]:
        """Return the jobs that this project's earlier client, or its machine, has left behind, by task."""
        asked = ["squeue", "--noheader", f"--user={os.getuid()}", "--format=%i|%k"]
        found = {comment: job for job, comment in (_fields(line, 2) for line in _run(asked).splitlines())}
        mark = f"{self._folder}:"
        return {name.removeprefix(mark): job for name, job in found.items() if name.startswith(mark)}

    def _submitted(self, task: Task) -> str:
        envelope = {"task": task.id, "request": json.loads(task.request)}
        envelope |= {name: self._options[name] for name in ("store", "module")}
        line = base64.b64encode(json.dumps(envelope).encode() + b"\n").decode()
        needs, folder = task.needs, str(self._folder).replace("%", "%%")
        arguments = [
            "sbatch",
            "--parsable",
            f"--job-name=reportgen {task.name}",
            f"--output={folder}/%j.jsonl",
            f"--error={folder}/%j.log",
            f"--comment={self._folder}:{task.id}",
            "--no-requeue",
            "--nodes=1",
            "--ntasks=1",
            f"--cpus-per-task={task.cores}",
            *([f"--gres=gpu:{needs.gpus}"] if needs.gpus else []),
            *([f"--mem={max(needs.memory >> 20, 1)}M"] if needs.memory else []),
            *self._in_partition(),
        ]
        script = (
            f"#!/bin/sh\nbase64 -d <<END | exec {shlex.quote(sys.executable)} -m reportgen.executors.stream\n"
            f"{line}\nEND\n"
        )
        return _run(arguments, script).strip().partition(";")[0]

    def poll(self) -> Iterator[Mapping[str, Any]]:
        """Yield what the jobs have said since, and outcomes of those that ended without one."""
        if not self._jobs:
            return
        for submitted in list(self._jobs.values()):
            yield from self._said(submitted)
        if not self._jobs or time.monotonic() - self._asked < _EVERY:
            return
        self._asked = time.monotonic()
        states = self._states()
        for submitted in list(self._jobs.values()) if states is not None else ():
            state, node, reason = (states or {}).get(submitted.job, ("COMPLETED", "", ""))
            submitted.machine = node or submitted.machine
            if state == "PENDING":
                yield from self._waits(submitted, reason)
            elif state not in _OPEN:
                yield from self._over(submitted, state)

    def _waits(self, submitted: Submitted, reason: str) -> Iterator[Mapping[str, Any]]:
        """Yield why a job waits, where somebody may have to do something about it."""
        if reason not in _COMMON and reason != submitted.reason:
            submitted.reason = reason
            note = f"warning: job {submitted.job} of {submitted.task.name} waits in Slurm's queue: {reason}"
            yield {"event": "progress", "task": submitted.task.id, "phase": "waiting", "note": note}

    def _over(self, submitted: Submitted, state: str) -> Iterator[Mapping[str, Any]]:
        """Yield the last words of a job that has ended; those of one that ended well may take a while."""
        list(self._folder.iterdir())  # a network file system looks again which files there are
        yield from self._said(submitted)
        if submitted.told:
            return
        submitted.ended = submitted.ended or time.monotonic()
        if state != "COMPLETED" or time.monotonic() >= submitted.ended + _LATE:
            yield {"event": "outcome", "outcome": self._ended(submitted, state).to_json()}
            self._forget(submitted)

    def cancel(self) -> None:
        """Cancel the jobs that were submitted and have not ended."""
        if self._jobs:
            _run(["scancel", *(each.job for each in self._jobs.values())])
        for submitted in list(self._jobs.values()):
            self._forget(submitted)

    def _states(self) -> dict[str, tuple[str, str, str]] | None:
        """Return state, node and reason to wait of each job that is known; None where no answer comes."""
        ids = ",".join(each.job for each in self._jobs.values())
        asked = ["squeue", "--noheader", "--states=all", f"--user={os.getuid()}", "--format=%i|%T|%N|%r"]
        try:
            lines = _run([*asked, f"--jobs={ids}"]).splitlines()
        except TrainingError as error:
            if "Invalid job id" in str(error):  # all of them are over for long
                return {}
            if time.monotonic() - self._answered < _SILENCE:
                return None
            raise
        self._answered = time.monotonic()
        return {
            job: (state, node, reason) for job, state, node, reason in (_fields(line, 4) for line in lines)
        }

    def _said(self, submitted: Submitted) -> Iterator[Mapping[str, Any]]:
        """Yield the whole lines that a job's output has grown by; the outcome is its last one."""
        try:
            with submitted.output.open("rb") as stream:
                stream.seek(submitted.read)
                data = stream.read()
        except OSError:
            return
        for line in _LINE.findall(data):
            submitted.read += len(line)
            event = json.loads(line)
            submitted.machine = event.get("machine") or submitted.machine
            yield event
            if event["event"] == "outcome":
                submitted.told = True
                self._forget(submitted)

    def _ended(self, submitted: Submitted, state: str) -> Outcome:
        task, where = submitted.task, submitted.machine or "its node"
        what = f"job {submitted.job} of {task.name} ended as {state} on {where}"
        log = self._log(submitted)
        if state.startswith("CANCELLED"):
            return Outcome.without(task.id, "cancelled", submitted.machine, what)
        if state == "OUT_OF_MEMORY":
            remedy = "declare its memory: needs = { memory = ... }"
            return Outcome.without(task.id, "failed", submitted.machine, what, remedy)
        if state in _LOST or submitted.read:
            return Outcome.without(task.id, "lost", submitted.machine, what + log, "run it again: it goes on")
        remedy = f"do the nodes share {self._folder} and {sys.executable} with this machine?"
        return Outcome.without(task.id, "failed", submitted.machine, what + log, remedy)

    def _log(self, submitted: Submitted) -> str:
        try:
            with submitted.output.with_suffix(".log").open("rb") as stream:
                stream.seek(max(stream.seek(0, os.SEEK_END) - _END, 0))
                lines = stream.read().decode(errors="replace").strip().splitlines()
        except OSError:
            return ""
        return f": {lines[-1][:300]}" if lines else ""

    def _forget(self, submitted: Submitted) -> None:
        self._jobs.pop(submitted.task.id, None)
        for path in (submitted.output, submitted.output.with_suffix(".log")):
            path.unlink(missing_ok=True)

    def _in_partition(self) -> list[str]:
        return [f"--partition={self._partition}"] if self._partition else []


def _run(arguments: list[str], given: str = "") -> str:
    """Return what a command of Slurm prints.

    Raises
    ------
    TrainingError
        With what it says where it fails.
    """
    try:
        done = subprocess.run(
            arguments, input=given, capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        message = f"{arguments[0]} gave no answer in {_PATIENCE:.0f} seconds"
        raise TrainingError(
            Problem("", 0, message, "is Slurm's controller running? (scontrol ping)")
        ) from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise TrainingError(Problem("", 0, f"{arguments[0]}: {said[-1] if said else 'failed'}"))
    return done.stdout


def _fields(line: str, count: int) -> list[str]:
    """Return the fields of a line; what the last one holds is anybody's."""
    return [part.strip() for part in line.split("|", count - 1)]


def _gpus(gres: str) -> int:
    """Return how many graphics processors ``gpu:a100:4(S:0-1)`` means."""
    return sum(int(count) for count in re.findall(r"gpu(?::[^:,()]+)?:(\d+)", gres))


if __name__ == "__main__":
    os.environ.setdefault("SLURM_TIME_FORMAT", "standard")
    sys.exit(serve(Queue))
