import shutil
from pathlib import Path

import pytest

from reportgen.report.identity import identity


def test_a_project_has_a_name_of_its_own_that_moves_with_it(tmp_path: Path) -> None:
    first, second = tmp_path / "a" / "work", tmp_path / "b" / "work"
    for each in (first, second):
        each.mkdir(parents=True)
    assert identity(first) != identity(second)
    assert not list(first.iterdir())  # asking makes nothing
    name = identity(first, make=True)
    assert name == identity(first) == identity(first, make=True) != identity(second, make=True)
    assert [path.name for path in first.iterdir()] == [".reportgen"]
    assert (first / ".reportgen/.gitignore").read_text() == "*\n"
    moved = tmp_path / "moved"
    first.rename(moved)
    assert identity(moved) == name
    assert identity(moved, make=True) == name


def test_a_copy_gets_another(tmp_path: Path) -> None:
    first = tmp_path / "first"
    first.mkdir()
    name = identity(first, make=True)
    copy = tmp_path / "copy"
    shutil.copytree(first, copy)
    assert identity(copy) != name
    other = identity(copy, make=True)
    assert other not in (name, identity(first)) and identity(copy) == other
    assert identity(first) == name


@pytest.mark.parametrize(
    "kept", ["", "{", "[]", '{"id": "x", "path": "/"}', '{"id": "' + "0" * 32 + '"}', "\0"]
)
def test_what_is_no_name_is_made_anew(tmp_path: Path, kept: str) -> None:
    (tmp_path / ".reportgen").mkdir()
    (tmp_path / ".reportgen/project.json").write_text(kept)
    assert identity(tmp_path) == identity(tmp_path) != identity(tmp_path, make=True)
    assert identity(tmp_path) == identity(tmp_path, make=True)


def test_a_folder_that_can_not_be_written_is_known_by_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".reportgen").touch()  # no folder can be made there, not even by root
    assert identity(tmp_path, make=True) == identity(tmp_path)
