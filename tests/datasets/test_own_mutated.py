"""Whatever is given as a data set is read, or is one error, in bounded memory."""

import io
import os
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest

from reportgen.datasets.fetch_types import Arrays
from reportgen.datasets.own_files import read_own
from reportgen.errors import DataError, Place
from reportgen.report.dataset_file import DatasetFile
from tests.datasets.test_own_files import GOOD
from tests.decoding.mutating import flips, outcome


@pytest.fixture
def declared(tmp_path: Path) -> DatasetFile:
    path = tmp_path / "mine.npz"
    return DatasetFile("mine", "Mine", path, tuple("abcdefghij"), 4, Place(tmp_path / "report.toml", 3))


def given(declared: DatasetFile, data: bytes) -> Arrays | None:
    declared.path.write_bytes(data)
    return outcome(lambda: read_own(declared))


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_bytes_flipped(declared: DatasetFile, save: object) -> None:
    stream = io.BytesIO()
    save(stream, **GOOD)  # type: ignore[operator]
    read = [given(declared, each) for each in flips(stream.getvalue(), 400)]
    assert any(read) and not all(read)


def npz(header: bytes, size: int = 0) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("x_train", "y_train", "x_test", "y_test"):
            archive.writestr(f"{name}.npy", header + b"\0" * size)
    return stream.getvalue()


def npy(descr: str, shape: str) -> bytes:
    text = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode()


@pytest.mark.parametrize(
    "data",
    [
        npz(npy("'|u1'", "(10**18,)")),
        npz(npy("'|u1'", "(1000000000000000000,)")),
        npz(npy("'|u1'", "(-5, 2)")),
        npz(npy("'|O'", "(1,)"), 8),
        npz(npy("'|V0'", "(1,)"), 8),
        npz(npy("[('a', '<i4'), ('b', '|O')]", "(1,)"), 80),
        npz(npy("'|u1'", "(0,)")),
        npz(npy("'|u1'", "()"), 1),
        npz(npy("'|u1'", "(" + "1," * 300 + ")"), 1),
        npz(npy("'|u1'", "(" * 2000)),
        npz(npy("'|u1'", f"({100_000_000},)"), 100_000_000),
        b"",
        b"PK\x05\x06" + b"\0" * 18,
    ],
)
def test_what_no_data_set_is(declared: DatasetFile, data: bytes) -> None:
    declared.path.write_bytes(data)
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match=r"mine\.npz: "):
            read_own(declared)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_what_is_no_file_is_named(declared: DatasetFile) -> None:
    os.mkfifo(declared.path)
    with pytest.raises(DataError, match=r"mine\.npz: is a pipe"):
        read_own(declared)
