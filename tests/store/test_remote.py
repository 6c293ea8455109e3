"""The shared store against a real S3 server on loopback, and what can go wrong with it."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from reportgen.errors import AwayError, StoreError
from reportgen.store import Store, remote
from reportgen.store.arriving import Arriving
from tests.store.conftest import key
from tests.store.proxy import Proxy

FILES = {"weights.bin": bytes(range(256)) * 2000, "record.json": b"{}"}
Opened = Callable[..., Store]


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    started = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    started.start()
    yield started.get_host_and_port()[1]
    started.stop()


@pytest.fixture
def proxy(server: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    made = Proxy(server)
    monkeypatch.setenv("AWS_ENDPOINT_URL", made.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    yield made
    made.close()


@pytest.fixture(scope="module")
def bucket_of_all(server: int) -> Iterator[Any]:
    secrets = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
    found = boto3.resource("s3", endpoint_url=f"http://127.0.0.1:{server}", **secrets).Bucket("team")
    found.create()
    yield found
    found.meta.client.close()


@pytest.fixture
def bucket(bucket_of_all: Any, proxy: Proxy) -> Iterator[Any]:
    yield bucket_of_all
    bucket_of_all.objects.delete()


@pytest.fixture
def opened(tmp_path: Path, said: list[str], bucket: Any) -> Opened:
    def open_(name: str, **options: Any) -> Store:
        return Store.open(tmp_path / name, "s3://team/lab", tell=said.append, **options)

    return open_


def read(store: Store, name: str) -> dict[str, bytes] | None:
    stored = store.get(key(name))
    return None if stored is None else {file: stored.read(file) for file in stored.names}


def place(bucket: Any, name: str, file: str) -> str:
    """Return where the share has a file of a result."""
    (found,) = (
        each.key
        for each in bucket.objects.filter(Prefix=f"lab/results/{key(name)[:2]}/{key(name)}/")
        if each.key.endswith(f"/{file}")
    )
    return str(found)


def test_what_one_machine_publishes_another_finds(opened: Opened, said: list[str]) -> None:
    here, there = opened("here"), opened("there")
    here.publish(key("a"), FILES)
    here.link(key("source"), key("a"))
    assert there.resolve(key("source")) == key("a")
    assert key("a") in there
    assert not (there.root / "results").exists()
    assert read(there, "a") == FILES
    assert Store.open(there.root).get(key("a")) is not None
    assert key("b") not in there and there.get(key("b")) is None
    assert said == []


def test_a_store_that_was_empty_and_local_is_sent_as_it_grows(opened: Opened, tmp_path: Path) -> None:
    Store.open(tmp_path / "here").publish(key("a"), FILES)
    opened("here").publish(key("b"), FILES)
    there = opened("there")
    assert key("b") in there


def test_the_first_copy_stays(opened: Opened) -> None:
    opened("here").publish(key("a"), FILES)
    opened("there").publish(key("a"), {"record.json": b"other"})
    assert read(opened("third"), "a") == FILES


def test_a_dropped_upload_is_invisible_and_made_up_for(
    opened: Opened, proxy: Proxy, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = opened("here"), opened("there")
    proxy.cut_after = 200_000
    here.publish(key("a"), FILES)
    assert proxy.cuts
    assert read(here, "a") == FILES
    assert len(said) == 1 and "continuing without it" in said[0]
    proxy.cut_after = None
    assert there.get(key("a")) is None
    here.publish(key("b"), FILES)
    assert key("b") not in there
    again = opened("here")
    again.publish(key("c"), FILES)
    assert [name for name in "abc" if key(name) in there] == ["a", "b", "c"]
    assert again.notes("unsent") == ()


def test_a_slow_server_is_not_waited_for(
    opened: Opened, proxy: Proxy, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "PATIENCE", 0.2)
    proxy.flowing.clear()
    store = opened("here")
    assert store.get(key("a")) is None
    assert store.resolve(key("a")) is None
    store.publish(key("a"), FILES)
    assert read(store, "a") == FILES
    assert len(said) == 1 and "no answer" in said[0]


@pytest.mark.parametrize("file", ["weights.bin", "record.json", "manifest.json"])
def test_a_corrupt_object_is_never_used_and_replaced(
    opened: Opened, bucket: Any, said: list[str], file: str
) -> None:
    opened("here").publish(key("a"), FILES)
    damaged = bucket.Object(place(bucket, "a", file))
    damaged.put(Body=damaged.get()["Body"].read()[:-1] + b"?")
    there = opened("there")
    assert there.get(key("a")) is None
    assert "is damaged and not used" in said[0]
    assert not list((there.root / "tmp").glob("*"))
    assert key("a") not in there and key("a") not in opened("there"), "it is to be trained again"
    there.publish(key("a"), FILES)
    assert read(opened("third"), "a") == FILES
    assert key("a") in opened("there")


def test_a_corrupt_link_leads_nowhere(opened: Opened, bucket: Any) -> None:
    opened("here").link(key("source"), key("a"))
    bucket.Object(f"lab/links/{key('source')[:2]}/{key('source')}").put(
        Body=b"0" * 64 + b"\n" + key("b").encode()
    )
    assert opened("there").resolve(key("source")) is None


def test_a_damaged_local_copy_is_had_again(opened: Opened, said: list[str]) -> None:
    store = opened("here")
    store.publish(key("a"), FILES)
    path = store.root / "results" / key("a")[:2] / key("a") / "record.json"
    path.write_bytes(b"[}")
    with pytest.raises(StoreError):
        read(store, "a")
    assert read(store, "a") == FILES
    assert "set aside" in said[0]


def test_no_credentials_is_said_once(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: list[str]
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    store = opened("here")
    store.publish(key("a"), FILES)
    assert read(store, "a") == FILES
    assert store.get(key("b")) is None
    assert len(said) == 1 and "credentials" in said[0]


def test_a_bucket_that_is_not_there_stops_nothing(tmp_path: Path, proxy: Proxy, said: list[str]) -> None:
    store = Store.open(tmp_path / "here", "s3://absent/lab", tell=said.append)
    assert store.get(key("a")) is None
    store.publish(key("a"), FILES)
    assert read(store, "a") == FILES
    assert store.notes("unsent") != ()


def test_a_server_that_is_away_stops_nothing(
    tmp_path: Path, proxy: Proxy, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    store = Store.open(tmp_path / "here", "s3://team/lab", tell=said.append)
    assert store.get(key("a")) is None
    store.publish(key("a"), FILES)
    store.link(key("source"), key("a"))
    assert read(store, "a") == FILES
    assert len(said) == 1 and "s3://team/lab" in said[0]


def test_a_result_stored_by_an_earlier_version_is_read_and_stays(opened: Opened, bucket: Any) -> None:
    """Its files stand beside its manifest, without a folder of an attempt."""
    here = opened("here")
    Store.open(here.root).publish(key("a"), FILES)
    folder = here.root / "results" / key("a")[:2] / key("a")
    for file in folder.iterdir():
        bucket.Object(f"lab/results/{key('a')[:2]}/{key('a')}/{file.name}").put(Body=file.read_bytes())
    assert read(opened("there"), "a") == FILES
    opened("third").publish(key("a"), {"record.json": b"other"})
    assert read(opened("third"), "a") == read(opened("fourth"), "a") == FILES


def test_a_reader_deletes_nothing(opened: Opened, bucket: Any) -> None:
    """What looks damaged to one may have been damaged on the way to it."""
    opened("here").publish(key("a"), FILES)
    weights = bucket.Object(place(bucket, "a", "weights.bin"))
    good = weights.get()["Body"].read()
    weights.put(Body=good[:-1])
    before = sorted(each.key for each in bucket.objects.all())
    assert opened("there").get(key("a")) is None
    assert sorted(each.key for each in bucket.objects.all()) == before
    weights.put(Body=good)
    assert read(opened("third"), "a") == FILES


def test_of_two_that_publish_at_once_one_wins(opened: Opened) -> None:
    both = [(opened(name), {"record.json": name.encode()}) for name in ("one", "two")]
    threads = [threading.Thread(target=store.publish, args=(key("a"), files)) for store, files in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, second, third = (read(opened(name), "a") for name in ("one", "two", "third"))
    assert first == second == third is not None


@pytest.mark.parametrize("name", ["share", "Gruppe 7 – Ergebnisse für alle", "100% #1 of a::b?", "link"])
def test_a_shared_folder_works_as_well(tmp_path: Path, said: list[str], name: str) -> None:
    """Whatever its name is, whether or not it is written as in URLs, and where it is a link."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    folder = tmp_path / name
    urls = (folder.as_uri(), f"file:///{folder}", f"file://localhost{folder}", f"local:{folder}/")
    for number, url in enumerate(urls):
        with_mark = Store.open(tmp_path / f"here{number}", url, tell=said.append, required=True)
        with_mark.reach()
        with_mark.publish(key(f"{number}"), FILES)
        with_mark.publish(key("a"), FILES)
    for number, url in enumerate(urls):
        there = Store.open(tmp_path / f"there{number}", url, tell=said.append)
        assert read(there, "a") == read(there, "0") == read(there, "3") == FILES
    assert said == []
    assert len(list(folder.glob("results/*/*/manifest.json"))) == 1 + len(urls)
    assert not {"localhost", "file:", "local:"} & {path.name for path in Path.cwd().iterdir()}


