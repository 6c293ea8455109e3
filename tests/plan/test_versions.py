"""Versions: what importlib.metadata says, sooner."""

import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from reportgen.plan import versions


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that is searched first."""
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    yield tmp_path
    versions.installed.cache_clear()
    versions._folders.cache_clear()


def add(place: Path, folder: str, text: str) -> None:
    (place / folder).mkdir()
    (place / folder / "METADATA").write_text(text, encoding="utf-8")


def test_every_distribution_here_has_the_version_that_importlib_says() -> None:
    names = {each.metadata["Name"] for each in metadata.distributions()}
    assert len(names) > 50
    assert {name: versions.installed(name) for name in names} == {
        name: metadata.version(name) for name in names
    }


def test_a_module_is_looked_for_by_the_name_of_its_distribution() -> None:
    assert versions.installed("sklearn") == metadata.version("scikit-learn")


def test_what_is_not_installed_has_no_version() -> None:
    assert versions.installed("no-such-distribution") == ""


def test_names_are_compared_as_pip_does(place: Path) -> None:
    add(
        place,
        "Odd_Name.too-1.0.dist-info",
        "Metadata-Version: 2.1\nName: Odd_Name.too\nVersion: 1.00\n\nText",
    )
    assert versions.installed("odd-name-too") == "1.00"


@pytest.mark.parametrize(
    "text", ["", "Name: odd\n\nVersion: 9", "Version: \n"], ids=["empty", "in the text", "blank"]
)
def test_where_no_version_is_told_importlib_is_asked(
    place: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    add(place, "odd-1.0.dist-info", text)
    monkeypatch.setattr(metadata, "version", lambda name: f"{name} by importlib")
    assert versions.installed("odd") == "odd by importlib"


def test_where_two_are_told_importlib_is_asked(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in ("1.0", "2.0"):
        add(place, f"odd-{number}.dist-info", f"Version: {number}\n")
    monkeypatch.setattr(metadata, "version", lambda name: f"{name} by importlib")
    assert versions.installed("odd") == "odd by importlib"
