"""Long titles and names break no theme."""

import ctypes
import io
from dataclasses import replace

import pikepdf
import pypdfium2
import pypdfium2.raw as raw
import pytest

from reportgen.document import page, pdf
from tests.document import samples
from tests.document.pdf.test_typography import METADATA, WORDS

LONG = "A comparison of fully connected, convolutional and residual neural networks under one budget " * 2
MARGIN = 19 * 72 / 25.4  # points: above and below are running heads and page numbers


def baselines(sheet: pypdfium2.PdfPage) -> set[float]:
    """Return the baselines of all letters, from the foot of the page."""
    text, x, y = sheet.get_textpage(), ctypes.c_double(), ctypes.c_double()
    found = set()
    for index in range(text.count_chars()):
        raw.FPDFText_GetCharOrigin(text.raw, index, ctypes.byref(x), ctypes.byref(y))
        if raw.FPDFText_GetUnicode(text.raw, index) > 0x20:
            found.add(round(y.value, 1))
    return found


@pytest.mark.parametrize("theme", ["paper", "modern"])
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_running_heads_have_one_line_and_titles_stay_whole(theme: str, paper: str) -> None:
    report, answers = samples.report({"q1": WORDS * 12, "q2": WORDS * 12}, theme=theme, paper=paper)
    block = replace(
        report.title_block, title=LONG, course=LONG, authors=("Wolfeschlegelsteinhausen" * 3, "B")
    )
    answers = [replace(each, section=replace(each.section, title=LONG)) for each in answers]
    made = page.assemble(replace(report, title_block=block), answers, {})
    data = pdf.write(made.html, made.assets, metadata=METADATA)  # nothing runs off the paper
    sheets = list(pypdfium2.PdfDocument(data))
    for sheet in sheets[1:]:
        _, height = sheet.get_size()
        lines = baselines(sheet)
        assert len([y for y in lines if y > height - MARGIN]) <= 1
        assert len([y for y in lines if y < MARGIN]) <= 1
    title = " ".join(sheets[0].get_textpage().get_text_bounded().split())
    assert " ".join(LONG.split()) in title
    assert str(pikepdf.open(io.BytesIO(data)).docinfo.Title).startswith("A comparison")
