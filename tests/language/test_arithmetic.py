from itertools import product

import pytest

from reportgen.language.arithmetic import BARE, RULES, alike, kind_name
from reportgen.language.numbers import KINDS

OPERANDS = (*KINDS, BARE)


def result(sign, left, right):
    return RULES[sign][1](left, right)


@pytest.mark.parametrize(("left", "right"), list(product(OPERANDS, OPERANDS)))
def test_addition_and_multiplication_do_not_mind_the_order(left, right):
    assert result("+", left, right) == result("+", right, left)
    if {left, right} <= {"number", "ratio", "rate", BARE}:
        assert (result("*", left, right) is None) == (result("*", right, left) is None)
    else:
        assert result("*", left, right) == result("*", right, left)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "label"])
def test_what_is_divided_by_its_like_is_a_ratio(kind):
    assert result("/", kind, kind) == "ratio"
    assert result("/", kind, BARE) == kind
    assert result("-", kind, kind) == ("points" if kind == "share" else kind)


@pytest.mark.parametrize("sign", RULES)
@pytest.mark.parametrize("other", OPERANDS)
def test_nothing_is_calculated_with_a_label(sign, other):
    assert result(sign, "label", other) is None
    assert result(sign, other, "label") is None


@pytest.mark.parametrize("sign", ["+", "-"])
@pytest.mark.parametrize(("left", "right"), [("share", "count"), ("loss", "share"), ("seconds", "count")])
def test_different_kinds_do_not_add(sign, left, right):
    assert result(sign, left, right) is None
    assert result(sign, right, left) is None


def test_kinds_that_can_be_compared():
    assert alike("count", "count")
    assert alike("ratio", "number")
    assert not alike("share", "points")
    assert not alike("ratio", "count")


@pytest.mark.parametrize("kind", OPERANDS)
def test_every_kind_has_a_name(kind):
    assert kind_name(kind).startswith(("a ", "an "))
