"""Retries, refusals and cancelling, on an executor that is a list of outcomes."""

from collections.abc import Iterator

import pytest

from reportgen.errors import InputError
from reportgen.executors.interface import Kind, Machine, Outcome, Task, TaskObserver
from reportgen.executors.run import RETRIES, run
from reportgen.report.types import Needs

TASKS = [Task("one", "one", b"{}"), Task("two", "two", b"{}")]


class Told:
    """Ends tasks as it was told to, in the order in which they were started."""

    shared = True

    def __init__(self, *kinds: Kind, gone: str = "") -> None:
        self.gone = gone
        self.started: list[str] = []
        self.cancelled = False
        self._kinds = iter(kinds)
        self._ends = self._outcomes()

    def machines(self) -> tuple[Machine, ...]:
        return (Machine("a", 2, 1, 8_000_000_000), Machine("b", 16))

    def start(self, task: Task, observe: TaskObserver) -> None:
        self.started.append(task.id)

    def outcome(self) -> Outcome:
        return next(self._ends)

    def cancel(self) -> None:
        self.cancelled = True

    def close(self) -> None:
        pass

    def _outcomes(self) -> Iterator[Outcome]:
        for index, kind in enumerate(self._kinds):
            yield Outcome.without(self.started[index], kind, "a", f"it was {kind}")


def ended(executor: Told, notes: list[str] | None = None) -> list[tuple[str, str, int]]:
    def observe(task: str, event: object) -> None:
        assert isinstance(event, dict)
        if notes is not None:
            notes.append(event["note"])

    return [(each.task, each.kind, each.attempts) for each in run(executor, TASKS, observe)]


def test_only_what_was_lost_is_started_again() -> None:
    executor, notes = Told("lost", "failed", "published"), list[str]()
    assert ended(executor, notes) == [("two", "failed", 1), ("one", "published", 2)]
    assert executor.started == ["one", "two", "one"]
    assert notes == ["warning: it was lost; it is started again"]
    assert not executor.cancelled


def test_what_is_lost_is_given_up_in_the_end() -> None:
    executor = Told("lost", "cancelled", *["lost"] * RETRIES)  # type: ignore[list-item]
    assert ended(executor) == [("two", "cancelled", 1), ("one", "lost", RETRIES + 1)]


def test_nothing_is_started_again_on_an_engine_that_is_gone() -> None:
    executor = Told("lost", "lost", gone="the head is gone")
    assert ended(executor) == [("one", "lost", 1), ("two", "lost", 1)]
    assert executor.started == ["one", "two"]


def test_who_stops_listening_cancels_the_rest() -> None:
    executor = Told("published", "published")
    outcomes = run(executor, TASKS, lambda *_: None)
    next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]
    assert executor.cancelled


@pytest.mark.parametrize(
    "needs", [Needs(gpus=1, cores=4), Needs(gpus=2), Needs(memory=9_000_000_000, gpus=1)]
)
def test_needs_have_to_be_those_of_one_machine(needs: Needs) -> None:
    executor = Told("published")
    with pytest.raises(
        InputError, match=rf"^report.toml:7: big needs {needs}, which no machine has \(there are a"
    ):
        list(
            run(
                executor,
                [*TASKS, Task("big", "big", b"{}", needs, path="report.toml", line=7)],
                lambda *_: None,
            )
        )
    assert not executor.started


def test_a_core_for_each_thread_has_to_be_on_one_machine_as_well() -> None:
    executor, wide = Told("published"), Task("wide", "wide", b"{}", Needs(gpus=1), threads=16)
    with pytest.raises(InputError, match=r"^wide needs 1 GPU, 16 cores, which no machine has"):
        list(run(executor, [wide], lambda *_: None))
    executor.shared = False
    assert list(run(executor, [wide], lambda *_: None)), "here they may share the cores"


def test_outcomes_survive_the_way_through_json() -> None:
    outcome = Outcome.without("one", "lost", "b", "gone", "run it again")
    assert Outcome.from_json(outcome.to_json()) == outcome


@pytest.mark.parametrize("change", [{"kind": "odd"}, {"problems": [{}]}, {"problems": None}])
def test_what_is_no_outcome_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no outcome of a task"):
        Outcome.from_json({**Outcome("one", "published").to_json(), **change})
