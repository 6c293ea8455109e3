"""Find top-level statements that do more than bind names.

Such a statement (a call, an assignment to an attribute, a decorator that may register something) belongs to
every model, because any model may feel it. When in doubt it counts as one: that costs a look at the built
model, while the opposite mistake would show an old number as a new one.
"""

import ast
from collections.abc import Iterable, Iterator

from reportgen.plan.source.known_names import (
    METHOD_DECORATORS,
    PURE_BUILTINS,
    PURE_CALLS,
    PURE_DECORATORS,
    REGISTERING,
    plain,
)
from reportgen.plan.source.modules import Module, Modules
from reportgen.plan.source.scope import annotations, defaults, says_nothing, within
from reportgen.plan.source.symbols import External, Local, Unresolved


def find(modules: Modules) -> None:
    """Find the statements of all modules that have effects, or register something with Keras."""
    for module in modules.by_name.values():
        module.effects = {unit: None for unit in module.units if has_effect(modules, module, unit.node)}
        marks = [(unit, registered(modules, module, unit.node)) for unit in module.units]
        module.registered = [(unit, names) for unit, names in marks if names]
    while sum(_spread(modules, module) for module in modules.by_name.values()):
        pass


def _spread(modules: Modules, module: Module) -> bool:
    """Add the units that feel an effect to the effects; tell whether there were any."""
    if not any(each.effects for each in modules.by_name.values()):
        return False
    rest = (unit for unit in module.units if unit not in module.effects)
    found = [unit for unit in rest if feels(modules, module, unit.node)]
    module.effects.update(dict.fromkeys(found))
    return bool(found)


def has_effect(modules: Modules, module: Module, node: ast.stmt) -> bool:
    """Tell whether running a top-level statement may change more than the names that it binds."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        pure = _pure(modules, module, [*defaults(node), *annotations(node)])
        return not (pure and _decorated_purely(modules, module, node.decorator_list))
    if isinstance(node, ast.ClassDef):
        return (
            not _decorated_purely(modules, module, node.decorator_list)
            or bool(node.keywords)
            or _hooked(modules, module, node, set())
            or any(_effect_in_class(modules, module, item) for item in node.body)
        )
    if isinstance(node, ast.Assign):
        return not all(map(_names_only, node.targets)) or not _pure(modules, module, [node.value])
    if isinstance(node, ast.AnnAssign | ast.AugAssign):
        note = [node.annotation] if isinstance(node, ast.AnnAssign) else []
        return not _names_only(node.target) or not _pure(modules, module, [*_values(node), *note])
    if isinstance(node, ast.Try):
        return not all(isinstance(each, ast.Import | ast.ImportFrom) for each in _branches(node))
    star = isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
    return star or not isinstance(node, ast.Import | ast.ImportFrom)


def feels(modules: Modules, module: Module, node: ast.stmt) -> bool:
    """Tell whether a statement may take something away from a value that came about by an effect.

    Such a value may be an iterator, of which a second reader gets the rest.
    """
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        values = [value for value in defaults(node) if not isinstance(value, ast.Name)]
    else:
        items = node.body if isinstance(node, ast.ClassDef) else [node]
        values = [value for item in items for value in _values(item)]
    for each in (each for value in values for each in within(value)):
        meaning = modules.static(module, each)
        if isinstance(meaning, Local):
            effects = modules.by_name[meaning.module].effects if meaning.module in modules.by_name else []
            if any(unit in effects for unit in modules.units(meaning)):
                return True
    return False


def _values(item: ast.stmt) -> list[ast.expr]:
    return [item.value] if isinstance(item, ast.Assign | ast.AugAssign | ast.AnnAssign) and item.value else []


def registered(modules: Modules, module: Module, node: ast.stmt) -> tuple[str, ...]:
    """Return the strings by which Keras finds what a statement registers; mostly none."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        for each in node.decorator_list:
            if _external(modules, module, each.func if isinstance(each, ast.Call) else each) in REGISTERING:
                given = (
                    [*each.args, *(key.value for key in each.keywords)] if isinstance(each, ast.Call) else []
                )
                return (node.name, *(str(value.value) for value in given if isinstance(value, ast.Constant)))
    return ()


