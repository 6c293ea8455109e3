"""A file outside the project is what report.toml declares, or it is not read."""

import hashlib
import io
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.request import Request

import numpy as np
import pytest

from reportgen.datasets import declared as opening
from reportgen.datasets import ensure, load
from reportgen.datasets.download import Limits, _Redirects
from reportgen.errors import DataError, Place
from reportgen.report.dataset_file import DatasetFile
from tests.datasets.servers import Site, serve
from tests.datasets.test_own_files import GOOD


def npz() -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **GOOD)
    return stream.getvalue()


DATA = npz()
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REPORTGEN_DATA", str(tmp_path / "cache"))
    return tmp_path / "cache"


def declared(path: Path, **changes: str) -> DatasetFile:
    place = Place(path.parent / "report.toml", 7)
    return replace(DatasetFile("mine", "Mine", path, tuple("abcdefghij"), 4, place), sha256=DIGEST, **changes)


def at(site: Site) -> DatasetFile:
    return declared(Path("mine.npz"), url=site.url)


def test_the_declared_file_is_read_wherever_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "mine.npz"
    path.write_bytes(DATA)
    assert len(load("mine", own={"mine": declared(path)}).train.labels) == 20


def test_another_file_is_refused_with_what_was_found(tmp_path: Path) -> None:
    path = tmp_path / "mine.npz"
    path.write_bytes(b"a secret")
    found = hashlib.sha256(b"a secret").hexdigest()
    said = rf"report\.toml:7: .*mine\.npz has the SHA-256 {found}, and {DIGEST[:12]}… is declared"
    with pytest.raises(DataError, match=said) as refused:
        load("mine", own={"mine": declared(path)})
    assert "secret" not in str(refused.value).replace("mine.npz", "")


def test_an_address_is_downloaded_once(tmp_path: Path, cache: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    with serve(Site(DATA, asked=[])) as site:
        own = {"mine": at(site)}
        found = load("mine", own=own, progress=lambda *state: told.append(state))
        place = ensure("mine", own=own)
        assert load("mine", own=own, offline=True).fingerprint == found.fingerprint
        assert site.asked == [None]
    assert told[-1] == (f"downloading {site.url}", len(DATA), len(DATA))
    assert place == cache / "files" / DIGEST / "mine.npz" and place.read_bytes() == DATA
    path = tmp_path / "mine.npz"
    path.write_bytes(DATA)
    assert load("mine", own={"mine": declared(path)}).fingerprint == found.fingerprint


def test_without_a_display_the_tenths_are_told(caplog: pytest.LogCaptureFixture) -> None:
    with serve(Site(DATA)) as site, caplog.at_level(logging.WARNING):
        load("mine", own={"mine": at(site)})
    assert f"downloading {site.url}: 100 % of" in caplog.text


def refused(site: Site, said: str, cache: Path, **options: bool) -> None:
    with pytest.raises(DataError, match=said):
        load("mine", own={"mine": at(site)}, **options)  # type: ignore[arg-type]
    assert not [*cache.rglob("*.npz"), *cache.rglob("*.arriving"), *cache.rglob("*.part")]


def test_what_can_not_be_fetched_is_one_error(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(Site(b"other", asked=[])) as site:
        refused(site, "is not on this machine, and the run is offline", cache, offline=True)
        assert site.asked == []
        refused(site, r"report\.toml:7: http.* has the SHA-256 .* is declared", cache)
    with serve(Site(DATA, status=404)) as site:
        refused(site, "can't be downloaded: the server answered 404", cache)
    monkeypatch.setattr(opening, "Limits", lambda size: Limits(size=100))
    with serve(Site(DATA)) as site:
        refused(site, "can't be downloaded: it has .* bytes, more than any", cache)


def test_a_damaged_download_is_removed(cache: Path) -> None:
    with serve(Site(DATA)) as site:
        own = {"mine": at(site)}
        place = ensure("mine", own=own)
        place.write_bytes(DATA[:-1])
        with pytest.raises(DataError, match="has the SHA-256"):
            load("mine", own=own)
        load("mine", own=own)


@pytest.mark.parametrize("follow", [lambda: "https://b.example/x", lambda: "http://b.example/x"])
def test_an_encrypted_connection_leads_to_no_other(follow: Callable[[], str]) -> None:
    def asked(url: str) -> Request | None:
        return _Redirects().redirect_request(Request(url), io.BytesIO(), 302, "", {}, follow())  # type: ignore[arg-type]

    assert asked("http://a.example/")
    if follow().startswith("https"):
        assert asked("https://a.example/")
    else:
        with pytest.raises(ConnectionError, match="without https"):
            asked("https://a.example/")
