from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.errors import InputError
from reportgen.language import ClaimSource, expression_names, parse, references, unknown_names

BODY = """The CNN reaches {{ cnn.accuracy }}.

{% claim cnn.accuracy > fc.accuracy %}
It is better than {{ fc.title }}
in `{{ code }}` and $x^{{2}}$.
{% endclaim %}
{% for pair in cnn.confusions %}{{ pair.count }} of {{ loop.length }}{% endfor %}
See {{ ref(own.figure) }}. {{ own.summary }}
"""


def test_names_claims_and_references_are_found():
    answer = parse(BODY, "answers/04-cnn.md", 6)
    assert dict(answer.roots) == {"cnn": 6, "fc": 8, "own": 13}
    assert answer.names == ("cnn", "fc", "own")
    assert answer.claims == (
        ClaimSource(
            "cnn.accuracy > fc.accuracy",
            "It is better than {{ fc.title }} in `{{ code }}` and $x^{{2}}$.",
            8,
        ),
    )
    assert {"own.figure", "own.summary", "cnn.accuracy"} == set(references(answer)) - {
        "pair.count",
        "loop.length",
        "fc.title",
    }


def test_a_name_bound_by_a_loop_is_no_root():
    answer = parse("{% for cnn in report.models %}{{ cnn.title }}{% endfor %}{{ cnn.title }}", "a.md", 1)
    assert answer.names == ("report", "cnn")


def test_problems_name_file_and_line_of_the_file():
    with pytest.raises(InputError) as caught:
        parse("fine\n{{ a b }}\n\n{{ c", Path("answers/01.md"), 5)
    assert [(problem.path, problem.line) for problem in caught.value.problems] == [
        ("answers/01.md", 6),
        ("answers/01.md", 8),
    ]
    with pytest.raises(InputError) as caught:
        parse("fine\n{{ a b }}\n\n{{ c d }}", Path("answers/01.md"), 5)
    assert [problem.line for problem in caught.value.problems] == [6, 8]


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("a\nb \ue000show:0\ue001", "U+E000", 2),
        ("a\nb \ue002", "U+E002", 2),
        ("x" * 250_001, "250,001 characters is too long", 1),
        ("a\n\n$x = {{ cnn.accuracy }}$", "inside a formula", 3),
        ("a\n{% claim 1 < 2 %}so{% endclaim %}", "uses no fact", 2),
        ("a\n{% claim abs(-1) == 1 %}so{% endclaim %}", "uses no fact", 2),
    ],
)
def test_text_that_cannot_be_an_answer_is_refused(text, message, line):
    with pytest.raises(InputError) as caught:
        parse(text, "a.md")
    (problem,) = caught.value.problems
    assert message in problem.message
    assert problem.line == line


def test_unknown_roots_are_named_with_the_nearest():
    answer = parse("{{ cn.accuracy }}\n{{ fc.accuracy }}", "a.md", 3)
    (problem,) = unknown_names(answer, ["cnn", "fc"])
    assert (problem.line, problem.message) == (3, "unknown name `cn`")
    assert problem.remedy == "did you mean `cnn`?"


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("test.accuracy > 0.62 and epochs <= 25", ("test", "epochs")),
        ("abs(a.b - c) < 1", ("a", "c")),
        ("a", ("a",)),
        ("a b", ()),
    ],
)
def test_names_of_an_expression(expression, names):
    assert expression_names(expression) == names


def test_windows_line_ends_count_as_lines():
    answer = parse("a\r\n{{ cnn.accuracy }}\r\n", "a.md")
    assert dict(answer.roots) == {"cnn": 2}


@given(st.text(alphabet="{}%#|.ab1 \n'\"()[]-`$claimendif", max_size=60))
def test_any_text_is_read_or_refused_with_a_place(text):
    try:
        answer = parse(text, "a.md", 10)
    except InputError as error:
        assert all(problem.path == "a.md" and problem.line >= 10 for problem in error.problems)
    else:
        assert answer.text == text
