"""A publish that is killed, or fails, at any point leaves everything whole."""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen.errors import StoreError
from reportgen.store import Store
from tests.store.faults import FILES, NEW, OLD, SCENARIOS, intercepted, prepared

# Fewer points than this would mean that the scenario no longer goes through the calls that are watched.
AT_LEAST = {"publish": 25, "record": 15, "prune": 25}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a power cut tells synced from unsynced bytes, and that is simulated."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


def contents(store: Store, key: str) -> dict[str, bytes] | None:
    stored = store.get(key)
    return None if stored is None else {name: stored.read(name) for name in stored.names}


def check(root: Path, scenario: str) -> None:
    """Assert that nothing is lost or half there, and that the store works on."""
    said: list[str] = []
    store = Store.open(root, tell=said.append)
    assert contents(store, OLD) == FILES
    assert contents(store, NEW) in (None, FILES)
    assert store.resolve(OLD) in (OLD, NEW)
    assert store.noted("reports", "answers") in (b"old note", b"new note")
    store.artifact("figures", OLD, lambda: b"<svg/>")
    assert store.artifact("figures", OLD, lambda: b"other") == b"<svg/>"
    SCENARIOS[scenario](store)
    store.publish(NEW, FILES)
    assert contents(store, NEW) == FILES
    store.prune({OLD, NEW})
    assert list((root / "tmp").iterdir()) == []
    assert store.verify().damaged == ()


@pytest.mark.parametrize("power", ["killed", "power"])
@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
def test_a_crash_at_any_call_loses_nothing(tmp_path: Path, scenario: str, power: str) -> None:
    command = [sys.executable, "-m", "tests.store.faults", scenario, str(tmp_path), power]
    points = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert points >= AT_LEAST[scenario]
    for at in range(1, points + 1):
        check(tmp_path / str(at), scenario)


def failing(at: int, code: int) -> tuple[Callable[[str, tuple[Any, ...]], None], list[int]]:
    count = [0]

    def before(name: str, arguments: tuple[Any, ...]) -> None:
        count[0] += 1
        if count[0] == at and name not in ("unlink", "rmdir"):
            raise OSError(code, os.strerror(code))

    return before, count


@pytest.mark.parametrize(
    ("scenario", "code"),
    [("publish", errno.ENOSPC), ("record", errno.ENOSPC), ("publish", errno.EIO), ("record", errno.EROFS)],
)
def test_a_disk_that_fails_at_any_call_is_one_clear_error(tmp_path: Path, scenario: str, code: int) -> None:
    at, failures = 1, 0
    while True:
        store = prepared(tmp_path / str(at))
        before, count = failing(at, code)
        try:
            with intercepted(before):
                SCENARIOS[scenario](store)
        except StoreError as error:
            failures += 1
            assert {errno.ENOSPC: "No space", errno.EIO: "Input/output", errno.EROFS: "ead-only"}[
                code
            ] in str(error)
            assert error.problems[0].remedy
        assert not [path for path in (tmp_path / str(at) / "tmp").glob("*") if path.is_dir()]
        check(tmp_path / str(at), scenario)
        if count[0] < at:
            break
        at += 1
    assert failures >= AT_LEAST[scenario] - 10


def test_a_full_disk_says_what_to_do(store: Store) -> None:
    before, _ = failing(5, errno.ENOSPC)
    with intercepted(before), pytest.raises(StoreError, match="free space"):
        store.publish(NEW, FILES)


def test_everything_is_synced_before_it_gets_its_name(tmp_path: Path) -> None:
    store = prepared(tmp_path / "store")
    unsynced: set[str] = set()
    named: list[str] = []

    def place(descriptor: int) -> str:
        return str(Path(f"/proc/self/fd/{descriptor}").readlink())

    def before(name: str, arguments: tuple[Any, ...]) -> None:
        if name == "write":
            unsynced.add(place(arguments[0]))
        elif name == "open":
            unsynced.update((str(arguments[0]), str(Path(arguments[0]).parent)))
        elif name == "fsync":
            unsynced.discard(place(arguments[0]))
        elif name in ("rename", "replace"):
            source = Path(arguments[0])
            assert not [path for path in unsynced if Path(path) == source or source in Path(path).parents]
            named.append(source.name)
            unsynced.add(str(Path(arguments[1]).parent))

    with intercepted(before):
        store.publish(NEW, FILES)
        store.link(OLD, NEW)
    assert len(named) == 2
    assert not [path for path in unsynced if "results" in path or "links" in path]


def test_new_files_follow_the_umask(tmp_path: Path) -> None:
    earlier = os.umask(0o027)
    try:
        store = prepared(tmp_path / "store")
    finally:
        os.umask(earlier)
    modes = {path.stat().st_mode & 0o777 for path in store.root.rglob("*") if path.is_file()}
    assert modes == {0o640}
