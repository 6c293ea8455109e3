"""Rules of comparison: what may stand beside a comparison sign, or before and after ``in``."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

from reportgen.language.exact import comparable
from reportgen.language.filters import Printed
from reportgen.language.groups import Series
from reportgen.language.quantity import Quantity
from reportgen.language.values import KindError, MissingError, Term, described

SIGNS: Final[Mapping[str, tuple[str, Callable[[Any, Any], Any]]]] = {
    "eq": ("==", operator.eq),
    "ne": ("!=", operator.ne),
    "lt": ("<", operator.lt),
    "lteq": ("<=", operator.le),
    "gt": (">", operator.gt),
    "gteq": (">=", operator.ge),
}


def is_number(value: object) -> bool:
    """Return whether a value is a number, bare or not; true and false are not."""
    return isinstance(value, int | float | Quantity) and not isinstance(value, bool)


def compared(left: object, sign: str, right: object) -> bool:
    """Return whether ``left sign right`` holds; `sign` is a key of `SIGNS`.

    Raises
    ------
    KindError
        If the two are different kinds of things.
    MissingError
        If one has no value.
    """
    mark, compare = SIGNS[sign]
    for value in (left, right):
        if isinstance(value, Printed):
            raise KindError(
                "a filter returns text, which can be printed but not compared", "compare the fact itself"
            )
    if is_number(left) and is_number(right):
        bare = not isinstance(left, Quantity) and not isinstance(right, Quantity)
        return bool(compare(*(comparable(left, right) if bare else (left, right))))
    if isinstance(left, str) and isinstance(right, str) and sign in ("eq", "ne"):
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Term):
                one.require(str(other))
        return bool(compare(str(left), str(right)))
    if isinstance(left, bool) and isinstance(right, bool) and sign in ("eq", "ne"):
        return bool(compare(left, right))
    raise KindError(f"can't compare {described(left)} with {described(right)} by `{mark}`")


def contains(group: object, item: object) -> bool:
    """Return whether a list holds a value.

    Raises
    ------
    KindError
        If `group` is no list, or holds another kind of things.
    MissingError
        If there is no list yet.
    """
    if not isinstance(group, tuple | Series):
        raise KindError(f"`in` needs a list, and {described(group)} is not one")
    if isinstance(group, Series) and group.missing:
        raise MissingError(f"{group.name}: {group.missing}")
    found = [compared(item, "eq", entry) for entry in group]  # each entry, so that no slip hides
    return any(found)
