from collections.abc import Iterator
from typing import Any

import pytest
import weasyprint
import weasyprint.layout.inline

from reportgen.document.pdf.weasyprint_fixes import line_breaks

WORDS = "alpha beta gamma delta epsilon zeta"


def lines(html: str, width: float) -> list[str]:
    """Return the lines of a paragraph that is `width` pixels wide."""

    def within(box: Any) -> Iterator[str]:
        if isinstance(box, weasyprint.formatting_structure.boxes.LineBox):
            yield "".join(getattr(part, "text", "") for part in box.descendants()).rstrip()
        else:
            for child in getattr(box, "children", ()):
                yield from within(child)

    style = "font: 11px 'DejaVu Sans'; margin: 0; hyphens: auto"
    document = weasyprint.HTML(
        string=f'<html lang=en><p style="{style}; width: {width}px">{html}</p>'
    ).render()
    return [line for page in document.pages for line in within(page._page_box)]


def filled(html: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the lines of a paragraph in many widths, as they are without the mend and with it."""
    for width in range(195, 220):
        before = lines(html, width)
        with line_breaks.full(weasyprint.layout.inline):
            yield before, lines(html, width)


@pytest.mark.parametrize(
    "rest", ["<b>eta</b> theta", "<i>eta</i><sup>1</sup>", "<a href='#x'>eta</a>, theta", "<b></b>"]
)
def test_no_line_ends_behind_its_first_word(rest: str) -> None:
    changed = [(before, after) for before, after in filled(f"<span>{WORDS} </span>{rest}") if before != after]
    assert changed, "the layout library does it right by now: this mend can go"
    for before, after in changed:
        assert before[0] in ("alpha", "al\N{HYPHEN}")
        assert after[0] == WORDS
        assert len(after) <= len(before)


@pytest.mark.parametrize(
    "html",
    [f"{WORDS} eta theta", f'<span style="white-space: pre-wrap">{WORDS} </span>eta', "alpha <b>beta</b>"],
)
def test_other_lines_stay_as_they_are(html: str) -> None:
    assert all(before == after for before, after in filled(html))


def test_the_library_is_put_back() -> None:
    split = weasyprint.layout.inline.split_first_line
    with pytest.raises(ZeroDivisionError), line_breaks.full(weasyprint.layout.inline):
        raise ZeroDivisionError
    assert weasyprint.layout.inline.split_first_line is split
