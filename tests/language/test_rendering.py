import pytest

from reportgen.errors import InputError
from reportgen.language import Show, parse, render, reprint
from tests.language.world import World


def rendered(text, first_line=1, **options):
    return render(parse(text, "answers/q.md", first_line), World(), **options)


def visible(found):
    """Return the Markdown with tokens in plain characters."""
    return found.markdown.replace("\ue000", "<").replace("\ue001", ">").replace("\xa0", " ")


def test_facts_become_tokens():
    found = rendered("It reaches {{ cnn.accuracy }}, or {{ cnn.accuracy | decimal(2) }}.\n", 6)
    assert visible(found) == "It reaches <fact:0>, or <fact:1>.\n"
    assert [(fact.name, fact.text, fact.filters, fact.line) for fact in found.facts] == [
        ("cnn.accuracy", "63.1\xa0%", (), 6),
        ("cnn.accuracy", "0.63", ("decimal(2)",), 6),
    ]


@pytest.mark.parametrize(
    "tag",
    [
        "cnn.accuracy",
        "cnn.accuracy | percent(2)",
        "(cnn.accuracy - fc.accuracy) | points(digits=2)",
        "(fc.parameters - cnn.parameters) / cnn.parameters",
        "mean(cnn.accuracy, fc.accuracy)",
        "1 - cnn.accuracy",
        "cnn.recall.dog",
        "cnn.classes[1]",
        "cnn.classes[1:] | listed",
        "(cnn.worst, fc.worst) | listed",
        "cnn.accuracy.lower",
        "cnn.worst | capitalized",
        "max(cnn.parameters, fc.parameters)",
        "-(cnn.accuracy - fc.accuracy)",
    ],
)
def test_what_was_printed_can_be_printed_again_from_its_expression(tag):
    (fact,) = rendered(f"{{{{ {tag} }}}}").facts
    assert reprint(fact.expression, World()) == fact.text


def test_a_loop_names_each_fact():
    found = rendered("{% for c in cnn.classes[:2] %}\n- {{ loop.index }}. {{ c }}\n{% endfor %}\nend\n", 3)
    assert visible(found) == "- <fact:0>. <fact:1>\n- <fact:2>. <fact:3>\nend\n"
    assert [fact.name for fact in found.facts] == ["", "cnn.classes[0]", "", "cnn.classes[1]"]
    assert found.lines == (4, 4, 6, 7)


def test_lines_tell_where_the_markdown_came_from():
    text = (
        "one\n{% if cnn.accuracy > 1 %}\ntwo\n{% else %}\nfour\n{% endif %}\n"
        "{{ cnn.figure }}\nseven {{ cnn.worst }}\n"
    )
    found = rendered(text, 11)
    assert visible(found) == "one\nfour\n\n<show:0>\n\nseven <fact:0>\n"
    assert found.lines == (11, 15, 17, 17, 18, 18, 19)


def test_a_show_stands_between_empty_lines():
    assert visible(rendered("a\n{{ cnn.figure }}\nb")) == "a\n\n<show:0>\n\nb"
    assert visible(rendered("a\n\n{{ cnn.figure }}\n\nb")) == "a\n\n<show:0>\n\nb"
    assert visible(rendered("{{ cnn.figure }}\n{{ fc.figure }}\n")) == "<show:0>\n\n<show:1>\n"
    assert rendered("{{ cnn.figure }}").shows == (Show("figure", ("cnn",)),)


@pytest.mark.parametrize("text", ["a\nsee {{ cnn.figure }} here", "a\n{{ cnn.figure }} {{ fc.figure }}"])
def test_a_show_within_a_line_is_refused(text):
    with pytest.raises(InputError, match=r"q\.md:2: a figure or table is in the middle of a line"):
        rendered(text)


def test_cross_references():
    found = rendered("As {{ ref(cnn.figure) }} shows.")
    assert visible(found) == "As <ref:0> shows."
    assert found.refs == (Show("figure", ("cnn",)),)


