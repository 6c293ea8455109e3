import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.language import FactError, KindError, MissingError, Quantity

ACCURACY = Quantity(0.631, "share", "cnn.accuracy", n=1000, k=631, bounds=lambda: (0.601, 0.66))
OTHER = Quantity(0.475, "share", "fc.accuracy")
COUNT = Quantity(81834, "count", "cnn.parameters")
SECONDS = Quantity(150.0, "seconds", "cnn.seconds")
RATE = Quantity(0.01, "rate", "cnn.rate")
MISSING = Quantity(math.nan, "share", "new.accuracy", missing="not measured")


@pytest.mark.parametrize(
    ("result", "kind", "text", "name"),
    [
        (lambda: ACCURACY - OTHER, "points", "15.6 points", "cnn.accuracy - fc.accuracy"),
        (lambda: ACCURACY - 0.62, "points", "1.1 points", "cnn.accuracy - 0.62"),
        (lambda: 0.7 - ACCURACY, "points", "6.9 points", "0.7 - cnn.accuracy"),
        (lambda: 1 - ACCURACY, "share", "36.9 %", "1 - cnn.accuracy"),
        (
            lambda: ACCURACY + (ACCURACY - OTHER),
            "share",
            "78.7 %",
            "cnn.accuracy + (cnn.accuracy - fc.accuracy)",
        ),
        (lambda: ACCURACY + OTHER, "share", "110.6 %", "cnn.accuracy + fc.accuracy"),
        (lambda: ACCURACY / OTHER, "ratio", "1.33", "cnn.accuracy / fc.accuracy"),
        (lambda: ACCURACY * COUNT, "count", "51,637.3", "cnn.accuracy * cnn.parameters"),
        (lambda: COUNT / 2, "count", "40,917", "cnn.parameters / 2"),
        (lambda: 2 * COUNT, "count", "163,668", "2 * cnn.parameters"),
        (lambda: COUNT / COUNT, "ratio", "1.00", "cnn.parameters / cnn.parameters"),
        (lambda: COUNT + 1, "count", "81,835", "cnn.parameters + 1"),
        (
            lambda: SECONDS / Quantity(15, "count", "cnn.epochs"),
            "seconds",
            "10.0 s",
            "cnn.seconds / cnn.epochs",
        ),
        (lambda: SECONDS / 2, "seconds", "75.0 s", "cnn.seconds / 2"),
        (lambda: RATE * 2, "rate", "0.02", "cnn.rate * 2"),
        (lambda: -ACCURACY, "share", "−63.1 %", "-cnn.accuracy"),
        (lambda: abs(OTHER - ACCURACY), "points", "15.6 points", "abs(fc.accuracy - cnn.accuracy)"),
    ],
)
def test_arithmetic_gives_the_kind_that_it_should(result, kind, text, name):
    found = result()
    assert (found.kind, str(found).replace("\xa0", " "), found.name) == (kind, text, name)


@pytest.mark.parametrize(
    "operation",
    [
        lambda: ACCURACY + 0.1,
        lambda: ACCURACY + COUNT,
        lambda: ACCURACY - COUNT,
        lambda: COUNT - SECONDS,
        lambda: ACCURACY * OTHER,
        lambda: SECONDS * SECONDS,
        lambda: COUNT / SECONDS,
        lambda: ACCURACY - "0.62",
        lambda: COUNT * "ab",
        lambda: COUNT + True,
        lambda: Quantity(2021, "label", "year") + 1,
        lambda: Quantity(2021, "label", "year") * 2,
    ],
)
def test_arithmetic_refuses_different_kinds(operation):
    with pytest.raises(KindError, match=r"can't (add|subtract|multiply|divide)"):
        operation()


