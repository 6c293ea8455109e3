"""Find the names that a piece of Python binds, by the language's scoping rules."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp

_CLOSED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_COMPREHENSION = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.comprehension)
_BINDING = (
    *(ast.Name, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom),
    *(ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping),
)


@dataclass
class Scope:
    """One scope while its code is walked.

    Attributes
    ----------
    kind : str
        ``function``, ``class`` or ``comprehension``.
    parameters : set of str
        Names that keep their spelling, since callers may use it.
    local : dict of str to str
        Other names that it binds, and the label each got at its first occurrence (empty before).
    imports : dict of str to (ast.stmt, ast.alias)
        Names that one import in it binds and nothing else.
    functions : set of str
        Names that a nested function has, or shares with a variable.
    elsewhere : set of str
        Names declared ``global``.
    """

    kind: str
    parameters: set[str] = field(default_factory=set)
    local: dict[str, str] = field(default_factory=dict)
    imports: dict[str, tuple[ast.Import | ast.ImportFrom, ast.alias]] = field(default_factory=dict)
    functions: set[str] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)

    def binds(self, name: str) -> bool:
        """Tell whether a name is one of this scope's own."""
        return name in self.parameters or name in self.local or name in self.imports


def function_scope(node: Function) -> Scope:
    """Return the scope of a function or lambda."""
    arguments = node.args
    every = [
        *arguments.posonlyargs,
        *arguments.args,
        *arguments.kwonlyargs,
        arguments.vararg,
        arguments.kwarg,
    ]
    scope = Scope("function", {argument.arg for argument in every if argument is not None})
    _fill(scope, [node.body] if isinstance(node, ast.Lambda) else node.body)
    return scope


def class_scope(node: ast.ClassDef) -> Scope:
    """Return the scope of a class body; it is not visible in the methods."""
    scope = Scope("class")
    _fill(scope, node.body)
    return scope


def comprehension_scope(generators: Iterable[ast.comprehension]) -> Scope:
    """Return the scope of a comprehension: its targets."""
    targets = (name for generator in generators for name in bound_names(generator.target))
    return Scope("comprehension", local=dict.fromkeys(targets, ""))


def _fill(scope: Scope, body: Iterable[ast.AST]) -> None:
    count: dict[str, int] = {}
    outer: set[str] = set()
    for statement in body:
        for name in bound_names(statement):
            count[name] = count.get(name, 0) + 1
        for node in within(statement):
            if isinstance(node, ast.Global):
                scope.elsewhere.update(node.names)
            elif isinstance(node, ast.Nonlocal):
                outer.update(node.names)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                scope.functions.add(node.name)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                scope.imports.update(
                    {alias_name(alias): (node, alias) for alias in node.names if alias.name != "*"}
                )
    mine = [name for name in count if name not in scope.elsewhere | outer | scope.parameters]
    scope.imports = {
        name: found for name, found in scope.imports.items() if name in mine and count[name] == 1
    }
    scope.local = {name: "" for name in mine if name not in scope.imports}


def alias_name(alias: ast.alias) -> str:
    """Return the name that ``import a.b`` or ``import a.b as c`` binds."""
    return alias.asname or alias.name.partition(".")[0]


def within(node: ast.AST) -> Iterator[ast.AST]:
    """Walk a node in order, without entering the bodies of functions, lambdas and classes."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(_children(node))


def _children(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, _CLOSED):
        if isinstance(node, ast.Lambda):
            return [*defaults(node)]
        if isinstance(node, ast.ClassDef):
            return [*node.decorator_list, *node.bases, *node.keywords]
        return [*node.decorator_list, *defaults(node)]
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            found += [item for item in value if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
            found.append(value)
    return found


def defaults(node: Function) -> list[ast.expr]:
    """Return the default values of a function's arguments."""
    return [*node.args.defaults, *(value for value in node.args.kw_defaults if value is not None)]


def bound_names(node: ast.AST) -> Iterator[str]:
    """Yield each name that a statement or target binds in its own scope, once an occurrence."""
    waiting = [(node, False)]
    while waiting:
        node, comprehension = waiting.pop()
        if isinstance(node, _BINDING):
            yield from _bound(node, comprehension)
        if isinstance(node, ast.NamedExpr):
            # In a comprehension as well, what `:=` binds is bound outside.
            waiting += [(node.value, comprehension), (node.target, False)]
            continue
        inside = comprehension or isinstance(node, _COMPREHENSION)
        waiting += [(child, inside) for child in reversed(_children(node))]


def _bound(node: ast.AST, comprehension: bool) -> Iterator[str]:
    """Yield the names that a node binds itself."""
    if isinstance(node, ast.Name):
        if not isinstance(node.ctx, ast.Load) and not comprehension:
            yield node.id
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from (alias_name(alias) for alias in node.names if alias.name != "*")
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest


def annotations(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.expr]:
    """Return the annotations of a function's parameters and of what it returns."""
    notes = [each.annotation for each in ast.walk(node.args) if isinstance(each, ast.arg)]
    return [note for note in (*notes, node.returns) if note is not None]


def calls(node: ast.AST) -> bool:
    """Tell whether an expression calls something when it is evaluated."""
    return any(isinstance(each, ast.Call | ast.NamedExpr | ast.Await) for each in ast.walk(node))


def never_runs(node: ast.stmt) -> bool:
    """Tell ``if __name__ == "__main__":``, which a build never enters."""
    main = "__name__ == '__main__'"
    return isinstance(node, ast.If) and not node.orelse and ast.unparse(node.test) == main


def says_nothing(node: ast.AST) -> bool:
    """Tell docstrings and other statements that only name a constant, and ``pass``."""
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
