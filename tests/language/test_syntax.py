import pytest
from jinja2 import nodes

from reportgen.language import syntax
from reportgen.language.syntax import Tag


def tags(text):
    return syntax.tags(syntax.tokens(text))


def test_tags_are_found_with_line_keyword_and_expression():
    assert tags(
        "a {{ b.c | d(1) }}\n{%- if x > 1 -%}\ny{% endif %}{# {{ no }} #}{% raw %}{{ no }}{% endraw %}"
    ) == [
        Tag(1, "", "b.c | d(1)"),
        Tag(2, "if", "x > 1"),
        Tag(3, "endif", ""),
    ]


def test_a_claim_knows_its_sentence():
    text = "{% claim a > 1 %}It is {{ a }},{# no #} really{% endclaim %} and {% claim b %}so{% endclaim %}"
    found = [tag for tag in tags(text) if tag.keyword == "claim"]
    assert found == [Tag(1, "claim", "a > 1", "It is {{ a }}, really"), Tag(1, "claim", "b", "so")]


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("{% if a %}\nb\n{% endif %}\nc", "{% if a \n%}b\n{% endif \n%}c"),
        ("  {% for a in b %}  \n- x\n", "{% for a in b \n%}- x\n"),
        ("{%- else -%}\nx", "{%- else \n-%}x"),
        ("x {% if a %}\n", "x {% if a %}\n"),
        ("{% if a %}x\n", "{% if a %}x\n"),
        ("{% if a %}{% if b %}\n", "{% if a %}{% if b %}\n"),
        ("{% claim a %}\nx\n{% endclaim %}\n", "{% claim a %}\nx\n{% endclaim %}\n"),
        ("{{ a }}\n", "{{ a }}\n"),
        ("{% iffy %}\n", "{% iffy %}\n"),
    ],
)
def test_control_tags_on_their_own_lines_leave_no_line(text, changed):
    assert syntax.control_lines(text) == changed
    assert changed.count("\n") == text.count("\n")


def test_the_tree_is_that_of_jinja():
    text = "a {{ b.c }}\n{% for d in e %}{{ d }}{% else %}f{% endfor %}"
    assert syntax.tree(syntax.tokens(text)) == syntax.ENVIRONMENT.parse(text)


def test_walking_visits_what_jinja_visits():
    tree = syntax.ENVIRONMENT.parse("{{ a.b(c, d=1) | e }}{% if f > 1 %}g{% elif h %}i{% else %}j{% endif %}")
    assert [*syntax.walk(tree)][1:] == list(tree.find_all(nodes.Node))


def test_only_the_claim_tag_makes_a_claim():
    claim, call = (
        next(syntax.ENVIRONMENT.parse(text).find_all(nodes.CallBlock))
        for text in ("{% claim a %}b{% endclaim %}", "{% call claim(a) %}b{% endcall %}")
    )
    assert syntax.is_claim(claim)
    assert not syntax.is_claim(call)
    syntax.number_claim(claim, 3)
    assert syntax.claim_number(claim) == 3
