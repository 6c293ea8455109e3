"""Reading takes time in proportion to the text, whatever the text is.

Each text is a short piece repeated. A search that begins anew at each piece and runs to the end takes 64
times as long for eight times the text; the bound is between that and eight.
"""

import gc
from time import process_time

import pytest

from reportgen.errors import InputError
from reportgen.language import apart, lint, parse
from reportgen.language.reading import _parse as parsing

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
LENGTH, TIMES = 4_000, 8


def seconds(piece: str, length: int) -> float:
    """Return how long it takes to read and to search a text of this length."""
    text = piece * (length // len(piece))
    parsing.cache_clear()
    start = process_time()
    try:
        answer = parse(text, "x.md", 1)
    except InputError:
        pass
    else:
        apart(answer)
        lint(answer)
    return process_time() - start


def grows_too_fast(piece: str) -> bool:
    short, long = seconds(piece, LENGTH), seconds(piece, TIMES * LENGTH)
    return long > 0.3 and long > TIMES * 3 * short


@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_the_text_and_not_with_its_square(piece):
    gc.disable()  # which takes longer the more there is in memory
    try:
        assert not all(grows_too_fast(piece) for _ in range(3))
    finally:
        gc.enable()


def test_what_pages_show_of_an_answer_is_told_from_what_it_claims():
    text = "A {% claim a.b > 1 %}good{% endclaim %} {{ a.b }} `{% claim x %}` {%- claim c %}one{% endclaim %}"
    shown, claimed = apart(parse(text, "x.md", 1))
    assert claimed == ("a.b > 1", "c")
    assert "a.b > 1" not in shown
    assert "{{ a.b }} `{% claim x %}`" in shown
    assert apart(parse(text.replace("1 %}", "2 %}"), "x.md", 1))[0] == shown
