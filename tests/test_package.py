"""What is built holds everything that the package needs, as wheel and as sdist."""

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


def files_of(wheel: Path) -> dict[str, bytes]:
    """Return the files of the package in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name}


def test_the_sdist_installs_what_the_wheel_holds(built: Path, tmp_path: Path) -> None:
    """And it begins a report; with the wheel, tests/docs/ does all that the pages say, up to the PDF."""
    site, empty = installed(built, "*.tar.gz", tmp_path / "site"), tmp_path / "a folder"
    empty.mkdir()
    (wheel,) = built.glob("*.whl")
    assert files_of(wheel) == {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in (site / "reportgen").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    def reportgen(*arguments: str, folder: Path = empty) -> str:
        return run([str(site / "bin/reportgen"), *arguments], folder, PYTHONPATH=str(site))

    where = run(
        [sys.executable, "-c", "import reportgen; print(reportgen.__file__)"], empty, PYTHONPATH=str(site)
    )
    assert Path(where).is_relative_to(site)
    assert "next: cd lab && reportgen build" in reportgen("new", "lab", "--yes")
    reportgen("new", "course", "--from", "tbmi26", "--yes")
    for path in (ROOT / "answers").glob("*.*"):
        assert (empty / "course/answers" / path.name).read_bytes() == path.read_bytes()


def test_every_file_of_the_package_is_in_the_wheel_and_nothing_else(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    held = set(files_of(wheel))
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
