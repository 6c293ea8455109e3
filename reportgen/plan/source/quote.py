"""Quote the source that a model uses, for people: as the authors wrote it, and as named definitions."""

import ast
from dataclasses import dataclass

from reportgen.plan.source.closure import Projection
from reportgen.plan.source.statements import Statement


@dataclass(frozen=True)
class Definition:
    """One top-level statement that a model uses, as a person would look for it.

    `label` is such as ``function conv_block``, `text` the statement without comments and docstrings.
    """

    label: str
    path: str
    line: int
    text: str

    @property
    def name(self) -> str:
        """The label with its place."""
        return f"{self.label} ({self.path}:{self.line})"


def definitions(used: Projection) -> tuple[Definition, ...]:
    """Return what went into a projection, in the order of the files."""
    if used.whole:
        texts = used.snapshot.files.items()
        return tuple(Definition(f"all of {path}, as {used.whole}", path, 1, text) for path, text in texts)
    return tuple(
        Definition(_label(each), each.path, each.node.lineno, each.text)
        for each in used.statements
        if not isinstance(each.node, ast.Import | ast.ImportFrom)
    )


def quoted(used: Projection) -> tuple[str, ...]:
    """Return its functions, classes and constants as the authors wrote them, comments included."""
    parts = []
    for each in used.statements:
        if isinstance(each.node, ast.Import | ast.ImportFrom):
            continue
        lines = used.snapshot.lines[each.path]
        above = [each.node.lineno, *(one.lineno for one in getattr(each.node, "decorator_list", []))]
        first = min(above) - 1
        while first > 0 and lines[first - 1].startswith("#"):
            first -= 1
        parts.append("\n".join(lines[first : each.node.end_lineno]))
    return tuple(parts)


def code(used: Projection) -> str:
    """Return the same as one text, which can be run."""
    return "\n\n\n".join(quoted(used)) + "\n"


def _label(statement: Statement) -> str:
    node = statement.node
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return f"function {node.name}"
    if isinstance(node, ast.ClassDef):
        return f"class {node.name}"
    if statement.binds and isinstance(node, ast.Assign | ast.AnnAssign):
        return f"constant {', '.join(sorted(statement.binds))}"
    return f"statement {statement.text.splitlines()[0][:40]}"