@pytest.mark.parametrize(
    ("comparison", "holds"),
    [
        (lambda: ACCURACY > OTHER, True),
        (lambda: ACCURACY < OTHER, False),
        (lambda: ACCURACY >= 0.631, True),
        (lambda: ACCURACY <= 0.63, False),
        (lambda: ACCURACY < 0.7, True),
        (lambda: COUNT == 81834, True),
        (lambda: COUNT != 81834, False),
        (lambda: Quantity(1.5, "number", "x") > RATE, True),
        (lambda: ACCURACY - OTHER > 0.1, True),
    ],
)
def test_comparison_within_a_kind(comparison, holds):
    assert comparison() is holds


@pytest.mark.parametrize(
    ("comparison", "message"),
    [
        (lambda: ACCURACY > COUNT, r"cnn\.accuracy \(a share\) with cnn\.parameters \(a count\)"),
        (lambda: ACCURACY > 62, r"cnn\.accuracy \(a share\) with 62"),
        (lambda: ACCURACY - OTHER > 15, r"with 15"),
        (lambda: ACCURACY > "0.62", r'with "0\.62"'),
        (lambda: ACCURACY > True, "with true"),
        (lambda: ACCURACY == SECONDS, r"with cnn\.seconds \(a time\)"),
        (lambda: bool(ACCURACY), "not true or false"),
    ],
)
def test_comparison_refuses_different_kinds(comparison, message):
    with pytest.raises(KindError, match=message):
        comparison()


def test_a_share_out_of_range_says_how_to_write_it():
    with pytest.raises(KindError) as caught:
        ACCURACY.__gt__(62)
    assert "62 % is 0.62" in caught.value.remedy


def test_what_is_missing_stays_missing():
    assert str(MISSING) == "not measured"
    assert str(MISSING - OTHER) == "not measured"
    assert str(OTHER - MISSING) == "not measured"
    with pytest.raises(MissingError, match=r"new\.accuracy: not measured"):
        MISSING > 0.5  # noqa: B015
    with pytest.raises(MissingError, match=r"new\.accuracy \(a share\): not measured"):
        OTHER > MISSING  # noqa: B015


def test_nan_is_a_diverged_training():
    lost = Quantity(math.nan, "loss", "cnn.loss")
    assert (lost.missing, str(lost), lost.decided) == ("training diverged", "diverged", False)


def test_interval_and_spread():
    assert str(ACCURACY.lower) == "60.1\xa0%"
    assert ACCURACY.upper.name == "cnn.accuracy.upper"
    seeds = Quantity(0.63, "share", "cnn.accuracy", seeds=(0.62, 0.63, 0.64))
    assert seeds.spread.value == pytest.approx(0.01)
    assert seeds.spread.kind == "points"
    assert seeds.members() == ("spread",)
    with pytest.raises(FactError, match="one seed"):
        _ = ACCURACY.spread
    with pytest.raises(FactError, match="no interval"):
        _ = COUNT.lower


def test_division_by_a_fact_that_is_zero():
    with pytest.raises(FactError, match=r"cnn\.errors \(a count\) is zero"):
        COUNT / Quantity(0, "count", "cnn.errors")


@given(st.floats(0, 1), st.floats(0, 1))
def test_comparison_agrees_with_that_of_the_numbers(a, b):
    left, right = Quantity(a, "share", "a"), Quantity(b, "share", "b")
    assert (left < right, left <= right, left == right) == (a < b, a <= b, a == b)
    assert float(left - right) == a - b


def test_losses_of_two_functions_cannot_be_compared():
    plain = Quantity(1.0, "loss", "cnn.loss", basis="mse")
    smoothed = Quantity(1.2, "loss", "own.loss", basis="categorical_crossentropy(label_smoothing=0.1)")
    assert plain < Quantity(1.1, "loss", "fc.loss", basis="mse")
    assert plain < 2
    for operation in (lambda: plain < smoothed, lambda: plain - smoothed, lambda: plain / smoothed):
        with pytest.raises(KindError) as caught:
            operation()
        assert "measure different things" in caught.value.remedy
    assert (plain - 0.5).basis == "mse"
    assert (plain / plain).basis == ""
