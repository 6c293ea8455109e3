"""What is built holds everything: installed by itself, it makes a report from nothing to PDF."""

import sys
import zipfile
from pathlib import Path

import pytest

from tests import packaged
from tests.packaged import ROOT, installed, run


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which wheel and sdist of this checkout lie."""
    return packaged.build(tmp_path_factory.mktemp("tree"))


def test_from_nothing_to_a_checked_report(built: Path, tmp_path: Path) -> None:
    """By the sdist; with the wheel, tests/docs/ does all that the pages say."""
    site, empty = installed(built, "*.tar.gz", tmp_path / "site"), tmp_path / "a folder"
    empty.mkdir()

    def reportgen(*arguments: str, folder: Path = empty) -> str:
        return run([str(site / "bin/reportgen"), *arguments], folder, PYTHONPATH=str(site))

    where = run(
        [sys.executable, "-c", "import reportgen; print(reportgen.__file__)"], empty, PYTHONPATH=str(site)
    )
    assert Path(where).is_relative_to(site)
    assert "next: cd lab && reportgen build" in reportgen("new", "lab", "--yes")
    lab = empty / "lab"
    assert reportgen("build", folder=lab).split() == [
        "wrote",
        "report.pdf",
        "wrote",
        "report.html",
        "wrote",
        "report.ipynb",
    ]
    assert (lab / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert "1 of 1 hold" in reportgen("check", "--strict", folder=lab)
    assert "nothing to do" in reportgen("build", folder=lab)
    assert "agree" in reportgen("verify", "report.pdf", folder=lab)
    reportgen("new", "course", "--from", "tbmi26", "--yes")
    for path in (ROOT / "answers").glob("*.*"):
        assert (empty / "course/answers" / path.name).read_bytes() == path.read_bytes()


def test_every_file_of_the_package_is_in_the_wheel_and_nothing_else(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "reportgen").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    lab = "reportgen/starters/tbmi26/"  # in a checkout, links to what is elsewhere in it
    assert {name for name in held if not name.startswith(lab)} == {
        name for name in found if not name.startswith(lab)
    }
    assert f"{lab}answers/models.py" in held
