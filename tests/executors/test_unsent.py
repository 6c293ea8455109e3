"""What a machine has trained outlives a shared store that is away when the training ends."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen.executors import node, unsent
from reportgen.executors.interface import Outcome
from reportgen.executors.request import Request, carried
from reportgen.store import Store, remote
from reportgen.store.file_system import FileSystem
from tests.executors.engines import FAKE, ROOT
from tests.executors.test_local import job

KEY = "a" * 64


class Machine:
    """Serves one training after the other, each in a folder that goes away with it, as `stream` does."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._tasks = folder, 0
        self.share = folder / "share"
        Store.open(folder / "planner", self.share.as_uri(), required=True).reach()
        self.heard: list[Any] = []

    @property
    def kept(self) -> Store:
        return Store.open(unsent.folder_of(self.share.as_uri()))

    def train(
        self, model: str, key: str = KEY, heard: Callable[[Any], None] = lambda _: None, module: str = FAKE
    ) -> Outcome:
        def observe(event: Any) -> None:
            self.heard.append(event)
            heard(event)

        self._tasks += 1
        store = Store.open(self._folder / str(self._tasks), self.share.as_uri(), required=True)
        wanted = job(model, key[0])
        asked = Request("train", carried([wanted]), key).to_bytes()
        return node.run("task", asked, node.Site(store, observe, module=module))

    def away(self, event: Any = None) -> None:
        if self.share.exists():
            self.share.rename(self.share.with_name("away"))

    def back(self, event: Any = None) -> None:
        self.share.with_name("away").rename(self.share)

    def there(self, key: str = KEY) -> bool:
        return key in Store.open(self._folder / "reader", self.share.as_uri())


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr(unsent, "_FIRST", 0.05)
    monkeypatch.setattr(unsent, "WAIT", 0.2)
    monkeypatch.setattr(remote, "RETRIES", ())
    return Machine(tmp_path)


def test_a_store_that_comes_back_has_the_result(machine: Machine) -> None:
    def heard(event: Any) -> None:
        if event["phase"] == "training":
            machine.away()
        else:
            assert [each.key for each in machine.kept.list()] == [KEY], (
                "a machine that ends now would lose it"
            )
            machine.back()

    assert machine.train("fine", heard=heard).kind == "published"
    assert machine.there()
    assert not machine.kept.list()
    assert [event["phase"] for event in machine.heard] == ["training", "waiting for the store"]


def test_what_is_kept_is_sent_by_the_next_training_here_and_not_made_again(machine: Machine) -> None:
    found = machine.train("fine", heard=machine.away)
    assert (found.kind, found.error) == ("failed", "store")
    (problem,) = found.problems
    assert "is not here: what was written there is missing; the training is finished" in problem.message
    assert str(unsent.folder_of(machine.share.as_uri())) in problem.message
    assert problem.remedy == "the next training on this machine sends it"
    found = machine.train("fine")
    assert (found.kind, found.error) == ("failed", "store"), "it is still away"
    machine.back()
    machine.heard.clear()
    assert machine.train("other", "b" * 64).kind == "published", "another training sends it as well"
    assert machine.train("fine", module="reportgen.nowhere").kind == "published"
    assert machine.there() and machine.there("b" * 64)
    assert not machine.kept.list()


def test_what_was_damaged_meanwhile_is_trained_again(machine: Machine) -> None:
    machine.train("fine", heard=machine.away)
    machine.back()
    (record,) = machine.kept.root.glob("results/*/*/record.json")
    record.write_bytes(b"?" * record.stat().st_size)
    assert machine.train("fine").kind == "published"
    assert len(machine.heard) == 3 and machine.there()


@pytest.mark.parametrize(
    ("error", "phases"),
    [
        (PermissionError("Access Denied"), ["training"]),
        (OSError(errno.EROFS, os.strerror(errno.EROFS)), ["training", "waiting for the store"]),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), ["training", "waiting for the store"]),
    ],
)
def test_a_store_that_takes_nothing_more_is_waited_for_unless_that_changes_nothing(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, error: OSError, phases: list[str]
) -> None:
    def refuse(*_: object) -> None:
        raise error

    found = machine.train("fine", heard=lambda _: monkeypatch.setattr(FileSystem, "put", refuse))
    assert f"{error}; the training is finished, and its result is kept in" in found.problems[0].message
    assert [event["phase"] for event in machine.heard] == phases
    assert [each.key for each in machine.kept.list()] == [KEY]


def test_a_result_that_can_not_be_kept_is_told(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", os.devnull)
    found = machine.train("fine", heard=machine.away)
    assert "its result can't be kept on this machine: " in found.problems[0].message


def test_cancelling_ends_the_waiting(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unsent, "WAIT", 600.0)
    site = node.Site(Store.open(machine.share.parent / "x", machine.share.as_uri(), required=True), print)
    site.stop.set()
    site.store.find()
    machine.away()
    files = {"record.json": Path(__file__)}
    with pytest.raises(Exception, match="its result is kept"):
        unsent.publish(site.store, KEY, files, site.observe, site.stop, keep=True)
