"""Split modules into top-level statements: the names that each binds and uses, and its side effects."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from reportgen.plan.source.known_names import CALLED, plain
from reportgen.plan.source.side_effects import only_binds, says_nothing
from reportgen.plan.source.snapshot import Snapshot, absolute, targets

_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
_IMPORT = (ast.Import, ast.ImportFrom)
_SKIPPED = {"ctx", "type_comment", "kind", "type_ignores"}
Json = None | bool | int | str | list["Json"]


@dataclass(frozen=True, eq=False)
class Statement:
    """One top-level statement.

    Attributes
    ----------
    path : str
        Of its module, below the folder of models.py.
    binds, uses : frozenset of str
        Names that it may give a value, and all names and attributes that stand in it.
    effect : bool
    """

    path: str
    node: ast.stmt
    binds: frozenset[str]
    uses: frozenset[str]
    effect: bool

    @cached_property
    def text(self) -> str:
        """The statement without comments and docstrings."""
        return ast.unparse(_undocumented(self.node))

    @cached_property
    def tree(self) -> Json:
        """The same as nested lists, which are equal for all versions of Python."""
        return tree(_undocumented(self.node))

    @cached_property
    def called(self) -> frozenset[ast.expr]:
        """The expressions in it that are called."""
        return frozenset(node.func for node in ast.walk(self.node) if isinstance(node, ast.Call))

    @cached_property
    def whole(self) -> tuple[ast.AST, ...]:
        """All nodes but what an attribute is taken of: of ``keras.layers``, not ``keras``."""
        inner = {node.value for node in ast.walk(self.node) if isinstance(node, ast.Attribute)}
        return tuple(node for node in ast.walk(self.node) if node not in inner)

    @property
    def fixed(self) -> bool:
        """Whether it binds a function, an import or a constant: values that nobody can change."""
        if isinstance(self.node, (*_FUNCTION, *_IMPORT)):
            return not self.effect
        value = getattr(self.node, "value", None)
        value = value.operand if isinstance(value, ast.UnaryOp) else value
        return isinstance(self.node, ast.Assign) and isinstance(value, ast.Constant)


class Statements:
    """The statements of all modules of a snapshot, in the order in which importing models.py runs them.

    Attributes
    ----------
    all : tuple of Statement
    binders : dict of str to list of Statement
        By name, the statements that may give it a value, in any module: an attribute of a helper module is
        found by its name alone.
    libraries : dict of str to dict of str to str
        By module, what names stand for that are imported from libraries: their full dotted names.
    unclear : dict of str to str
        Libraries whose names can't be told apart from others, and why.
    functions : frozenset of str
        Names of all functions and methods, nested ones included.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.libraries: dict[str, dict[str, str]] = {path: {} for path in snapshot.files}
        self.unclear: dict[str, str] = {}
        self._modules: set[str] = set()
        for path, imports in snapshot.imports.items():
            for node in imports:
                self._take_import(path, node)
        nodes = [node for module in snapshot.trees.values() for node in ast.walk(module)]
        self.functions = frozenset(node.name for node in nodes if isinstance(node, _FUNCTION))
        # With operators, descriptors or hooks of the authors' own, nothing that looks plain need be plain.
        named = [node for node in nodes if isinstance(node, ast.Name)]
        stored = {node.id for node in named if not isinstance(node.ctx, ast.Load)}
        self._special = any(name.startswith("__") and name not in CALLED for name in self.functions | stored)
        bodies = [module.body for module in snapshot.trees.values()]
        self._bound = {name for body in bodies for each in body for name in _bound(each)}
        self.all = tuple(self._statements())
        self.binders: dict[str, list[Statement]] = {}
        for each in self.all:
            for name in each.binds:
                self.binders.setdefault(name, []).append(each)

    def dotted(self, path: str, node: ast.AST) -> str:
        """Return the full name of a library's thing, such as ``keras.layers.Dense``; empty for others."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        root = self.libraries[path].get(node.id, "") if isinstance(node, ast.Name) else ""
        return plain(".".join([root, *reversed(parts)])) if root else ""

    def modules_as_values(self, statement: Statement) -> Iterator[str]:
        """Yield names of the authors' modules that stand for themselves: whatever is in them may be used."""
        for node in statement.whole:
            if isinstance(node, ast.Name) and node.id in self._modules:
                yield node.id

    def _take_import(self, path: str, node: ast.Import | ast.ImportFrom) -> None:
        known = self.snapshot.modules
        base = absolute(node, path) if isinstance(node, ast.ImportFrom) else ""
        for alias in node.names:
            full = f"{base}.{alias.name}" if base else alias.name
            root = full.partition(".")[0]
            if full in known or any(name.startswith(f"{full}.") for name in known):
                self._modules.add(alias.asname or (alias.name if base else root))
            elif base in known or root in known:
                continue  # a value of one of the authors' modules
            elif alias.name == "*":
                self.unclear[full.removesuffix(".*")] = f"from {base} import * is used"
            else:
                name, means = (alias.asname or alias.name, full) if base or alias.asname else (root, root)
                if self.libraries[path].setdefault(name, means) != means:
                    self.unclear[means] = f"{name} may be {means} or {self.libraries[path][name]}"

    def _statements(self) -> Iterator[Statement]:
        for path in self._order():
            for node in _single(self.snapshot.trees[path].body):
                if not (_never_runs(node) or says_nothing(node)):
                    binds, uses = frozenset(_bound(node)), frozenset(_used(node))
                    yield Statement(path, node, binds, uses, self._effect(path, node))

    def _order(self) -> Sequence[str]:
        """Return the modules in the order in which their texts end to be run."""
        found: dict[str, None] = {}
        entered: set[str] = set()

        def visit(path: str | None) -> None:
            if path is None or path in entered:
                return
            entered.add(path)
            for node in sorted(self.snapshot.imports[path], key=lambda node: (node.lineno, node.col_offset)):
                for dotted in targets(node, path):
                    parts = dotted.split(".")
                    for length in range(1, len(parts) + 1):
                        visit(self.snapshot.modules.get(".".join(parts[:length])))
            found[path] = None

        visit(self.snapshot.root)
        return tuple(found)

    def _effect(self, path: str, node: ast.stmt) -> bool:
        if isinstance(node, _IMPORT):
            return any(alias.name == "*" for alias in node.names)
        return self._special or not only_binds(node, partial(self.dotted, path), self._bound)


