"""The PDF: what a reader, a screen reader, an archive and an auditor find in it."""

import html
import io
import re
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pypdfium2
import pyphen
import pytest

from reportgen.document import page, pdf
from reportgen.document.assets import Assets
from reportgen.document.displays import Column, Table
from reportgen.document.evidence import Attachment
from reportgen.errors import RenderError
from tests.document import samples
from tests.document.pdf.tagtree import elements, kids, kind, kinds, spoken

METADATA = pdf.Metadata(datetime(2024, 3, 1, 12, tzinfo=UTC))
ATTACHMENTS = (
    Attachment("results.json", b'{"accuracy": 0.631}', "Every number", "Data"),
    Attachment("answers/models.py", b"def cnn(): ...\n", "The models", "Source"),
)
APPENDIX = Table("Runs", (Column("Model"), Column("Seed", True)), (("CNN", "1"),) * 60)
BODIES = {
    "q1": samples.BODY,
    "q2": samples.BODY.replace("cnn", "fc").replace("^n", "^m") + "\n\n" + "Words and more words. " * 300,
    "q3": "Loose items:\n\n- one\n\n  more\n\n- two\n\n[*a* and {fact cnn.loss=0.8}](https://example.org/).\n",
}


def build(**look: str) -> bytes:
    report, answers = samples.report(BODIES, **look)  # type: ignore[arg-type]
    made = page.assemble(report, answers, samples.displays(report.language), [APPENDIX])
    return pdf.write(made.html, made.assets, ATTACHMENTS, metadata=METADATA, formulas=made.formulas)


@pytest.fixture(scope="module")
def data() -> bytes:
    return build()


@pytest.fixture(scope="module")
def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


@pytest.fixture(scope="module")
def texts(data: bytes) -> list[str]:
    return [sheet.get_textpage().get_text_bounded() for sheet in pypdfium2.PdfDocument(data)]


def test_the_text_is_there_with_true_quotes(texts: list[str]) -> None:
    everything = " ".join("\n".join(texts).split())
    assert "The accuracy is 63.1 %; more than was asked for." in everything
    assert "“Quoted” – with" in everything
    assert "See Figure 1 and Table 1." in everything


def test_title_page_contents_and_sections_come_in_order(texts: list[str]) -> None:
    assert "Ada Lovelace" in texts[0]
    assert texts[0].index("Ada Lovelace") < texts[0].index("Contents")
    assert re.search(r"1\s+Question 1", texts[1])


def test_contents_name_the_pages_that_sections_are_on(texts: list[str]) -> None:
    found = re.findall(r"(Question \d|How these numbers were made)[ .]*?(\d+)\s*$", texts[0], re.MULTILINE)
    assert len(found) == 4
    for title, number in found:
        sheet = texts[int(number) - 1]
        assert re.search(rf"^\s*\w+\s+{title}\s*$", sheet.replace("\r", ""), re.MULTILINE), (title, number)


def test_pages_are_numbered_and_carry_the_running_title(texts: list[str]) -> None:
    for number, text in enumerate(texts[1:], 2):
        assert str(number) in text.split()
        assert "Deep Learning" in text


def test_bookmarks_lead_through_the_report(opened: pikepdf.Pdf) -> None:
    with opened.open_outline() as outline:
        root = list(outline.root)
        titles = [str(item.title) for item in [*root, *(child for item in root for child in item.children)]]
    assert "1 Question 1" in titles
    assert "A How these numbers were made" in titles


