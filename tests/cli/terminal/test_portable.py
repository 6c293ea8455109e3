"""Where Python lacks what only Unix has, one sentence says so; and every command can be listed there."""

import subprocess
import sys
from pathlib import Path

import click
import pytest

from reportgen import __main__, __version__
from reportgen.cli import COMMANDS
from reportgen.cli.open import command as opening
from reportgen.cli.terminal import console, versions
from reportgen.errors import InputError

UNIX = ("fcntl", "resource", "termios", "pwd", "grp", "pty", "tty", "readline")
IMPORT = """
import os, signal, sys, importlib
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name in {unix!r}:
            raise ModuleNotFoundError(name)
for name in {unix!r}:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Hidden())
for name in ("SIGHUP", "SIGALRM"):
    delattr(signal, name)
del os.fork
for name in {commands!r}:
    importlib.import_module(f"reportgen.cli.{{name}}")
import reportgen.commands.build, reportgen.store, reportgen.executors
"""


def test_no_module_needs_unix_to_be_imported() -> None:
    code = IMPORT.format(unix=UNIX, commands=sorted(COMMANDS))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_windows_is_refused_by_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Windows:
        name = "nt"

    monkeypatch.setattr(__main__, "os", Windows)
    with pytest.raises(SystemExit) as ended:
        __main__.main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == (
        "error: reportgen does not run on Windows (run it in WSL: wsl --install)\n"
    )


def test_the_version_names_what_computes_and_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "installed", lambda name: "" if name == "keras" else "1.2")
    lines = versions.text().splitlines()
    assert lines[0] == f"reportgen {__version__}"
    assert lines[1].startswith("Python 3.")
    assert "keras not installed" in lines
    assert "tensorflow 1.2" in lines


def test_open_shows_what_was_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    def launch(path: str) -> int:
        shown.append(path)
        return 0

    monkeypatch.setattr(click, "launch", launch)
    out = f"--out={tmp_path / 'a.pdf'}"
    with pytest.raises(InputError, match=r"there is no such file \(reportgen build --out"):
        opening.main([out], standalone_mode=False)
    for name in ("a.pdf", "a.html"):
        (tmp_path / name).touch()
    opening.main([out], standalone_mode=False)
    opening.main([out, "--html"], standalone_mode=False)
    assert shown == [str(tmp_path / "a.pdf"), str(tmp_path / "a.html")]


@pytest.mark.parametrize(("value", "coloured"), [("1", False), ("", True)])
def test_no_color_is_heeded(value: str, coloured: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", value)
    assert ("\x1b[" in str(console.styled("x", fg="red", bold=True))) == coloured
