"""Families: one model with several values of its parameters, ``[models.cnn.vary]``, is a model for each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from itertools import product
from typing import Any

from pydantic_core import SchemaValidator, ValidationError

from reportgen.errors import nearest
from reportgen.report.schema import ModelTable, TrainingTable
from reportgen.report.tables import schema_of

MOST = 100  # variants of one family
_FIXED = ("dataset", "folds", "metrics", "needs", "seeds")  # the same for all, so that they can be compared

Complain = Callable[[str, str, str], None]


@dataclass(frozen=True)
class Variant:
    """One model of a family, or a model without one.

    Attributes
    ----------
    name : str
        As answers call it: ``cnn["learning_rate=0.1"]``.
    table : ModelTable
        Its own table, what varies filled in.
    values : mapping of str to object
        What varies, by key.
    """

    name: str
    table: ModelTable
    values: Mapping[str, Any]


def variants(name: str, table: ModelTable, complain: Complain) -> list[Variant]:
    """Return the models that a table declares; what is wrong with what varies goes to `complain`."""
    if table.vary is None:
        return [Variant(name, table, {})]
    own = bool(table.train)
    if not (table.vary and all(_varies(key, given, own, complain) for key, given in table.vary.items())):
        if not table.vary:
            complain(
                "vary", "nothing varies", "name a parameter with its values: learning_rate = [0.1, 0.01]"
            )
        return []
    rows = [dict(zip(table.vary, row, strict=True)) for row in product(*table.vary.values())]
    if len(rows) > MOST:
        complain("vary", f"{len(rows)} variants; the limit is {MOST}", "leave some values out")
        return []
    return [Variant(f'{name}["{_told(row)}"]', _filled(table, row, own), row) for row in rows]


def _filled(table: ModelTable, row: Mapping[str, Any], own: bool) -> ModelTable:
    if own:
        return replace(table, vary=None, arguments={**(table.arguments or {}), **row})
    return replace(table, vary=None, **{key: _value(key, value) for key, value in row.items()})


def _varies(key: str, given: list[Any], own: bool, complain: Complain) -> bool:
    """Tell whether a key may have all these values."""
    problems = list(_wrong(key, given, own))
    for message, remedy in problems:
        complain("vary", message, remedy)
    return not problems


def _wrong(key: str, given: list[Any], own: bool) -> Iterator[tuple[str, str]]:
    texts = [text_of(value) for value in given]
    if len(set(texts)) < len(texts):
        yield f"{key} has a value twice", "give each value once"
    if any('"' in text or "\n" in text for text in texts):
        yield f"{key} has a value with a quotation mark or a line break", "give it another name"
    if own:
        return
    known = [each.name for each in fields(TrainingTable) if each.name not in _FIXED]
    if key not in known:
        yield f"{key} can't vary", nearest(key, known)
        return
    for value in given:
        try:
            _value(key, value)
        except ValidationError as error:
            told = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
            yield f"{key} can't be {text_of(value)}: {told[:1].lower()}{told[1:]}", ""


def _value(key: str, value: Any) -> Any:
    return SchemaValidator(schema_of(ModelTable, key)).validate_python(value, strict=True)


def text_of(value: object) -> str:
    """Return a value as it stands in the name of a variant."""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(text_of, value)) if isinstance(value, list | tuple) else str(value)


def _told(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}={text_of(value)}" for key, value in row.items())