def test_a_claim_is_marked_and_judged():
    claim = "{% claim cnn.accuracy > fc.accuracy %}The CNN, at {{ cnn.accuracy }},\nis better{% endclaim %}"
    text = f"A.\n{claim}. B.\n"
    found = rendered(text, 5)
    assert visible(found) == "A.\n<claim:0>The CNN, at <fact:0>,\nis better</claim:0>. B.\n"
    (claim,) = found.claims
    assert (claim.holds, claim.line, claim.expression) == (True, 6, "cnn.accuracy > fc.accuracy")
    assert claim.sentence == "The CNN, at 63.1\xa0%, is better"
    assert [fact.name for fact in claim.measured] == ["cnn.accuracy", "fc.accuracy"]


def test_white_space_stays_outside_a_claim():
    found = rendered("{% claim cnn.nesterov %}\n  so it is \n{% endclaim %}\nB")
    assert visible(found) == "\n  <claim:0>so it is</claim:0> \n\nB"


def test_claims_on_one_line_keep_their_expressions():
    found = rendered("{% claim cnn.nesterov %}a{% endclaim %} {% claim cnn.accuracy > 0.9 %}b{% endclaim %}")
    assert [(claim.expression, claim.holds) for claim in found.claims] == [
        ("cnn.nesterov", True),
        ("cnn.accuracy > 0.9", False),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{% claim cnn.accuracy %}a{% endclaim %}", "the claim `cnn.accuracy` is not true or false"),
        ("{% claim cnn.worst %}a{% endclaim %}", "is not true or false"),
        ("{% claim cnn.nesterov %}a\n\nb{% endclaim %}", "spans paragraphs"),
        ("{% claim cnn.nesterov %}\n{{ cnn.figure }}\n{% endclaim %}", "encloses a figure"),
        ("{{ cnn }}", "cnn is a group of facts (name one of `accuracy`"),
        ("{{ cnn.nesterov }}", "true or false can't be printed"),
        ("{{ cnn.classes }}", "a list can't be printed (write `| listed`, or a `for`)"),
        ("{{ (1, 2) }}", "a list can't be printed"),
        ("{% for c in cnn.accuracy %}{% endfor %}", "cnn.accuracy (a share) is not a list"),
        ("{% for c in 'abc' %}{% endfor %}", '"abc" is not a list'),
        ("{% if cnn.accuracy %}{% endif %}", "is not true or false"),
        ("{{ loop.index }}", "unknown name `loop`"),
    ],
)
def test_what_cannot_be_written_is_refused(text, message):
    with pytest.raises(InputError) as caught:
        rendered(f"\n\n{text}", 10)
    (problem,) = caught.value.problems
    assert message in str(problem)
    assert (problem.path, problem.line) == ("answers/q.md", 12)


def test_all_problems_of_an_answer_are_found_at_once():
    text = (
        "{{ cnn.acuracy }}\n{% claim cnm.accuracy > 0 %}x{% endclaim %}\n{{ cnn.figure }} x\n{{ cnn.wors }}"
    )
    with pytest.raises(InputError) as caught:
        rendered(text)
    assert [problem.line for problem in caught.value.problems] == [1, 2, 3, 4]


def test_missing_facts_print_as_missing_and_leave_claims_open():
    found = rendered(
        "{{ new.accuracy }} {% claim new.accuracy > 0.6 %}It works{% endclaim %} {{ lost.accuracy }}"
    )
    assert [(fact.text, fact.missing) for fact in found.missing] == [
        ("not measured", "not measured"),
        ("diverged", "training diverged"),
    ]
    assert found.claims[0].holds is None
    assert found.claims[0].evaluated.reason == "new.accuracy: not measured"


