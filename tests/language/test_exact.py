"""What is exact is compared as it is, however it is written and whatever it was calculated by."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.errors import Place
from reportgen.language import Quantity, Root, evaluate, style_of
from reportgen.language.exact import Rational, calculated, counted, exactly, mean

PLACE = Place(Path("report.toml"), 1)
counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
decimals = st.integers(0, 10_000).map(lambda n: n / 10_000)


class Shares(Root):
    """Shares by name."""

    style = style_of("en")

    def __init__(self, **shares: Fraction) -> None:
        self._shares = {
            name: Quantity(float(share), "share", name, exact=share) for name, share in shares.items()
        }

    def members(self):
        return tuple(self._shares)

    def member(self, key):
        return self._shares[key]


def holds(expression, **shares):
    return evaluate(expression, Shares(**shares), PLACE).value


@pytest.mark.parametrize(
    "expression",
    [
        "a - b >= 0.02",
        "a - b <= 0.02",
        "a - b == 0.02",
        "b is between(0.39, 0.41)",
        "a is about(0.4, 0.01)",
        "b is about(0.4, 0.01)",
        "a + b + c == 1",
        "1 - a == 0.59",
        "mean(a, b) == 0.4",
        "b is times(1.95, c, 0)",
        "c * 3 == 0.6",
        "a in (0.41, 0.5)",
        "0.1 + 0.2 == 0.3",
        "0.41 - 0.39 >= 0.02",
        "0.3 / 3 == 0.1",
        "1 / 3 + 1 / 3 + 1 / 3 == 1",
        "mean(0.1, 0.2) == 0.15",
        "abs(0.39 - 0.41) <= 0.02",
        "c - 0.1 - 0.1 == 0",
        "b / c == 39 / 20",
    ],
)
def test_ties_are_ties(expression):
    shares = {"a": Fraction(41, 100), "b": Fraction(39, 100), "c": Fraction(20, 100)}
    assert holds(expression, **shares) is True


@given(counts, counts, decimals)
def test_comparisons_are_those_of_fractions(one, other, threshold):
    a, b, limit = Fraction(*one), Fraction(*other), Fraction(repr(threshold))
    for sign, expected in ((">=", a - b >= limit), ("<", a - b < limit), ("==", a - b == limit)):
        assert holds(f"a - b {sign} {threshold!r}", a=a, b=b) is expected
    assert holds(f"a >= {threshold!r}", a=a) is (a >= limit)
    assert holds(f"mean(a, b) <= {threshold!r}", a=a, b=b) is ((a + b) / 2 <= limit)
    assert holds(f"a is about(b, {threshold!r})", a=a, b=b) is (abs(a - b) <= limit)


@given(st.lists(counts, min_size=1, max_size=5))
def test_a_mean_is_exact_where_all_is(values):
    shares = [Fraction(*each) for each in values]
    number, exact = mean(shares)
    assert exact == sum(shares) / len(shares)
    assert number == float(exact)


def test_what_was_measured_in_floating_point_stays_so():
    loss = Quantity(0.1 + 0.2, "loss", "loss")
    assert loss.exact is None
    assert (loss + 1).exact is None
    assert loss != 0.3
    assert calculated(loss, "-", 0.3)[1] is None


def test_floats_are_the_decimals_that_they_print_as():
    assert exactly(0.41) == Fraction(41, 100)
    assert exactly(Rational(Fraction(1, 3))) == Fraction(1, 3)
    assert exactly(float("nan")) is None


@given(counts)
def test_a_share_is_known_by_its_total(count):
    assert counted(float(Fraction(*count)), count[1]) == Fraction(*count)
    assert isinstance(counted(1 / 7, 100), float)
    assert counted(0.5, 0) == 0.5
