"""Layers of the authors' own that can be told from their source and the values they hold.

Keras describes its own layers. Of a class of the authors' it gives the name and what it was made with. Where
the class is a plain one, its source says the rest, so a builder around it may be rewritten freely: what is
built decides, together with the source of the class.
"""

import ast
from typing import TYPE_CHECKING

from reportgen.plan.source.known_names import LAYERS, METHODS, plain
from reportgen.plan.source.scope import defaults
from reportgen.plan.source.symbols import External, Local

if TYPE_CHECKING:
    from reportgen.plan.source.modules import Modules, Unit


def is_plain(modules: "Modules", unit: "Unit") -> bool:
    """Tell whether a statement defines a layer that a builder can do no more with than make and call it.

    It has the methods that Keras calls and no other, values that can't change, and no base but Keras's
    Layer or another such class.
    """
    node, module = unit.node, modules.by_name[unit.module]
    if not isinstance(node, ast.ClassDef) or node.decorator_list or node.keywords or unit in module.effects:
        return False
    if len(node.bases) != 1 or not all(map(_plain_item, node.body)):
        return False
    base = modules.static(module, node.bases[0])
    if isinstance(base, External):
        return plain(base.name) in LAYERS
    return isinstance(base, Local)  # which must be settled as well


def is_settled(modules: "Modules", unit: "Unit") -> bool:
    """Tell whether what a statement binds stays what it is, whatever a builder does."""
    if any(len(modules.by_name[unit.module].bindings[name]) > 1 for name in unit.binds):
        return False
    if isinstance(unit.node, ast.FunctionDef):
        return not unit.node.decorator_list and all(map(_constant, defaults(unit.node)))
    return _plain_assignment(unit.node) or is_plain(modules, unit)


def _plain_item(item: ast.stmt) -> bool:
    if isinstance(item, ast.FunctionDef):
        return item.name in METHODS and not item.decorator_list and all(map(_constant, defaults(item)))
    said = isinstance(item, ast.Pass) or (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))
    return said or _plain_assignment(item)


def _plain_assignment(item: ast.stmt) -> bool:
    return isinstance(item, ast.Assign) and all(
        map(_constant, [item.value, *(each for each in item.targets if not isinstance(each, ast.Name))])
    )


def _constant(value: ast.expr) -> bool:
    """Tell numbers, strings and tuples of them, and what is worked out of such and of names."""
    match value:
        case ast.Constant() | ast.Name():
            return True
        case ast.UnaryOp(operand=operand):
            return _constant(operand)
        case ast.BinOp(left=left, right=right):
            return _constant(left) and _constant(right)
        case ast.Tuple(elts=items):
            return all(map(_constant, items))
    return False
