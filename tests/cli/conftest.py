"""A small report that is really trained, once; every test works on a copy of it."""

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


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was built once, with real training on the digits."""
    folder = write_project(tmp_path_factory.mktemp("built"))
    done = run_in(folder, "build")
    assert done.returncode == 0, done.stderr
    (folder / "stdout").write_text(done.stdout)
    (folder / "stderr").write_text(done.stderr)
    return folder


@pytest.fixture(scope="session")
def edited(tmp_path_factory: pytest.TempPathFactory) -> "Edited":
    """A report on data of its own that was edited while it was trained."""
    from tests.cli.own import train_and_edit

    return train_and_edit(tmp_path_factory.mktemp("edited"))


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
