"""The table of rooms in docs/architecture.md, held against every import of every module."""

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Set
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "reportgen"
# Starters are reports, not modules.
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "starters" not in path.parts)
OURS = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in MODULES
}
ROW = re.compile(r"^\| `(\S+)` \|.*\| ([^|]+) \|$", re.MULTILINE)
# Each may use any room; the package itself has its name and version to give, and none to use.
DOORS = {"reportgen", "reportgen.__main__"}


@cache
def table() -> Mapping[str, Set[str]]:
    """Return the third-party imports that each room may have, by room, from the top to the bottom."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    rows = ROW.findall(text.partition("| room | takes")[2].partition("\n\n")[0])
    return {name: frozenset(libraries.replace("–", "").split(", ")) - {""} for name, libraries in rows}


@cache
def imports(module: str) -> Set[str]:
    """Return what a module imports, wherever in it: modules of ours, and other modules by their full name."""
    found = set()
    for node in ast.walk(ast.parse(OURS[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in OURS else node.module for name in names}
    return found - {module}


def rooms_of(module: str) -> tuple[str, ...]:
    """Return the rooms that a module is in, the innermost first."""
    path = "/".join(module.split(".")[1:])
    return tuple(
        sorted((name for name in table() if f"{path}/".startswith(f"{name}/")), key=len, reverse=True)
    )


@pytest.mark.parametrize("module", sorted(OURS.keys() - DOORS))
def test_imports_point_upwards_and_libraries_stay_in_their_rooms(module: str) -> None:
    rooms, order = rooms_of(module), list(table())
    assert rooms, f"the table has no room for {module}"
    for name in imports(module):
        library = name.partition(".")[0]
        if library == "reportgen":
            there = rooms_of(name)
            assert not there or order.index(there[-1]) <= order.index(rooms[-1]), f"{module} imports {name}"
        elif library not in sys.stdlib_module_names:
            assert any(library in table()[room] for room in rooms), f"{module} imports {name}"


@pytest.mark.parametrize("room", table())
def test_a_room_uses_what_the_table_says(room: str) -> None:
    used = {name.partition(".")[0] for module in OURS if room in rooms_of(module) for name in imports(module)}
    assert not table()[room] - used


def circles() -> Iterator[tuple[str, ...]]:
    """Yield modules from which a way through imports leads back to them."""
    for start in OURS:
        ways, seen = [(start,)], set[str]()
        while ways:
            way = ways.pop()
            for name in imports(way[-1]) & OURS.keys():
                if name == start:
                    yield way
                elif name not in seen:
                    seen.add(name)
                    ways.append((*way, name))


def test_no_imports_go_in_circles() -> None:
    assert list(circles()) == []


def at_once(module: str) -> Set[str]:
    """Return what is imported when a module is: by its top level, and by the packages that it is in."""
    found, queue = set[str](), list(ast.parse(OURS[module].read_text(encoding="utf-8")).body)
    while queue:
        node = queue.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            queue += node.orelse
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            queue += [each for each in ast.iter_child_nodes(node) if isinstance(each, ast.stmt)]
    return found | {name.rpartition(".")[0] for name in found & OURS.keys()} | {module.rpartition(".")[0]}


def test_nothing_but_training_loads_tensorflow() -> None:
    """What trains is another process; to import a command, or what it needs, takes milliseconds."""
    known = {module: at_once(module) for module in OURS}
    for start in (module for module in OURS if "training" not in rooms_of(module)):
        ways, seen = [(start,)], {start}
        while ways:
            way = ways.pop()
            heavy = {name for name in known[way[-1]] if name.partition(".")[0] in ("tensorflow", "keras")}
            assert not heavy, " → ".join((*way, *sorted(heavy)))
            for name in (known[way[-1]] & OURS.keys()) - seen:
                seen.add(name)
                ways.append((*way, name))