@pytest.mark.parametrize("url", ["file://results", "file:results", "file://~/results", "file://server/share"])
def test_a_shared_folder_that_is_another_one_on_each_machine_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(StoreError, match=r"is not an absolute path: write file:///… with three slashes"):
        Store.open(tmp_path / "here", url)


def test_a_bucket_that_is_not_there_is_an_error_where_results_have_to_reach_it(
    tmp_path: Path, proxy: Proxy
) -> None:
    store = Store.open(tmp_path / "here", "s3://absent/lab", required=True)
    for action in (store.reach, lambda: store.publish(key("a"), FILES)):
        with pytest.raises(
            AwayError, match="s3://absent/lab can't be used: there is no such folder or bucket"
        ):
            action()


def test_a_protocol_that_nobody_speaks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="nosuch"):
        Store.open(tmp_path, "nosuch://bucket")


def test_secrets_in_a_url_are_not_repeated(tmp_path: Path, said: list[str]) -> None:
    store = Store.open(tmp_path / "here", "ftp://user:secret@127.0.0.1:9/x", tell=said.append)
    assert store.get(key("a")) is None
    assert said and "secret" not in said[0]


def test_what_a_share_holds_is_bounded(tmp_path: Path, said: list[str]) -> None:
    """Neither a manifest nor a file fills memory or disk, whatever it says, and a pipe is not waited for."""
    share = tmp_path / "share"
    url = share.as_uri()
    Store.open(tmp_path / "here", url, tell=said.append).publish(key("a"), FILES)
    place = share / "results" / key("a")[:2] / key("a")
    (record,) = place.glob("*/record.json")
    good = (place / "manifest.json").read_bytes()
    there = Store.open(tmp_path / "there", url, tell=said.append)
    (place / "manifest.json").unlink()
    os.mkfifo(place / "manifest.json")
    assert there.get(key("a")) is None
    (place / "manifest.json").unlink()
    (place / "manifest.json").touch()
    os.truncate(place / "manifest.json", 1 << 40)
    assert there.get(key("a")) is None
    (place / "manifest.json").write_bytes(good)
    os.truncate(record, 1 << 40)
    assert there.get(key("a")) is None
    assert all("has more than" in each or "too large" in each for each in said) and len(said) == 4
    assert sum(path.stat().st_blocks for path in (tmp_path / "there").rglob("*")) < 1000


