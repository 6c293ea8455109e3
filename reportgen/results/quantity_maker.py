"""Make quantities: the one place that knows why a number may be missing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from reportgen.language import Kind, NumberStyle, Quantity, Term
from reportgen.language.exact import exactly, mean
from reportgen.language.quantity import DIVERGED, UNDEFINED, UNMEASURED, Bounds

NO_CLASSES = "it predicts a number: there are no classes"
__all__ = ["DIVERGED", "NO_CLASSES", "UNDEFINED", "UNMEASURED", "Maker", "setting"]


@dataclass(frozen=True)
class Maker:
    """Makes the quantities of one model.

    `missing` says why nothing was measured; it is empty where something was. `loss` names the function
    that losses are measured by.
    """

    style: NumberStyle
    missing: str = ""
    loss: str = ""

    def given(self, name: str, value: float | Fraction, kind: Kind = "number") -> Quantity:
        """Return a configured number, which is what was typed; it is there before anything is trained."""
        return Quantity(float(value), kind, name, style=self.style, exact=exactly(value))

    def absent(self, name: str, kind: Kind, why: str = "") -> Quantity:
        """Return a quantity without a value."""
        missing, basis = why or self.missing or UNMEASURED, self.loss if kind == "loss" else ""
        return Quantity(math.nan, kind, name, basis=basis, missing=missing, style=self.style)

    def measured(
        self,
        name: str,
        values: Sequence[float | Fraction],
        kind: Kind,
        *,
        n: int | None = None,
        k: int | None = None,
        bounds: Bounds | None = None,
        owner: object = None,
    ) -> Quantity:
        """Return the mean of one value a seed: exactly, where all are whole numbers or fractions."""
        if self.missing or not values:
            return self.absent(name, kind)
        if all(isinstance(value, int | Fraction) for value in values):
            average, exact = mean(values)
        else:
            average, exact = math.fsum(values) / len(values), None
        if math.isnan(average):
            return self.absent(name, kind, DIVERGED)
        seeds = tuple(float(value) for value in values) if len(values) > 1 else ()
        return Quantity(
            average,
            kind,
            name,
            n,
            None if seeds else k,
            seeds,
            bounds=bounds,
            owner=owner,
            basis=self.loss if kind == "loss" else "",
            style=self.style,
            exact=exact,
        )

    def word(self, name: str, text: str, choices: tuple[str, ...] = ()) -> Term:
        """Return a word that data decide."""
        shown = {"": text, DIVERGED: self.style.diverged}.get(self.missing, self.style.unmeasured)
        return Term(shown, name, choices, self.missing)


def setting(name: str, value: object, maker: Maker, kind: Kind = "number") -> object:
    """Return a configured value as a fact: a number where it is one, else a word."""
    if isinstance(value, bool):
        return value
    try:
        return maker.given(name, float(value), kind)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return Term(str(value), name)
