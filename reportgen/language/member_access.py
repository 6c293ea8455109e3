"""Reach into facts: ``cnn.test``, ``recall["cat"]``, ``confusions[:3]``; nothing but what is published."""

from __future__ import annotations

from typing import Any

from reportgen.errors import nearest
from reportgen.language.groups import Series
from reportgen.language.values import FactError, Namespace, Term, described


def member(owner: object, key: object) -> Any:
    """Return a published member of a group of facts.

    Raises
    ------
    FactError
        If no member has that name; the remedy has the nearest ones.
    """
    if not isinstance(owner, Namespace):
        raise FactError(f"{described(owner)} has no `{key}`", "it is a single value")
    try:
        return owner.member(key)
    except KeyError:
        if isinstance(owner, Series):
            remedy = f"its entries are numbered: `{owner.name}[0]`"
            raise FactError(f"{owner.name} is a list", remedy) from None
        raise FactError(f"unknown name `{owner.path(key)}`", nearest(str(key), owner.members())) from None


def reached(owner: object, name: str) -> Any:
    """Return the member of that name in a group of facts: ``recall.cat``."""
    for key in name.split("."):
        owner = member(owner, key)
    return owner


def entry(owner: object, key: object) -> Any:
    """Return what stands under a key in square brackets."""
    return member(owner, _key(key))


def part(owner: object, start: object, stop: object, step: object) -> Series[Any]:
    """Return a part of a list."""
    whole = all(bound is None or type(bound) is int for bound in (start, stop))
    if not isinstance(owner, Series) or step is not None or not whole:
        raise FactError(f"{described(owner)} can't be sliced like that", "a list can, as in `[:3]`")
    return owner.part(start, stop)  # type: ignore[arg-type]


def _key(value: object) -> object:
    """Return a key as facts know it: a word, a whole number, or a few of them."""
    match value:
        case tuple():
            return tuple(map(_key, value))
        case Term():
            return str(value)
        case str() | int() if not isinstance(value, bool):
            return value
        case _:
            remedy = "a word in quotes or a number can"
            raise FactError(f"{described(value)} can't be used in square brackets", remedy)
