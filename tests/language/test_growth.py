"""Reading takes time in proportion to the text, whatever the text is.

Each text is a short piece repeated. A search that begins anew at each piece and runs to the end takes
sixteen times as long for four times the text; the bound is between that and four.
"""

from time import process_time

import pytest

from reportgen.errors import InputError
from reportgen.language import apart, lint, parse

PIECES = [
    *("{% claim ", "{% claim a %}", "{% claim a %}b{% endclaim %}", "{% claim '", "{% if ", "{% if a %}\n"),
    *(
        "{{ ",
        "{{",
        "{%",
        "{#",
        "{{ a }}",
        "{{ '",
        "{{ ( ",
        "{\\",
        "{`",
        "{{ 9 }}",
        "{{ 1 + a }}\n",
        "{% raw %}",
    ),
    *("![", "[", "[a](", "![a](b)", "[a](b)", "[[", "](", "[^", "^[", "[^a]: ", "[a]: b\n"),
    *("`", "``", "`a", "```\n", "~~~\n", "$", "$$", "$a", "a$", "$`", "*", "**a", "_", "a_", "~~", "a*"),
    *(
        "<",
        "<a",
        "<a@b.c>",
        "&",
        "&#",
        "\\",
        "|",
        "|\n",
        "a|b\n-|-\n",
        "> ",
        "- ",
        "1. ",
        "#",
        "=\n",
        "\n",
        " ",
    ),
    *(
        "9",
        "9.",
        "1,111",
        "1 111 ",
        "63.1 % ",
        "http://",
        "doi:",
        "\u200b",
        "\u00a0",
        "'",
        '"',
        "(",
        ")",
        "a\n",
    ),
    *("```\n{% claim ", "`{% claim ", "```\n!["),
]
LENGTH = 6_000


def seconds(piece: str, length: int) -> float:
    """Return how long it takes to read and to search a text of this length."""
    text = piece * (length // len(piece))
    start = process_time()
    try:
        answer = parse(text, f"{piece}.md", length)
    except InputError:
        pass
    else:
        apart(answer)
        lint(answer)
    return process_time() - start


@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_the_text_and_not_with_its_square(piece):
    seconds("warm ", 100)
    short, long = seconds(piece, LENGTH), seconds(piece, 4 * LENGTH)
    assert long < 0.2 or long < 10 * short


def test_what_pages_show_of_an_answer_is_told_from_what_it_claims():
    text = "A {% claim a.b > 1 %}good{% endclaim %} {{ a.b }} `{% claim x %}` {%- claim c %}one{% endclaim %}"
    shown, claimed = apart(parse(text, "x.md", 1))
    assert claimed == ("a.b > 1", "c")
    assert "a.b > 1" not in shown
    assert "{{ a.b }} `{% claim x %}`" in shown
    assert apart(parse(text.replace("1 %}", "2 %}"), "x.md", 1))[0] == shown
