"""A report as Markdown: the words of the pages, links that lead somewhere, pictures beside it."""

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reportgen.document import as_markdown, page
from reportgen.document.as_markdown import Markdown
from reportgen.document.displays import Column, Table
from reportgen.document.labels import labels
from tests.document import samples
from tests.document.text.test_images import PLAIN

COLUMNS = (Column("Model"), Column("Seed", number=True))
NOTES = (Table("Runs | all", COLUMNS, (("a_b", "1"),), (("Sum", "1"),)),)


def written(bodies: dict[str, str], *, draft: bool = False, folder: Path | None = None) -> Markdown:
    report, answers = samples.report(bodies, folder=folder)
    made = page.assemble(report, answers, samples.displays(), NOTES, draft=draft)
    return as_markdown.write(
        report, made, as_markdown.forge("report_files"), made_by="Made by 1_2.", draft=draft
    )


def dangling(text: str) -> set[str]:
    """Return the places that links lead to and that are nowhere."""
    return set(re.findall(r"\]\(#([^)]+)\)", text)) - set(re.findall(r'<a id="([^"]+)"></a>', text))


def test_it_has_all_that_a_page_has() -> None:
    made = written({"q1": samples.BODY, "q2": samples.BODY})
    text = made.text.replace("\N{NO-BREAK SPACE}", " ")
    assert dangling(text) == set()
    assert "The accuracy is 63.1 %; more than *was asked\nfor*." in text
    assert "See [Figure 1](#cnn-evaluation-image) and [Table 1](#cnn-summary)." in text
    assert "“Quoted” – with $x^2$ and `code` and [a link](https://example.org/)." in text
    assert "$$\np = \\frac{1}{2}\n$$" in text
    assert "```python\ndef cnn(" in text
    assert text.endswith("\n\n---\n\n*Made by 1\\_2.*\n")
    name = "cnn-evaluation-image.svg"
    alt = samples.FIGURE.alt.replace("\N{NO-BREAK SPACE}", " ")
    assert f"![{alt}](report_files/{name})\n\n**Figure 1** Loss against epoch." in text
    assert ElementTree.fromstring(made.pictures[name])[1].get("fill") == "#fff"


def test_notes_of_two_answers_are_told_apart() -> None:
    text = written({"q1": "A.[^n]\n\n[^n]: One.\n", "q2": "B.[^n]\n\n[^n]: Two.\n"}).text
    for mark in ("A.[^q1-n]", "[^q1-n]: One.", "B.[^q2-n]", "[^q2-n]: Two."):
        assert mark in text


def test_contents_and_appendix_stand_where_links_lead() -> None:
    text = written({"q1": "A.", "q2": "B."}).text
    assert re.search(r"^- \[1 .*\]\(#q1\)\n- \[2 .*\]\(#q2\)\n- \[How these.*\]\(#appendix\)$", text, re.M)
    assert "Runs | all\n\n| Model | Seed |\n| :-- | --: |\n| a\\_b | 1 |\n| Sum | 1 |" in text
    assert "attached" not in text  # nothing is attached to Markdown


def test_own_pictures_and_tables_have_their_numbers_and_captions(tmp_path: Path) -> None:
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers/a b.svg").write_text(PLAIN)
    body = (
        '![One *thing*](<a b.svg> "It | shows") and ![bare](<a b.svg>)\n\n'
        "| a | b |\n|---|---|\n| 1 | 2 |\n\nTable rates: What it *costs*\n"
    )
    made = written({"q1": body}, folder=tmp_path)
    text = made.text.replace("\N{NO-BREAK SPACE}", " ")
    (name,) = made.pictures
    label = f'<a id="own-{Path(name).stem}-svg"></a>**Figure 1** It | shows'
    assert f"![One thing](report_files/{name})\\\n{label} and ![bare](report_files/{name})" in text
    assert '<a id="own-rates"></a>**Table 1** What it *costs*\n\n| a | b |' in text


@pytest.mark.parametrize("draft", [False, True])
def test_a_draft_marks_what_does_not_hold(draft: bool) -> None:
    text = written({"q1": "{false cnn.x > 1}It is large{/claim}."}, draft=draft).text
    assert ("It is large \\[not supported by the measurements\\]." in text) == draft
    assert text.startswith("**Draft**") == draft


def test_sources_are_linked_and_listed(tmp_path: Path) -> None:
    (tmp_path / "answers").mkdir()
    bib = "@article{a, title={A_B and C}, author={N, O}, year={2001}, url={https://example.org/x_y_z}}\n"
    (tmp_path / "answers/references.bib").write_text(bib + bib.replace("{a,", "{b,"))
    text = written({"q1": "As told [@a, p. 3; @b]."}, folder=tmp_path).text
    assert "As told \\[[1](#reference-1), p. 3, [2](#reference-2)\\]." in text
    assert '1. <a id="reference-1"></a>' in text
    assert "<https://example.org/x_y_z>" in text
    assert "A\\_B and C" in text
    assert dangling(text) == set()


def test_a_title_is_one_line_of_plain_text() -> None:
    report, _ = samples.report({"q1": "A."})
    block = replace(
        report.title_block, title="On *this*\nand <that>", deadline="5 May", abstract="# In short"
    )
    text = as_markdown.title(block, labels("en"))
    assert text.startswith("# On \\*this\\* and &lt;that>\n\n")
    assert "Deadline: 5 May\n\n> \\# In short" in text
