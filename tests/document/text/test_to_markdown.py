"""A text that was parsed and written as Markdown again says the same."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reportgen.document.text import placeholders
from reportgen.document.text.markdown import Prose, render
from reportgen.document.text.to_markdown import escaped, write
from reportgen.errors import InputError

PARTS = [
    *("a", "b c", "cnn_dropout", " ", "  ", "\n", "\n\n", "\n    ", "\n- ", "\n* ", "\n1. ", "\n2) ", "\n> "),
    *("*", "**", "_", "__", "~~", "`", "``", "\n```\n", "\n~~~py\n", "# ", "\n## ", "\n---\n", "\n===\n"),
    *(
        "[",
        "[*a* b](https://e.org)",
        '[c](<https://e.org/a b> "t")',
        "![x](a.png)",
        "![a [b] c](<my pic.png>)",
    ),
    *("![x][fig]", '\n\n[fig]: an%20other.png "T"\n\n', "<b>", "<https://e.org>", "&amp;", "&lt;", "&", "<"),
    *("$x^2$", "$$y$$", "\n\n$$\nz\n$$\n\n", "$", "|", "\n| a | b |\n|--|:-:|\n| 1 | `x` |\n", "\\", "\\*"),
    *("[^n]", "\n\n[^n]: A note.\n\n", "!", ":", "+", "-", "=", "1.", "'", '"', "--", "..."),
]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=14).map("".join)


def parsed(text: str) -> Prose:
    return render(text, top=0, name="q")


def again(prose: Prose) -> str:
    tokens = [token for block in prose.blocks for token in block.tokens]
    return write(tokens, lambda kind, index: "", lambda index: prose.images[index].source)


def seen(prose: Prose) -> str:
    """Return the HTML but for white space and typography."""
    html = " ".join(prose.html.replace("<br>", "").split()).replace("> ", ">")
    for set_, typed in {"…": "...", "–": "--", "—": "---", "“": '"', "”": '"', "‘": "'", "’": "'"}.items():
        html = html.replace(set_, typed)
    return html.replace("&quot;", '"')


@given(TEXTS)
@example("Title\n=====\n\ntext\n\n### B ###")
@example("1. a\n\n   b\n2. c\n\n- x\n- y")
@example("> a\n> b\n>\n> - c\n>   d")
@example("a  \nb\\\nc")
@example("| | a |\n|--|--:|\n| x \\| y | *1* |")
@example("`` a ` b ``")
@example("a^[inline note] b")
@example("- ---")
@example("~~~~`\n~~~\n")
@example("a\n1\\. b\n\\- c\n\\# d")
def test_it_is_set_alike(text: str) -> None:
    try:
        first = parsed(text)
    except InputError:
        return
    second = parsed(again(first))
    assert seen(second) == seen(first)
    assert [image.source for image in second.images] == [image.source for image in first.images]


@given(st.text(alphabet="ab *_[]<>#$~`\\&;|!-+=.1)\n", max_size=20))
def test_escaped_text_has_no_meaning(text: str) -> None:
    line = " ".join(text.split())
    html = parsed(escaped(line)).html
    assert "<" not in html.removeprefix("<p>").removesuffix("</p>\n")


def test_facts_and_references_are_plain_text() -> None:
    prose = parsed(f"It is {placeholders.mark('fact', 0)}, see {placeholders.mark('ref', 0)}.")
    tokens = [token for block in prose.blocks for token in block.tokens]
    assert (
        write(tokens, lambda kind, index: f"<{kind}*>", lambda index: "")
        == "It is &lt;fact\\*>, see &lt;ref\\*>."
    )


@pytest.mark.parametrize("level", [1, 2])
def test_headings_are_written_as_they_are_set(level: int) -> None:
    prose = render("# A\n\n# B\n\n## C", top=level)
    tokens = [token for block in prose.blocks for token in block.tokens]
    written = write(tokens, lambda kind, index: "", lambda index: "")
    assert [line.count("#") for line in written.split("\n\n")] == [level, level, level + 1]
