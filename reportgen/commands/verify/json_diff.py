"""Find the differences between two JSON values."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from math import isclose
from typing import Any


@dataclass(frozen=True)
class Difference:
    """Where the PDF and its evidence disagree: what is printed, and what was recomputed."""

    where: str
    printed: str
    recomputed: str

    def __str__(self) -> str:
        return f"{self.where}: printed {self.printed!r}, recomputed {self.recomputed!r}"


def leaves(old: Any, new: Any, name: str) -> Iterator[tuple[str, str]]:
    """Yield the innermost values that differ, each with its name."""
    if isinstance(old, dict) and isinstance(new, dict):
        for each in dict.fromkeys((*old, *new)):
            yield from leaves(old.get(each), new.get(each), each)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for place, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from leaves(one, other, f"{name}[{place}]")
    elif isinstance(old, float) and isinstance(new, float) and isclose(old, new, rel_tol=1e-12):
        return  # the last digits depend on the order in which floating-point numbers are added
    elif old != new:
        one, other = (
            value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in (old, new)
        )
        yield f"{name} {one}".strip(), f"{name} {other}".strip()
