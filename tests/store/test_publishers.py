"""Two machines that publish one key at the same time: the first whole result stays, whatever the order."""

import itertools
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import fsspec
import pytest

from reportgen.store import Store
from reportgen.store.file_system import FileSystem
from tests.store.conftest import key
from tests.store.faults import intercepted
from tests.store.turns import Stepping, Turns

KEY = key("a")
OURS = {
    name: {"record.json": f"of {name}".encode(), "weights": f"trained by {name}".encode() * 50}
    for name in ("one", "two")
}
STEPS = ("get_file", "put_file", "pipe_file", "rm_file", "rm")
CALLS = 4  # of each publisher, at least: look, two files, manifest
ORDERS = sorted(set(itertools.permutations(["one", "two"] * CALLS)))


def held(store: Store) -> Mapping[str, bytes] | None:
    """Return the bytes of the result that a store has."""
    found = store.get(KEY)
    return None if found is None else {name: found.read(name) for name in found.names}


@pytest.fixture(params=["memory", "file"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "file":
        yield (tmp_path / "share").as_uri()
        return
    yield "memory://lab/store"
    fsspec.filesystem("memory").store.clear()


def trial(url: str, folder: Path, order: tuple[str, ...]) -> int:
    """Let two machines publish in an order while a third one reads after every step."""
    turns, said, seen = Turns(), list[str](), list[Mapping[str, bytes]]()
    stores = {name: Store.open(folder / name, url, tell=said.append) for name in OURS}
    names = {id(store._sharing._remote._files): name for name, store in stores.items() if store._sharing}
    place = FileSystem._place.func  # type: ignore[attr-defined]

    def stepping(files: Any) -> tuple[Any, str]:
        system, path = place(files)
        name = names.get(id(files))
        return (Stepping(system, name, turns, STEPS) if name else system), path

    def read() -> None:
        shutil.rmtree(folder / "reader", ignore_errors=True)
        found = held(Store.open(folder / "reader", url, tell=said.append))
        assert found is not None or not seen, "a result that was there is gone"
        if found is not None:
            seen.append(found)

    with mock.patch.object(FileSystem, "_place", property(stepping)):
        for name, store in stores.items():
            turns.start(name, lambda name=name, store=store: store.publish(KEY, OURS[name]))  # type: ignore[misc]
        taken = turns.play(order, read)
        read()
    assert said == []
    assert seen[0] in OURS.values()
    assert all(each == seen[0] for each in seen), "another result took the place of the first"
    assert [held(store) for store in stores.values()] == [seen[0]] * 2, "the loser has other bytes"
    return taken


def test_the_first_whole_result_wins_in_every_order(url: str, tmp_path: Path) -> None:
    taken = []
    with mock.patch.object(os, "fsync"):  # no power cut here
        for number, order in enumerate(ORDERS):
            taken.append(trial(f"{url}/{number}", tmp_path / str(number), order))
            shutil.rmtree(tmp_path / str(number))
    assert len(ORDERS) == 70
    assert min(taken) >= 2 * CALLS


def test_the_first_whole_result_wins_in_a_folder_that_two_machines_have(tmp_path: Path) -> None:
    """Without locks between them, as on a network file system: a step is a call that changes the disk."""
    taken = on_one_folder(tmp_path / "alone", ["one"] * 100)
    for before, between in itertools.product(range(taken // 2 + 1), range(0, taken // 2 + 1, 4)):
        order = ["one"] * before + ["two"] * between + ["one"] * taken
        on_one_folder(tmp_path / f"{before}-{between}", order)
        shutil.rmtree(tmp_path / f"{before}-{between}")


def on_one_folder(folder: Path, order: list[str]) -> int:
    """Let two machines publish into one folder in an order while a third one reads after every step."""
    turns, said, seen = Turns(), list[str](), list[Mapping[str, bytes]]()

    def before(call: str, arguments: tuple[Any, ...]) -> None:
        turns.step(threading.current_thread().name)

    def publish(name: str) -> Callable[[], None]:
        def act() -> None:
            threading.current_thread().name = name
            Store.open(folder, tell=said.append).publish(KEY, OURS[name])

        return act

    def read() -> None:
        found = held(Store.open(folder, tell=said.append))
        assert found is not None or not seen, "a result that was there is gone"
        if found is not None:
            seen.append(found)

    with mock.patch.object(os, "fsync"), intercepted(before):
        for name in OURS:
            turns.start(name, publish(name))
        taken = turns.play(order, read)
    assert said == []
    assert seen[0] in OURS.values()
    assert all(each == seen[0] for each in seen), "another result took the place of the first"
    return taken
