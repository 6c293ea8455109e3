"""What an answer shows, claims and mentions is found in its one parsed tree."""

import pytest

from reportgen.language import Show, apart, mentioned, parse, render
from tests.factories import make_facts


@pytest.mark.parametrize(
    "text",
    [
        "{% claim cnn.test.accuracy > 0.5 %}So it is{% endclaim %}.",
        "{%- claim cnn.test.accuracy > 0.5 -%}So it is{% endclaim %}.",
        "{% if cnn.epochs > 9 %}a{% endif %}{% claim cnn.test.accuracy > 0.5 %}So it is{% endclaim %}.",
        '{% claim cnn.test.accuracy > 0.5 and "%}" == "%}" %}So it is{% endclaim %}.',
    ],
)
def test_another_condition_shows_the_same(text: str) -> None:
    shown, claimed = apart(parse(text, "x"))
    other, elsewhere = apart(parse(text.replace("0.5", "0.6"), "x"))
    assert shown == other
    assert claimed != elsewhere
    assert len(claimed) == 1


def test_a_sentence_and_another_tag_are_shown() -> None:
    text = "{% if cnn.test.accuracy > 0.5 %}a{% endif %} {% claim cnn.epochs > 1 %}b{% endclaim %}"
    shown, _ = apart(parse(text, "x"))
    assert shown != apart(parse(text.replace("0.5", "0.6"), "x"))[0]
    assert shown != apart(parse(text.replace("b{", "c{"), "x"))[0]


def test_names_are_found_wherever_they_stand() -> None:
    text = "{{ published.lecun }} {{ cnn.test.accuracy - fc.test.accuracy }}{% if cnn.epochs %}{% endif %}"
    names = mentioned(parse(text, "x"))
    assert {"published.lecun", "cnn.test.accuracy", "fc.test.accuracy", "cnn.epochs"} <= names
    assert "published.lecun" not in mentioned(parse("It is published.lecun.", "x"))


def test_a_picture_is_referred_to_by_its_file() -> None:
    rendered = render(parse('See {{ ref("my pic.png") }}.', "x"), make_facts())
    assert rendered.refs == (Show("image", ("my pic.png",)),)
