import os
from pathlib import Path

import pytest

from reportgen.files import home


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    return tmp_path / "tmp"


@pytest.mark.parametrize("given", [None, "relative", "/nonexistent/home", "/proc"])
def test_without_a_home_caches_go_to_a_private_folder(
    monkeypatch: pytest.MonkeyPatch, temporary: Path, given: str | None
) -> None:
    if given is None:
        monkeypatch.delenv("HOME")
        monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # as without an entry in passwd
    else:
        monkeypatch.setenv("HOME", given)
    real = os.access  # root may write anywhere
    monkeypatch.setattr(os, "access", lambda path, mode: real(path, mode) and str(path) != "/proc")
    home.provide()
    assert Path(os.environ["HOME"]) == temporary / f"reportgen-{os.getuid()}"
    assert Path(os.environ["HOME"]).is_dir()


@pytest.mark.parametrize("cache", [True, False])
def test_a_home_that_can_be_used_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, temporary: Path, cache: bool
) -> None:
    """What can't be written but holds a cache can be read."""
    mine = tmp_path / "mine"
    mine.mkdir()
    monkeypatch.setenv("HOME", str(mine))
    if cache:
        (mine / ".cache").mkdir()
        monkeypatch.setattr(os, "access", lambda path, mode: False)
    home.provide()
    assert os.environ["HOME"] == str(mine)
    assert list(temporary.iterdir()) == []


def test_a_home_of_somebody_else_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, temporary: Path
) -> None:
    """As after `setpriv --reuid`, which keeps root's HOME: nobody may even look into it."""
    real = os.stat

    def stat(path: object, *options: object, **named: object) -> object:
        if "theirs" in str(path):
            raise PermissionError(13, "Permission denied")
        return real(path, *options, **named)  # type: ignore[call-overload]

    monkeypatch.setenv("HOME", str(tmp_path / "theirs"))
    monkeypatch.setattr(os, "stat", stat)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    home.provide()
    assert Path(os.environ["HOME"]) == temporary / f"reportgen-{os.getuid()}"
