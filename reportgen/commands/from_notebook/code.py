"""The statements of a notebook's cells, and which of them make a value."""

import ast
import builtins
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from reportgen.commands.from_notebook.cells import Cell

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
# Methods that show or store, and those of a model that is made already: they make no value.
SHOWING = frozenset(["compile", "describe", "evaluate", "head", "hist", "info", "plot"]) | frozenset(
    ["predict", "save", "score", "show", "summary", "tail", "title"]
)
_MAGIC = re.compile(r"^\s*[%!?].*|.*\?\s*$")


@dataclass(frozen=True)
class Statement:
    """A statement at the top of a cell."""

    node: ast.stmt
    text: str
    cell: int

    @cached_property
    def uses(self) -> frozenset[str]:
        """The names that it reads."""
        names = (each for each in ast.walk(self.node) if isinstance(each, ast.Name))
        own = inner(self.node) if isinstance(self.node, Definition) else set()
        return frozenset(each.id for each in names if isinstance(each.ctx, ast.Load)) - own

    @cached_property
    def binds(self) -> frozenset[str]:
        """The names that it gives a value, or changes the value of by a method."""
        if isinstance(self.node, Definition):
            return frozenset([self.node.name])
        if isinstance(self.node, ast.Import | ast.ImportFrom):
            return frozenset(_bound(alias) for alias in self.node.names)
        names = {
            each.id
            for each in ast.walk(self.node)
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
        }
        names |= {
            _base(each)
            for each in ast.walk(self.node)
            if isinstance(each, ast.Subscript | ast.Attribute) and isinstance(each.ctx, ast.Store)
        }
        called = method(self.node) if isinstance(self.node, ast.Expr) else None
        if called and called[1] not in SHOWING:
            names.add(called[0])
        return frozenset(names - {""})

    @property
    def fresh(self) -> str:
        """The name to which it gives a value that does not depend on the one before; mostly empty."""
        match self.node:
            case ast.Assign(targets=[ast.Name(id=name)]) if name not in self.uses:
                return name
        return ""

    @property
    def constant(self) -> bool:
        """Whether it gives a name a number, a text or the like."""
        return isinstance(self.node, ast.Assign) and not any(
            isinstance(each, ast.Name | ast.Call | ast.Attribute) for each in ast.walk(self.node.value)
        )


def statements(cells: Iterable[Cell]) -> tuple[list[Statement], list[int]]:
    """Return the statements of all code, and the numbers of the cells that are no Python."""
    found, odd = [], []
    for cell in cells:
        if cell.kind != "code":
            continue
        text = "\n".join("" if _MAGIC.match(line) else line for line in cell.text.splitlines())
        try:
            tree = ast.parse("" if cell.text.lstrip().startswith("%%") else text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            odd.append(cell.number)
            continue
        for node in tree.body:
            source = ast.get_source_segment(text, node) or ast.unparse(node)
            if isinstance(node, Definition) and node.decorator_list:
                source = ast.unparse(node)
            found.append(Statement(node, source, cell.number))
    return found, odd


def needed(code: Sequence[Statement], names: Iterable[str], without: frozenset[str]) -> list[Statement]:
    """Return the statements that make the values which names have at the end of some code.

    Names in `without` are not followed.
    """
    inside: set[str] = set()
    while True:
        wanted, chosen = {*names} | inside, []
        for each in reversed(code):
            if not each.binds & wanted or isinstance(each.node, ast.Import | ast.ImportFrom):
                continue
            chosen.append(each)
            if each.fresh and each.fresh not in inside:
                wanted.discard(each.fresh)
            wanted |= each.uses - without
        more = {name for each in chosen if isinstance(each.node, Definition) for name in each.uses - without}
        if more <= inside:
            return chosen[::-1]
        inside |= more


def imports(code: Sequence[Statement], names: frozenset[str]) -> Iterator[str]:
    """Yield the imports that bind one of these names, each once."""
    found: dict[str, None] = {}
    for each in code:
        if not isinstance(each.node, ast.Import | ast.ImportFrom):
            continue
        kept = [alias for alias in each.node.names if alias.name == "*" or _bound(alias) in names]
        for alias in kept:
            one = (
                ast.Import([alias])
                if isinstance(each.node, ast.Import)
                else ast.ImportFrom(each.node.module, [alias], each.node.level)
            )
            found[ast.unparse(one)] = None
    yield from found


def unknown(code: Sequence[Statement], chosen: Iterable[Statement], given: Iterable[str]) -> set[str]:
    """Return the names that chosen statements use and nothing defines."""
    there = {*given, *dir(builtins), "__file__", "__name__"}
    for each in (*code, *chosen):
        there |= each.binds if isinstance(each.node, ast.Import | ast.ImportFrom) else set()
    used: set[str] = set()
    for each in chosen:
        there |= each.binds | inner(each.node)
        used |= each.uses
    return used - there


def method(node: ast.AST) -> tuple[str, str, ast.Call] | None:
    """Return the variable and the method of a statement that calls one, as ``model.add(...)``."""
    value = node.value if isinstance(node, ast.Expr | ast.Assign) else node
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attribute)):
            return name, attribute, value
    return None


def inner(node: ast.AST) -> set[str]:
    """Return the names that are bound inside a statement: parameters, and variables of functions."""
    found = {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)}
    found |= {each.name for each in ast.walk(node) if isinstance(each, Definition)}
    found |= {_bound(each) for each in ast.walk(node) if isinstance(each, ast.alias)}
    return found | {
        each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }


def _bound(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def _base(node: ast.AST) -> str:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
