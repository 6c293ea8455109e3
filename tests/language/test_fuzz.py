"""Whatever an author writes: a value, or an error with its place. Never another exception."""

from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.errors import InputError
from reportgen.language import lint, parse, render
from tests.language.world import World, value_of


def one_of(names):
    return st.sampled_from(names.split())


ATOMS = one_of(
    """cnn fc new lost cnn.accuracy fc.accuracy new.accuracy lost.accuracy cnn.parameters cnn.seconds cnn.rate
    cnn.worst new.worst cnn.classes new.classes cnn.recall cnn.recall.cat cnn.nesterov cnn.figure
    cnn.accuracy.lower cnn.accuracy.spread cnn.parameters.spread cnn.accuracy.interval cnn.classes[0]
    cnn.classes[9] cnn.classes[:2] new.classes[0] 0 1 0.5 -3 62 "cat" "x" true false none cnm loop.index"""
)
BINARY = one_of("+ - * / < <= > >= == != and or in")
FILTERS = one_of(
    """percent decimal(2) points scientific count ratio seconds minutes size words ordinal interval
    with_spread listed length upper nothing percent(99) decimal('x')"""
)
RELATIONS = one_of(
    """about(0.6,0.1) about(cnn.accuracy,1) between(0,1) times(2,fc.parameters) better_than(fc)
    better_than(new) better_than(1) nothing about"""
)
FUNCTIONS = one_of("ref abs min max mean difference nothing")


def combined(inner):
    several = st.lists(inner, max_size=3)
    return st.one_of(
        st.tuples(inner, BINARY, inner).map(lambda parts: f"({' '.join(parts)})"),
        st.tuples(inner, FILTERS).map(lambda parts: f"({parts[0]} | {parts[1]})"),
        st.tuples(inner, RELATIONS).map(lambda parts: f"({parts[0]} is {parts[1]})"),
        st.tuples(FUNCTIONS, several).map(lambda parts: f"{parts[0]}({', '.join(parts[1])})"),
        st.tuples(inner, inner, inner).map(lambda parts: f"({parts[0]} if {parts[1]} else {parts[2]})"),
        st.tuples(inner, inner).map(lambda parts: f"{parts[0]}[{parts[1]}]"),
        st.tuples(one_of("not - +"), inner).map(" ".join),
        several.map(lambda parts: f"({', '.join(parts)},)" if parts else "()"),
    )


EXPRESSIONS = st.recursive(ATOMS, combined, max_leaves=8)


@settings(max_examples=400, deadline=None)
@given(EXPRESSIONS)
def test_any_expression_has_a_value_or_an_error(expression):
    try:
        found = value_of(expression)
    except InputError as error:
        (problem, *_) = error.problems
        assert (problem.path, problem.line) == ("report.toml", 7)
        assert "object at 0x" not in problem.message
    else:
        assert (found.value is None) == bool(found.reason)


@settings(max_examples=200, deadline=None)
@given(EXPRESSIONS, EXPRESSIONS)
def test_any_answer_is_rendered_or_refused(first, second):
    text = (
        f"A {{{{ {first} }}}}.\n{{% claim {second} %}}B {{{{ {first} }}}}{{% endclaim %}}\n"
        f"{{% if {second} %}}\nC\n{{% endif %}}\n{{% for x in {first} %}}\n- {{{{ x }}}}\n{{% endfor %}}\n"
    )
    try:
        answer = parse(text, "a.md", 5)
        lint(answer)
        found = render(answer, World())
    except InputError as error:
        assert {problem.path for problem in error.problems} == {"a.md"}
        assert all(5 <= problem.line <= 13 for problem in error.problems)
    else:
        assert len(found.lines) == found.markdown.count("\n") + 1
        assert "\ue003" not in found.markdown
        assert all(5 <= line <= 13 for line in found.lines)
