"""Names inside functions, classes and comprehensions: whose they are."""

import ast
from collections.abc import Iterator

from reportgen.plan.source.modules import Module, Modules
from reportgen.plan.source.scope import Scope
from reportgen.plan.source.symbols import External, Meaning, Package


class Lookup:
    """The scopes around the place in a module that is being read, the innermost last."""

    def __init__(self, modules: Modules, module: Module) -> None:
        self.modules, self.module = modules, module
        self.scopes: list[Scope] = []
        self._labels = 0

    @property
    def in_class(self) -> bool:
        """The place is directly in a class body."""
        return bool(self.scopes) and self.scopes[-1].kind == "class"

    def binding(self, name: str) -> Iterator[Scope]:
        """Yield the scopes that bind a name as seen from here, the innermost first."""
        for depth in range(len(self.scopes) - 1, -1, -1):
            scope = self.scopes[depth]
            if name in scope.elsewhere:
                return
            if scope.binds(name) and (scope.kind != "class" or depth == len(self.scopes) - 1):
                yield scope

    def label(self, scope: Scope, name: str) -> str:
        """Return what stands for a local name: labels are given in the order of first occurrence."""
        if not scope.local[name]:
            self._labels += 1
            scope.local[name] = f"%{self._labels}"
        return scope.local[name]

    def dotted(self, node: ast.Attribute) -> Meaning | None:
        """Return what a dotted name stands for; None where that is a value of the program."""
        base = self.base(node.value)
        if isinstance(base, External):
            return External(f"{base.name}.{node.attr}")
        return self.modules.member(base.module, node.attr) if isinstance(base, Package) else None

    def base(self, node: ast.expr) -> Meaning | None:
        """Return what stands before a dot; None where that is a value of the program."""
        if isinstance(node, ast.Attribute):
            return self.dotted(node)
        if not isinstance(node, ast.Name):
            return None
        for scope in self.binding(node.id):
            if node.id in scope.imports:
                return self.modules.imported(self.module, *scope.imports[node.id])
            return None
        return self.modules.meaning(self.module.name, node.id)
