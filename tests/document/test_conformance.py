"""Everything that would break a conforming PDF is found in the HTML."""

import pytest

from reportgen.document.conformance import check
from reportgen.errors import RenderError


def page(body: str) -> str:
    return f'<html lang="en"><head><title>T</title></head><body><h1>R</h1>{body}</body></html>'


def test_a_good_page_passes() -> None:
    good = page(
        '<h2 id="a">A</h2><p><a href="#a">up</a> <img src="x" alt="An x"></p><h3>B</h3><h2>C</h2>'
        "<table><tr><th>a</th></tr><tr><td>1</td></tr></table>"
        '<svg role="img" aria-label="x"><title>x</title></svg>'
    )
    check(good, "t")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<h3>B</h3>", "“R”: a heading of level 3 follows one of level 1"),
        ("<h2>A</h2><h4>B</h4>", "“A”: a heading of level 4 follows one of level 2"),
        ('<h2>A</h2><img src="x">', "“A”: the image 'x' has no alternative text"),
        ('<img src="x" alt=" ">', "“R”: the image 'x' has no alternative text"),
        ("<svg></svg>", "a drawing has no role and name"),
        ('<svg role="img"/><h4>B</h4><svg role="img"></svg>', "a heading of level 4 follows one of level 1"),
        ("<table><tr><td>1</td></tr></table>", "a table has no header cells"),
        ('<table><tr><th>a</th></tr></table><table><tr><td><table><tr><th></th></tr></table></td></tr></table>',
         "a table has no header cells"),
        ('<a href="https://e.org"><img src="x" alt="x"></a>', "the image 'x' is inside a link"),
        ("<h2> </h2>", "a heading is empty"),
        ('<p id="a"></p><p id="a"></p>', "the anchor 'a' is given twice"),
        ('<a href="#nowhere">x</a>', "a link leads to #nowhere, which does not exist"),
    ],
)  # fmt: skip
def test_what_breaks_a_page_is_named_with_its_section(body: str, message: str) -> None:
    with pytest.raises(RenderError) as caught:
        check(page(body), "templates/x")
    assert f"templates/x: {message}" in str(caught.value) or message in str(caught.value)


def test_title_and_language_are_asked_for() -> None:
    with pytest.raises(RenderError) as caught:
        check("<html><body><h1>R</h1></body></html>", "t")
    assert [problem.message for problem in caught.value.problems] == [
        "the page does not declare its language",
        "the page has no title",
    ]
