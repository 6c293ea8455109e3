"""Tell whether a top-level statement does more than bind its names: calls, assignments to attributes, loops.

In doubt it does: it then counts for every model, which costs a look at the built model, while the opposite
mistake would show an old number as a new one.
"""

import ast
from collections.abc import Callable, Iterable, Set

from reportgen.plan.source.known_names import PLAIN_BASES, PURE_DECORATORS

Dotted = Callable[[ast.AST], str]

_PLAIN = (
    ast.Constant, ast.Name, ast.Attribute, ast.Subscript, ast.Slice, ast.Tuple, ast.List, ast.Set, ast.Dict,
    ast.UnaryOp, ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.operator, ast.unaryop, ast.boolop,
    ast.cmpop, ast.expr_context,
)  # fmt: skip


def only_binds(node: ast.stmt, dotted: Dotted, bound: Set[str]) -> bool:
    """Tell whether a statement other than an import only binds names.

    Parameters
    ----------
    dotted : callable
        Gives the full name of a library's thing, such as ``dataclasses.dataclass``; empty for others.
    bound : set of str
        All names that the authors' modules bind: a built-in name among them is not the built-in.
    """
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            given = node.args
            named = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
            noted = [each.annotation for each in named if each is not None]
            values = [*given.defaults, *given.kw_defaults, *noted, node.returns]
            return _undecorated(node.decorator_list, dotted, bound) and _all_plain(values)
        case ast.ClassDef():
            inside = (only_binds(item, dotted, bound) for item in node.body)
            undecorated = _undecorated(node.decorator_list, dotted, bound)
            bases = [full for base in node.bases if (full := dotted(base))]
            known = all(full.startswith(PLAIN_BASES) for full in bases)
            return known and not node.keywords and undecorated and _all_plain(node.bases) and all(inside)
        case ast.Assign():
            return all(isinstance(each, ast.Name) for each in node.targets) and _all_plain([node.value])
        case ast.AnnAssign():
            return isinstance(node.target, ast.Name) and _all_plain([node.value, node.annotation])
    return says_nothing(node)


def says_nothing(node: ast.AST) -> bool:
    """Tell whether a statement is a docstring, another constant, or ``pass``."""
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _undecorated(decorators: Iterable[ast.expr], dotted: Dotted, bound: Set[str]) -> bool:
    """Tell whether decorators leave nothing behind but what they decorate."""
    for each in decorators:
        inner, given = each, list[ast.expr]()
        if isinstance(each, ast.Call):
            inner, given = each.func, [*each.args, *(word.value for word in each.keywords)]
        name = inner.id if isinstance(inner, ast.Name) and inner.id not in bound else ""
        setter = isinstance(inner, ast.Attribute) and inner.attr in ("setter", "getter", "deleter")
        if not (_all_plain(given) and (setter or {name, dotted(inner)} & PURE_DECORATORS)):
            return False
    return True


def _all_plain(values: Iterable[ast.expr | None]) -> bool:
    """Tell whether working values out calls nothing and takes nothing from an iterator."""
    for value in values:
        if isinstance(value, ast.Lambda):
            if not _all_plain([*value.args.defaults, *value.args.kw_defaults]):
                return False
        elif value is not None and not all(isinstance(each, _PLAIN) for each in ast.walk(value)):
            return False
    return True
