"""Find where a notebook fits its models: how they are built and trained, and on which data."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportgen.commands.from_notebook.code import Statement, method

_NUMBERS = re.compile(r"(?!Logistic).*(Regress(or|ion)|Ridge|Lasso|ElasticNet|SVR)$")
_LOSSES = ("mse", "mae", "mean_squared_error", "mean_absolute_error", "huber")
_TESTING = ("evaluate", "score", "predict", "predict_proba")


@dataclass(frozen=True)
class Fit:
    """A call of ``fit``.

    Attributes
    ----------
    variable : str
        The model's.
    begin, end : int
        The statements from the one that makes the model to the one that fits it.
    data : tuple of str
        Names of training inputs and labels, then those of the test, as far as they are names.
    keys : mapping of str to object
        Training parameters of report.toml that the notebook says.
    """

    variable: str
    begin: int
    end: int
    data: tuple[str, ...] = ()
    keys: Mapping[str, Any] = field(default_factory=dict)

    @property
    def predicts_numbers(self) -> bool:
        """Whether its loss, or its class, is one of regression."""
        return bool(self.keys.get("regression"))


def fits(code: Sequence[Statement]) -> Iterator[Fit]:
    """Yield every model that is fitted, the first time that it is."""
    seen: set[int] = set()
    for end, each in enumerate(code):
        called = next(
            (found for node in ast.walk(each.node) if (found := method(node)) and found[1] == "fit"), None
        )
        begin = max((at for at in range(end) if called and code[at].fresh == called[0]), default=None)
        if called is None or begin is None or begin in seen or not _is_model(code, called[0], end):
            continue
        seen.add(begin)
        names = [*_names(called[2])[:2], *_tested(code, called[0], end)]
        constants = {
            one.fresh: one.node.value
            for one in code[:end]
            if one.constant and isinstance(one.node, ast.Assign)
        }
        keys = _keys(code[begin : end + 1], called, constants)
        yield Fit(called[0], begin, end, tuple(names) if len(names) == 4 else (), keys)


def _is_model(code: Sequence[Statement], name: str, end: int) -> bool:
    """Tell whether what is fitted is asked for predictions, too; a scaler is not."""
    asked = {
        found[1]
        for each in code
        for node in ast.walk(each.node)
        if (found := method(node)) and found[0] == name
    }
    return bool(asked & {*_TESTING, "compile"})


def _names(call: ast.Call) -> list[str]:
    given = [
        *call.args,
        *(each.value for key in ("x", "X", "y") for each in call.keywords if each.arg == key),
    ]
    return [each.id for each in given if isinstance(each, ast.Name)]


def _tested(code: Sequence[Statement], variable: str, end: int) -> list[str]:
    """Return the names of test inputs and labels: what the model is evaluated on, or called so."""
    for each in code[end:]:
        for node in ast.walk(each.node):
            called = method(node)
            if called and called[0] == variable and called[1] in ("evaluate", "score"):
                names = _names(called[2])
                if len(names) == 2:
                    return names
    call = next(
        found[2] for node in ast.walk(code[end].node) if (found := method(node)) and found[1] == "fit"
    )
    bound = {name for each in code for name in each.binds}
    other = [re.sub("train(ing)?", "test", name) for name in _names(call)[:2]]
    return other if all(name in bound for name in other) and other != _names(call)[:2] else []


def _keys(
    code: Sequence[Statement], fit: tuple[str, str, ast.Call], constants: Mapping[str, ast.expr]
) -> dict[str, Any]:
    """Return the training parameters that ``compile`` and ``fit`` are given as constants."""

    def value(node: ast.expr | None) -> Any:
        node = constants.get(node.id, node) if isinstance(node, ast.Name) else node
        return node.value if isinstance(node, ast.Constant) else None

    found: dict[str, Any] = {}
    for each in fit[2].keywords:
        if each.arg in ("epochs", "batch_size") and isinstance(value(each.value), int):
            found[each.arg] = value(each.value)
    compiled = next((call for one in code if (call := method(one.node)) and call[1] == "compile"), None)
    given = {each.arg: each.value for each in compiled[2].keywords} if compiled else {}
    if (loss := _called(given.get("loss"))) is not None:
        found["loss"] = loss
    optimizer = given.get("optimizer")
    if (name := _called(optimizer)) is not None:
        found["optimizer"] = name
        rates = [
            each.value for each in getattr(optimizer, "keywords", ()) if each.arg in ("learning_rate", "lr")
        ]
        rate = value((rates or [None, *getattr(optimizer, "args", ())][-1:])[0])
        if isinstance(rate, float | int):
            found["learning_rate"] = float(rate)
    made = code[0].node.value if isinstance(code[0].node, ast.Assign) else None
    of_class = (
        any(
            _NUMBERS.match(name)
            for node in ast.walk(made)
            if (name := _called(node)) and isinstance(node, ast.Call)
        )
        if made
        else False
    )
    if str(found.get("loss", "")).lower() in _LOSSES or of_class:
        found["regression"] = True
    return found


def _called(node: ast.AST | None) -> str | None:
    """Return a text, or the name of the class or function that is called."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Call(func=ast.Attribute(attr=name)) | ast.Call(func=ast.Name(id=name)):
            return name
    return None
