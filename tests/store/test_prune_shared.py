"""What crashed publishers leave in a shared store, and what a prune of it must not touch."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import fsspec
import pytest

from reportgen.errors import StoreError
from reportgen.store import Store, loans
from reportgen.store.attempts import Attempts
from reportgen.store.remote import Remote
from tests.store.conftest import key

FILES = {"weights.bin": b"w" * 100, "record.json": b"{}"}
DAY = timedelta(days=1)


@pytest.fixture(params=["memory", "file"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "file":
        yield (tmp_path / "share").as_uri()
        return
    yield "memory://lab/store"
    fsspec.filesystem("memory").store.clear()


def attempt(age: timedelta) -> str:
    return f"attempt-{datetime.now(UTC) - age:%Y%m%dT%H%M%SZ}-{'0' * 16}"


def test_old_attempts_without_a_manifest_go_and_nothing_else(
    tmp_path: Path, url: str, said: list[str]
) -> None:
    store = Store.open(tmp_path / "here", url, tell=said.append)
    store.publish(key("a"), FILES)
    store.link(key("source"), key("a"))
    system, root = fsspec.core.url_to_fs(url, auto_mkdir=True)

    def put(path: str) -> str:
        if url.startswith("file"):
            system.makedirs(f"{root}/{path.rpartition('/')[0]}", exist_ok=True)
        system.pipe_file(f"{root}/{path}", b"x")
        return path

    def result(name: str) -> str:
        return f"results/{key(name)[:2]}/{key(name)}"

    lost = put(f"{result('a')}/{attempt(3 * DAY)}/weights.bin")
    crashed = put(f"{result('b')}/{attempt(3 * DAY)}/record.json")
    put(f"{result('b')}/{attempt(DAY / 2)}/record.json")  # perhaps it is still being written
    put(f"{result('b')}/attempt-of-mine/record.json")
    put(f"{result('c')}/{attempt(3 * DAY)}/record.json")
    put(f"{result('c')}/manifest.json")  # nobody can tell what it names
    put(f"results/photos/{attempt(3 * DAY)}/record.json")
    put(f"holiday/{attempt(3 * DAY)}/record.json")
    before = set(system.find(root))
    expected = tuple(sorted(path.rpartition("/")[0] for path in (lost, crashed)))

    assert tuple(sorted(store.prune_shared(DAY, dry_run=True))) == expected
    assert set(system.find(root)) == before
    assert tuple(sorted(store.prune_shared(DAY))) == expected
    assert before - set(system.find(root)) == {f"{root}/{lost}", f"{root}/{crashed}"}
    assert store.prune_shared(DAY) == ()
    there = Store.open(tmp_path / "there", url, tell=said.append).get(key("a"))
    assert there is not None and there.read("record.json") == b"{}"


def test_a_link_out_of_the_share_is_not_followed(tmp_path: Path, said: list[str]) -> None:
    store = Store.open(tmp_path / "here", (tmp_path / "share").as_uri(), tell=said.append)
    store.publish(key("a"), FILES)
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.tex").write_text("years")
    place = tmp_path / "share/results" / key("a")[:2] / key("a") / attempt(3 * DAY)
    place.symlink_to(mine)
    store.prune_shared(DAY)
    assert (mine / "thesis.tex").read_text() == "years"


def test_a_store_that_is_not_shared_has_nothing_to_prune_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no shared store"):
        Store.open(tmp_path).prune_shared(DAY)


def old_loan(store: Store, monkeypatch: pytest.MonkeyPatch, age: timedelta = 8 * DAY) -> None:
    """Lend a file as if that had been a while ago."""

    class Then(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now(UTC) - age

    with monkeypatch.context() as patch:
        patch.setattr(loans, "datetime", Then)
        store.lend(key("a"), FILES)


def test_what_was_lent_goes_when_nobody_has_asked_for_it(
    tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(tmp_path / "here", url)
    store.publish(key("b"), FILES)
    old_loan(store, monkeypatch)
    path = f"results/{key('a')[:2]}/{key('a')}"
    assert store.prune_shared(9 * DAY) == ()
    assert store.prune_shared(7 * DAY, dry_run=True) == (path,)
    assert Store.open(tmp_path / "there", url).get(key("a")) is not None
    assert store.prune_shared(7 * DAY) == (path,)
    found = Store.open(tmp_path / "elsewhere", url)
    assert (found.get(key("a")), found.get(key("b")) is not None) == (None, True)
    system, root = fsspec.core.url_to_fs(url)
    assert not [each for each in system.find(root) if key("a") in each], "something was left behind"
    store.lend(key("a"), FILES)
    assert Store.open(tmp_path / "again", url).get(key("a")) is not None


@pytest.mark.parametrize("step", ["hide", "discard"])
@pytest.mark.parametrize("before", [True, False])
def test_what_is_lent_again_while_it_is_pruned_stays(
    tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch, step: str, before: bool
) -> None:
    store, other = Store.open(tmp_path / "here", url), Store.open(tmp_path / "other", url)
    old_loan(store, monkeypatch)
    real = getattr(Attempts, step)

    def meanwhile(*arguments: object) -> object:
        if before:
            other.lend(key("a"), FILES)
        found = real(*arguments)
        if not before:
            other.lend(key("a"), FILES)
        return found

    monkeypatch.setattr(Attempts, step, meanwhile)
    store.prune_shared(7 * DAY)
    found = Store.open(tmp_path / "there", url).get(key("a"))
    assert found is not None
    assert found.read("record.json") == b"{}"


def test_checkpoints_go_that_nobody_goes_on_from(
    tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(tmp_path / "here", url, required=True)
    for name in ("given up", "going on"):
        (store.partial(key(name)) / "checkpoint").write_bytes(b"epoch 2")
        store.share_partial(key(name), "checkpoint")
    assert store.prune_shared(DAY) == ()
    real = Remote.ages

    def later(remote: Remote, paths: Collection[str]) -> dict[str, float]:
        found = real(remote, paths)
        return {path: age + 2 * 86400 * (key("given up") in path) for path, age in found.items()}

    monkeypatch.setattr(Remote, "ages", later)
    path = f"partial/{key('given up')}"
    assert store.prune_shared(DAY, dry_run=True) == (path,) == store.prune_shared(DAY)
    there = Store.open(tmp_path / "there", url, required=True)
    assert [there.take_partial(key(name), "checkpoint") for name in ("given up", "going on")] == [False, True]
    assert store.prune_shared(DAY) == ()
