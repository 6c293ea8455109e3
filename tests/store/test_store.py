import json
import os
from hashlib import sha256
from pathlib import Path

import pytest

from reportgen.errors import StoreError
from reportgen.files import disk
from reportgen.store import DamagedError, Store

KEY = sha256(b"a result").hexdigest()
OTHER = sha256(b"another").hexdigest()
FILES = {"weights.bin": bytes(range(256)) * 10, "record.json": b"{}"}


def test_published_files_are_read_back(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "weights"
    source.write_bytes(b"w" * 3_000_000)
    store.publish(KEY, {"weights.bin": source, "record.json": b"{}"})
    stored = store.get(KEY)
    assert stored is not None
    assert stored.names == ("record.json", "weights.bin")
    assert stored.read("weights.bin") == source.read_bytes()
    assert stored.path("record.json").read_bytes() == b"{}"
    assert stored.size == 3_000_002


def test_opening_and_asking_write_nothing(store: Store) -> None:
    assert store.get(KEY) is None
    assert store.resolve(KEY) is None
    assert store.noted("builds", "x") is None
    assert store.notes("builds") == ()
    assert not store.root.exists()


def test_the_first_of_two_publications_stays(store: Store) -> None:
    store.publish(KEY, {"a": b"first"})
    store.publish(KEY, {"a": b"second"})
    stored = store.get(KEY)
    assert stored is not None and stored.read("a") == b"first"


def test_publishing_removes_the_partial_folder(store: Store) -> None:
    (store.partial(KEY) / "epoch-3").write_bytes(b"state")
    store.publish(KEY, FILES)
    assert not (store.root / "partial" / KEY).exists()
    assert list((store.root / "tmp").iterdir()) == []


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_flipped_bit_is_never_returned(store: Store, said: list[str], name: str) -> None:
    store.publish(KEY, FILES)
    path = store.root / "results" / KEY[:2] / KEY / name
    data = bytearray(path.read_bytes())
    data[1] ^= 4
    path.write_bytes(data)
    stored = store.get(KEY)
    assert stored is not None
    with pytest.raises(DamagedError, match=name):
        stored.read(name)
    assert store.get(KEY) is None
    assert "set aside" in said[0]
    store.publish(KEY, FILES)
    again = store.get(KEY)
    assert again is not None and again.read(name) == FILES[name]


def test_a_damaged_manifest_or_size_counts_as_missing(store: Store, said: list[str]) -> None:
    store.publish(KEY, FILES)
    manifest = store.root / "results" / KEY[:2] / KEY / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b"2560", b"2561"))
    assert store.get(KEY) is None
    store.publish(KEY, FILES)
    (store.root / "results" / KEY[:2] / KEY / "record.json").write_bytes(b"")
    assert store.get(KEY) is None
    assert len(said) == 2


def test_links_lead_to_the_last_target(store: Store) -> None:
    store.link(KEY, OTHER)
    store.link(KEY, KEY)
    assert store.resolve(KEY) == KEY


def test_notes_keep_any_name(store: Store) -> None:
    names = ["cnn/1", "..", ".", "é ü", "../../escape", "a" * 300]
    for name in names:
        store.note("models", name, name.encode())
    assert [store.noted("models", name) for name in names] == [name.encode() for name in names]
    assert len(store.notes("models")) == len(names)
    assert "cnn/1" in store.notes("models")
    assert sorted(path.name for path in store.root.parent.iterdir()) == ["store"]
    store.forget("models", "cnn/1")
    assert store.noted("models", "cnn/1") is None


def test_a_damaged_note_or_link_is_dropped(store: Store, said: list[str]) -> None:
    store.note("models", "cnn", b"text")
    store.link(KEY, OTHER)
    (store.root / "notes" / "models" / "cnn").write_bytes(b"other")
    (store.root / "links" / KEY[:2] / KEY).write_bytes(OTHER.encode())
    assert store.noted("models", "cnn") is None
    assert store.resolve(KEY) is None
    assert len(said) == 2


def test_an_artifact_is_made_once_and_again_when_damaged(store: Store) -> None:
    made: list[int] = []

    def make() -> bytes:
        made.append(1)
        return b"<svg/>"

    assert [store.artifact("figures", KEY, make) for _ in range(3)] == [b"<svg/>"] * 3
    assert len(made) == 1
    (store.root / "artifacts" / "figures" / KEY[:2] / KEY).write_bytes(b"x")
    assert store.artifact("figures", KEY, make) == b"<svg/>"
    assert len(made) == 2


