"""Code: its parts are marked, its lines can hang, and nothing of it is HTML."""

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from reportgen.document.text.highlight import highlight


def plain(marked: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", marked))


def test_parts_that_templates_colour_are_marked() -> None:
    marked = highlight('def f(x):\n    return "a" + 1  # b', "python")
    assert '<span class="k">def</span> <span class="nf">f</span>(x):' in marked
    assert '<span class="c1"># b</span>' in marked


def test_lines_know_their_depth() -> None:
    marked = highlight("a:\n    b:\n          c", "")
    assert re.findall(r'class="line (i\d+)"', marked) == ["i0", "i4", "i8"]


def test_a_docstring_over_lines_is_marked_line_by_line() -> None:
    marked = highlight('"""a\n\nb"""', "python")
    assert marked.count('class="line') == 3
    for line in re.findall(r'<span class="line[^>]*>(.*?)\n</span>', marked):
        assert line.count("<span") == line.count("</span>")


def test_an_unknown_language_is_plain() -> None:
    assert highlight("<b>", "no-such-language") == (
        '<pre class="code"><code><span class="line i0">&lt;b&gt;\n</span></code></pre>\n'
    )


@given(st.text(alphabet="<>&\"'#:()=[]{} \n\rabdef1_", max_size=80), st.sampled_from(["", "python", "toml"]))
def test_the_text_of_code_is_kept(code: str, language: str) -> None:
    wanted = code.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    assert plain(highlight(code, language)).rstrip("\n") == wanted.rstrip("\n")
