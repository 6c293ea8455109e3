import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import files
from reportgen.errors import InputError
from reportgen.files import reading


def link_loop(path: Path) -> None:
    path.symlink_to(path)


def sparse(path: Path) -> None:
    path.touch()
    os.truncate(path, 1 << 40)


def unix_socket(path: Path) -> None:
    server = socket.socket(socket.AF_UNIX)
    server.bind(os.path.relpath(path))
    server.close()


NOT_A_FILE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a pipe": (os.mkfifo, "is a pipe, not a file"),
    "a folder": (Path.mkdir, "is a folder, not a file"),
    "a loop": (link_loop, "is a link that leads back to itself"),
    "a device": (lambda path: path.symlink_to("/dev/zero"), "is a device, not a file"),
    "a socket": (unix_socket, "is a socket, not a file"),
    "a terabyte": (sparse, "has more than 1,000,000 bytes"),
    "nothing": (lambda path: None, "there is no such file"),
    "a file as folder": (lambda path: None, "there is no such file"),
}


@pytest.mark.parametrize("kind", sorted(NOT_A_FILE))
@pytest.mark.parametrize("reader", [files.text, lambda path: files.read(path, files.TEXT)])
def test_what_is_no_file_is_an_error_with_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, reader: Callable[[Path], object]
) -> None:
    monkeypatch.chdir(tmp_path)
    make, said = NOT_A_FILE[kind]
    path = tmp_path / "given.md"
    make(path)
    with pytest.raises(InputError) as caught:
        reader(path)
    assert str(caught.value) == f"{path}: {said}" or str(caught.value) == f"given.md: {said}"


def test_a_file_that_says_nothing_of_its_size_is_bounded() -> None:
    assert files.read(Path("/proc/self/status"), 100_000)
    with pytest.raises(InputError, match="more than 10 bytes"):
        files.read(Path("/proc/self/status"), 10)
    with pytest.raises(InputError, match="more than 10 bytes"):
        files.digest(Path("/proc/self/status"), 10)


@pytest.mark.parametrize("name", ["a\0b", "a" * 300, "\udc80", "a/\0"])
def test_any_name_is_an_error_with_its_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"given|a|udc80"):
        files.read(tmp_path / name)
    assert files.inside(tmp_path, name) in (None, tmp_path / name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_is_read_as_what_it_is(tmp_path: Path, encoding: str) -> None:
    marks = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    path = tmp_path / "given.md"
    path.write_bytes(marks.get(encoding, b"") + "+++\r\nÅ\r+++\n".encode(encoding))
    assert files.text(path) == "+++\nÅ\n+++\n"


def test_other_encodings_are_an_error_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "given.md"
    path.write_bytes(b"one\ntwo\n" + "Å".encode("latin-1"))
    with pytest.raises(InputError, match=r"given\.md:3: is not UTF-8 text"):
        files.text(path)


@given(st.binary())
def test_any_bytes_are_a_text_or_an_error(data: bytes) -> None:
    path = Path(os.environ["PYTEST_FILES"])
    path.write_bytes(data)
    try:
        assert "\r" not in files.text(path)
    except InputError as error:
        assert "is not UTF-8 text" in str(error)


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_FILES", str(tmp_path / "any"))


def test_a_walk_stays_below_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    outside.mkdir()
    (outside / "secret").write_text("x")
    (folder / "b").mkdir(parents=True)
    (folder / "b" / "c.md").write_text("x")
    (folder / "a.md").write_text("x")
    (folder / "out.md").symlink_to(outside / "secret")
    (folder / "in.md").symlink_to(folder / "a.md")
    (folder / "loop").symlink_to(folder)
    (folder / "away").symlink_to(outside)
    link_loop(folder / "circle")
    os.mkfifo(folder / "pipe.md")
    assert [name for name, _ in files.walk(folder)] == ["a.md", "b/c.md", "in.md"]
    assert files.inside(folder, "out.md") is None
    assert files.inside(folder, "../outside/secret") is None
    assert files.inside(folder, "/etc/passwd") is None
    assert files.inside(folder, "b/../a.md") == folder / "a.md"
    monkeypatch.setattr(reading, "FILES", 2)
    with pytest.raises(InputError, match="folder: contains more than 2 files"):
        list(files.walk(folder))
