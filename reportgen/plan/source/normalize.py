"""Normalize a top-level statement, so that only what has an effect counts.

Gone are comments, formatting, docstrings, annotations of plain functions and the spelling of local variables.
Names of the module level become numbers, given in the order in which they are met; names of libraries become
their dotted name, however they were imported.
"""

import ast
from typing import Protocol

from reportgen.plan.source.ast_json import Json, said
from reportgen.plan.source.known_names import (
    BENEATH_NAMES,
    DYNAMIC_ATTRIBUTES,
    DYNAMIC_NAMES,
    TEXT_NAMES,
    UNDESCRIBED_ATTRIBUTES,
)
from reportgen.plan.source.modules import BUILTINS, Module, Modules, Unit
from reportgen.plan.source.resolve import Lookup
from reportgen.plan.source.scope import (
    Comprehension,
    Function,
    alias_name,
    annotations,
    calls,
    class_scope,
    comprehension_scope,
    function_scope,
)
from reportgen.plan.source.symbols import External, Local, Meaning, Package, Unresolved

_NOTHING: Json = ["Pass"]
_FAR = TEXT_NAMES | BENEATH_NAMES


class Listener(Protocol):
    """Who is told what a statement uses."""

    def number(self, place: Local) -> int:
        """Return the number of a module-level name, which is used from now on."""

    def external(self, name: str, *, called: bool, stored: bool) -> None:
        """Something of a library is used: called, assigned to, or passed on."""

    def escapes(self, what: str) -> None:
        """Something is done that the built model's own description would not show."""

    def dynamic(self, why: str, *, name: str = "") -> None:
        """Names are looked up at run time, so nothing can be left out; `name` is what looks them up."""

    def text(self, value: str) -> None:
        """A string constant is used."""


