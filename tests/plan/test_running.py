"""What is told of trainings that run, here or on other machines."""

import json
import os
import platform
import time
from pathlib import Path
from unittest import mock

import pytest

from reportgen.plan.running import Heartbeat, Seen, seen
from reportgen.store import Store

KEY = "a" * 64
EVENT = {"phase": "training", "epoch": 3, "epochs": 8}


@pytest.fixture
def stores(tmp_path: Path) -> tuple[Store, Store]:
    share = (tmp_path / "share").as_uri()
    return Store.open(tmp_path / "node", share, required=True), Store.open(tmp_path / "laptop", share)


def test_another_machine_sees_where_a_training_is(stores: tuple[Store, Store]) -> None:
    node, laptop = stores
    report = Heartbeat(node, KEY)
    report(EVENT)
    found = seen(laptop, [KEY]).get(KEY)
    assert found is not None
    assert found.alive
    assert str(found) == f"is being trained on {platform.node()}, epoch 3 of 8"
    report.end()
    assert seen(laptop, [KEY]).get(KEY) is None


def test_it_is_not_told_more_often_than_helps(
    stores: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    node, _ = stores
    report = Heartbeat(node, KEY)
    report({**EVENT, "epoch": 0})
    report(EVENT)
    assert str(seen(node, [KEY])[KEY]).endswith("epoch 3 of 8"), "that it has begun is told at once"
    monkeypatch.setattr(node, "note", lambda *_, **__: pytest.fail("written again at once"))
    report({**EVENT, "epoch": 4})


def test_what_was_not_heard_of_for_long_is_not_said_to_run() -> None:
    found = Seen("node-b", 3600.0, 3, 8)
    assert not found.alive
    assert str(found) == "was last trained on node-b, epoch 3 of 8, 60 min ago; it will resume from there"


def test_what_was_heard_of_last_counts(stores: tuple[Store, Store]) -> None:
    """A machine that was switched off leaves its record behind, as the one does that trains now."""
    node, laptop = stores
    laptop.note(
        "running", KEY, json.dumps({"machine": "laptop", "time": 1.0, "epoch": 2, "epochs": 8}).encode()
    )
    Heartbeat(node, KEY)(EVENT)
    assert seen(laptop, [KEY])[KEY].machine == platform.node()


@pytest.mark.parametrize("ahead", [3600.0, -3600.0])
def test_clocks_of_machines_need_not_agree(
    stores: tuple[Store, Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ahead: float
) -> None:
    """One that keeps local time beside one that keeps UTC is an hour off: the share's clock counts."""
    node, laptop = stores
    there = mock.Mock(monotonic=time.monotonic, time=lambda: time.time() + ahead)
    with monkeypatch.context() as patch:
        patch.setattr("reportgen.plan.running.time", there)
        Heartbeat(node, KEY)(EVENT)
    assert seen(laptop, [KEY])[KEY].alive
    before = time.time() - 600
    os.utime(tmp_path / "share/notes/running" / KEY, (before, before))
    assert not seen(laptop, [KEY])[KEY].alive


def test_a_share_that_goes_away_does_not_end_a_training(
    stores: tuple[Store, Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reportgen.store.remote.RETRIES", ())
    report = Heartbeat(stores[0], KEY)
    (tmp_path / "share").write_text("a file is in the way")
    report(EVENT)
    report.end()


def test_the_time_left_is_told(stores: tuple[Store, Store]) -> None:
    node, laptop = stores
    values = {"machine": "node-b", "time": time.time(), "epoch": 3, "epochs": 8, "left": 720.4}
    node.note("running", KEY, json.dumps(values).encode(), shared=True)
    found = seen(laptop, [KEY])[KEY]
    assert str(found) == "is being trained on node-b, epoch 3 of 8, 12 min left"
    assert found.row("net", 1).cells == ("node-b", "net", "1", "3 of 8", "12 min")


@pytest.mark.parametrize(
    "data", [b"", b"null", b"[]", b"{}", json.dumps({"machine": 1, "time": "x"}).encode()]
)
def test_a_record_that_is_none_tells_nothing(tmp_path: Path, data: bytes) -> None:
    store = Store.open(tmp_path)
    store.note("running", KEY, data)
    assert not seen(store, [KEY])
