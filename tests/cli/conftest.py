"""A small report that is really trained, once; every test works on a copy of it."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.projects import write_project

if TYPE_CHECKING:
    from tests.cli.own import Edited

Run = Callable[..., subprocess.CompletedProcess[str]]


def environment() -> dict[str, str]:
    """Return this environment without what would steer reportgen, the place of the data excepted."""
    ours = ("REPORTGEN_", "GITHUB_")
    return {
        name: value
        for name, value in os.environ.items()
        if name == "REPORTGEN_DATA" or not name.startswith(ours)
    }


def run_in(folder: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run reportgen as its users do: as a process, in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "reportgen", *arguments],
        cwd=folder,
        env=environment() | changes,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def begun(factory: pytest.TempPathFactory, start: str) -> Path:
    """Return the folder of a new report from a starter, as it is after its first build."""
    folder = factory.mktemp(start) / "lab"
    for place, arguments in ((folder.parent, ("new", "lab", "--from", start, "--yes")), (folder, ("build",))):
        done = run_in(place, *arguments)
        assert done.returncode == 0, done.stderr
    return folder


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder of this test run that the first of its processes to ask has made, for all of them."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder.with_suffix(".done")
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder


def built(folder: Path) -> None:
    write_project(folder)
    done = run_in(folder, "build")
    assert done.returncode == 0, done.stderr
    (folder / "stdout").write_text(done.stdout)
    (folder / "stderr").write_text(done.stderr)


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was built once, with real training on the digits; nobody writes to it."""
    return once(tmp_path_factory, "built", built)


@pytest.fixture(scope="session")
def edited(tmp_path_factory: pytest.TempPathFactory) -> "Edited":
    """A report on data of its own that was edited while it was trained; nobody writes to it."""
    from tests.cli.own import Edited, train_and_edit

    return Edited(once(tmp_path_factory, "edited", train_and_edit))


@pytest.fixture
def project(original: Path, tmp_path: Path) -> Path:
    """A copy of the built project that a test may change."""
    return Path(shutil.copytree(original, tmp_path / "project"))


@pytest.fixture
def run(project: Path) -> Run:
    """Run reportgen in the copy."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return run_in(project, *arguments, **environment)

    return run
