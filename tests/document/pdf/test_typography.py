"""What a book designer would look for, as far as a machine can see it."""

import ctypes
import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

import pikepdf
import pypdfium2
import pypdfium2.raw as raw
import pytest

from reportgen.document import page, pdf
from reportgen.document.displays import Column, Table
from tests.document import samples
from tests.document.pdf.tagtree import elements, kids, kind

METADATA = pdf.Metadata(datetime(2024, 3, 1, 12, tzinfo=UTC))
WORDS = (
    "The first hidden layer sees the image as one long vector, so a cat two pixels to the left is another "
    "cat altogether; the network has to learn each position anew. A convolution slides the same small kernel "
    "over the picture and so needs to learn an edge only once, wherever it may be found by the network. "
)
LONG = Table(
    "Many rows", (Column("Name"), Column("Size", True)), tuple((f"row {n}", str(n)) for n in range(90))
)


@dataclass(frozen=True)
class Line:
    """Letters on one baseline, in the size of the first."""

    size: float
    text: str


@dataclass(frozen=True)
class Made:
    pdf: pikepdf.Pdf
    pages: list[list[Line]]

    @property
    def body(self) -> list[list[Line]]:
        """The lines of running text, page by page."""
        return [
            [line for line in page if line.size in (10.5, 10.75) and len(line.text) > 20]
            for page in self.pages
        ]


def lines(sheet: pypdfium2.PdfPage) -> list[Line]:
    text = sheet.get_textpage()
    found: dict[float, tuple[float, list[str]]] = {}
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(text.count_chars()):
        raw.FPDFText_GetCharOrigin(text.raw, index, ctypes.byref(x), ctypes.byref(y))
        size = round(0.75 * raw.FPDFText_GetFontSize(text.raw, index), 2)  # from pixels
        letter = chr(raw.FPDFText_GetUnicode(text.raw, index))
        if letter >= " ":
            found.setdefault(round(-y.value, 1), (size, []))[1].append(letter)
    return [Line(size, "".join(letters)) for _, (size, letters) in sorted(found.items())]


def made(theme: str, bodies: dict[str, str]) -> Made:
    report, answers = samples.report(bodies, theme=theme)
    built = page.assemble(report, answers, samples.displays(), [LONG])
    data = pdf.write(built.html, built.assets, metadata=METADATA, formulas=built.formulas)
    return Made(pikepdf.open(io.BytesIO(data)), [lines(sheet) for sheet in pypdfium2.PdfDocument(data)])


@pytest.fixture(scope="module", params=["paper", "modern"])
def report(request: pytest.FixtureRequest) -> Made:
    figure = "{show cnn.evaluation_image}\n\n"
    return made(request.param, {"q1": (WORDS + "\n\n") * 6 + figure + (WORDS + "\n\n") * 19, "q2": WORDS * 4})


def test_lines_have_60_to_75_letters(report: Made) -> None:
    full = [len(line.text) for sheet in report.body for line in sheet if len(line.text) > 55]
    assert len(full) > 60
    assert 65 <= sum(full) / len(full) <= 75
    assert max(full) <= 82


def test_no_page_begins_or_ends_with_a_single_line_of_a_paragraph(report: Made) -> None:
    sheets = [sheet for sheet in report.body if len(sheet) > 5]
    assert len(sheets) >= 3
    for sheet in sheets:
        assert not (sheet[0].text.rstrip().endswith("network.") and not sheet[0].text.startswith("The first"))
        assert not sheet[-1].text.startswith("The first hidden")


def test_no_row_of_a_table_is_split(report: Made) -> None:
    rows = [element for element in elements(report.pdf) if kind(element) == "TR"]
    assert all(len([cell for cell in kids(row) if kind(cell) in ("TH", "TD")]) >= 2 for row in rows)
    long_ = [row for row in rows if len(kids(row)) == 2]
    # Ninety rows, and a header on each page that they take.
    assert len(long_) >= 90 + 2


def test_a_heading_never_stands_alone_at_the_foot_of_a_page(report: Made) -> None:
    order = [
        (kind(element), int(element.Pg.objgen[0])) for element in elements(report.pdf) if "/Pg" in element
    ]
    for (name, sheet), (_, next_sheet) in pairwise(order):
        if re.fullmatch(r"H[2-6]", name):
            assert next_sheet == sheet


def test_the_figure_stands_on_the_page_that_names_it_or_the_next(report: Made) -> None:
    (sheet,) = (
        number
        for number, page in enumerate(report.pages)
        if any("Loss against epoch." in line.text for line in page)
    )
    assert 1 <= sheet <= 4
