import pytest

from reportgen.language import PrintedFact, Rendered, Show, TestOutcome


@pytest.mark.parametrize(
    ("p_value", "supported", "adjusted", "holds"),
    [
        (0.05, True, None, True),
        (0.051, True, None, False),
        (0.01, False, None, False),
        (0.01, True, {"a = b": 0.06}, False),
        (0.06, True, {"a = b": 0.01}, True),
        (0.01, True, {"c = d": 0.06}, True),
    ],
)
def test_a_relation_holds_if_supported_and_significant(p_value, supported, adjusted, holds):
    assert TestOutcome("a = b", p_value, supported, 0.05, "").holds(adjusted) is holds


@pytest.mark.parametrize(
    ("name", "filters", "expression"),
    [
        ("cnn.a", (), "cnn.a"),
        ("cnn.a", ("percent(2)",), "cnn.a | percent(2)"),
        ("cnn.a - fc.a", ("points", "upper"), "(cnn.a - fc.a) | points | upper"),
    ],
)
def test_the_expression_of_a_printed_fact(name, filters, expression):
    assert PrintedFact(name, "x", filters).expression == expression


def test_tokens_can_be_replaced():
    rendered = Rendered(
        "a \ue000fact:0\ue001 \ue000claim:0\ue001b\ue000/claim:0\ue001\n\ue000show:0\ue001",
        shows=(Show("summary", ("cnn",)),),
        facts=(PrintedFact("cnn.a", "63.1 %"),),
    )
    assert rendered.plain() == "a 63.1 % b\n"
    assert rendered.replace_tokens(lambda kind, index: f"[{kind} {index}]") == (
        "a [fact 0] [claim 0]b[/claim 0]\n[show 0]"
    )
    assert rendered.missing == ()
