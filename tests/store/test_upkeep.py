import zipfile
from pathlib import Path

import pytest

from reportgen.errors import StoreError
from reportgen.store import Store
from tests.store.conftest import key

FILES = {"weights.bin": b"w" * 5000, "record.json": b"{}"}


@pytest.fixture
def full(store: Store) -> Store:
    for name in ("a", "b", "c"):
        store.publish(key(name), FILES)
        store.link(key("source " + name), key(name))
    return store


def flip(store: Store, name: str, file: str = "weights.bin") -> None:
    path = store.root / "results" / key(name)[:2] / key(name) / file
    path.write_bytes(path.read_bytes()[:-1] + b"x")


def test_everything_is_listed_with_its_size(full: Store) -> None:
    listed = full.list()
    assert {entry.key for entry in listed} == {key("a"), key("b"), key("c")}
    assert {entry.size for entry in listed} == {5002}
    assert all(entry.age >= 0 and entry.names == ("record.json", "weights.bin") for entry in listed)


def test_verify_reads_every_byte_and_sets_aside_what_is_damaged(full: Store, said: list[str]) -> None:
    flip(full, "b")
    verified = full.verify()
    assert verified.damaged == (key("b"),)
    assert (verified.results, verified.size) == (3, 2 * 5002)
    assert full.get(key("b")) is None
    assert len(list((full.root / "quarantine").iterdir())) == 1
    assert full.verify().damaged == ()
    assert len(said) == 1


def test_prune_removes_what_is_not_kept_and_what_hangs_on_it(full: Store) -> None:
    full.partial(key("gone"))
    full.partial(key("a"))
    full.artifact("figures", key("figure"), lambda: b"svg")
    full.artifact("figures", key("a"), lambda: b"svg")
    (full.root / "tmp" / "left behind").write_bytes(b"12345")
    keep = [key("a")]
    planned = full.prune(keep, dry_run=True)
    assert planned.keys == tuple(sorted([key("b"), key("c")]))
    assert len(full.list()) == 3
    assert full.prune(keep) == planned
    assert planned.size >= 2 * 5002 + 5
    assert [entry.key for entry in full.list()] == keep
    assert full.resolve(key("source a")) == key("a")
    assert full.resolve(key("source b")) is None
    assert [path.name for path in (full.root / "partial").iterdir()] == keep
    assert full.artifact("figures", key("a"), lambda: b"new") == b"svg"
    assert full.artifact("figures", key("figure"), lambda: b"new") == b"new"
    assert not list((full.root / "tmp").iterdir())
    assert full.prune(keep).keys == ()


def test_a_read_only_store_is_not_pruned(full: Store) -> None:
    with pytest.raises(StoreError, match="read-only"):
        Store.open(full.root, read_only=True).prune([])


def test_an_archive_carries_results_and_links(full: Store, tmp_path: Path) -> None:
    moved = full.export(tmp_path / "a.zip", [key("a"), key("b"), key("absent")])
    assert moved.keys == tuple(sorted([key("a"), key("b")])) and moved.size == 2 * 5002
    other = Store.open(tmp_path / "other")
    assert other.import_(tmp_path / "a.zip") == moved
    stored = other.get(key("a"))
    assert stored is not None and stored.read("weights.bin") == FILES["weights.bin"]
    assert other.resolve(key("source a")) == key("a")
    assert other.resolve(key("source c")) is None
    assert other.import_(tmp_path / "a.zip") == moved
    other.export(tmp_path / "b.zip", [key("b"), key("a")])
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_an_archive_that_can_not_be_written_is_one_error(full: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"no/a\.zip: can't be written"):
        full.export(tmp_path / "no" / "a.zip", [key("a")])


def rewrite(source: Path, target: Path, changes: dict[str, bytes]) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, data in changes.items():
            new.writestr(name, data)


@pytest.mark.parametrize("file", ["weights.bin", "manifest.json"])
def test_an_altered_archive_is_refused_whole(full: Store, tmp_path: Path, file: str) -> None:
    full.export(tmp_path / "a.zip", [key("a"), key("b")])
    last = max(key("a"), key("b"))
    rewrite(tmp_path / "a.zip", tmp_path / "bad.zip", {f"results/{last}/{file}": b"v" * 5000})
    other = Store.open(tmp_path / "other")
    with pytest.raises(StoreError, match="not a valid archive"):
        other.import_(tmp_path / "bad.zip")
    assert other.list() == ()


@pytest.mark.parametrize(
    "name",
    [
        "../../evil",
        f"results/{key('a')}/../../evil",
        "results/x/manifest.json",
        "/manifest.json",
        "links/../x",
    ],
)
def test_an_archive_writes_nowhere_else(full: Store, tmp_path: Path, name: str) -> None:
    full.export(tmp_path / "a.zip", [key("a")])
    rewrite(tmp_path / "a.zip", tmp_path / "evil.zip", {name: key("a").encode()})
    other = Store.open(tmp_path / "deep" / "other")
    try:
        other.import_(tmp_path / "evil.zip")
    except StoreError:
        assert other.list() == ()
    assert not list(tmp_path.rglob("evil"))
    assert {path.name for path in (tmp_path / "deep").glob("*")} <= {"other"}


def test_what_is_no_archive_is_one_error(store: Store, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 cut off")
    for name in ("a.zip", "absent.zip"):
        with pytest.raises(StoreError, match="not a valid archive"):
            store.import_(tmp_path / name)


def test_what_does_not_belong_in_a_store_is_left_alone(full: Store) -> None:
    stray = full.root / "results" / "ab" / ".DS_Store"
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"")
    assert len(full.list()) == 3
    assert full.prune([]).size
    assert stray.exists()
