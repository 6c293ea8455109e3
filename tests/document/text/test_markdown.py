"""Markdown: what it says, and what it must not say."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.document.labels import labels
from reportgen.document.text import placeholders
from reportgen.document.text.markdown import LIMIT, clean, render
from reportgen.errors import InputError


def test_quotes_and_dashes_are_true_ones() -> None:
    html = render("\"A\" 'b' -- c --- d... (c) +-").html
    assert html == "<p>“A” ‘b’ – c — d… (c) +-</p>\n"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sv", "Han sa ”hej”."),
        ("de", "Han sa „hej“."),
        ("fr", "Han sa «&nbsp;hej&nbsp;»."),
        ("es", "Han sa «hej»."),
    ],
)
def test_quotes_of_languages(language: str, text: str) -> None:
    assert render('Han sa "hej".', quotes=labels(language).quotes).html == f"<p>{text}</p>\n"


def test_quotes_next_to_a_number() -> None:
    fact = placeholders.mark("fact", 0)
    assert render(f'"{fact}"').html == f"<p>“{fact}”</p>\n"


def test_headings_go_below_the_section_and_leave_no_gap() -> None:
    prose = render("# A\n\n### B\n\n#### C\n\n# D", path="a.md", first_line=10)
    assert re.findall(r"<h(\d)>", prose.html) == ["3", "4", "5", "3"]
    assert [str(repair) for repair in prose.repairs] == [
        "a.md:12: a heading of level 3 follows one of level 1 (rendered as level 2)"
    ]


def test_levels_stay_as_written_without_a_top() -> None:
    assert "<h2>" in render("## A", top=0).html


def test_table_cells_say_what_they_are() -> None:
    html = render("| | a |\n|--|--:|\n| x | 1 |").html
    assert '<th class="right" scope="col">a</th>' in html
    assert "<tr>\n<td></td>" in html
    assert '<th scope="row">x</th>' in html
    assert '<td class="right">1</td>' in html


def test_displays_stand_between_paragraphs() -> None:
    show = placeholders.mark("show", 0)
    assert render(f"a\n\n{show}\n\nb").html == f"<p>a</p>\n{show}\n<p>b</p>\n"
    assert render(f"a {show} b").html == f"<p>a  b</p>\n{show}\n"


@pytest.mark.parametrize("text", ["# {}", "| a |\n|--|\n| {} |"])
def test_displays_cannot_stand_in_headings_and_tables(text: str) -> None:
    with pytest.raises(InputError, match=r"a\.md:\d: a figure or table can't be inside"):
        render(text.format(placeholders.mark("show", 0)), path="a.md")


def test_facts_in_code_stay_and_in_addresses_become_text() -> None:
    fact = placeholders.mark("fact", 0)
    html = render(f"`{fact}` [x](https://e.org/{fact})", plain=lambda kind, index: "63").html
    assert f"<code>{fact}</code>" in html
    assert 'href="https://e.org/63"' in html


def test_facts_in_a_listing_are_text_before_it_is_highlighted() -> None:
    html = render(f"```python\nx = {placeholders.mark('fact', 0)}\n```", plain=lambda kind, index: "63").html
    assert '<span class="mi">63</span>' in html
    assert placeholders.OPEN not in html


def test_formulas_and_images_become_marks() -> None:
    prose = render('$x$ ![A plot](plot.png "The plot")\n\n$$\ny\n$$', first_line=5)
    assert [(formula.tex, formula.display) for formula in prose.formulas] == [("x", False), ("y", True)]
    (image,) = prose.images
    assert (image.source, image.alt, image.caption, image.line) == ("plot.png", "A plot", "The plot", 5)
    assert placeholders.mark("image", 0) in prose.html


def test_money_is_no_formula() -> None:
    assert render("It costs $5 and $6.").formulas == ()


def test_footnotes_have_anchors_of_their_own() -> None:
    html = render("a[^1]\n\n[^1]: b", name="q4").html
    assert 'href="#q4-note-1"' in html
    assert '<li id="q4-note-1">' in html


def test_lines_of_problems_follow_the_file() -> None:
    text = "one\n\n![](x.png)"
    with pytest.raises(InputError, match=r"a\.md:40: image 'x.png' has no alternative text"):
        render(text, path="a.md", lines=(10, 20, 40))


def test_all_problems_are_named_at_once() -> None:
    with pytest.raises(InputError) as caught:
        render("![](x.png)\n\n[a](file:///etc/passwd)\n\n[b](javascript:alert)", path="a.md")
    assert [problem.line for problem in caught.value.problems] == [1, 3, 5]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "&#106;avascript:alert(1)",
        "java%0ascript:alert(1)",
        "vbscript:x",
        "data:text/html,alert",
        "file:///etc/passwd",
        "ftp://example.org/",
        "//example.org/x",
        "/etc/passwd",
        "models.py",
        "http://[::1",
        "reportgen:fonts/x.ttf",
    ],
)
def test_links_lead_to_the_web_or_into_the_report_only(address: str) -> None:
    with pytest.raises(InputError, match=r"answers/q1\.md:7: a link to .* is not allowed"):
        render(f"[x](<{address}>)", path="answers/q1.md", first_line=7)


def test_links_that_are_fine() -> None:
    html = render("[a](https://e.org) [b](mailto:a@e.org) [c](#q2) <https://e.org/x>").html
    assert html.count("<a href=") == 4


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src='file:///etc/passwd'></iframe>",
    "<style>@import url(http://e.org/x.css)</style>",
    "<link rel=attachment href='file:///etc/passwd'>",
    "<object data='x'></object>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "<a href='javascript:alert(1)'>x</a>",
    "<!--<script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?>",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "| <script> |\n|--|\n| <img src=x> |",
    "# <script>alert(1)</script>",
    "[^1]\n\n[^1]: <script>alert(1)</script>",
    "$<script>alert(1)</script>$",
    "**<b onclick=alert(1)>x</b>**",
]


CODE = [text for text in HOSTILE if text.startswith(("`", "    ", "$", "<!--<script", "<svg/"))]


@pytest.mark.parametrize("text", CODE)
def test_html_in_code_formulas_and_comments_is_no_html(text: str) -> None:
    html = render(text).html
    assert not re.search(r"<(?!/?(p|pre|code|span)\b)", html)
    assert clean(html) == html


@pytest.mark.parametrize("text", [text for text in HOSTILE if text not in CODE])
def test_html_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(
        InputError, match=r"a\.md:\d+: HTML is not set: .* \(use Markdown, or write < as &lt;\)"
    ):
        render(text, path="a.md")


def test_a_comment_is_left_out_and_said() -> None:
    prose = render("A <!-- {claim} one --> b.\n\n<!-- TODO\n\nask -->\n\nC.\n", path="a.md")
    assert prose.html == "<p>A  b.</p>\n<p>C.</p>\n"
    assert [(each.line, each.message) for each in prose.repairs] == [
        (1, "an HTML comment is left out"),
        (3, "an HTML comment is left out"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<!-- never\n\nended", "an HTML comment does not end"),
        ("<!-- a --> and words", "HTML is not set"),
        (
            f"a <!-- {placeholders.mark('claim', 0)} --> x {placeholders.mark('/claim', 0)}",
            "a claim begins or",
        ),
    ],
)
def test_a_comment_hides_no_words(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        render(text)


def test_an_image_inside_a_link_is_refused_with_its_line() -> None:
    with pytest.raises(InputError, match=r"a\.md:3: image 'x\.png' is inside a link"):
        render("A.\n\n[![alt](x.png)](https://e.org)\n", path="a.md")


@given(st.text(alphabet=st.sampled_from("<>&\"'/=:;()[]{}!#*_`~$|\\-\n abjsx1"), max_size=200))
def test_nothing_active_comes_out_of_any_text(text: str) -> None:
    try:
        html = render(text).html
    except InputError:
        return
    assert not re.search(r"<(script|img|svg|iframe|style|link|object|embed|form|input|meta|base)\b", html)
    assert not re.search(r"<[^>]*\s(on\w+|style|src)\s*=", html)


def test_an_answer_has_a_limit() -> None:
    with pytest.raises(InputError, match=r"a\.md:1: the text has 5,000,000 characters; 500,000 are allowed"):
        render("x" * 5_000_000, path="a.md")
    assert len(render("word " * (LIMIT // 5)).html) > LIMIT / 2


@pytest.mark.parametrize(
    "text", ["> " * 5000 + "x", "[" * 5000, "*a **b " * 3000, "- " * 3000 + "x", "`" * 9999]
)
def test_deep_nesting_is_no_harm(text: str) -> None:
    assert len(render(text).html) < 40 * len(text)
