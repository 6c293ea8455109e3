import pytest

from reportgen.language import parse
from reportgen.language.naming import misnamed, misnamed_in
from tests.language.world import World


def found(text):
    return [(each.line, each.message) for each in misnamed(parse(text, "q.md", 5), World())]


def test_every_mistake_is_told_at_once():
    text = """{{ cnn.acuracy }} and {{ cnn.acc + fc.acc }}
{% claim cnn.accuracy > nosuch.accuracy and fc.worst == "cat" and cnn is bettr_than(fc) %}So{% endclaim %}
{{ cnn.accuracy | percnt }} {{ men(cnn.accuracy) }} {{ cnn.recall["catt"] }} {{ new.parametrs }}
"""
    assert found(text) == [
        (5, "unknown name `cnn.acuracy`"),
        (5, "unknown name `cnn.acc`"),
        (5, "unknown name `fc.acc`"),
        (6, "unknown name `nosuch`"),
        (6, "`is bettr_than` does not apply to cnn"),
        (7, "unknown filter `percnt`"),
        (7, "unknown function `men`"),
        (7, "unknown name `cnn.recall.catt`"),
        (7, "unknown name `new.parametrs`"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "{% if cnn.accuracy > 2/3 %}{{ cnn.typo }}{% endif %}",
        "{% if cnn.nesterov %}a{% elif fc.nesterov %}{{ cnn.typo }}{% else %}b{% endif %}",
        "{% for label in cnn.classes %}{{ cnn.typo }}{% endfor %}",
        "{% for label in cnn.classes %}{% else %}{{ cnn.typo }}{% endfor %}",
        "{% for label in new.classes if cnn.typo %}{{ label }}{% endfor %}",
        "{{ cnn.recall[cnn.typo] }}",
        "{{ cnn.classes[:cnn.typo] }}",
        "{{ (cnn.typo | percent) if cnn.nesterov else 'b' }}",
        "{{ abs(cnn.typo) }}",
        "{% claim new.accuracy > cnn.typo %}a{% endclaim %}",
    ],
)
def test_names_are_looked_up_wherever_they_stand(text):
    assert found(text) == [(5, "unknown name `cnn.typo`")]


@pytest.mark.parametrize(
    "text",
    [
        "{% for label in cnn.classes %}{{ label }} {{ loop.index }} {{ cnn.recall[label] }}{% endfor %}",
        "{% for label in new.classes %}{{ label | upper }}{% endfor %}",
        "{{ new.accuracy }} {{ lost.worst }} {{ new.accuracy.lower }} {{ cnn.accuracy.interval }}",
        "{{ cnn.figure }} {{ ref(cnn.figure) }}",
        "{% claim cnn is better_than(fc) and cnn.accuracy is about(0.6, 0.1) %}a{% endclaim %}",
        "{% claim new is better_than(fc) %}a{% endclaim %}",
        "{{ cnn.classes[0] }} {{ (cnn.classes[0], cnn.classes[1]) | listed }}",
    ],
)
def test_what_there_is_passes(text):
    assert found(text) == []


def test_a_requirement_is_read_in_the_names_of_its_model():
    assert misnamed_in("accuracy > 0.5 and parameters < 9", World(), "report.toml", 7, "cnn") == []
    problems = misnamed_in("acuracy > 0.5 and parametrs < 9", World(), "report.toml", 7, "cnn")
    assert [(each.line, each.message.partition("`: ")[2]) for each in problems] == [
        (7, "unknown name `acuracy`"),
        (7, "unknown name `parametrs`"),
    ]
