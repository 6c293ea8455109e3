"""A store is a folder that says so: nothing is deleted in any other, whoever names it."""

import os
import shutil
from pathlib import Path

import pytest

from reportgen.errors import StoreError
from reportgen.store import Store
from reportgen.store.local import MARK
from tests.store.conftest import key

FILES = {"weights.bin": b"w" * 500, "record.json": b"{}"}


def snapshot(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): (
            f"-> {path.readlink()}" if path.is_symlink() else path.read_text() if path.is_file() else "/"
        )
        for path in sorted(folder.rglob("*"))
    }


def people(folder: Path) -> Path:
    """Make somebody's folder, whose names are those of a store."""
    for name in ("tmp", "artifacts", "partial", "quarantine", "results", "notes", "links/ab", "locks"):
        (folder / name).mkdir(parents=True)
        (folder / name / "thesis.txt").write_text("the only copy")
    return folder


@pytest.mark.parametrize("more", ["", "letters", "MARK"])
def test_a_folder_of_other_things_is_refused_and_left_as_it_is(tmp_path: Path, more: str) -> None:
    home = people(tmp_path / "home")
    if more == "MARK":
        (tmp_path / "elsewhere").touch()
        (home / MARK).symlink_to(tmp_path / "elsewhere")  # a link is no mark
    elif more:
        (home / more).write_text("x")
    before = snapshot(home)
    for read_only in (False, True):
        with pytest.raises(StoreError, match=r"is not a store but a folder with other contents: \w+"):
            Store.open(home, read_only=read_only)
    assert snapshot(home) == before


@pytest.mark.parametrize("exists", [False, True])
def test_a_new_store_is_marked_before_anything_is_in_it_and_ignored_by_git(
    tmp_path: Path, exists: bool
) -> None:
    root = tmp_path / "store"
    if exists:
        root.mkdir()
    store = Store.open(root)
    assert not list(tmp_path.rglob("*/*"))  # reading makes nothing
    assert store.get(key("a")) is None and store.noted("reports", "x") is None
    assert not list(tmp_path.rglob("*/*"))
    with store.in_use():
        assert (root / MARK).is_file()
        assert (root / ".gitignore").read_text() == "*\n"
    store.publish(key("a"), FILES)
    assert Store.open(root).get(key("a")) is not None


@pytest.mark.parametrize(
    "first", ["publish", "link", "note", "artifact", "lock", "partial", "in_use", "prune"]
)
def test_whatever_comes_first_marks_the_store(tmp_path: Path, first: str) -> None:
    store = Store.open(tmp_path / "store")
    match first:
        case "publish":
            store.publish(key("a"), FILES)
        case "link":
            store.link(key("a"), key("b"))
        case "note":
            store.note("reports", "x", b"x")
        case "artifact":
            store.artifact("figures", key("a"), lambda: b"x")
        case "lock":
            with store.lock(key("a")):
                pass
        case "partial":
            store.partial(key("a"))
        case "in_use":
            with store.in_use():
                pass
        case _:
            store.prune([])
    assert (tmp_path / "store" / MARK).is_file()
    Store.open(tmp_path / "store")


@pytest.mark.parametrize("used", ["results", "locks"])
def test_a_store_of_before_there_was_a_mark_is_one(tmp_path: Path, used: str) -> None:
    store = Store.open(tmp_path / "store")
    store.publish(key("a"), FILES)
    store.note("reports", "x", b"x")
    for name in (MARK, ".gitignore", "locks" if used == "results" else "results"):
        path = store.root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    old = Store.open(store.root)
    assert (old.get(key("a")) is not None) == (used == "results")
    assert old.noted("reports", "x") == b"x"
    old.prune([key("a")])
    assert (store.root / MARK).is_file()


def test_what_is_reached_by_a_link_is_not_pruned(tmp_path: Path) -> None:
    home = people(tmp_path / "home")
    store = Store.open(tmp_path / "store")
    store.publish(key("a"), FILES)
    before = snapshot(home)
    for name in ("tmp", "artifacts", "partial", "quarantine", "links", "notes"):
        shutil.rmtree(store.root / name, ignore_errors=True)
        (store.root / name).symlink_to(home / name)
    store.noted("reports", "x")
    planned = store.prune([], dry_run=True)
    assert planned.others == ()
    (store.root / "tmp").unlink()
    store.prune([])
    assert snapshot(home) == before


def test_a_dry_run_names_all_that_would_go(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store")
    store.publish(key("a"), FILES)
    store.link(key("source"), key("a"))
    store.artifact("figures", key("f"), lambda: b"x")
    store.partial(key("p"))
    before = {path for path in store.root.rglob("*") if path.is_file()}
    planned = store.prune([], dry_run=True)
    after = {path for path in store.root.rglob("*") if path.is_file()}
    assert after == before
    store.prune([])
    gone = before - {path for path in store.root.rglob("*") if path.is_file()}
    named = {store.root / name for name in planned.others}
    named |= {store.root / "results" / each[:2] / each for each in planned.keys}
    assert all(path in named or named.intersection(path.parents) for path in gone)
    assert gone


@pytest.mark.parametrize("kind", ["link", "note", "artifact"])
def test_a_record_is_believed_at_its_own_place_only(tmp_path: Path, kind: str, said: list[str]) -> None:
    """Two records that are swapped are sound, each of them, and neither is what it seems."""
    store = Store.open(tmp_path / "store", tell=said.append)
    for name in ("a", "b"):
        store.link(key(name), key(f"result {name}"))
        store.note("diverged", key(name), b"it diverged")
        store.artifact("built", key(name), name.encode)
    paths = {
        "link": [store.root / "links" / key(name)[:2] / key(name) for name in "ab"],
        "note": [store.root / "notes" / "diverged" / key(name) for name in "ab"],
        "artifact": [store.root / "artifacts" / "built" / key(name)[:2] / key(name) for name in "ab"],
    }[kind]
    first, second = (path.read_bytes() for path in paths)
    paths[0].write_bytes(second)
    paths[1].write_bytes(first)
    assert (store.resolve(key("a")) is None) == (kind == "link")
    assert (store.noted("diverged", key("b")) is None) == (kind == "note")
    assert store.artifact("built", key("a"), lambda: b"new") == (b"new" if kind == "artifact" else b"a")
    assert len(said) == 1 and "is damaged and not used" in said[0]


def test_pipes_and_folders_in_a_store_are_damage(tmp_path: Path, said: list[str]) -> None:
    store = Store.open(tmp_path / "store", tell=said.append)
    store.publish(key("a"), FILES)
    folder = store.root / "results" / key("a")[:2] / key("a")
    (folder / "record.json").unlink()
    os.mkfifo(folder / "record.json")
    stored = store.get(key("a"))
    assert stored is None
    store.publish(key("b"), FILES)
    manifest = store.root / "results" / key("b")[:2] / key("b") / "manifest.json"
    manifest.unlink()
    os.mkfifo(manifest)
    assert store.get(key("b")) is None
    (store.root / "notes/reports/x").mkdir(parents=True)
    (store.root / "notes/reports/x/mine.txt").touch()
    assert store.noted("reports", "x") is None
    assert (store.root / "notes/reports/x/mine.txt").exists()
    assert len(said) == 3
