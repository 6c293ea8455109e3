"""What Ray's client does where Ray itself would wait for ever; a real one is tried by `tests/cluster`."""

from types import SimpleNamespace
from typing import Any

import pytest

from reportgen.executors.interface import Outcome, Task
from reportgen.executors.ray import client
from reportgen.executors.ray.client import Cluster
from reportgen.report.types import Needs


class Ray:
    """A cluster of which nothing is heard, with a clock of its own."""

    def __init__(self, *machines: dict[str, float]) -> None:
        self.machines, self.now = list(machines), 1_000.0
        self.cancelled: list[object] = []

    def nodes(self) -> list[dict[str, Any]]:
        large = {"CPU": 64.0, "GPU": 8.0, "memory": 1e12}
        found = [
            {"NodeID": str(number), "Alive": True, "Resources": each}
            for number, each in enumerate(self.machines)
        ]
        return [
            *found,
            {"NodeID": "off", "Alive": False, "Resources": large},
            {"NodeID": "odd", "Alive": True, "Resources": large},
        ]

    def wait(self, running: list[object], **_: object) -> tuple[list[object], list[object]]:
        return [], running

    def cancel(self, running: object, *, force: bool) -> None:
        self.cancelled.append(running)

    def monotonic(self) -> float:
        return self.now


def connected(ray: Any, monkeypatch: pytest.MonkeyPatch, *tasks: Task) -> Cluster:
    monkeypatch.setattr(client, "time", ray)
    monkeypatch.setattr(Cluster, "__init__", lambda self: None)
    cluster = Cluster()  # type: ignore[call-arg]
    cluster._ray, cluster._machine, cluster._waiting, cluster._looked = ray, {}, {}, 0.0
    cluster._unused, cluster._options = ["odd", "other"], {"store": "file:///share", "module": "m"}
    cluster._running = {f"run of {task.name}": task for task in tasks}
    return cluster


def heard(cluster: Cluster, ray: Ray, seconds: float) -> list[Any]:
    ray.now += seconds
    return list(cluster.poll())


SMALL = Task("a", "small", b"{}")
LARGE = Task("b", "large", b"{}", Needs(gpus=1, memory=8_000_000_000), threads=4)


def test_what_no_machine_has_any_more_is_waited_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    ray = Ray({"CPU": 4.0, "memory": 9e9}, {"CPU": 2.0, "GPU": 1.0, "memory": 9e9})
    cluster = connected(ray, monkeypatch, SMALL, LARGE)
    (note,) = heard(cluster, ray, 0)
    told = "no machine has 1 GPU, 4 cores, 8 GB for large any more"
    assert (note["task"], note["note"]) == ("b", f"warning: {told}; waiting for one, for 5 min at most")
    assert heard(cluster, ray, 299) == []
    (ended,) = heard(cluster, ray, 10)
    found = Outcome.from_json(ended["outcome"])
    assert (found.task, found.kind, found.problems[0].message) == ("b", "failed", told)
    assert ray.cancelled == ["run of large"]
    assert list(cluster._running.values()) == [SMALL]


def test_a_machine_that_joins_in_time_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    ray = Ray()
    cluster = connected(ray, monkeypatch, LARGE)
    assert len(heard(cluster, ray, 0)) == 1
    ray.machines.append({"CPU": 4.0, "GPU": 1.0, "memory": 9e9})
    assert heard(cluster, ray, 200) == heard(cluster, ray, 200) == []
    ray.machines.clear()
    (note,) = heard(cluster, ray, 200)
    assert "waiting for one" in note["note"], "the time counts anew"


def test_what_runs_needs_no_other_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """That its own is gone is told by Ray."""
    ray = Ray()
    cluster = connected(ray, monkeypatch, LARGE)
    cluster._machine["b"] = "pc2"
    assert heard(cluster, ray, 0) == heard(cluster, ray, 1_000) == []


def test_nothing_is_sent_to_a_machine_that_can_not_run_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """One without reportgen, say, where every task would fail at once, one after the other."""
    ray, sent = Ray(), list[Any]()
    cluster = connected(ray, monkeypatch)
    cluster._stream = SimpleNamespace(
        options=lambda **options: SimpleNamespace(remote=lambda *_: sent.append(options) or "run")
    )
    cluster.start(LARGE)
    (options,) = sent
    assert options["label_selector"] == {"ray.io/node-id": "!in(odd,other)"}
    assert (options["num_cpus"], options["num_gpus"], options["memory"]) == (4, 1, 8_000_000_000)
