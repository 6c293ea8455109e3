from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.language import literal


def spans(text):
    return [(text[start:end], kind) for start, end, kind in literal.spans(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain", []),
        ("a `code` b", [("`code`", "code")]),
        ("``a ` b``", [("``a ` b``", "code")]),
        ("no `closing", []),
        (r"\`not code\`", []),
        ("$x^{{2}}$", [("$x^{{2}}$", "math")]),
        ("$$\nx^{{2}}\n$$", [("$$\nx^{{2}}\n$$", "math")]),
        ("it costs $5 and $6", []),
        ("$ x $", []),
        (r"\$x$", []),
        (r"$a\$b$", [(r"$a\$b$", "math")]),
        ("```\n{% if %}\n```\nafter", [("```\n{% if %}\n```\n", "code")]),
        ("~~~py\n`x`\n~~~", [("~~~py\n`x`\n~~~", "code")]),
        ("````\n```\n````\n", [("````\n```\n````\n", "code")]),
        ("> ```\n> {{ a }}\n> ```\n", [("> ```\n> {{ a }}\n> ```\n", "code")]),
        ("- ```\n  x\n  ```\n", [("- ```\n  x\n  ```\n", "code")]),
        ("```\nnever closed", [("```\nnever closed", "code")]),
        ("`a\n\nb`", []),
        ("{{ cnn.recall['`'] }} `x`", [("`x`", "code")]),
        ("{% claim a > 1 %}`b`{% endclaim %}", [("`b`", "code")]),
        ("```inline``` ok", [("```inline```", "code")]),
    ],
)
def test_code_and_mathematics_are_found(text, found):
    assert spans(text) == found


@given(st.text(alphabet="`$~{}%ab \n\\>-", max_size=80))
def test_shielding_moves_nothing_and_can_be_undone(text):
    shielded = literal.shield(text)
    assert len(shielded) == len(text)
    assert literal.restore(shielded) == text
    found = literal.spans(text)
    assert all(first.end <= second.start for first, second in pairwise(found))


def test_facts_in_mathematics_are_found():
    text = "$x = {{ cnn.accuracy }}$ and `{{ cnn.accuracy }}` and ${{x}}$"
    assert list(literal.facts_in_math(text)) == [(5, "{{ cnn.accuracy }}")]


@pytest.mark.parametrize(
    "text", ["$a " * 80_000, "$$a $" * 50_000, "`a ``b " * 35_000, "\\" * 250_000, "$" * 250_000]
)
def test_what_nothing_closes_is_looked_for_once(text):
    # Were it looked for again at each mark, this would take minutes.
    assert isinstance(literal.spans(text), list)