class Normal:
    """Normalises one statement of a module."""

    def __init__(self, modules: Modules, module: Module, listener: Listener) -> None:
        self._modules, self._module, self._listener = modules, module, listener
        self._lookup = Lookup(modules, module)

    def unit(self, unit: Unit) -> Json:
        """Return a top-level statement as nested lists."""
        return self._visit(unit.node)

    def _visit(self, node: ast.AST, *, called: bool = False) -> Json:
        """Return a node as ``[type, [field, value]…]``; empty fields are left out."""
        match node:
            case ast.Name():
                return self._name(node.id, called=called, stored=not isinstance(node.ctx, ast.Load))
            case ast.Attribute():
                return self._attribute(node, called)
            case ast.Constant():
                if isinstance(node.value, str):
                    self._listener.text(node.value)
                return ["=", type(node.value).__name__, repr(node.value)]
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                return self._function(node)
            case ast.ClassDef():
                return self._class(node)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                return self._comprehension(node)
            case ast.Import() | ast.ImportFrom():
                return self._import(node)
            case ast.Call():
                return self._call(node)
            case ast.Global() | ast.Nonlocal():
                return _NOTHING
            case ast.AnnAssign() if not (self._lookup.in_class or calls(node.annotation)):
                if node.value is None:
                    return _NOTHING
                return ["Assign", ["targets", [self._visit(node.target)]], ["value", self._visit(node.value)]]
        return [type(node).__name__, *self._fields(node)]

    def _fields(self, node: ast.AST) -> list[Json]:
        found: list[Json] = []
        for name, value in said(node):
            if name in ("name", "rest") and isinstance(value, str):
                found.append([name, self._name(value, stored=True)])
            elif name in ("body", "orelse", "finalbody") and isinstance(value, list):
                found.append([name, self._body(value)])
            else:
                found.append([name, self._value(value)])
        return found

    def _value(self, value: object) -> Json:
        if isinstance(value, ast.AST):
            return self._visit(value)
        if isinstance(value, list):
            return [self._value(item) for item in value]
        return value if value is None or isinstance(value, bool | int | str) else repr(value)

    def _body(self, body: list[ast.stmt]) -> Json:
        kept = [
            node for node in body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        ]
        return [value for value in map(self._visit, kept) if value != _NOTHING]

    # names

    def _name(self, name: str, *, called: bool = False, stored: bool = False) -> Json:
        body: Json = None  # in a class body a name that has no value yet is the outer one
        for scope in self._lookup.binding(name):
            if scope.kind == "class":
                body = ["class", name]
                if stored:
                    return body
            elif name in scope.parameters:
                return _beside(body, ["p", name])
            elif name in scope.imports:
                meaning = self._modules.imported(self._module, *scope.imports[name])
                return _beside(body, self._meaning(meaning, called, stored))
            else:
                if name in scope.functions and not called and not stored:
                    self._listener.escapes(f"function {name}")
                return _beside(body, self._lookup.label(scope, name))
        meaning = Local(self._module.name, name) if stored else self._modules.meaning(self._module.name, name)
        if body is not None and isinstance(meaning, Unresolved):
            return body
        return _beside(body, self._meaning(meaning, called, stored))

    def _meaning(self, meaning: Meaning, called: bool, stored: bool) -> Json:
        listener = self._listener
        match meaning:
            case External(name):
                listener.external(name, called=called, stored=stored)
                return ["x", name]
            case Package(module):
                listener.dynamic(f"module {module} is used as a value")
                return ["module", module]
            case Unresolved(name):
                if name in DYNAMIC_NAMES or name in _FAR:
                    listener.dynamic(f"{name} is used", name=name)
                elif name not in BUILTINS:
                    listener.escapes(f"name {name}")
                return ["b", name]
            case Local(module, name):
                units = self._modules.units(meaning)
                if not units:
                    listener.dynamic(f"{name} of {module} can't be found without running it")
                if called or stored or not any(isinstance(unit.node, _FUNCTIONS) for unit in units):
                    return ["n", listener.number(meaning)]
                listener.escapes(f"function {name}")
                return ["n", listener.number(meaning), name]

    def _attribute(self, node: ast.Attribute, called: bool) -> Json:
        stored = not isinstance(node.ctx, ast.Load)
        meaning = self._lookup.dotted(node)
        if meaning is not None:
            if stored and isinstance(meaning, Local):
                self._listener.dynamic(f"{meaning.name} of module {meaning.module} is assigned to")
            return self._meaning(meaning, called, stored)
        if node.attr in DYNAMIC_ATTRIBUTES or node.attr in _FAR:
            self._listener.dynamic(f"{node.attr} is used", name=node.attr)
        if node.attr in UNDESCRIBED_ATTRIBUTES or (stored and node.attr != "trainable"):
            self._listener.escapes(f"attribute {node.attr}")
        return ["Attribute", self._visit(node.value), node.attr]

    # compound nodes

    def _call(self, node: ast.Call) -> Json:
        plain = isinstance(node.func, ast.Name) and node.func.id == "getattr" and self._plain_getattr(node)
        function: Json = ["b", "getattr"] if plain else self._visit(node.func, called=True)
        arguments: Json = [self._visit(value) for value in node.args]
        return ["Call", function, arguments, self._keywords(node.keywords)]

    def _keywords(self, keywords: list[ast.keyword]) -> Json:
        return [[each.arg, self._visit(each.value)] for each in keywords]

    def _plain_getattr(self, node: ast.Call) -> bool:
        """Tell whether this is ``getattr(object, "literal")``: an attribute like any other."""
        if any(scope.binds("getattr") for scope in self._lookup.scopes) or len(node.args) < 2:
            return False
        name, unchanged = (
            node.args[1],
            self._modules.meaning(self._module.name, "getattr") == Unresolved("getattr"),
        )
        plain = isinstance(name, ast.Constant) and name.value not in DYNAMIC_ATTRIBUTES | _FAR
        return plain and unchanged and self._lookup.base(node.args[0]) is None

    def _function(self, node: Function) -> Json:
        head: list[Json] = [type(node).__name__]
        arguments = node.args
        if isinstance(node, ast.Lambda):
            self._listener.escapes("a lambda")
        else:
            head.append(["bind", self._name(node.name, stored=True)])
            if node.decorator_list or self._lookup.scopes:
                head.append(["name", node.name])
            if node.decorator_list:
                self._listener.escapes("a decorator")
                head.append(["decorators", [self._visit(each) for each in node.decorator_list]])
                head.append(["annotations", [ast.unparse(note) for note in annotations(node)]])
            elif any(map(calls, annotations(node))):
                head.append(["annotations", [self._visit(note) for note in annotations(node)]])
        names: Json = [
            [each.arg for each in arguments.posonlyargs],
            [each.arg for each in arguments.args],
            arguments.vararg.arg if arguments.vararg else None,
            [each.arg for each in arguments.kwonlyargs],
            arguments.kwarg.arg if arguments.kwarg else None,
        ]
        head.append(["parameters", names])
        head.append(["defaults", [self._visit(value) for value in arguments.defaults]])
        head.append(["keywords", [self._visit(value) if value else None for value in arguments.kw_defaults]])
        self._lookup.scopes.append(function_scope(node))
        body = self._visit(node.body) if isinstance(node, ast.Lambda) else self._body(node.body)
        self._lookup.scopes.pop()
        return [*head, body]

    def _class(self, node: ast.ClassDef) -> Json:
        self._listener.escapes(f"class {node.name}")
        bind = self._name(node.name, stored=True)
        decorators: Json = [self._visit(each) for each in node.decorator_list]
        bases: Json = [self._visit(each) for each in node.bases]
        head: list[Json] = ["ClassDef", bind, node.name, decorators, bases, self._keywords(node.keywords)]
        self._lookup.scopes.append(class_scope(node))
        body = self._body(node.body)
        self._lookup.scopes.pop()
        return [*head, body]

    def _comprehension(self, node: Comprehension) -> Json:
        first = self._visit(node.generators[0].iter)
        self._lookup.scopes.append(comprehension_scope(node.generators))
        clauses: list[Json] = []
        for index, each in enumerate(node.generators):
            source = self._visit(each.iter) if index else first
            tests: Json = [self._visit(test) for test in each.ifs]
            clauses.append([source, self._visit(each.target), tests, bool(each.is_async)])
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        values: Json = [self._visit(part) for part in parts]
        self._lookup.scopes.pop()
        return [type(node).__name__, clauses, values]

    def _import(self, node: ast.Import | ast.ImportFrom) -> Json:
        names: list[Json] = []
        for alias in node.names:
            if alias.name == "*":
                names.append(["*", getattr(node, "module", "")])
            elif not (self._lookup.scopes and alias_name(alias) in self._lookup.scopes[-1].imports):
                meaning = self._modules.imported(self._module, node, alias)
                bound = self._name(alias_name(alias), stored=True)
                names.append([bound, self._meaning(meaning, False, False)])
        return ["Import", *names] if names else _NOTHING


def _beside(body: Json, outer: Json) -> Json:
    return outer if body is None else [body, outer]


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