def _effect_in_class(modules: Modules, module: Module, item: ast.stmt) -> bool:
    if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
        others = [each for each in item.decorator_list if not _method_decorator(each)]
        pure = _pure(modules, module, [*defaults(item), *annotations(item)])
        return not (pure and _decorated_purely(modules, module, others))
    if isinstance(item, ast.Assign | ast.AnnAssign):
        note = [item.annotation] if isinstance(item, ast.AnnAssign) else []
        targets = item.targets if isinstance(item, ast.Assign) else [item.target]
        return not (all(map(_names_only, targets)) and _pure(modules, module, [*_values(item), *note]))
    return not says_nothing(item)


def _method_decorator(node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in ("setter", "getter", "deleter")
    return isinstance(node, ast.Name) and node.id in METHOD_DECORATORS


def _hooked(modules: Modules, module: Module, node: ast.ClassDef, seen: set[ast.ClassDef]) -> bool:
    """Tell whether a base class of the authors' runs code when it is subclassed."""
    seen.add(node)
    for base in node.bases:
        meaning = modules.static(module, base)
        if isinstance(meaning, External | Unresolved):
            continue
        if not isinstance(meaning, Local):
            return True
        for unit in modules.units(meaning):
            if not isinstance(unit.node, ast.ClassDef):
                return True
            hooks = (
                isinstance(each, ast.FunctionDef) and each.name == "__init_subclass__"
                for each in unit.node.body
            )
            if any(hooks) or unit.node.keywords:
                return True
            if unit.node not in seen and _hooked(modules, modules.by_name[unit.module], unit.node, seen):
                return True
    return False


def _decorated_purely(modules: Modules, module: Module, decorators: Iterable[ast.expr]) -> bool:
    for each in decorators:
        name = _external(modules, module, each.func if isinstance(each, ast.Call) else each)
        if not name.startswith((*PURE_DECORATORS, *REGISTERING)):
            return False
        if isinstance(each, ast.Call) and not _pure(modules, module, each.args):
            return False
    return True


def _pure(modules: Modules, module: Module, values: Iterable[ast.expr]) -> bool:
    for node in (node for value in values for node in within(value)):
        if isinstance(node, ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr):
            return False
        if isinstance(node, ast.GeneratorExp) and not _consumed(node, values):
            return False  # whoever reads it first leaves nothing for the next
        if isinstance(node, ast.Call) and not _pure_call(modules, module, node):
            return False
    return True


def _consumed(node: ast.GeneratorExp, values: Iterable[ast.expr]) -> bool:
    calls = (each for value in values for each in within(value) if isinstance(each, ast.Call))
    return any(argument is node for call in calls for argument in call.args)


def _pure_call(modules: Modules, module: Module, node: ast.Call) -> bool:
    if any(each.arg in (None, "key") for each in node.keywords):  # a function that would be called here
        return False
    if isinstance(node.func, ast.Name) and node.func.id in PURE_BUILTINS:
        return isinstance(modules.meaning(module.name, node.func.id), Unresolved)
    return _external(modules, module, node.func).startswith(PURE_CALLS) or _factory(modules, module, node)


def _factory(modules: Modules, module: Module, node: ast.Call) -> bool:
    """Tell a call of a function that only defines a function and returns it, as in ``wide = builder(64)``."""
    meaning = modules.static(module, node.func)
    units = modules.units(meaning) if isinstance(meaning, Local) else []
    if len(units) != 1 or not isinstance(units[0].node, ast.FunctionDef):
        return False
    function = units[0].node
    return not function.decorator_list and all(map(_only_defines, function.body))


def _only_defines(item: ast.stmt) -> bool:
    if isinstance(item, ast.FunctionDef):
        return not item.decorator_list and all(map(_simple, defaults(item)))
    return says_nothing(item) or (isinstance(item, ast.Return) and _simple(item.value))


def _simple(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Lambda):
        return all(map(_simple, defaults(value)))
    return value is None or isinstance(value, ast.Name | ast.Constant)


def _external(modules: Modules, module: Module, node: ast.expr) -> str:
    meaning = modules.static(module, node)
    return plain(meaning.name) if isinstance(meaning, External) else ""


def _names_only(target: ast.expr) -> bool:
    kinds = (ast.Name, ast.Tuple, ast.List, ast.Starred, ast.expr_context)
    return all(isinstance(each, kinds) for each in ast.walk(target))


def _branches(node: ast.Try) -> Iterator[ast.stmt]:
    handled = [item for handler in node.handlers for item in handler.body]
    return (each for each in (*node.body, *handled, *node.orelse, *node.finalbody) if not says_nothing(each))
