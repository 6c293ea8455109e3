"""Index the top level of each module of a snapshot, and resolve names in it."""

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from reportgen.plan.source.scope import alias_name, bound_names, never_runs, says_nothing
from reportgen.plan.source.snapshot import Snapshot, absolute, module_name, targets
from reportgen.plan.source.symbols import External, Local, Meaning, Package, Unresolved

BUILTINS = frozenset(dir(builtins))


@dataclass(frozen=True, eq=False)
class Unit:
    """One top-level statement.

    Attributes
    ----------
    binds : tuple of str
        Module-level names that it gives a value.
    """

    module: str
    index: int
    node: ast.stmt
    binds: tuple[str, ...]

    @cached_property
    def text(self) -> str:
        """The statement without comments and docstrings."""
        copy = ast.parse(ast.unparse(self.node))
        for each in ast.walk(copy):
            body = getattr(each, "body", None)
            if isinstance(body, list):
                body[:] = [item for item in body if not says_nothing(item)]
                if not body and not isinstance(each, ast.Module):
                    body.append(ast.Pass())
        return ast.unparse(copy)


@dataclass
class Module:
    """A parsed module.

    Attributes
    ----------
    bindings : dict of str to list of Unit
        The statements that may give a name its value.
    imports : dict of str to Meaning
        Names that one import gives them, and nothing else.
    stars : list of str
        Libraries of which everything is imported.
    effects : dict of Unit to None
        Statements that may change more than the names they bind, so that they belong to every model; found by
        `side_effects.find`, as is `registered`.
    registered : list of (Unit, tuple of str)
        What Keras may find by these strings.
    opaque : str
        Why names of this module can't be told without running it; mostly empty.
    """

    name: str
    path: str
    tree: ast.Module
    units: list[Unit] = field(default_factory=list)
    bindings: dict[str, list[Unit]] = field(default_factory=dict)
    imports: dict[str, Meaning] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    effects: dict[Unit, None] = field(default_factory=dict)
    registered: list[tuple[Unit, tuple[str, ...]]] = field(default_factory=list)
    opaque: str = ""


class Modules:
    """All modules of a snapshot and the meaning of names in them."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.root = module_name(snapshot.root)
        self.by_name = {
            name: Module(name, path, snapshot.trees[path]) for name, path in snapshot.modules.items()
        }
        for module in self.by_name.values():
            self._index(module)

    def is_local(self, dotted: str) -> bool:
        """Tell whether a dotted name is a module or package of the snapshot."""
        return dotted in self.by_name or any(name.startswith(dotted + ".") for name in self.by_name)

    def imported(self, module: Module, node: ast.Import | ast.ImportFrom, alias: ast.alias) -> Meaning:
        """Return what one name of an import statement stands for."""
        if isinstance(node, ast.Import):
            dotted = alias.name if alias.asname else alias_name(alias)
            return Package(dotted) if self.is_local(dotted) else External(dotted)
        base = absolute(node, module.path)
        return self.member(base, alias.name) if self.is_local(base) else External(f"{base}.{alias.name}")

    def member(self, module: str, name: str) -> Meaning:
        """Return what an attribute of a local module stands for."""
        if self._has(Local(module, name)):
            return self.meaning(module, name)
        if self.is_local(f"{module}.{name}"):
            return Package(f"{module}.{name}")
        return Local(module, name)

    def meaning(self, module: str, name: str, seen: frozenset[Local] = frozenset()) -> Meaning:
        """Return what a name at the top level of a module stands for."""
        place = Local(module, name)
        found = self.by_name.get(module)
        if found is None or place in seen or name in found.bindings:
            return place
        if name in found.imports:
            target = found.imports[name]
            if not isinstance(target, Local):
                return target
            if not self._has(target) and self.is_local(f"{target.module}.{target.name}"):
                return Package(f"{target.module}.{target.name}")
            return self.meaning(target.module, target.name, seen | {place})
        if name not in BUILTINS and len(found.stars) == 1:
            return External(f"{found.stars[0]}.{name}")
        return Unresolved(name)

    def units(self, place: Local) -> list[Unit]:
        """Return the statements that may give a name its value."""
        found = self.by_name.get(place.module)
        return found.bindings.get(place.name, []) if found else []

    def static(self, module: Module, node: ast.AST) -> Meaning | None:
        """Return what a dotted name at the top level of a module stands for, as far as that is certain."""
        if isinstance(node, ast.Name):
            return self.meaning(module.name, node.id)
        if isinstance(node, ast.Attribute):
            base = self.static(module, node.value)
            if isinstance(base, External):
                return External(f"{base.name}.{node.attr}")
            return self.member(base.module, node.attr) if isinstance(base, Package) else None
        return None

    @cached_property
    def order(self) -> tuple[Module, ...]:
        """The modules in the order in which importing models.py runs them."""
        found: dict[str, Module] = {}
        entered: set[str] = set()

        def visit(name: str) -> None:
            if name in entered or name not in self.by_name:
                return
            entered.add(name)
            module = self.by_name[name]
            imports = self.snapshot.imports[module.path]
            for node in sorted(imports, key=lambda node: (node.lineno, node.col_offset)):
                for dotted in targets(node, module.path):
                    parts = dotted.split(".")
                    for length in range(1, len(parts) + 1):
                        visit(".".join(parts[:length]))
            found[name] = module

        visit(self.root)
        return tuple(found.values())

    def _has(self, place: Local) -> bool:
        found = self.by_name.get(place.module)
        return found is not None and (place.name in found.bindings or place.name in found.imports)

    def _index(self, module: Module) -> None:
        body = [node for node in module.tree.body if not never_runs(node)]
        rebinds = "global" in self.snapshot.files[module.path]
        binds = [(*bound_names(node), *(_declared(node) if rebinds else ())) for node in body]
        count: dict[str, int] = {}
        for name in (name for names in binds for name in names):
            count[name] = count.get(name, 0) + 1
        for node in body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._index_import(module, node, count)
        for index, (node, names) in enumerate(zip(body, binds, strict=True)):
            star = isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
            imports = isinstance(node, ast.Import | ast.ImportFrom) and all(
                name in module.imports for name in names
            )
            if says_nothing(node) or (imports and not star):
                continue
            unit = Unit(module.name, index, node, tuple(dict.fromkeys(names)))
            module.units.append(unit)
            for name in unit.binds:
                module.bindings.setdefault(name, []).append(unit)

    def _index_import(self, module: Module, node: ast.Import | ast.ImportFrom, count: dict[str, int]) -> None:
        base = absolute(node, module.path) if isinstance(node, ast.ImportFrom) else ""
        for alias in node.names:
            if alias.name == "*" and self.is_local(base):
                module.opaque = f"from {base} import * is used"
            elif alias.name == "*":
                module.stars.append(base)
            elif count[alias_name(alias)] == 1:
                local = base and self.is_local(base)  # looked up later: that module may not be indexed yet
                meaning = Local(base, alias.name) if local else self.imported(module, node, alias)
                module.imports[alias_name(alias)] = meaning


def _declared(node: ast.stmt) -> Iterator[str]:
    """Yield the names that functions inside a statement declare global: running them may rebind these."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Global):
            yield from inner.names