def _single(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements, an import of several names as several imports."""
    for node in body:
        if isinstance(node, ast.Import):
            yield from (ast.copy_location(ast.Import([alias]), node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield ast.copy_location(ast.ImportFrom(node.module, [alias], node.level), node)
        else:
            yield node


def tree(node: object) -> Json:
    """Return code as nested lists: no comments, no formatting, the same for every version of Python."""
    if isinstance(node, list):
        return [tree(item) for item in node]
    if not isinstance(node, ast.AST):
        return ["=", type(node).__name__, repr(node)]
    found: list[Json] = [type(node).__name__]
    for name, value in ast.iter_fields(node):
        if isinstance(node, ast.JoinedStr):  # some versions end a format with an empty text
            value = [each for each in value if not (isinstance(each, ast.Constant) and each.value == "")]
        if name not in _SKIPPED and value is not None and value != []:
            found.append([name, tree(value)])
    return found


def _undocumented(node: ast.stmt) -> ast.stmt:
    copy = ast.parse(ast.unparse(node)).body[0]
    for each in ast.walk(copy):
        body = getattr(each, "body", None)
        if isinstance(body, list):
            body[:] = [item for item in body if not says_nothing(item)] or [ast.Pass()]
    return copy


def _never_runs(node: ast.stmt) -> bool:
    """Tell ``if __name__ == "__main__":``, which a build never enters."""
    main = "__name__ == '__main__'"
    return isinstance(node, ast.If) and not node.orelse and ast.unparse(node.test) == main


def _used(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        match each:
            case ast.Name():
                yield each.id
            case ast.Attribute():
                yield each.attr
            case ast.ImportFrom():
                yield from (each.module or "").split(".")
            case ast.alias():
                yield from each.name.split(".")


def _bound(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement may bind; inside a function, those that it declares global."""
    if isinstance(node, (*_FUNCTION, ast.ClassDef)):
        yield node.name
    whole = not isinstance(node, (*_FUNCTION, ast.ClassDef))
    for each in ast.walk(node):
        match each:
            case ast.Global():
                yield from each.names
            case ast.Name(ctx=ast.Store() | ast.Del()) if whole:
                yield each.id
            case ast.alias() if whole:
                yield each.asname or each.name.partition(".")[0]
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() if whole:
                yield each.name
            case ast.ExceptHandler(name=str(name)) if whole:
                yield name
