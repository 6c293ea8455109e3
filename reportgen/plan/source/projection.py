"""The part of models.py that can change the numbers of one model, as a value."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from reportgen.plan.source.modules import Modules, Unit


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


@dataclass(frozen=True)
class Projection:
    """What decides the behaviour of one function of models.py.

    Attributes
    ----------
    digest : str
        SHA-256 of the normalised definitions.
    libraries : tuple of str
        Top-level packages outside the standard library that it uses.
    described : bool
        Keras's own description of the built model says all that the code does, but for `layers`.
    layers : mapping of str to str
        By name, the digest of each layer of the authors' own that can be told from its source.
    whole : str
        Why all of the code had to be taken; empty where only what is used was.
    """

    digest: str
    libraries: tuple[str, ...]
    described: bool
    layers: Mapping[str, str]
    whole: str
    modules: Modules = field(repr=False, compare=False)
    units: tuple[Unit, ...] = field(repr=False, compare=False)
    files: Mapping[str, str] = field(repr=False, compare=False)

    @cached_property
    def definitions(self) -> tuple[Definition, ...]:
        """What went into it, in the order of the files."""
        if self.whole:
            texts = self.modules.snapshot.files.items()
            found = [Definition(f"all of {path}, as {self.whole}", path, 1, text) for path, text in texts]
        else:
            found = [
                Definition(_label(unit), self._path(unit), unit.node.lineno, unit.text) for unit in self.units
            ]
        return (
            *found,
            *(Definition(f"file {name}", name, 1, mark[:12]) for name, mark in self.files.items()),
        )

    @cached_property
    def code(self) -> str:
        """The same as the authors wrote it, comments included."""
        parts = []
        for unit in self.units:
            lines = self.modules.snapshot.lines[self._path(unit)]
            first = (
                min([unit.node.lineno, *(each.lineno for each in getattr(unit.node, "decorator_list", []))])
                - 1
            )
            while first > 0 and lines[first - 1].startswith("#"):
                first -= 1
            parts.append("\n".join(lines[first : unit.node.end_lineno]))
        return "\n\n\n".join(parts) + "\n"

    def _path(self, unit: Unit) -> str:
        return self.modules.by_name[unit.module].path


def shares_values(parts: Sequence[Projection]) -> bool:
    """Tell whether a builder and another function that training uses have a value in common.

    The builder may change it, a list perhaps, which the built model does not show.
    """
    builder, *others = parts
    used = {unit for part in others for unit in part.units}
    return any(unit in used and not _constant(unit.node) for unit in builder.units)


def _constant(node: ast.stmt) -> bool:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Import | ast.ImportFrom):
        return True
    value = getattr(node, "value", None)
    if isinstance(value, ast.UnaryOp):
        value = value.operand
    return isinstance(node, ast.Assign) and isinstance(value, ast.Constant)


def _label(unit: Unit) -> str:
    if isinstance(unit.node, ast.FunctionDef | ast.AsyncFunctionDef):
        return f"function {unit.node.name}"
    if isinstance(unit.node, ast.ClassDef):
        return f"class {unit.node.name}"
    return (
        f"constant {', '.join(unit.binds)}" if unit.binds else f"statement {unit.text.splitlines()[0][:40]}"
    )
