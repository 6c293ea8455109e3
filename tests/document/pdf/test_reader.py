"""A PDF of a stranger is read, or is one error, in bounded time and memory."""

import io
import resource
import time
import zlib
from pathlib import Path

import pikepdf
import pytest

from reportgen.document.pdf import reader
from reportgen.errors import InputError
from tests.decoding.mutating import flips, outcome


def written(**attachments: bytes) -> bytes:
    pdf, stream = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page()
    for name, data in attachments.items():
        pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, data, filename=name)
    pdf.save(stream)
    return stream.getvalue()


GOOD = written(**{"results.json": b"{}" * 50, "answers/report.toml": b"x = 1\n"})


def test_both_readers_read_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(GOOD)
    found = reader.open_foreign(path)
    assert found == reader.open_pdf(GOOD, path)
    assert found.attachments == {"results.json": b"{}" * 50, "answers/report.toml": b"x = 1\n"}


def test_bytes_flipped(tmp_path: Path) -> None:
    read = [outcome(lambda each=each: reader.open_pdf(each, tmp_path)) for each in flips(GOOD, 300)]  # type: ignore[misc]
    assert any(read) and not all(read)


def nested(layers: int, size: int) -> bytes:
    """Return a PDF whose attachment is packed several times over."""
    data = b"\0" * size
    for _ in range(layers):
        data = zlib.compress(data, 9)
    pdf, stream = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page()
    pdf.attachments["x"] = pikepdf.AttachedFileSpec(pdf, b"", filename="x")
    file = pdf.attachments["x"].get_file().obj
    file.write(data, filter=pikepdf.Array([pikepdf.Name.FlateDecode] * layers))
    pdf.save(stream, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return stream.getvalue()


@pytest.mark.parametrize("data", [nested(2, 400_000_000), b"%PDF-1.7\n" + b"[" * 3_000_000, b""])
def test_what_would_fill_the_memory(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    with pytest.raises(InputError, match=r"a\.pdf: "):
        reader.open_foreign(path)
    assert time.monotonic() - begun < reader.SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < before + 100_000


def test_a_reader_that_ends_or_takes_too_long_is_one_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for status in (-9, -11, -24, 1):
        with pytest.raises(reader.UndecodableError, match=r"takes more than|ended with status"):
            reader._received(b"", status)


@pytest.mark.parametrize("name", ["../x", "/x", "a\\b", ""])
def test_names_stay_below_a_folder(name: str) -> None:
    with pytest.raises(reader.UndecodableError, match="not a safe name"):
        reader._safe(name, {})
    with pytest.raises(reader.UndecodableError, match="two files"):
        reader._safe("a", {"a": b""})