@pytest.mark.parametrize("name", ["../x", "/x", "", ".", "..", "a/b", "manifest.json", "a\0", "a\n"])
def test_names_that_could_leave_the_folder_are_refused(store: Store, name: str) -> None:
    with pytest.raises(ValueError, match="file name"):
        store.publish(KEY, {name: b""})


@pytest.mark.parametrize("key", ["../" + "a" * 61, "A" * 64, "a" * 63, ""])
def test_keys_are_hashes(store: Store, key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        store.get(key)


def test_a_read_only_store_serves_reads(store: Store) -> None:
    store.publish(KEY, FILES)
    frozen = Store.open(store.root, read_only=True, tell=lambda _: None)
    stored = frozen.get(KEY)
    assert stored is not None and stored.read("record.json") == b"{}"
    frozen.link(KEY, OTHER)
    frozen.note("models", "x", b"")
    assert frozen.artifact("figures", KEY, lambda: b"made") == b"made"
    assert frozen.resolve(KEY) is None
    for refused in (
        lambda: frozen.publish(OTHER, FILES),
        lambda: frozen.lock(KEY),
        lambda: frozen.partial(KEY),
    ):
        with pytest.raises(StoreError, match="read-only"):
            refused()


def test_a_store_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("")
    with pytest.raises(StoreError, match="not a folder"):
        Store.open(tmp_path / "store")


def test_a_disk_that_can_not_be_written_makes_the_store_read_only(
    store: Store, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store.publish(KEY, FILES)
    (store.root / "results" / KEY[:2] / KEY / "record.json").write_bytes(b"")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    frozen = Store.open(store.root, tell=said.append)
    assert frozen.read_only
    assert frozen.get(KEY) is None
    assert "read-only, so it stays" in said[0]
    with frozen.in_use():
        assert (frozen.root / "results" / KEY[:2] / KEY).exists()


def test_of_two_at_once_one_is_published(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    move = disk.move

    def slower(source: Path, target: Path) -> None:
        monkeypatch.setattr(disk, "move", move)
        Store.open(store.root).publish(KEY, {"a": b"faster"})
        move(source, target)

    monkeypatch.setattr(disk, "move", slower)
    store.publish(KEY, {"a": b"slower"})
    stored = store.get(KEY)
    assert stored is not None and stored.read("a") == b"faster"
    assert not list((store.root / "tmp").iterdir())


def test_what_is_damaged_makes_way_for_what_is_whole(store: Store, said: list[str]) -> None:
    folder = store.root / "results" / KEY[:2] / KEY
    folder.mkdir(parents=True)
    (folder / "weights.bin").write_bytes(b"half")
    store.publish(KEY, FILES)
    stored = store.get(KEY)
    assert stored is not None and stored.read("record.json") == b"{}"
    assert len(said) == 1


def test_a_result_replaced_meanwhile_is_not_set_aside(store: Store, said: list[str]) -> None:
    store.publish(KEY, FILES)
    stored = store.get(KEY)
    assert stored is not None
    path = store.root / "results" / KEY[:2] / KEY
    (path / "record.json").write_bytes(b"[]")
    assert store.verify().damaged == (KEY,)
    store.publish(KEY, {"record.json": b"new"})
    said.clear()
    with pytest.raises(DamagedError):
        stored.read("record.json")
    again = store.get(KEY)
    assert again is not None and again.read("record.json") == b"new"
    assert said == []


@pytest.mark.parametrize(
    "change",
    [
        ("format", 99),
        ("key", OTHER),
        ("files", {"../x": ["0" * 64, 1]}),
        ("files", {"x": ["0", 1]}),
        ("files", 3),
    ],
)
def test_a_manifest_that_says_something_strange_is_not_believed(
    store: Store, change: tuple[str, object]
) -> None:
    store.publish(KEY, FILES)
    path = store.root / "results" / KEY[:2] / KEY / "manifest.json"
    body = json.loads(path.read_bytes()) | dict([change])
    del body["sha256"]
    text = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    path.write_bytes(json.dumps(body | {"sha256": sha256(text).hexdigest()}).encode())
    assert store.get(KEY) is None


def test_a_record_needs_a_name_and_a_kind(store: Store) -> None:
    with pytest.raises(ValueError, match="name"):
        store.note("models", "", b"")
    for kind in ("", "../x", "Kind", "a" * 40):
        with pytest.raises(ValueError, match="kind"):
            store.notes(kind)
