import os
import zlib
from io import BytesIO

import pikepdf
import pydyf
import pytest

from reportgen.document.pdf.packing import LEVEL, pack, packed


def file_with(*streams: pydyf.Stream) -> pydyf.PDF:
    file = pydyf.PDF()
    for stream in streams:
        file.add_object(stream)
    return file


def test_a_packed_stream_reads_as_it_was_written() -> None:
    stream = pydyf.Stream([b"0 0 1 rg", *[1.5] * 100, "text"], compress=True)
    file = file_with(stream)
    pack(file)
    written = BytesIO()
    file.write(written, version=b"1.7")
    with pikepdf.open(written) as document:
        found = document.get_object(stream.number, 0)
        assert found.read_bytes() == b"0 0 1 rg\n" + b"1.5\n" * 100 + b"text"
        assert found.Filter == "/FlateDecode"


def test_what_is_not_to_be_compressed_stays() -> None:
    stream = pydyf.Stream([b"<xmpmeta/>"])
    pack(file_with(stream))
    assert b"<xmpmeta/>" in stream.data


def test_what_is_compressed_already_is_not_again() -> None:
    data = zlib.compress(bytes(range(256)) * 3 + os.urandom(1000))
    stream = pydyf.Stream([data], compress=True)
    pack(file_with(stream))
    assert data in stream.data
    assert "Filter" not in stream.extra


def test_nothing_is_compressed_a_second_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor at the writer's level: not even the lists of objects that it makes as it writes."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("compressed by the writer")

    def compress(data: bytes, level: int) -> bytes:
        packed_.extend([data] * (level == LEVEL))
        return original(data, level)

    file = file_with(pydyf.Stream([b"0 0 1 rg\n" * 9], compress=True))
    for _ in range(50):
        file.add_object(pydyf.Dictionary({"Type": "/StructElem"}))
    packed_: list[bytes] = []
    original = zlib.compress
    monkeypatch.setattr(zlib, "compressobj", refuse)
    monkeypatch.setattr(zlib, "compress", compress)
    written = BytesIO()
    with packed():
        file.write(written, version=b"1.7", identifier=b"0" * 32, compress=True)
    assert len(packed_) == len(set(packed_)) >= 2  # the stream, and a list of objects
    pikepdf.open(written).close()


def test_the_writer_is_left_as_it_was() -> None:
    before = pydyf.Stream.data
    with packed():
        pass
    assert pydyf.Stream.data is before
