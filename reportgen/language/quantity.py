"""A measured or configured number that knows its kind, its name and its uncertainty.

Kinds keep sentences honest: an accuracy can't be compared with a number of parameters, and a
difference of two accuracies is printed in points (see `reportgen.language.arithmetic`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from statistics import stdev
from typing import Final

from reportgen.language.arithmetic import BARE, RULES, Operand, alike, kind_name
from reportgen.language.exact import calculated, comparable
from reportgen.language.numbers import Kind, NumberStyle, printed, reach, span, style_of
from reportgen.language.values import (
    FactError,
    KindError,
    MissingError,
    Namespace,
    Term,
    described,
    published,
)

Bounds = Callable[[], tuple[float, float]]
UNMEASURED: Final = "not measured"
DIVERGED: Final = "training diverged"
UNDEFINED: Final = "there is no such image"


@dataclass(frozen=True, eq=False)
class Quantity(Namespace):
    """One number.

    Attributes
    ----------
    value : float
        NaN where it is `missing`.
    kind : str
        See `reportgen.language.numbers.Kind`; a share is between 0 and 1.
    name : str
        Dotted name, or for what was computed an expression that gives the same again.
    n, k : int or None
        For shares that were counted: `k` out of `n`.
    seeds : tuple of float
        One value a seed where there are several; `value` is their mean.
    bounds : callable, optional
        Computes the bounds of the 95 % interval when they are first asked for.
    owner : object
        What was measured (a split of a model), for paired comparisons.
    basis : str
        For losses the function that measured them: those of two functions can't be compared.
    missing : str
        Why there is no value (`UNMEASURED`, `DIVERGED`, `UNDEFINED`); empty where there is one.
    exact : Fraction or None
        The value as a rational, where it is known to be one; comparisons and arithmetic go by it.
    made_of : str
        The expression that it was calculated by, where it has a name of its own.
    """

    value: float
    kind: Kind
    name: str = ""
    n: int | None = None
    k: int | None = None
    seeds: tuple[float, ...] = ()
    bounds: Bounds | None = field(default=None, repr=False)
    owner: object = field(default=None, repr=False)
    basis: str = ""
    missing: str = ""
    style: NumberStyle = field(default_factory=lambda: style_of("en"), repr=False)
    exact: Fraction | None = field(default=None, repr=False)
    made_of: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if math.isnan(self.value) and not self.missing:
            object.__setattr__(self, "missing", DIVERGED)

    # ---- what answers may ask of it -------------------------------------------------------------

    @published
    def lower(self) -> Quantity:
        """Lower bound of the 95 % interval."""
        return self.derived(self.interval[0], self.kind, f"{self.name}.lower")

    @published
    def upper(self) -> Quantity:
        """Upper bound of the 95 % interval."""
        return self.derived(self.interval[1], self.kind, f"{self.name}.upper")

    @published
    def spread(self) -> Quantity:
        """Standard deviation over seeds (n − 1 in the denominator)."""
        kind: Kind = "points" if self.kind == "share" else self.kind
        if self.missing:
            return self.derived(math.nan, kind, f"{self.name}.spread")
        if len(self.seeds) < 2:
            raise FactError(f"{self.name} has one seed, so no spread", "give the model several seeds")
        return self.derived(stdev(self.seeds), kind, f"{self.name}.spread")

    def members(self) -> tuple[str, ...]:
        """Return what there is: the interval of a counted share, the spread over several seeds."""
        interval = ("lower", "upper", "interval") if self.bounds or self.missing else ()
        return interval + (("spread",) if len(self.seeds) > 1 or self.missing else ())

    def member(self, key: object) -> object:
        """Return a member; ``interval`` is that of the filter of this name."""
        if key != "interval":
            return super().member(key)
        text = str(self) if self.missing else self.shown_interval(self.style)
        return Term(text, f"{self.name}.interval", missing=self.missing)

    def shown_interval(self, style: NumberStyle, digits: int = 1) -> str:
        """Return the 95 % interval in print; `digits` are those of percentages and points."""
        if self.kind in ("share", "points"):
            return span(*self.interval, digits, style, difference=self.kind == "points")
        return reach(*self.interval, style)

    def describe(self, key: str) -> str:
        """Return what a member means."""
        return "The 95 % interval" if key == "interval" else super().describe(key)

    def called(self) -> str:
        """Return its name and kind."""
        return f"{self.name} ({kind_name(self.kind)})" if self.name else kind_name(self.kind)

    def headline(self, relation: str = "") -> tuple[object, ...]:
        """Return the number itself."""
        return (self,)

    @cached_property
    def interval(self) -> tuple[float, float]:
        """Bounds of the 95 % interval.

        Raises
        ------
        FactError
            If this is not a share that was counted.
        """
        if self.missing:
            return (math.nan, math.nan)
        if self.bounds is None:
            raise FactError(
                f"{self.name or self} has no interval", "accuracies, recalls and precisions have one"
            )
        return self.bounds()

    @property
    def decided(self) -> bool:
        """Whether there is a value."""
        return not self.missing

    @property
    def undefined(self) -> bool:
        """Whether there can't be a value, as for the recall of a class without images."""
        return self.missing == UNDEFINED

    def named(self, name: str) -> Quantity:
        """Return the same under another name."""
        return replace(self, name=name, made_of=self.made_of or self.name)

    def derived(
        self, value: float, kind: Kind, name: str, *, missing: str = "", exact: Fraction | None = None
    ) -> Quantity:
        """Return a number that was calculated from this one."""
        why, basis = self.missing or missing, self.basis if kind == self.kind else ""
        return Quantity(
            math.nan if why else value,
            kind,
            name,
            basis=basis,
            missing=why,
            style=self.style,
            exact=None if why else exact,
        )

    # ---- as a number ----------------------------------------------------------------------------

    def __float__(self) -> float:
        return float(self.value)

    def __int__(self) -> int:
        return int(self.value)

    def __str__(self) -> str:
        if self.missing == DIVERGED:
            return self.style.diverged
        if self.undefined:
            return self.style.undefined
        return self.style.unmeasured if self.missing else printed(self.value, self.kind, self.style)

    def __bool__(self) -> bool:
        raise KindError(f"{described(self)} is not true or false", "compare it with something")

    def __hash__(self) -> int:
        return hash((self.value, self.kind, self.name))

    # ---- comparisons ----------------------------------------------------------------------------

    def _beside(self, other: object) -> tuple[float, float]:
        """Return this number and the one that it is compared with: both exact, or both floats."""
        if self.kind == "probability":
            remedy = (
                "use `is significantly_better_than(…)` and the like, which correct for the number of claims"
            )
            raise KindError(f"{described(self)} can't be compared: claims don't decide by p-values", remedy)
        if isinstance(other, Quantity):
            if not alike(self.kind, other.kind):
                raise KindError(f"can't compare {described(self)} with {described(other)}")
            _same_basis(self, other)
            missing = self.missing or other.missing
        else:
            _bare(self, other)
            missing = self.missing
        if missing:
            raise MissingError(f"{self.name if self.missing else described(other)}: {missing}")
        return comparable(self, other)

    def __lt__(self, other: object) -> bool:
        number, beside = self._beside(other)
        return number < beside

    def __le__(self, other: object) -> bool:
        number, beside = self._beside(other)
        return number <= beside

    def __gt__(self, other: object) -> bool:
        number, beside = self._beside(other)
        return number > beside

    def __ge__(self, other: object) -> bool:
        number, beside = self._beside(other)
        return number >= beside

    def __eq__(self, other: object) -> bool:
        number, beside = self._beside(other)
        return number == beside

    def __ne__(self, other: object) -> bool:
        number, beside = self._beside(other)
        return number != beside

    # ---- arithmetic -----------------------------------------------------------------------------

    def __neg__(self) -> Quantity:
        exact = None if self.exact is None else -self.exact
        return self.derived(-self.value, self.kind, f"-{_operand(self)}", exact=exact)

    def __abs__(self) -> Quantity:
        exact = None if self.exact is None else abs(self.exact)
        return self.derived(abs(self.value), self.kind, f"abs({self.name})", exact=exact)

    def __add__(self, other: object) -> Quantity:
        return _combined(self, "+", other)

    def __radd__(self, other: object) -> Quantity:
        return _combined(other, "+", self)

    def __sub__(self, other: object) -> Quantity:
        return _combined(self, "-", other)

    def __rsub__(self, other: object) -> Quantity:
        return _combined(other, "-", self)

    def __mul__(self, other: object) -> Quantity:
        return _combined(self, "*", other)

    def __rmul__(self, other: object) -> Quantity:
        return _combined(other, "*", self)

    def __truediv__(self, other: object) -> Quantity:
        return _combined(self, "/", other)

    def __rtruediv__(self, other: object) -> Quantity:
        return _combined(other, "/", self)


