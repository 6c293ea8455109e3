"""The listing: every fact by name, with its value and what it means.

A class publishes a fact by a method with `reportgen.language.published`; the method's docstring is the
fact's description here, so that neither can be forgotten.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reportgen.errors import InputError, Place, Problem
from reportgen.language import FactError, Namespace, Quantity, Root, Series, Show, Term, evaluate
from reportgen.language.functions import FUNCTIONS
from reportgen.language.numbers import NARROW, NBSP
from reportgen.results.confusion import ConfusionMatrix

MOST_ENTRIES: Final = 3


@dataclass(frozen=True)
class Entry:
    """One fact.

    Attributes
    ----------
    name : str
        As answers call it.
    text : str
        As it prints.
    kind : str
        What it measures (see `reportgen.language.numbers.Kind`), or ``word``, ``truth`` (yes or no),
        ``list``, ``matrix``, ``show`` (a table or figure), ``function``.
    description : str
    value : object
        The fact itself: `Quantity`, `Term`, `bool`, `Series`, `Show`.
    """

    name: str
    text: str
    kind: str
    description: str
    value: object


def listing(facts: Root, name: str = "") -> list[Entry]:
    """Return the facts at and below a dotted name, or all.

    Of a list the first three entries stand for all; an accuracy's interval is listed where it is asked
    for by name.

    Raises
    ------
    InputError
        If there is no such name; the message has the nearest ones.
    """
    if not name:
        return list(_members(facts))
    found = evaluate(name, facts, Place(Path("facts"), 0))
    value, description = found.value, _described(facts, name)
    if isinstance(value, Quantity):
        return [*_entries(name, value, description), *_members(value)]
    if isinstance(value, Series):
        return [Entry(name, _size(value), "list", description, value), *_listed(value, len(value))]
    entries = list(_entries(name, value, description))
    if not entries:
        raise InputError(Problem("", 0, f"`{name}` is not a fact", found.reason))
    return entries


def functions() -> list[Entry]:
    """Return the functions that answers may call, with their parameters."""
    return [
        Entry(f"{name}({', '.join(_parameters(made))})", "", "function", _first_line(made), made)
        for name, made in FUNCTIONS.items()
    ]


def _parameters(function: Callable[..., object]) -> Iterator[str]:
    for name, parameter in inspect.signature(function).parameters.items():
        yield f"*{name}" if parameter.kind is parameter.VAR_POSITIONAL else name


def _first_line(function: Callable[..., object]) -> str:
    return (inspect.getdoc(function) or "").partition("\n")[0]


def by_text(facts: Root) -> dict[str, str]:
    """Return names of measured numbers by how they print; of several that print the same, the shortest."""
    measured = ("share", "points", "count", "loss", "seconds", "ratio", "amount")
    entries = [entry for entry in listing(facts) if entry.kind in measured]
    spaces = str.maketrans({NBSP: " ", NARROW: " "})
    longest_first = sorted(entries, key=lambda entry: -len(entry.name))
    found = {entry.text.translate(spaces): entry.name for entry in longest_first}
    return {text: name for text, name in found.items() if len(text) > 2}


def _described(facts: Root, name: str) -> str:
    """Return the description of the last part of a dotted name."""
    stem = name[: name.rfind("[")] if name.endswith("]") else name
    owner = stem.rpartition(".")[0]
    key = name.removeprefix(owner).removeprefix(".")
    parent = evaluate(owner, facts, Place(Path("facts"), 0)).value if owner else facts
    return parent.describe(key) if isinstance(parent, Namespace) else ""


def _members(owner: Namespace) -> Iterator[Entry]:
    for key in owner.members():
        name, description = owner.path(key), owner.describe(key)
        try:
            value = owner.member(key)
        except FactError as error:
            yield Entry(name, error.message, "missing", description, None)
        else:
            yield from _entries(name, value, description)


def _entries(name: str, value: object, description: str) -> Iterator[Entry]:
    match value:
        case Quantity():
            yield Entry(name, str(value), value.kind, description, value)
        case Term():
            yield Entry(name, str(value), "word", description, value)
        case bool():
            yield Entry(name, "yes" if value else "no", "truth", description, value)
        case Show(kind=kind):
            yield Entry(name, kind.replace("_", " "), "show", description, value)
        case ConfusionMatrix():
            yield Entry(name, f"{len(value.classes)} × {len(value.classes)}", "matrix", description, value)
        case Series():
            yield Entry(name, _size(value), "list", description, value)
            yield from _listed(value, MOST_ENTRIES)
        case Namespace():
            yield from _members(value)


def _size(value: Series[object]) -> str:
    return value.missing or (f"{len(value)} entry" if len(value) == 1 else f"{len(value)} entries")


def _listed(value: Series[object], most: int) -> Iterator[Entry]:
    for index, item in enumerate(() if value.missing else value.part(None, most)):
        name = value.path(index)
        if not isinstance(item, Namespace) or item.name == name:  # models are listed under their own names
            yield from _entries(name, item, value.describe(name))