def test_more_than_is_declared_is_not_taken(opened: Opened, bucket: Any, said: list[str]) -> None:
    opened("here").publish(key("a"), FILES)
    bucket.Object(place(bucket, "a", "record.json")).put(Body=b"x" * 30_000_000)
    there = opened("there")
    assert there.get(key("a")) is None
    assert "has more than 2 bytes and is not used" in said[0]
    bucket.Object(place(bucket, "a", "manifest.json")).put(Body=b"x" * 30_000_000)
    assert opened("third").get(key("a")) is None
    assert "manifest.json" in said[-1] and "has more than" in said[-1]


def test_patience_grows_with_what_comes_and_not_with_what_is_declared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    monkeypatch.setattr(remote, "PATIENCE", 0.3)
    monkeypatch.setattr(remote, "SLOWEST", 1000)
    made = remote.Remote((tmp_path / "share").as_uri(), said.append)

    def trickle(arriving: Arriving, system: object, path: str) -> None:
        for _ in range(100):
            time.sleep(0.05)
            arriving.relative_update(10)  # 200 bytes a second

    monkeypatch.setattr(Arriving, "get", trickle)
    begun = time.monotonic()
    assert not made.download("x", tmp_path / "x", 1 << 35)
    assert time.monotonic() - begun < 3
    assert "no answer" in said[0]


def test_a_result_that_must_reach_the_share_is_an_error_where_it_does_not(
    tmp_path: Path, proxy: Proxy, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A node whose disk goes away must not count as successful what only its disk has."""
    monkeypatch.setattr(remote, "RETRIES", (0.0, 0.0))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    node = Store.open(tmp_path / "node", "s3://team/lab", tell=said.append, required=True)
    with pytest.raises(StoreError, match=r"the shared store s3://team/lab can't be used: .*run it again"):
        node.publish(key("a"), FILES)
    with pytest.raises(StoreError):
        node.get(key("b"))
    assert said == []
    assert read(Store.open(tmp_path / "node"), "a") == FILES
    laptop = Store.open(tmp_path / "laptop", "s3://team/lab", tell=said.append)
    laptop.publish(key("a"), FILES)
    assert read(laptop, "a") == FILES and len(said) == 1


def test_a_share_that_fails_once_is_tried_again_where_it_is_required(
    opened: Opened, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def come_back(seconds: float) -> None:
        proxy.cut_after = None

    monkeypatch.setattr(remote.time, "sleep", come_back)
    proxy.cut_after = 200_000
    opened("node", required=True).publish(key("a"), FILES)
    assert proxy.cuts
    assert key("a") in opened("there")


def test_a_note_for_all_reaches_other_machines(opened: Opened, bucket: Any) -> None:
    here, there = opened("here"), opened("there")
    here.note("diverged", key("a"), b"the loss became nan", shared=True)
    here.note("builds", "mine", b"of this machine alone")
    assert there.noted("diverged", key("a"), shared=True) == b"the loss became nan"
    assert there.noted("diverged", key("a")) is None
    assert 0 <= there.ages("diverged", [key("a"), key("b")]).pop(key("a")) < 60
    assert there.noted("builds", "mine", shared=True) is None
    there.forget("diverged", key("a"), shared=True)
    assert opened("third").noted("diverged", key("a"), shared=True) is None
