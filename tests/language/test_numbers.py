import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.language import numbers
from reportgen.language.numbers import printed, style_of

ENGLISH, SWEDISH = style_of("en"), style_of("sv")


@pytest.mark.parametrize(
    ("value", "kind", "english", "swedish"),
    [
        (0.631, "share", "63.1 %", "63,1 %"),
        (1.0, "share", "100.0 %", "100,0 %"),
        (0.012, "points", "1.2 points", "1,2 procentenheter"),
        (-0.0123, "points", "−1.2 points", "−1,2 procentenheter"),
        (-0.0001, "points", "0.0 points", "0,0 procentenheter"),
        (81834, "count", "81,834", "81 834"),
        (12523266, "count", "12,523,266", "12 523 266"),
        (1.04567, "loss", "1.046", "1,046"),
        (9.81, "seconds", "9.8 s", "9,8 s"),
        (155.2, "seconds", "155 s", "155 s"),
        (745, "seconds", "12.4 min", "12,4 min"),
        (11160, "seconds", "3.1 h", "3,1 h"),
        (0.01, "rate", "0.01", "0,01"),
        (1e-6, "rate", "1 × 10⁻⁶", "1 × 10⁻⁶"),
        (0.00025, "rate", "0.00025", "0,00025"),
        (32, "number", "32", "32"),
        (153.03, "ratio", "153", "153"),
        (1.5349, "ratio", "1.53", "1,53"),
        (0.0531, "ratio", "0.0531", "0,0531"),
        (0, "ratio", "0", "0"),
        (0.0312, "probability", "0.031", "0,031"),
        (0.312, "probability", "0.31", "0,31"),
        (1e-46, "probability", "< 0.001", "< 0,001"),
        (2021, "label", "2021", "2021"),
        (math.nan, "share", "diverged", "divergerade"),
        (-math.inf, "ratio", "−∞", "−∞"),
    ],
)
def test_each_kind_prints_in_its_own_form(value, kind, english, swedish):
    assert printed(value, kind, ENGLISH).replace("\xa0", " ") == english
    assert printed(value, kind, SWEDISH).replace("\xa0", " ") == swedish


def test_spaces_inside_a_number_do_not_break():
    assert printed(0.631, "share", ENGLISH) == "63.1\xa0%"
    assert printed(81834, "count", SWEDISH) == "81\xa0834"


@pytest.mark.parametrize(
    ("language", "share", "parameters", "points"),
    [
        ("de", "63,1\u00a0%", "12\u202f523\u202f266", "1,2\u00a0Prozentpunkte"),
        ("fr", "63,1\u202f%", "12\u202f523\u202f266", "1,2\u00a0point"),
        ("es", "63,1\u00a0%", "12\u202f523\u202f266", "1,2\u00a0puntos"),
    ],
)
def test_numbers_of_other_languages(language, share, parameters, points):
    style = style_of(language)
    assert printed(0.631, "share", style) == share
    assert printed(12523266, "count", style) == parameters
    assert printed(0.012, "points", style) == points


@pytest.mark.parametrize(
    ("language", "ordinals"),
    [
        ("en", "1st 2nd 3rd 4th 11th 12th 13th 21st 112th"),
        ("sv", "1:a 2:a 3:e 4:e 11:e 12:e 13:e 21:a 112:e"),
        ("de", "1. 2. 3. 4. 11. 12. 13. 21. 112."),
        ("fr", "1er 2e 3e 4e 11e 12e 13e 21e 112e"),
        ("es", "1.º 2.º 3.º 4.º 11.º 12.º 13.º 21.º 112.º"),
    ],
)
def test_ordinals(language, ordinals):
    places = (1, 2, 3, 4, 11, 12, 13, 21, 112)
    assert " ".join(numbers.ordinal(place, style_of(language)) for place in places) == ordinals


@pytest.mark.parametrize("value", [0, 1.2, 1.96])
def test_french_counts_below_two_as_one(value):
    french = style_of("fr-CA")
    assert numbers.points(value / 100, 1, french).endswith("points") == (value > 1.9)


@pytest.mark.parametrize(("value", "digits", "text"), [(81834, 1, "8.2 × 10⁴"), (6.3e-4, 2, "6.30 × 10⁻⁴")])
def test_scientific(value, digits, text):
    assert numbers.scientific(value, digits, ENGLISH).replace("\xa0", " ") == text


def test_one_point_is_singular():
    assert numbers.points(0.01, 0, ENGLISH) == "1\xa0point"
    assert numbers.points(0.02, 0, ENGLISH) == "2\xa0points"
    assert numbers.points(0.01, 1, ENGLISH) == "1.0\xa0points"


@given(st.floats(1e-9, 1e12))
def test_a_configured_number_reads_back(value):
    text = numbers.shortest(value, ENGLISH).replace(",", "").replace("\xa0", "")
    mantissa, _, exponent = text.partition("×10")
    read = float(mantissa) * 10.0 ** int(
        (exponent or "0").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    )
    assert read == pytest.approx(value, rel=1e-12)


@given(st.floats(-1, 1), st.integers(0, 6))
def test_both_languages_print_the_same_digits(value, digits):
    english, swedish = numbers.decimal(value, digits, ENGLISH), numbers.decimal(value, digits, SWEDISH)
    assert swedish == english.replace(".", ",")
