"""Marks survive, and claims nest, whatever stands around them."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from reportgen.document.text import placeholders
from reportgen.document.text.markdown import render
from reportgen.errors import InputError


class Nesting(HTMLParser):
    """Fails on an end tag that doesn't match."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("br", "hr", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def filled(html: str) -> str:
    return placeholders.fill(
        html, lambda kind, index: {"claim": "<b>", "/claim": "</b>"}.get(kind, f"<i>{kind}</i>")
    )


def test_fill_replaces_every_mark_in_order() -> None:
    text = f"a {placeholders.mark('fact', 0)} b {placeholders.mark('fact', 12)}"
    assert placeholders.fill(text, lambda kind, index: f"{kind}{index}") == "a fact0 b fact12"


def test_a_claim_within_one_element_is_one_pair() -> None:
    html = render(f"x {placeholders.mark('claim', 0)}y *z*{placeholders.mark('/claim', 0)} w").html
    assert filled(html) == "<p>x <b>y <em>z</em></b> w</p>\n"


def test_a_claim_that_crosses_emphasis_is_split_where_it_crosses() -> None:
    html = render(f"{placeholders.mark('claim', 0)}a **b{placeholders.mark('/claim', 0)} c**").html
    assert filled(html) == "<p><b>a </b><strong><b>b</b> c</strong></p>\n"


def test_a_claim_that_begins_inside_emphasis_ends_outside_it() -> None:
    html = render(f"**a {placeholders.mark('claim', 0)}b** c{placeholders.mark('/claim', 0)} d").html
    assert filled(html) == "<p><strong>a <b>b</b></strong><b> c</b> d</p>\n"


def test_a_claim_over_two_paragraphs_is_a_pair_in_each() -> None:
    html = render(f"{placeholders.mark('claim', 0)}a\n\nb{placeholders.mark('/claim', 0)}").html
    assert filled(html) == "<p><b>a</b></p>\n<p><b>b</b></p>\n"


def test_a_claim_that_ends_in_a_block_of_code_leaves_no_end_there() -> None:
    html = render(f"~~~~{placeholders.mark('claim', 0)}\ncode{placeholders.mark('/claim', 0)}\n~~~~\n").html
    assert "code\n" in filled(html)
    assert "b>" not in filled(html)


TEXTS = [
    "word ",
    "*",
    "**",
    "`",
    "\n\n",
    "> ",
    "- ",
    "# ",
    "~~",
    "$",
    "_",
    "<!-- x -->",
    "[x](https://e.org)",
]
TABLE = "| a | b |\n|--|--|\n| c | d |\n"
MARKS = [placeholders.mark("claim", 0), placeholders.mark("/claim", 0), placeholders.mark("fact", 0)]
PIECES = st.lists(st.sampled_from([*TEXTS, TABLE, *MARKS]), max_size=30)


@given(PIECES)
def test_filled_html_is_well_nested_for_any_text(pieces: list[str]) -> None:
    text, open_ = "", False
    for piece in pieces:
        if piece == placeholders.mark("claim", 0):
            if open_:
                continue
            open_ = True
        elif piece == placeholders.mark("/claim", 0):
            if not open_:
                continue
            open_ = False
        text += piece
    text += placeholders.mark("/claim", 0) if open_ else ""
    try:
        html = render(text).html
    except InputError:  # a comment that does not stand alone
        return
    reader = Nesting()
    reader.feed(filled(html))
    reader.close()
    assert reader.open == []
