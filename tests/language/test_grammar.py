import pytest

from reportgen.errors import InputError
from reportgen.language import grammar, parse


def faults(text):
    return [(fault.line, fault.message) for fault in grammar.template(text).faults]


@pytest.mark.parametrize(
    ("tag", "message"),
    [
        ("{% set x = 1 %}", "`set`"),
        ("{% include 'x' %}", "`include`"),
        ("{% import 'x' as y %}", "`import`"),
        ("{% from 'x' import y %}", "`from … import`"),
        ("{% extends 'x' %}", "`extends`"),
        ("{% block x %}{% endblock %}", "`block`"),
        ("{% macro m() %}{% endmacro %}", "`macro`"),
        ("{% call m() %}{% endcall %}", "`call`"),
        ("{% filter upper %}x{% endfilter %}", "`filter` as a block"),
        ("{% with x = 1 %}{% endwith %}", "`with`"),
        ("{% autoescape true %}{% endautoescape %}", "`autoescape`"),
        ("{{ 2 ** 9 }}", "`**`"),
        ("{{ 'a' % b }}", "`%` between values"),
        ("{{ 7 // 2 }}", "`//`"),
        ("{{ 'a' ~ 'b' }}", "`~`"),
        ("{{ {'a': 1} }}", "a dictionary"),
    ],
)
def test_what_is_not_allowed_is_named(tag, message):
    assert faults(f"first\n{tag}") == [(2, f"{message} is not part of the language of answers")]


@pytest.mark.parametrize(
    ("tag", "message"),
    [
        ("{{ a.__class__ }}", "no fact is called `__class__`"),
        ("{{ a._x }}", "no fact is called `_x`"),
        ("{{ none }}", "`none` is not part"),
        ("{{ a if b }}", "needs an `else`"),
        ("{{ a.b() }}", "only functions are called"),
        ("{{ a()() }}", "only functions are called"),
        ("{{ abs(*a) }}", "arguments are not part"),
        ("{{ abs(**a) }}", "arguments are not part"),
        ("{{ 1e999 }}", "too large"),
        ("{{ 99999999999999999999 }}", "too large"),
        (r"{{ '\ue000show:0\ue001' }}", "can't be printed"),
        (r"{{ '\ud800' }}", "can't be printed"),
        (r"{{ '\x00' }}", "can't be printed"),
        ("{% for a, b in c %}{% endfor %}", "one name"),
        ("{% for _a in c %}{% endfor %}", "can't name"),
        ("{% for a in c recursive %}{% endfor %}", "recursive loop"),
        ("{% claim a %}{% claim b %}{% endclaim %}{% endclaim %}", "a claim is inside another claim"),
        ("{{ " + "a" * 601 + " }}", "601 characters is too long"),
        ("{{ " + "(" * 41 + "a" + ")" * 41 + " }}", "nested 41 deep"),
        ("{{ " + "not " * 50 + "a }}", "nested more than 40 deep"),
        ("{{ " + "-" * 300 + "a }}", "nested"),
        ("{{ a" + ".b" * 60 + " }}", "nested more than 40 deep"),
        ("{% if a %}" * 30 + "{% endif %}" * 30, "nested more than 20 deep"),
        ("{{ a b }}", "syntax error: did not expect 'b' here"),
        ("{{ a", "syntax error"),
        ("{{ }}", "syntax error"),
        ("{{ a | }}", "syntax error"),
        ("{{ ? }}", "syntax error: unexpected char"),
        ("{% nonsense %}", "unknown tag 'nonsense'"),
        ("{% claim a %}never closed", "syntax error"),
        ("{% endclaim %}", "unknown tag 'endclaim'"),
        ("{% if a %}", "syntax error"),
        (r"{{ '\N{NOT A NAME}' }}", "syntax error"),
        ("{{ " + "9" * 500 + " }}", "too large"),
    ],
)
def test_what_is_wrong_is_found_on_its_line(tag, message):
    found = faults(f"first\n\n{tag}")
    assert [line for line, _ in found] == [3]
    assert message in found[0][1]


def test_every_syntax_error_is_reported_at_once():
    text = "{{ a b }}\nfine {{ a }}\n{% claim x + %}s{% endclaim %}\n{% if > %}{% endif %}"
    assert [line for line, _ in faults(text)] == [1, 3, 4]


def test_what_else_is_wrong_is_reported_with_syntax_errors():
    assert [line for line, _ in faults("{{ a b }}\n{% set x = 1 %}\n{{ a.__b__ }}")] == [1, 3, 2]
    assert [line for line, _ in faults("{{ a b }}\n\n{% if a %}")] == [1, 3]


def test_every_forbidden_node_is_reported_at_once():
    assert [line for line, _ in faults("{% set x = 1 %}\n{{ a }}\n{{ a ** 2 }}\n{{ a.__b__ }}")] == [1, 3, 4]


@pytest.mark.parametrize(
    "text",
    [
        "{{ a.b.c }} {{ a['x y'] }} {{ a[0] }} {{ a['x', 'y'] }} {{ a[:3] }}",
        "{{ (a - b) | points(2) }} {{ a | decimal(digits=2) }}",
        "{% if a > 1 and not b or c in d %}x{% elif a is about(3, 0.1) %}y{% else %}z{% endif %}",
        "{% for a in b if a.c > 1 %}{{ loop.index }}{% else %}none{% endfor %}",
        "{% claim 0.6 < a.b <= 0.7 %}so{% endclaim %}",
        "{{ 'more' if a > b else 'less' }} {{ abs(-a) }} {{ max(a, b) }} {{ +1 }}",
        "{% raw %}{{ not read }}{% endraw %}{# a comment #}",
    ],
)
def test_what_is_allowed_is_read(text):
    parsed = grammar.template(text)
    assert parsed.faults == []
    assert parsed.tree is not None


@pytest.mark.parametrize("text", ["a b", "a }}", "1 %} {{ 2", "", "a; b", "{{ a }}", "a.__class__", "x = 3"])
def test_an_expression_is_one_expression(text):
    tree, found = grammar.expression(text)
    assert tree is None
    assert found


def test_a_decimal_without_its_zero_is_explained():
    with pytest.raises(InputError, match=r"a decimal begins with a digit, as in 0\.41"):
        parse("{% claim cnn.accuracy > .41 %}So{% endclaim %}", "x.md", 1)
