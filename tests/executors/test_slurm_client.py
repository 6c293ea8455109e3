"""How the client of Slurm reads what Slurm says, and its files; a real one is tried by `tests/cluster`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen.executors.interface import Outcome, Task
from reportgen.executors.slurm import client
from reportgen.executors.slurm.client import Queue

TASK = Task("a" * 64, "cnn", b"{}")


class Slurm:
    """Answers each of Slurm's commands, and has a clock of its own."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.says = {"sbatch": "7\n", "squeue": "", "scancel": ""}
        self.now = 1_000.0

    def __call__(self, arguments: list[str], given: str = "") -> str:
        self.asked.append(arguments)
        return self.says[arguments[0]]

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def slurm(monkeypatch: pytest.MonkeyPatch) -> Slurm:
    made = Slurm()
    monkeypatch.setattr(client, "_run", made)
    monkeypatch.setattr(client, "time", made)
    return made


@pytest.fixture
def opened(slurm: Slurm, tmp_path: Path) -> Callable[..., Queue]:
    def open_(folder: str = "lab") -> Queue:
        return Queue({"place": "", "folder": str(tmp_path / folder), "store": "file:///share", "module": "m"})

    return open_


def heard(queue: Queue, slurm: Slurm, seconds: float) -> list[Any]:
    slurm.now += seconds
    return list(queue.poll())


def test_why_a_job_waits_is_told_once_where_somebody_may_have_to_do_something(
    slurm: Slurm, opened: Callable[..., Queue]
) -> None:
    queue, notes = opened(), list[str]()
    queue.start(TASK)
    for reason in ("None", "Priority", "PartitionTimeLimit", "PartitionTimeLimit", "ReqNodeNotAvail, |b|"):
        slurm.says["squeue"] = f"7|PENDING||{reason}\n"
        notes += [event["note"] for event in heard(queue, slurm, 5)]
    waits = "warning: job 7 of cnn waits in Slurm's queue: "
    assert notes == [f"{waits}PartitionTimeLimit", f"{waits}ReqNodeNotAvail, |b|"]


def test_what_a_network_file_system_shows_late_is_waited_for(
    slurm: Slurm, opened: Callable[..., Queue], tmp_path: Path
) -> None:
    queue = opened()
    queue.start(TASK)
    slurm.says["squeue"] = "7|COMPLETED|b|None\n"
    assert heard(queue, slurm, 5) == heard(queue, slurm, 30) == []
    published = {"event": "outcome", "outcome": Outcome(TASK.id, "published", "b").to_json()}
    (tmp_path / "lab/.reportgen/slurm/7.jsonl").write_text(json.dumps(published) + "\n")
    (found,) = heard(queue, slurm, 5)
    assert found == json.loads(json.dumps(published))


@pytest.mark.parametrize(("state", "seconds"), [("COMPLETED", 65.0), ("FAILED", 0.0)])
def test_a_job_without_a_word_has_failed(
    slurm: Slurm, opened: Callable[..., Queue], state: str, seconds: float
) -> None:
    queue = opened()
    queue.start(TASK)
    slurm.says["squeue"] = f"7|{state}|b|None\n"
    events = heard(queue, slurm, 5) + (heard(queue, slurm, seconds) if seconds else [])
    (found,) = (Outcome.from_json(event["outcome"]) for event in events)
    assert (found.kind, found.machine) == ("failed", "b")
    assert f"job 7 of cnn ended as {state} on b" in found.problems[0].message


def test_a_job_that_is_left_behind_is_taken_over_by_one_client_alone(
    slurm: Slurm, opened: Callable[..., Queue], tmp_path: Path
) -> None:
    """A second command of the same project would cancel the first one's jobs with its own."""
    slurm.says["squeue"] = f"5|{tmp_path}/100 % | lab/.reportgen/slurm:{TASK.id}\n6|somebody's | own\n"
    first = opened("100 % | lab")
    second = opened("100 % | lab")
    for queue, job in ((first, "5"), (second, "7")):
        queue.start(TASK)
        queue.cancel()
        assert slurm.asked[-1] == ["scancel", job]
    (submitted,) = [each for each in slurm.asked if each[0] == "sbatch"]
    assert f"--output={tmp_path}/100 %% | lab/.reportgen/slurm/%j.jsonl" in submitted
