import json
import socket
import threading
import time
from pathlib import Path

import pytest

from reportgen.datasets.download import CHUNK, Limits, download
from reportgen.datasets.fetch_types import UnavailableError, silent
from tests.datasets.servers import Site, serve, silent_server

DATA = bytes(range(256)) * (5 * CHUNK // 512)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "downloads" / "file"


def left(target: Path) -> list[str]:
    return sorted(path.name for path in target.parent.iterdir())


def test_whole_file_with_progress(target: Path) -> None:
    seen: list[tuple[str, int, int | None]] = []
    with serve(Site(DATA)) as site:
        download(site.url, target, lambda *told: seen.append(told))
    assert target.read_bytes() == DATA
    assert left(target) == ["file"]
    assert len(seen) > 1
    assert [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)
    assert seen[-1] == (f"downloading {site.url}", len(DATA), len(DATA))


def test_a_break_is_taken_up_where_it_happened(target: Path) -> None:
    with serve(Site(DATA, breaks=[1000, 70_000])) as site:
        download(site.url, target, silent)
    assert target.read_bytes() == DATA
    assert site.asked == [None, "bytes=1000-", "bytes=71000-"]


def test_the_next_run_goes_on(target: Path) -> None:
    with serve(Site(DATA, breaks=[5000, 0])) as site:
        with pytest.raises(
            UnavailableError, match=r"broke after 5,000 of .*; 5,000 bytes are kept, and the next run"
        ):
            download(site.url, target, silent)
        assert left(target) == ["file.part", "file.part.json"]
        download(site.url, target, silent)
    assert target.read_bytes() == DATA
    assert site.asked == [None, "bytes=5000-", "bytes=5000-"]
    assert left(target) == ["file"]


def test_another_version_is_begun_anew(target: Path) -> None:
    with serve(Site(b"old" * 9000, breaks=[5000, 0])) as site:
        with pytest.raises(UnavailableError):
            download(site.url, target, silent)
        site.data, site.etag = DATA, '"two"'
        download(site.url, target, silent)
    assert target.read_bytes() == DATA


@pytest.mark.parametrize(
    "site", [Site(DATA, etag=None), Site(DATA, etag='W/"weak"'), Site(DATA, ranges=False)]
)
def test_a_server_that_cannot_continue_is_begun_anew(target: Path, site: Site) -> None:
    site.breaks, site.asked = [5000], []
    with serve(site):
        download(site.url, target, silent)
    assert target.read_bytes() == DATA


def test_a_part_of_another_address_is_not_continued(target: Path) -> None:
    target.parent.mkdir()
    target.with_name("file.part").write_bytes(b"x" * 100)
    mark = target.with_name("file.part.json")
    mark.write_text(json.dumps({"url": "http://elsewhere/", "mark": '"one"'}))
    with serve(Site(DATA)) as site:
        download(site.url, target, silent)
    assert site.asked == [None]
    assert target.read_bytes() == DATA


@pytest.mark.parametrize("mark", ["", "{}", "[]", '{"url": 1'])
def test_a_damaged_mark_is_a_clean_start(target: Path, mark: str) -> None:
    target.parent.mkdir()
    target.with_name("file.part").write_bytes(b"x" * 100)
    target.with_name("file.part.json").write_text(mark)
    with serve(Site(DATA)) as site:
        download(site.url, target, silent)
    assert target.read_bytes() == DATA


def test_a_part_that_has_it_all_already(target: Path) -> None:
    """The process died between the last byte and the renaming."""
    with serve(Site(DATA)) as site:
        target.parent.mkdir()
        target.with_name("file.part").write_bytes(DATA)
        target.with_name("file.part.json").write_text(json.dumps({"url": site.url, "mark": '"one"'}))
        download(site.url, target, silent)
    assert target.read_bytes() == DATA
    assert site.asked == [f"bytes={len(DATA)}-", None]


def test_a_silent_host_costs_the_time_limit_and_no_more(target: Path) -> None:
    begun = time.monotonic()
    with silent_server() as url, pytest.raises(UnavailableError, match=r"^no answer within 0\.2 s$"):
        download(url, target, silent, Limits(answer=0.2, stall=30))
    assert time.monotonic() - begun < 10  # not the 30 s of a stall, nor several tries


def test_a_download_that_stalls_is_given_up(target: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/file"
        replies = [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbeginning", b""]
        accepted = []

        def told(label: str, done: int, total: int | None) -> None:
            assert (done, total) == (9, 100)

        def answer() -> None:
            for reply in replies:
                connection, _ = listening.accept()
                accepted.append(connection)
                connection.recv(1000)
                connection.sendall(reply)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        with pytest.raises(UnavailableError, match="9 bytes are kept"):
            download(url, target, told, Limits(answer=0.5, stall=0.2))
        thread.join()
        for connection in accepted:
            connection.close()


@pytest.mark.parametrize("status", [403, 404, 500, 503])
def test_a_refusal_is_not_asked_again(target: Path, status: int) -> None:
    with (
        serve(Site(DATA, status=status)) as site,
        pytest.raises(UnavailableError, match=f"answered {status}"),
    ):
        download(site.url, target, silent)
    assert len(site.asked) == 1
    assert left(target) == []


def test_nobody_listens(target: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(UnavailableError, match="refused"):
        download(f"http://127.0.0.1:{port}/", target, silent)


def test_a_name_that_is_not_known(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(UnavailableError, match="Name or service not known"):
        download("http://nowhere.invalid/file", target, silent)


@pytest.mark.parametrize("length", [True, False], ids=["announced", "not announced"])
def test_too_large_a_file_is_refused(target: Path, length: bool) -> None:
    with (
        serve(Site(DATA, length=length)) as site,
        pytest.raises(UnavailableError, match="more than any file"),
    ):
        download(site.url, target, silent, Limits(size=1000))
    assert not target.exists()


def test_a_file_of_unknown_length(target: Path) -> None:
    with serve(Site(DATA, length=False)) as site:
        download(site.url, target, silent)
    assert target.read_bytes() == DATA
