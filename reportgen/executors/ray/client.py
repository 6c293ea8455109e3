"""The client of a Ray cluster: a task is a generator on one of its machines that yields lines of `stream`."""

import json
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any

from reportgen.errors import Problem, TrainingError
from reportgen.executors.interface import Machine, Outcome, Task
from reportgen.executors.machine import this_machine
from reportgen.executors.ray import settings
from reportgen.executors.serving import Options, serve
from reportgen.executors.stream import stream
from reportgen.report.types import Needs

_PATIENCE = 60.0  # seconds that the machines have to say what they are
_ENDING = 10.0  # seconds for what was cancelled
_LOOK = 5.0  # seconds between two looks whether there is a machine for what waits
_JOINING = 300.0  # seconds for one to join, where the last one that has what a task needs is gone


class Cluster:
    """The machines of a Ray cluster.

    Parameters
    ----------
    options : mapping
        ``place`` is HOST:PORT, or empty for the cluster of this machine; ``store`` and ``module`` as
        in `stream`.
    """

    pause = 0.1

    def __init__(self, options: Options) -> None:
        self.notes: list[str] = []
        self._options = options
        self._running: dict[Any, Task] = {}
        self._machine: dict[str, str] = {}  # where a task was heard of last
        self._cancelled: set[Any] = set()
        self._unused: list[str] = []  # nodes that can't run a task
        self._looked, self._waiting = 0.0, dict[str, float]()  # since when a task has no machine
        address = str(options["place"])
        settings.prepare(address)
        import ray

        self._ray = ray
        try:
            ray.init(address=address or "auto", log_to_driver=False, logging_level="ERROR")
        except Exception as error:
            raise TrainingError(_unreachable(address, error)) from None
        remote = ray.remote(num_returns="streaming", max_retries=0)
        self._stream = remote(stream)

    def machines(self) -> tuple[Machine, ...]:
        """Ask every machine what it has."""
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        ray = self._ray
        hello = ray.remote(num_cpus=0, max_retries=0)(_hello)
        nodes = [node for node in ray.nodes() if node["Alive"]]
        asked = [
            hello.options(
                scheduling_strategy=NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
            ).remote()
            for node in nodes
        ]
        found, security = [], []
        for node, answer in zip(nodes, asked, strict=True):
            address = node["NodeManagerAddress"]
            try:
                machine, environment = json.loads(ray.get(answer, timeout=_PATIENCE))
            except Exception as error:
                self.notes.append(f"{node['NodeManagerHostname']} ({address}) is not used: {_first(error)}")
                self._unused.append(node["NodeID"])
                continue
            has = node["Resources"]
            security.append((machine["name"], address, environment))
            found.append(
                replace(
                    Machine(**machine),
                    cores=int(has.get("CPU", 0)),
                    gpus=int(has.get("GPU", 0)),
                    memory=int(has.get("memory", 0)),
                )
            )
        self.notes += settings.check(security)
        return tuple(machine for machine in found if machine.cores)

    def start(self, task: Task) -> None:
        """Hand a task to Ray, which chooses the machine."""
        needs = task.needs
        options: dict[str, Any] = {"num_cpus": task.cores, "name": f"reportgen {task.name}"}
        if needs.gpus:
            options["num_gpus"] = needs.gpus
        if needs.memory:
            options["memory"] = needs.memory
        if self._unused:
            options["label_selector"] = {"ray.io/node-id": f"!in({','.join(self._unused)})"}
        self._machine.pop(task.id, None)
        url, module = self._options["store"], self._options["module"]
        started = self._stream.options(**options).remote(task.id, task.request, url, module)
        self._running[started] = task

    def poll(self) -> Iterator[Mapping[str, Any]]:
        """Yield what the tasks have said since."""
        ready, _ = (
            self._ray.wait(list(self._running), num_returns=len(self._running), timeout=0, fetch_local=False)
            if self._running
            else ([], [])
        )
        for each in ready:
            yield from self._next(each)
        if time.monotonic() >= self._looked + _LOOK:
            yield from self._stranded()
            self._looked = time.monotonic()

    def cancel(self) -> None:
        """End all tasks."""
        open_ = list(self._running)
        for each in open_:
            self._cancelled.add(each)
            self._ray.cancel(each, force=True)
        if open_:
            self._ray.wait(open_, num_returns=len(open_), timeout=_ENDING, fetch_local=False)
        self._running.clear()

    def _next(self, running: Any) -> Iterator[Mapping[str, Any]]:
        """Yield the next line of a task, or its outcome where it said none."""
        task = self._running[running]
        try:
            event = json.loads(self._ray.get(next(running)))
        except StopIteration:
            del self._running[running]
            return
        except Exception as error:
            del self._running[running]
            yield {"event": "outcome", "outcome": self._ended(task, error).to_json()}
            return
        self._machine[task.id] = event["machine"]
        yield event

    def _stranded(self) -> Iterator[Mapping[str, Any]]:
        """Yield what becomes of tasks whose needs no machine has any more; Ray would wait for ever."""
        unheard = {each: task for each, task in self._running.items() if task.id not in self._machine}
        try:
            nodes = [node for node in self._ray.nodes() if node["Alive"]] if unheard else []
        except Exception:  # the head is gone, and Ray ends this process in a minute
            return
        usable = [node["Resources"] for node in nodes if node["NodeID"] not in self._unused]
        for each, task in unheard.items():
            if any(_fits(task.reserved, resources) for resources in usable):
                self._waiting.pop(task.id, None)
                continue
            what = f"no machine has {task.reserved} for {task.name} any more"
            if task.id not in self._waiting:
                self._waiting[task.id] = time.monotonic()
                note = f"warning: {what}; waiting for one, for {_JOINING / 60:.0f} min at most"
                yield {"event": "progress", "task": task.id, "phase": "waiting", "note": note}
            elif time.monotonic() >= self._waiting[task.id] + _JOINING:
                del self._running[each], self._waiting[task.id]
                self._ray.cancel(each, force=True)
                remedy = "let one join the cluster, and run it again: it goes on"
                outcome = Outcome.without(task.id, "failed", "", what, remedy)
                yield {"event": "outcome", "outcome": outcome.to_json()}

    def _ended(self, task: Task, error: Exception) -> Outcome:
        """Return the outcome of a task that ended without telling one."""
        errors, machine = self._ray.exceptions, self._machine.get(task.id, "")
        where = machine or "the machine"
        if isinstance(error, errors.TaskCancelledError):
            return Outcome.without(task.id, "cancelled", machine, f"{task.name} was cancelled in Ray")
        if isinstance(error, errors.OutOfMemoryError):
            remedy = "declare its memory: needs = { memory = ... }"
            return Outcome.without(
                task.id, "failed", machine, f"{task.name} ran out of memory on {where}", remedy
            )
        if isinstance(error, errors.RayTaskError):
            return Outcome.without(
                task.id, "failed", machine, f"{task.name} can't run on {where}: {_first(error)}"
            )
        remedy = "is it switched off, or cut off? what is done of it is in the store: run it again"
        return Outcome.without(
            task.id, "lost", machine, f"{where} was lost while it trained {task.name}", remedy
        )


def _hello() -> bytes:
    """On a machine: tell what it has."""
    return json.dumps([asdict(this_machine()), settings.shown()]).encode()


def _fits(needs: Needs, resources: Mapping[str, float]) -> bool:
    offered = (resources.get(name, 0) for name in ("GPU", "CPU", "memory"))
    return all(has >= wanted for has, wanted in zip(offered, vars(needs).values(), strict=True))


def _unreachable(address: str, error: Exception) -> Problem:
    where = f"at {address}" if address else "on this machine"
    remedy = (
        f"is this machine a member (ray start --address={address} --num-cpus=0), and is its token the same?"
        if address
        else "start one, see docs/machines.md, or name its HOST:PORT"
    )
    return Problem("", 0, f"there is no Ray cluster {where} that can be used: {_first(error)}", remedy)


def _first(error: Exception) -> str:
    """Return what an error of Ray's says, without the traceback that it carries, and the task's name."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    remote = "Traceback" in str(error) or "ray::" in str(error)
    return lines[-1 if remote else 0][:300] if lines else type(error).__name__


if __name__ == "__main__":
    sys.exit(serve(Cluster))