def test_headings_come_in_order_without_a_gap(opened: pikepdf.Pdf) -> None:
    levels = [int(name[1]) for name in kinds(opened) if re.fullmatch(r"H\d", name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert set(levels) == {1, 2, 3}
    assert all(next_ <= level + 1 for level, next_ in pairwise(levels))


def test_every_table_has_header_cells_and_cells_name_them(opened: pikepdf.Pdf) -> None:
    tables = [element for element in elements(opened) if kind(element) == "Table"]
    assert len(tables) >= 6
    for table in tables:
        inside = list(_below(table))
        assert any(kind(cell) == "TH" for cell in inside)
        cells = [cell for cell in inside if kind(cell) == "TD"]
        # A corner has no header above or beside it.
        assert all("/Headers" in cell.A for cell in cells)
        assert sum(len(cell.A.Headers) > 0 for cell in cells) >= len(cells) - 1


def test_header_cells_have_names_of_their_own() -> None:
    report, answers = samples.report(
        dict.fromkeys(["q1", "q2", "q3"], "| a | b |\n| --- | --- |\n| 1 | 2 |\n")
    )
    made = page.assemble(report, answers, {})
    opened = pikepdf.open(io.BytesIO(pdf.write(made.html, made.assets, metadata=METADATA)))
    tables = [_below(element) for element in elements(opened) if kind(element) == "Table"]
    names = [{str(cell.ID) for cell in table if kind(cell) == "TH"} for table in tables]
    assert len(set().union(*names)) == 9
    for table, own in zip(tables, names, strict=True):
        named = {str(name) for cell in table if kind(cell) == "TD" for name in cell.A.Headers}
        assert named <= own
        assert len(named) == 2  # the head of its column and that of its row


def test_pages_and_links_lead_to_their_tags(opened: pikepdf.Pdf) -> None:
    listed = list(opened.Root.StructTreeRoot.ParentTree.Nums)
    tags = dict(zip(listed[::2], listed[1::2], strict=True))
    assert list(tags) == list(range(len(tags)))
    links = 0
    for sheet in opened.pages:
        assert all(tag.Pg.objgen == sheet.obj.objgen for tag in tags[sheet.obj.StructParents])
        for link in sheet.obj.get("/Annots", []):
            links += 1
            inside = [kid for kid in kids(tags[link.StructParent]) if isinstance(kid, pikepdf.Dictionary)]
            assert [kid.Obj.objgen for kid in inside if "/Obj" in kid] == [link.objgen]
    assert len(tags) == len(opened.pages) + links > len(opened.pages) + 10


def _below(node: Any) -> list[Any]:
    return [found for kid in kids(node) if kind(kid) for found in (kid, *_below(kid))]


def test_a_long_table_repeats_its_header(opened: pikepdf.Pdf, texts: list[str]) -> None:
    assert sum("Model" in text and "Seed" in text for text in texts) == 2


def test_figures_say_what_they_show_and_formulas_their_tex(opened: pikepdf.Pdf) -> None:
    figures = [str(element.Alt) for element in elements(opened) if kind(element) == "Figure"]
    formulas = [str(element.Alt) for element in elements(opened) if kind(element) == "Formula"]
    assert figures == [samples.FIGURE.alt] * 2
    assert sorted(formulas) == sorted(["x^2", "p = \\frac{1}{2}"] * 2)


def test_formulas_have_their_mathml_associated(opened: pikepdf.Pdf) -> None:
    found = [element for element in elements(opened) if kind(element) == "Formula"]
    files = [file for element in found for file in element.AF]  # type: ignore[attr-defined]
    texts = [file.EF.F.read_bytes().decode() for file in files]
    namespace = "http://www.w3.org/1998/Math/MathML"
    for text in texts:
        assert ElementTree.fromstring(text).tag == f"{{{namespace}}}math"
    assert sum("<msup><mi>x</mi><mn>2</mn></msup>" in text for text in texts) == 2
    assert sum("<mfrac>" in text for text in texts) == 2
    assert {str(file.AFRelationship) for file in files} == {"/Supplement"}
    assert {str(file.EF.F.Subtype) for file in files} == {"/application/mathml+xml"}
    assert len({file.objgen for file in files}) == 2  # each formula once, however often it stands there


def test_list_items_hold_a_label_and_a_body_only(opened: pikepdf.Pdf) -> None:
    items = [element for element in elements(opened) if kind(element) == "LI"]
    assert items
    assert all(kind(kid) in ("Lbl", "LBody") for item in items for kid in kids(item))


def test_every_link_lies_in_a_link(opened: pikepdf.Pdf) -> None:
    holders = {
        kind(element)
        for element in elements(opened)
        for kid in kids(element)
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR"
    }
    assert holders == {"Link"}


def test_reading_order_is_text_order(data: bytes, opened: pikepdf.Pdf) -> None:
    """What the tree reads out is the text of the page as it was written, word for word."""
    report, answers = samples.report(BODIES)
    made = page.assemble(report, answers, samples.displays(report.language), [APPENDIX]).html
    sections = made.partition("</nav>")[2].partition('<section class="appendix"')[
        0
    ]  # that one repeats a header
    words = joined(html.unescape(re.sub(r'<a class="back".*?</a>|<[^>]*>?', " ", sections)))
    assert len(words) > 3000
    assert words in joined(spoken(data))
    tags = kinds(opened)
    assert tags.index("H1") < tags.index("H2") < tags.index("Table")
    assert tags.index("Table") < len(tags) - 1 - tags[::-1].index("Figure")


def joined(text: str) -> str:
    """Return text without spaces, and without hyphens, which lines may add."""
    return re.sub(r"[\s\u00ad\u2010-]", "", text)


def test_what_a_page_end_cuts_apart_is_one_tag(opened: pikepdf.Pdf) -> None:
    pages: dict[str, list[set[int]]] = {}
    for element in elements(opened):
        inside = (kid for kid in _below(element) if any(isinstance(each, int) for each in kids(kid)))
        pages.setdefault(kind(element), []).append({kid.Pg.objgen[0] for kid in inside})
    assert len(pages["Sect"]) == len(BODIES) + 1 + 2  # the appendix, and the notes of two sections
    assert any(len(places) > 1 for places in pages["P"])


def test_archive_and_access_are_declared_in_one_description(opened: pikepdf.Pdf) -> None:
    root = ElementTree.fromstring(opened.Root.Metadata.read_bytes())
    (rdf,) = root.iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF")
    attributes = {name: value for element in rdf for name, value in element.attrib.items()}
    assert attributes["{http://www.aiim.org/pdfa/ns/id/}part"] == "3"
    assert attributes["{http://www.aiim.org/pdfa/ns/id/}conformance"] == "A"
    assert attributes["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"


def test_language_title_and_date_are_set(opened: pikepdf.Pdf) -> None:
    assert str(opened.Root.Lang) == "en"
    assert str(opened.docinfo.Title) == "Deep Learning – Computer Assignment Report"
    assert str(opened.docinfo.CreationDate) == "D:20240301120000Z"
    assert opened.Root.ViewerPreferences.DisplayDocTitle


def test_nothing_is_a_raster(opened: pikepdf.Pdf) -> None:
    assert not [thing for thing in opened.objects if _is_image(thing)]


def _is_image(thing: object) -> bool:
    return isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Image"


def test_fonts_are_embedded_and_subset_and_the_figures_share_the_bodys(opened: pikepdf.Pdf) -> None:
    fonts = [thing for thing in opened.objects if _is_font(thing)]
    names = {str(font.FontName) for font in fonts}
    assert all("/FontFile2" in font for font in fonts)
    assert all(re.fullmatch(r"/[A-Z]{6}\+.+", name) for name in names)
    families = {name.partition("+")[2] for name in names}
    assert "Source-Serif-Pro" in families
    assert all(family.startswith(("Source-S", "DejaVu-Sans-Mono")) for family in families), families


def _is_font(thing: object) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor"


def test_text_in_figures_is_text(texts: list[str]) -> None:
    assert sum("epoch" in text for text in texts) >= 1


def test_attachments_are_carried_with_what_they_are(opened: pikepdf.Pdf) -> None:
    assert {name: opened.attachments[name].get_file().read_bytes() for name in opened.attachments} == {
        attachment.name: attachment.data for attachment in ATTACHMENTS
    }
    specs = {str(spec.UF): spec for spec in opened.Root.AF}
    assert str(specs["results.json"].AFRelationship) == "/Data"
    assert str(specs["answers/models.py"].AFRelationship) == "/Source"
    assert str(specs["results.json"].Desc) == "Every number"


def test_facts_can_be_found_on_their_pages(opened: pikepdf.Pdf) -> None:
    names = [str(name) for name in opened.Root.Names.Dests.Names[::2]]
    assert "q1-fact-0" in names


def test_contents_follow_what_moves() -> None:
    for body in ("Short.\n", "Words and more words. " * 600):
        report, answers = samples.report({"q1": body, "q2": "Second.\n"})
        made = page.assemble(report, answers, {})
        data = pdf.write(made.html, made.assets, metadata=METADATA)
        texts = [sheet.get_textpage().get_text_bounded() for sheet in pypdfium2.PdfDocument(data)]
        number = next(number for number, text in enumerate(texts, 1) if "Second." in text)
        assert re.search(rf"Question 2[ .]*{number}\b", texts[0])


def test_a_letter_that_no_font_has_is_refused() -> None:
    """A character of the private use area: a PDF/A may not show a box in its place."""
    html = '<html lang="en"><title>T</title><h2><span>1</span> Data</h2> &#xF0000; <h2>2 More</h2>'
    with pytest.raises(RenderError, match=r"“1 Data”: no font here has .* \(U\+F0000\) \(write something"):
        pdf.write(html, Assets({}), metadata=METADATA)


def test_no_figure_is_lost_however_many_there_are() -> None:
    bodies = {f"q{n}": "{show cnn.evaluation_image}\n\n{show fc.evaluation_image}\n" for n in range(1, 6)}
    report, answers = samples.report(bodies)
    made = page.assemble(report, answers, samples.displays())
    written = pdf.write(made.html, made.assets, metadata=METADATA)
    found = kinds(pikepdf.open(io.BytesIO(written)))
    assert found.count("Figure") == 10


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_paper_is_a_choice(paper: str, size: tuple[int, int]) -> None:
    report, answers = samples.report({"q1": "x"}, paper=paper)
    made = page.assemble(report, answers, {})
    opened = pikepdf.open(io.BytesIO(pdf.write(made.html, made.assets, metadata=METADATA)))
    assert {tuple(round(float(side)) for side in sheet.MediaBox[2:]) for sheet in opened.pages} == {size}


def written_in(language: str, body: str) -> tuple[str, str]:
    """Return the language that a PDF declares, and its text."""
    report, answers = samples.report({"q1": body, "q2": "2"}, language=language)
    made = page.assemble(report, answers, samples.displays(language))
    written = pdf.write(made.html, made.assets, metadata=METADATA)
    sheets = pypdfium2.PdfDocument(written)
    text = "\n".join(sheet.get_textpage().get_text_bounded() for sheet in sheets)
    opened = pikepdf.open(io.BytesIO(written))
    return str(opened.Root.Lang), re.sub(r"[\u00a0\u202f]", " ", text)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv", ("Innehåll", "Fråga", "Figur 1", "Tabell 1", "Lager i CNN", "”Quoted”")),
        ("de", ("Inhalt", "Aufgabe", "Abbildung 1", "Tabelle 1", "Schichten von CNN", "„Quoted“")),
        ("fr", ("Sommaire", "Question", "Figure 1", "Tableau 1", "Couches de CNN", "« Quoted »")),
        ("es", ("Índice", "Pregunta", "Figura 1", "Tabla 1", "Capas de CNN", "«Quoted»")),
    ],
)
def test_a_report_in_another_language_says_so(language: str, words: tuple[str, ...]) -> None:
    declared, text = written_in(language, samples.BODY)
    assert declared == language
    for word in words:
        assert word in text


@pytest.mark.parametrize(
    ("language", "word", "part"),
    [
        ("en-GB", "photography", "photo"),
        ("en-US", "photography", "photog"),
        ("sv", "träffsäkerhet", "träff"),
        ("de", "Trainingsgenauigkeit", "Trainingsge"),
        ("fr", "surapprentissage", "surappren"),
        ("es", "entrenamiento", "entre"),
    ],
)
def test_words_are_hyphenated_as_in_their_language(language: str, word: str, part: str) -> None:
    body = "\n\n".join("i" * shift + f" {word}" * 12 for shift in range(1, 40, 3))
    declared, text = written_in(language, body)
    assert declared == language
    parts = set(re.findall(r"(\w+)\x02", text))  # how PDFium tells a hyphen at the end of a line
    hyphens = pyphen.Pyphen(lang=language).positions(word)
    assert part in parts
    assert parts & {word[:end] for end in range(len(word))} <= {word[:end] for end in hyphens}


def test_contents_lists_and_header_cells_say_what_they_are() -> None:
    body = "- a\n- b\n\n1. c\n2. [d](https://e.org)\n\n| n | m |\n|--|--|\n| x | 1 |\n"
    report, answers = samples.report({"q1": body, "q2": "x"})
    made = page.assemble(report, answers, {})
    opened = pikepdf.open(io.BytesIO(pdf.write(made.html, made.assets, metadata=METADATA)))
    found = list(elements(opened))
    (contents,) = (each for each in found if kind(each) == "TOC")
    assert [kind(item) for item in kids(contents)] == ["TOCI", "TOCI"]
    assert [str(each.A.ListNumbering) for each in found if kind(each) == "L"] == ["/Disc", "/Decimal"]
    assert [str(each.A.Scope) for each in found if kind(each) == "TH"] == ["/Column", "/Column", "/Row"]
