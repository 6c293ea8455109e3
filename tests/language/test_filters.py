import pytest

from reportgen.errors import InputError
from reportgen.language import reprint, style_of
from tests.language.world import World


def printed(expression, style=None):
    return reprint(expression, World(style) if style else World()).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("cnn.accuracy | percent(2)", "63.10 %"),
        ("cnn.accuracy | percent(digits=0)", "63 %"),
        ("cnn.accuracy | decimal", "0.631"),
        ("cnn.accuracy | decimal(4)", "0.6310"),
        ("(cnn.accuracy - fc.accuracy) | points(2)", "15.60 points"),
        ("(fc.accuracy - cnn.accuracy) | size", "15.6 points"),
        ("cnn.parameters | scientific", "8.2 × 10⁴"),
        ("cnn.parameters | count", "81,834"),
        ("(fc.parameters / cnn.parameters) | ratio(2)", "153"),
        ("(fc.parameters / cnn.parameters) | count", "153"),
        ("cnn.seconds | seconds", "745 s"),
        ("cnn.seconds | minutes(0)", "12 min"),
        ("3 | words", "three"),
        ("13 | words", "13"),
        ("1 | ordinal", "1st"),
        ("112 | ordinal", "112th"),
        ("23 | ordinal", "23rd"),
        ("cnn.accuracy | interval", "60.1–66.1 %"),
        ("cnn.accuracy.interval", "60.1–66.1 %"),
        ("new.accuracy.interval", "not measured"),
        ("cnn.accuracy | with_spread", "63.1 ± 1.0 %"),
        ("cnn.classes | listed", "cat, dog and frog"),
        ("cnn.classes[:2] | listed", "cat and dog"),
        ("cnn.classes[:1] | listed", "cat"),
        ("(cnn.accuracy, fc.accuracy) | listed", "63.1 % and 47.5 %"),
        ("cnn.classes | length", "3"),
        ("cnn.worst | capitalized", "Cat"),
        ("cnn.worst | upper", "CAT"),
        ("cnn.worst | capitalized | lower", "cat"),
        ("new.accuracy | percent", "not measured"),
        ("new.accuracy | interval", "not measured"),
        ("lost.accuracy | decimal", "diverged"),
        ("0.01 | percent", "1.0 %"),
        ("5", "5"),
    ],
)
def test_filters_print(expression, text):
    assert printed(expression) == text


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("cnn.accuracy", "63,1 %"),
        ("cnn.parameters", "81 834"),
        ("cnn.accuracy - fc.accuracy", "15,6 procentenheter"),
        ("cnn.classes | listed", "cat, dog och frog"),
        ("3 | words", "tre"),
        ("1 | ordinal", "1:a"),
        ("3 | ordinal", "3:e"),
        ("12 | ordinal", "12:e"),
        ("new.accuracy", "inte uppmätt"),
    ],
)
def test_filters_print_swedish(expression, text):
    assert printed(expression, style_of("sv")) == text


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("cnn.parameters | percent", "the filter `percent` can't print cnn.parameters (count)"),
        ("cnn.accuracy | count", "can't print cnn.accuracy (share)"),
        ("cnn.accuracy | percent(99)", "digits must be a whole number from 0 to 12"),
        ("cnn.accuracy | percent(-1)", "digits must be"),
        ("cnn.accuracy | percent('x')", "digits must be"),
        ("cnn.accuracy | percent(1, 2)", "`percent`: too many positional"),
        ("cnn.accuracy | percent(style=1)", "`percent`: multiple values"),
        ("cnn.worst | percent", "takes a number"),
        ("cnn.accuracy | percent | decimal", "takes a number"),
        ("cnn.accuracy | listed", "takes a list"),
        ("cnn.accuracy | length", "takes a list"),
        ("cnn.parameters | interval", "can't print"),
        ("cnn.parameters | with_spread", "one seed"),
        ("cnn.accuracy | upper", "takes a word"),
        ("-1 | ordinal", "takes a whole number"),
        ("1.5 | ordinal", "takes a whole number"),
        ("cnn.accuracy | format('x')", "unknown filter `format`"),
        ("cnn.worst | attr('name')", "unknown filter `attr`"),
    ],
)
def test_a_filter_refuses_what_it_cannot_print(expression, message):
    with pytest.raises(InputError) as caught:
        printed(expression)
    assert message in str(caught.value)
