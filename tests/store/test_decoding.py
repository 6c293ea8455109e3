"""Whatever stands where a manifest or an archive should is read as it was written, or is one error."""

import io
import json
import tracemalloc
import zipfile
import zlib
from hashlib import sha256
from pathlib import Path

import pytest

from reportgen.errors import StoreError
from reportgen.store import Store
from reportgen.store.manifest import DamagedError, Entry, Manifest, _guard
from tests.decoding.mutating import exchanged, flips, outcome
from tests.store.conftest import key

FILES = {"weights.bin": bytes(range(256)) * 30, "record.json": b"{}" * 40}
MANIFEST = Manifest(
    key("a"), {name: Entry(sha256(data).hexdigest(), len(data)) for name, data in FILES.items()}
)


def test_a_manifest_with_a_value_exchanged_is_refused() -> None:
    """Its own checksum is made to fit, as whoever forges one would."""
    read = []
    for each in exchanged(MANIFEST.to_bytes()):
        body = json.loads(each)
        body.pop("sha256", None)
        forged = json.dumps({**body, "sha256": _guard(body)}).encode() if body else each
        read.append(outcome(lambda forged=forged: Manifest.from_bytes(forged, key("a"))))  # type: ignore[misc]
    assert len(read) > 60
    assert not all(read)
    for found in filter(None, read):  # what is read could be true
        assert all(0 <= entry.size <= 1 << 35 for entry in found.files.values())


def test_a_manifest_with_bytes_flipped_is_the_same_or_refused() -> None:
    for each in flips(MANIFEST.to_bytes(), 500):
        assert outcome(lambda each=each: Manifest.from_bytes(each, key("a"))) in (None, MANIFEST)  # type: ignore[misc]


@pytest.mark.parametrize("size", ["1" + "0" * 18, str(2**63), "-1", "1.5", "1" * 5000, "NaN"])
def test_a_manifest_that_declares_too_much_is_refused(size: str) -> None:
    body = {"format": 1, "key": key("a"), "files": {"weights.bin": ["0" * 64, 0]}}
    text = json.dumps(body).replace("0]", f"{size}]")
    with pytest.raises(DamagedError):
        Manifest.from_bytes(text.replace("{", '{"sha256": "' + "0" * 64 + '", ', 1).encode(), key("a"))


@pytest.fixture
def archive(store: Store, tmp_path: Path) -> bytes:
    store.publish(key("a"), FILES)
    store.link(key("source a"), key("a"))
    store.export(tmp_path / "a.zip", [key("a")])
    return (tmp_path / "a.zip").read_bytes()


def taken(data: bytes, folder: Path) -> bool:
    """Import an archive; tell whether its result was taken over."""
    (folder / "given.zip").write_bytes(data)
    store = Store.open(folder / "other", tell=lambda _: None)
    try:
        moved = store.import_(folder / "given.zip")
    finally:
        if (found := store.get(key("a"))) is not None:
            assert {name: found.read(name) for name in found.names} == FILES
    return key("a") in moved.keys


def test_every_bit_of_an_archive_flipped(
    archive: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.fsync", lambda descriptor: None)
    for at in range(0, len(archive), 3):
        data = bytearray(archive)
        data[at] ^= 1 << at % 8
        outcome(lambda data=data: taken(bytes(data), tmp_path))  # type: ignore[misc]


def test_an_archive_mutated(archive: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda descriptor: None)
    read = [outcome(lambda each=each: taken(each, tmp_path)) for each in flips(archive, 300)]  # type: ignore[misc]
    assert not all(read)


def packed(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def bomb(size: int, declared: int) -> bytes:
    """Return an archive whose result unpacks to `size` bytes and says that it has `declared` ones."""
    data = b"\0" * size
    manifest = Manifest(key("a"), {"weights.bin": Entry(sha256(data[:declared]).hexdigest(), declared)})
    made = packed(
        **{
            f"results/{key('a')}/manifest.json": manifest.to_bytes(),
            f"results/{key('a')}/weights.bin": data,
        }
    )
    true = size.to_bytes(4, "little")
    assert made.count(true) >= 2
    crc = zlib.crc32(data).to_bytes(4, "little"), zlib.crc32(data[:declared]).to_bytes(4, "little")
    return made.replace(true, declared.to_bytes(4, "little")).replace(*crc)


@pytest.mark.parametrize("declared", [100_000_000, 1000])
def test_a_bomb_fills_neither_memory_nor_disk(tmp_path: Path, declared: int) -> None:
    data = bomb(100_000_000, declared)
    assert len(data) < 200_000
    tracemalloc.start()
    try:
        (tmp_path / "given.zip").write_bytes(data)
        store = Store.open(tmp_path / "other")
        outcome(lambda: store.import_(tmp_path / "given.zip"))
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) < 1_000_000


def test_an_archive_that_is_encrypted_or_says_a_name_twice_is_refused(archive: bytes, tmp_path: Path) -> None:
    encrypted = bytearray(archive)
    at = encrypted.find(b"PK\x01\x02")
    while at >= 0:
        encrypted[at + 8] |= 1
        at = encrypted.find(b"PK\x01\x02", at + 1)
    with pytest.raises(StoreError, match="it is encrypted"):
        taken(bytes(encrypted), tmp_path)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(tmp_path / "two.zip", "w") as two:
        two.writestr("links/x", b"")
        two.writestr("links/x", b"")
    with pytest.raises(StoreError, match="a name twice"):
        taken((tmp_path / "two.zip").read_bytes(), tmp_path)