def _bare(quantity: Quantity, other: object) -> None:
    """Raise unless a quantity may be compared with a bare number: one of its kind can be that number."""
    if isinstance(other, bool) or not isinstance(other, int | float):
        raise KindError(f"can't compare {described(quantity)} with {described(other)}")
    if quantity.kind == "share" and not 0 <= other <= 1:
        remedy = "a share lies between 0 and 1: 62 % is 0.62"
        raise KindError(f"can't compare {described(quantity)} with {other}", remedy)
    if quantity.kind == "points" and not -1 <= other <= 1:
        raise KindError(f"can't compare {described(quantity)} with {other}", "2 points are written as 0.02")


def _same_basis(left: object, right: object) -> None:
    bases = {value.basis for value in (left, right) if isinstance(value, Quantity)} - {""}
    if len(bases) > 1:
        first, second = sorted(bases)
        raise KindError(
            f"{described(left)} and {described(right)} can't be compared",
            f"{first} and {second} measure different things",
        )


def _kind(value: object) -> Operand:
    return value.kind if isinstance(value, Quantity) else BARE


def _operand(value: object) -> str:
    if isinstance(value, Quantity):
        return f"({value.name})" if any(f" {sign} " in value.name for sign in RULES) else value.name
    return repr(value)


def _combined(left: object, sign: str, right: object) -> Quantity:
    """Return the result of an operation of which one side at least is a quantity."""
    verb, rule = RULES[sign]
    for value in (left, right):
        if isinstance(value, bool) or not isinstance(value, int | float | Quantity):
            raise KindError(f"can't {verb} {described(left)} and {described(right)}")
    kind = rule(_kind(left), _kind(right))
    if sign == "-" and not isinstance(left, Quantity) and left == 1 and _kind(right) == "share":
        kind = "share"  # the complement of a share is a share
    if kind is None:
        raise KindError(f"can't {verb} {described(left)} and {described(right)}")
    _same_basis(left, right)
    first, second = (left, right) if isinstance(left, Quantity) else (right, left)
    assert isinstance(first, Quantity)
    missing = first.missing or (second.missing if isinstance(second, Quantity) else "")
    if sign == "/" and float(right) == 0:  # type: ignore[arg-type]
        raise FactError(f"{described(right)} is zero: can't divide by it")
    try:
        value, exact = (math.nan, None) if missing else calculated(left, sign, right)
    except OverflowError:
        value, exact = math.inf, None
    if math.isinf(value):
        raise FactError("the result is too large a number")
    name = f"{_operand(left)} {sign} {_operand(right)}"
    return first.derived(value, kind, name, missing=missing, exact=exact)
