"""Statements that are true whatever was measured are found, and no others are called so."""

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.errors import InputError
from reportgen.language import Quantity, Root, evaluate, style_of
from tests.language.world import PLACE, value_of

VACUOUS = [
    "true",
    "not false",
    "1 < 2",
    "2 > 1 > 0.5",
    "'a' == 'a'",
    "'a' in ('a', 'b')",
    "cnn.accuracy == cnn.accuracy",
    "cnn.accuracy >= cnn.accuracy",
    "cnn.accuracy <= cnn['accuracy']",
    "cnn.accuracy >= 0",
    "0 <= cnn.accuracy <= 1",
    "cnn.accuracy - fc.accuracy >= -0.5 - 0.5",
    "cnn.accuracy - fc.accuracy <= 1",
    "cnn.accuracy + fc.accuracy >= fc.accuracy",
    "2 * cnn.parameters - cnn.parameters == cnn.parameters",
    "cnn.accuracy / cnn.accuracy == 1",
    "cnn.parameters >= 0",
    "cnn.parameters * fc.parameters >= 0",
    "cnn.accuracy.lower <= cnn.accuracy",
    "cnn.accuracy.lower <= cnn.accuracy.upper",
    "1 - cnn.accuracy <= 1",
    "abs(cnn.accuracy - fc.accuracy) >= 0",
    "mean(cnn.accuracy, cnn.accuracy) == cnn.accuracy",
    "max(cnn.accuracy, fc.accuracy) >= 0",
    "min(cnn.accuracy, fc.accuracy) <= 1",
    "cnn.accuracy is between(0, 1)",
    "cnn.accuracy is about(0.5, 0.5)",
    "cnn.accuracy is about(cnn.accuracy, 0)",
    "cnn.accuracy is times(1, cnn.accuracy)",
    "cnn.accuracy > 0.6 or cnn.accuracy <= 0.6",
    "cnn.accuracy > 0.6 or true",
    "cnn.accuracy != 0.6 or cnn.accuracy == 0.6",
    "cnn.accuracy > 0.6 or not cnn.accuracy > 0.6",
    "cnn.accuracy < 0.6 or cnn.accuracy > 0.5",
    "fc.accuracy > cnn.accuracy or cnn.accuracy >= fc.accuracy",
    "cnn.nesterov or not cnn.nesterov",
    "cnn.nesterov == cnn.nesterov",
    "cnn is better_than(fc) or cnn is not better_than(fc)",
    "cnn.worst == cnn.worst",
    "cnn.worst in ('cat', 'dog', 'frog')",
    "cnn.worst == 'cat' or cnn.worst != 'cat'",
    "true if cnn.nesterov else 1 < 2",
    "(1 if cnn.accuracy > 0.6 else 2) > 0",
    "new.accuracy >= 0",
    "new.accuracy > 0.6 or new.accuracy < 0.7",
]
SOUND = [
    "cnn.accuracy > 0",
    "cnn.accuracy < 1",
    "cnn.accuracy >= 0.62",
    "cnn.accuracy > fc.accuracy",
    "cnn.accuracy - fc.accuracy > -1",
    "cnn.accuracy != 0.5",
    "cnn.accuracy < 0.9 or cnn.accuracy > 0.95",
    "cnn.parameters <= 100000",
    "cnn.rate == 0.01",
    "cnn.worst == 'cat'",
    "cnn.worst in ('cat', 'dog')",
    "cnn.worst == fc.worst",
    "cnn.nesterov",
    "cnn.nesterov == true",
    "cnn is better_than(fc)",
    "fc is not better_than(cnn)",
    "max(cnn.accuracy, fc.accuracy) == cnn.accuracy",
    "max(cnn.accuracy, fc.accuracy) > 0.6",
    "abs(cnn.accuracy - fc.accuracy) > 0.1",
    "cnn.accuracy is about(0.63, 0.01)",
    "fc.parameters is times(153, cnn.parameters)",
    "cnn.accuracy.lower > 0.6",
    "cnn.accuracy.upper >= fc.accuracy",
    "cnn.accuracy.spread < 0.02",
    "cnn.recall.cat == cnn.recall.dog",
    "cnn.parameters * 100 < fc.parameters",
    "cnn.parameters / fc.parameters < 1",
    "'dog' in cnn.classes",
    "new.accuracy > 0.5",
]


@pytest.mark.parametrize("expression", VACUOUS)
def test_what_is_true_whatever_was_measured_is_found(expression):
    assert value_of(expression).vacuous


@pytest.mark.parametrize("expression", SOUND)
def test_what_could_be_false_is_not_called_so(expression):
    assert not value_of(expression).vacuous


def test_a_requirement_is_read_in_the_names_of_its_model():
    assert value_of("accuracy >= cnn.accuracy", model="cnn").vacuous
    assert not value_of("accuracy >= cnn.accuracy", model="fc").vacuous


class Shares(Root):
    """``a`` and ``b``, drawn at random."""

    style = style_of("en")

    def __init__(self, draw: random.Random) -> None:
        shares = {name: Fraction(draw.choice((0, 1, 5, 6, 9, 10)), 10) for name in "ab"}
        self._shares = {
            name: Quantity(float(share), "share", name, exact=share) for name, share in shares.items()
        }

    def members(self):
        return tuple(self._shares)

    def member(self, key):
        return self._shares[key]


numbers = st.sampled_from(["a", "b", "a - b", "1 - a", "0", "0.5", "1", "0.6", "mean(a, b)", "max(a, b)"])
comparisons = st.builds(
    "{} {} {}".format, numbers, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), numbers
)
statements = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.builds("({}) or ({})".format, inner, inner),
        st.builds("({}) and ({})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=4,
)


@settings(max_examples=300, deadline=None)
@given(statements)
def test_nothing_vacuous_is_ever_false(statement):
    draw = random.Random(statement)
    try:
        found = [evaluate(statement, Shares(draw), PLACE) for _ in range(40)]
    except InputError:  # shares and points don't compare
        return
    if any(each.vacuous for each in found):
        assert all(each.value for each in found)
