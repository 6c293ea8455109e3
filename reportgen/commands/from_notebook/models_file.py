"""Write models.py from the statements of a notebook: builders of models, and a function for the data."""

import ast
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reportgen import files
from reportgen.commands.from_notebook.code import Definition, Statement, imports, needed, unknown
from reportgen.commands.from_notebook.fits import Fit, fits
from reportgen.report.model_tables import is_name

_SHAPE = re.compile(r"\b\w+\.shape\[1:\]")
_LARGEST = 1 << 26  # bytes of a file that the data are read from
_INPUTS = ("input_shape", "classes")


@dataclass(frozen=True)
class Model:
    """A model that was taken over: its name, its training parameters, and the cell that makes it."""

    name: str
    cell: int
    keys: Mapping[str, Any]

    @property
    def title(self) -> str:
        """What pages call it until the authors name it."""
        return f"Model of cell {self.cell}"


class ModelsFile:
    """Collects what models.py is made of.

    Attributes
    ----------
    files : dict of str to bytes
        What the data are read from, to be copied beside it.
    """

    def __init__(self, path: Path, code: Sequence[Statement], left: list[str]) -> None:
        self._path = path
        self._code = code
        self._left = left
        self._helpers: dict[int, Statement] = {}
        self._functions: list[str] = []
        self._used: set[str] = set()
        self.files: dict[str, bytes] = {}

    def models(self, fitted: Sequence[Fit]) -> tuple[Model, ...]:
        """Write a builder for each model that is fitted."""
        made: list[Model] = []
        for fit in fitted:
            names = [model.name for model in made]
            name = _name(fit.variable, names)
            code = [_shaped(each) for each in self._code[: fit.end]]
            code = [each for at, each in enumerate(code) if fit.variable not in each.binds or at >= fit.begin]
            data = frozenset(fit.data)
            chosen = needed(code, [fit.variable], data | {*_INPUTS})
            chosen = [_sized(each, data) for each in chosen]
            cell = self._code[fit.begin].cell
            self._function(
                name, "input_shape, classes", f"Build the model of cell {cell}.", chosen, fit.variable
            )
            made.append(Model(name, cell, fit.keys))
        return tuple(made)

    def data(self, fit: Fit) -> str:
        """Write a function that returns the data of a fit; return its name."""
        if not fit.data:
            self._left.append(
                "the data: no cell shows which are for training and which for the test; give --data"
            )
            return ""
        end = max(at for at, each in enumerate(self._code) if each.uses & {*fit.data}) + 1
        models = {each.variable for each in fits(self._code)}
        code = [each for each in self._code[:end] if not each.binds & models and not _is_encoding(each)]
        chosen = [self._with_files(each) for each in needed(code, fit.data, frozenset(models))]
        self._function("data", "", "Return the data of the notebook.", chosen, ", ".join(fit.data))
        return "data"

    def text(self, name: str) -> str:
        """Return models.py."""
        helpers = [self._helpers[at] for at in sorted(self._helpers)]
        used = self._used | {one for each in helpers for one in each.uses}
        lines = sorted(imports(self._code, frozenset(used)))
        here = ["from pathlib import Path"] if self.files else []
        parts = [f'"""The models and data of {name}, as its cells have them."""', "\n".join([*here, *lines])]
        constants = [each.text for each in helpers if not isinstance(each.node, Definition)]
        parts += ["\n".join(constants)] if constants else []
        text = "\n\n".join(part for part in parts if part)
        definitions = [each.text for each in helpers if isinstance(each.node, Definition)]
        return "\n\n\n".join([text, *definitions, *self._functions]) + "\n"

    def _function(
        self, name: str, parameters: str, about: str, chosen: Sequence[Statement], returned: str
    ) -> None:
        shared = {one for each in chosen if isinstance(each.node, Definition) for one in each.uses}
        inside = []
        for each in chosen:
            if isinstance(each.node, Definition) or each.binds & shared:
                self._helpers[self._code_place(each)] = each
            else:
                inside.append(each)
        missing = sorted(unknown(self._code, chosen, (*_INPUTS, "Path")))
        if missing:
            self._left.append(f"{name}() in models.py: nothing in the notebook defines {', '.join(missing)}")
        self._used |= {one for each in chosen for one in each.uses}
        body = "\n".join(textwrap.indent(_one_piece(each), "    ") for each in inside)
        head = f'def {name}({parameters}):\n    """{about}"""\n'
        self._functions.append(f"{head}{body}{chr(10) * bool(body)}    return {returned}")

    def _code_place(self, statement: Statement) -> int:
        return next(
            at
            for at, each in enumerate(self._code)
            if each.cell == statement.cell and each.binds == statement.binds
        )

    def _with_files(self, statement: Statement) -> Statement:
        """Return a statement that reads files beside the notebook from answers/, where they are copied."""
        tree = ast.parse(statement.text)
        for node in ast.walk(tree):
            for field, value in ast.iter_fields(node):
                for at, each in enumerate(value) if isinstance(value, list) else [(None, value)]:
                    if not (
                        isinstance(each, ast.Constant) and isinstance(each.value, str) and "." in each.value
                    ):
                        continue
                    path = files.inside(self._path.parent, each.value)
                    if path is None or not path.is_file():
                        continue
                    self.files[path.name] = files.read(path, _LARGEST)
                    new = ast.parse(f"Path(__file__).with_name({path.name!r})", mode="eval").body
                    if at is None:
                        setattr(node, field, new)
                    else:
                        value[at] = new
        changed = ast.unparse(tree)
        return statement if changed == ast.unparse(statement.node) else _parsed(changed, statement)


def _shaped(statement: Statement) -> Statement:
    """Return a statement in which the shape of the inputs is the builder's parameter."""
    text = _SHAPE.sub("input_shape", statement.text)
    return _parsed(text, statement) if text != statement.text else statement


def _sized(statement: Statement, data: frozenset[str]) -> Statement:
    """Return a statement that takes from the parameters what the notebook counts in its data."""
    if not (statement.fresh and statement.uses & data):
        return statement
    known = {"class": "classes", "categor": "classes", "output": "classes", "shape": "input_shape"}
    known |= {"feature": "input_shape[-1]", "dim": "input_shape[-1]", "input": "input_shape[-1]"}
    value = next((each for word, each in known.items() if word in statement.fresh.lower()), None)
    return _parsed(f"{statement.fresh} = {value}", statement) if value else statement


def _parsed(text: str, statement: Statement) -> Statement:
    return replace(statement, node=ast.parse(text).body[0], text=text)


def _one_piece(statement: Statement) -> str:
    """Return a statement's text, which is indented safely: without texts that go over lines."""
    many = any(
        isinstance(each, ast.Constant) and isinstance(each.value, str) and "\n" in each.value
        for each in ast.walk(statement.node)
    )
    return ast.unparse(statement.node) if many else textwrap.dedent(statement.text)


def _is_encoding(statement: Statement) -> bool:
    """Tell whether labels are made one-hot, which is done where a model is trained."""
    return bool(statement.binds & statement.uses) and "to_categorical" in statement.text


def _name(variable: str, taken: Iterable[str]) -> str:
    name = re.sub(r"[^a-z0-9_]+", "_", variable.lower()).strip("_") or "model"
    name = name if re.match(r"[a-z]", name) else f"model_{name}"
    if name in _INPUTS or not is_name(name):
        name = f"{name}_model"
    number = 2
    while (one := name if number == 2 and name not in taken else f"{name}_{number}") in taken:
        number += 1
    return one
