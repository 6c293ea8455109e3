import os
import zlib
from io import BytesIO

import pikepdf
import pydyf
import pytest

from reportgen.document.pdf.packing import pack


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
    file = file_with(pydyf.Stream([b"0 0 1 rg\n" * 9], compress=True))
    pack(file)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("compressed a second time")

    monkeypatch.setattr(zlib, "compressobj", refuse)
    file.write(BytesIO(), version=b"1.4", identifier=b"0" * 32)