def test_a_condition_that_cannot_be_decided_writes_neither_side_but_checks_both():
    found = rendered("{% if new.accuracy > 0.5 %}a{% else %}b {{ cnn.accuracy }}{% endif %}.")
    assert found.plain() == "not measured."
    assert len(found.facts) == 1
    with pytest.raises(InputError) as caught:
        rendered("{% if new.accuracy > 0.5 %}{{ cnn.x }}{% else %}\n{{ cnn.y }}{% endif %}")
    assert [problem.line for problem in caught.value.problems] == [1, 2]


def test_a_loop_over_what_is_missing_is_checked_once():
    assert rendered("{% for c in new.classes %}{{ c }}{% endfor %}").plain() == "not measured"
    with pytest.raises(InputError, match="has no `size`"):
        rendered("{% for c in new.classes %}{{ c.size }}{% endfor %}")


def test_code_and_mathematics_stay_as_they_are():
    text = "`{{ cnn.accuracy }}` and $\\frac{{a}}{b}^{%x%}$\n\n```\n{% claim %}\n```\n"
    assert rendered(text).markdown == text


def test_comments_leave_no_trace_and_raw_text_stays():
    assert rendered("a{# no #}b {% raw %}{{ x }}{% endraw %}").markdown == "ab {{ x }}"


def test_the_last_line_break_is_kept():
    assert rendered("a\n\n").markdown == "a\n\n"
    assert rendered("").markdown == ""


def test_words_chosen_by_a_fact():
    found = rendered('{{ "more" if cnn.accuracy > fc.accuracy else "less" }}')
    assert found.plain() == "more"


def test_adjusted_p_values_decide():
    text = "{% claim cnn is better_than(fc) %}x{% endclaim %}"
    assert rendered(text).claims[0].holds is True
    assert rendered(text, adjusted={"cnn = fc": 0.2}).claims[0].holds is False


def test_a_rendering_does_not_change_the_answer():
    answer = parse("{% for c in cnn.classes %}{{ c }}{% endfor %}{{ cnn.accuracy }}", "a.md")
    assert render(answer, World()) == render(answer, World())


def test_problems_behind_a_problem_are_found():
    text = (
        "{% claim cnm.x > 1 %}a {{ cnn.y }}{% endclaim %}\n{% if cnm.z > 1 %}\n{{ cnn.p }}\n{% else %}\n"
        "{{ cnn.q }}\n{% endif %}\n"
    )
    with pytest.raises(InputError) as caught:
        rendered(text)
    assert [problem.line for problem in caught.value.problems] == [1, 1, 2, 3, 5]


def test_a_loop_keeps_its_names_to_itself():
    with pytest.raises(InputError, match="unknown name `c`"):
        rendered("{% for c in cnn.classes if new.accuracy > 0.5 %}{{ c }}{% endfor %}{{ c }}")
    found = rendered(
        "{% for a in cnn.classes[:2] %}{% for b in cnn.classes[:2] %}{{ loop.index }}{% endfor %}"
        "{{ a }}{{ loop.index }} {% endfor %}"
    )
    assert found.plain() == "12cat1 12dog2 "


def test_a_loop_over_nothing_and_a_condition():
    assert rendered("{% for c in cnn.classes[3:] %}{{ c }}{% else %}none{% endfor %}").plain() == "none"
    assert rendered("{% for c in cnn.classes if c != 'dog' %}{{ c }} {% endfor %}").plain() == "cat frog "


@pytest.mark.parametrize(
    ("innermost", "message"), [("x" * 100_000, "the answer becomes too long"), ("{{ a0 }}", "too many steps")]
)
def test_nested_loops_are_stopped(innermost, message):
    opening = "".join(f"{{% for a{depth} in cnn.classes %}}" for depth in range(12))
    with pytest.raises(InputError) as caught:
        rendered(opening + innermost + "{% endfor %}" * 12)
    assert message in str(caught.value)


def test_the_sentence_of_a_claim_is_one_line_however_its_lines_are_indented():
    (claim,) = rendered("- {% claim cnn.accuracy > fc.accuracy %}It is \n  better{% endclaim %}.\n").claims
    assert claim.sentence == "It is better"
