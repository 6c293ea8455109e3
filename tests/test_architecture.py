"""The rooms import in one direction, and heavy libraries live in their own rooms."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "reportgen"
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
ORDER = (
    "errors",
    "decoding",
    "files",
    "language",
    "report",
    "datasets",
    "store",
    "artifacts",
    "plan",
    "experiment",
    "executors",
    "results",
    "claims",
    "figures",
    "document",
    "pipeline",
    "lab",
    "cli",
)
VALUES = {"reportgen.report.model", "reportgen.datasets.model", "reportgen.experiment.record"}
HOMES = {
    "tensorflow": {"experiment"},
    "keras": {"experiment"},
    "matplotlib": {"figures"},
    "weasyprint": {"document/pdf/"},
    "nbclient": {"document/notebook.py"},
    "nbconvert": {"document/exporter.py"},
    "pydantic_core": {
        "decoding",
        "report",
        "claims/run.py",
        "document/opened.py",
        "experiment/codec.py",
        "store/manifest.py",
    },
    "click": {"cli"},
    "rich": {"cli"},
}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    here = room(path)
    if here in ("__init__", "__main__"):
        return
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "reportgen" or len(parts) < 2 or parts[1] not in ORDER:
            continue
        if any(name == value or name.startswith(value + ".") for value in VALUES):
            continue
        assert ORDER.index(parts[1]) <= ORDER.index(here), f"{here} must not import {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_heavy_libraries_live_in_their_rooms(path: Path) -> None:
    place = path.relative_to(PACKAGE).as_posix()
    for name in imports(path):
        homes = HOMES.get(name.split(".")[0])
        assert homes is None or any(place.startswith(home) for home in homes), f"{place} imports {name}"


def test_every_room_is_in_the_order() -> None:
    rooms = {room(path) for path in MODULES} - {"__init__", "__main__"}
    assert rooms <= set(ORDER)
