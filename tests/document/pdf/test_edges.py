"""Nothing runs off the paper: what can break breaks, and what can't is an error that names it."""

import pypdfium2
import pytest

from reportgen.document import page, pdf
from reportgen.errors import RenderError
from tests.document import samples
from tests.document.pdf.test_typography import METADATA

WIDE = "| " + " | ".join(f"column{n}" for n in range(18)) + " |\n" + "|--" * 18 + "|\n"


def built(body: str, theme: str = "paper", paper: str = "a4") -> bytes:
    report, answers = samples.report({"q1": body}, theme=theme, paper=paper)
    made = page.assemble(report, answers, samples.displays())
    return pdf.write(made.html, made.assets, metadata=METADATA)


@pytest.mark.parametrize("theme", ["paper", "modern"])
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_long_words_addresses_and_code_break(theme: str, paper: str) -> None:
    word, code = "Donaudampfschifffahrt" * 12, "a_name_" * 40
    body = f"{word}\n\n<https://example.org/{word}>\n\n    {code}\n\n`{code}`\n\n- {word}\n\n> {word}\n"
    text = "".join(
        sheet.get_textpage().get_text_bounded() for sheet in pypdfium2.PdfDocument(built(body, theme, paper))
    )
    letters = "".join(letter for letter in text if letter.isalpha())
    assert letters.count("Donaudampfschifffahrt") >= 4 * 12 - 8  # some are cut by the head of a page


@pytest.mark.parametrize("theme", ["paper", "modern"])
def test_a_table_wider_than_the_paper_is_named(theme: str) -> None:
    with pytest.raises(
        RenderError, match=r"page \d: “column\d+.*” runs off the paper \(give the table fewer"
    ):
        built(WIDE + "| x" * 18 + " |\n", theme)
