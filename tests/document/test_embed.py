"""An answer says the same in the PDF, the notebook and its web page: one parse, one set of numbers."""

import base64
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.document import page
from reportgen.document.displays import Undrawable
from reportgen.document.notebook import notebook, web_page
from reportgen.document.page import Page
from reportgen.errors import InputError
from reportgen.language import Show
from tests.document import samples
from tests.document.notebook.test_notebook import CODE
from tests.document.text.test_images import PLAIN, raster

NAMES = [
    ("![a picture](plain.png)", "plain.png"),
    ("![a picture][fig]\n\n[fig]: plain.png", "plain.png"),
    ("![a picture][]\n\n[a picture]: plain.png", "plain.png"),
    ("![a picture](<my pic.png>)", "my pic.png"),
    ("![a picture](my%20pic.png)", "my pic.png"),
    ("![a [nice] picture](plain.png)", "plain.png"),
    ("![a \\] picture](plain.png)", "plain.png"),
    ("![a *fine* picture](plain.png)", "plain.png"),
    ("- in a list\n\n  ![a picture](plain.png)", "plain.png"),
    ("| picture |\n|--|\n| ![a picture](plain.png) |", "plain.png"),
    ("A note.[^n]\n\n[^n]: ![a picture](plain.png)", "plain.png"),
    ('![a picture](sub/../plain.png "With a caption")', "plain.png"),
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "answers").mkdir()
    for name in ("plain.png", "my pic.png"):
        (tmp_path / "answers" / name).write_bytes(raster("PNG"))
    return tmp_path


def assembled(
    bodies: dict[str, str], folder: Path, question: str = ""
) -> tuple[Page, str, notebook.Notebook]:
    """Return the pages, the web page and the notebook."""
    report, answers = samples.report(bodies, folder=folder)
    if question:
        answers[0] = replace(answers[0], section=replace(answers[0].section, question=question))
    made = page.assemble(report, answers, samples.displays())
    written = notebook.make(report, made, CODE)
    executed = written.filled(_outputs(written))
    return made, web_page.html(executed, samples.TEMPLATES).decode(), executed


def _outputs(written: notebook.Notebook) -> bytes:
    """Return what a kernel would show: a drawing or a table."""
    found = {}
    for cell in written.cells:
        if cell["cell_type"] == "code":
            shows = cell["source"].endswith("()") and not cell["source"].startswith("from")
            data = {"text/html": "<table><caption>x</caption><tr><th>a</th></tr></table>"}
            if "image" in cell["source"]:
                data = {"image/svg+xml": samples.SVG}
            output = {"output_type": "execute_result", "data": data, "metadata": {"alt": "x"}}
            found[cell["id"]] = [1, [output] if shows else []]
    return json.dumps(found).encode()


@pytest.mark.parametrize(("text", "name"), NAMES)
@pytest.mark.parametrize("place", ["answer", "question"])
def test_a_picture_is_there_however_it_is_named(text: str, name: str, place: str, project: Path) -> None:
    body, question = (text, "") if place == "answer" else ("Nothing.", text)
    data = (project / "answers" / name).read_bytes()
    made, web, written = assembled({"q1": body}, project, question)
    (asset,) = [each for each in made.assets.files if each.startswith("own/")]
    assert made.assets[asset] == data
    assert f'src="reportgen:{asset}"' in made.html
    encoded = base64.b64encode(data).decode()
    assert f'src="data:image/png;base64,{encoded}"' in web
    (attached,) = [cell["attachments"] for cell in written.cells if cell.get("attachments")]
    assert list(attached.values()) == [{"image/png": encoded}]
    source = next(cell["source"] for cell in written.cells if cell.get("attachments"))
    assert f"](attachment:{next(iter(attached))}" in source


@pytest.mark.parametrize(("text", "name"), NAMES)
def test_no_picture_is_ever_empty(text: str, name: str, project: Path) -> None:
    (project / "answers" / name).unlink()
    with pytest.raises(InputError, match=r"q1.*image .* does not exist below the answers folder"):
        assembled({"q1": text}, project)


def test_links_lead_to_sections_figures_and_tables_in_both(project: Path) -> None:
    body = (
        "[s](#q2), [f](#cnn-evaluation-image), [t](#cnn-summary).\n\n{show cnn.summary}\n\n"
        "{show cnn.evaluation_image}\n\n{show cnn.evaluation_image}"
    )
    made, web, _ = assembled({"q1": body, "q2": "x"}, project)
    for html in (made.html, web):
        for anchor in ("q2", "cnn-evaluation-image", "cnn-summary", "cnn-evaluation-image-figure-2"):
            assert html.count(f'id="{anchor}"') == 1, anchor
        assert 'href="#q2"' in html


def test_a_link_to_the_list_of_sources_leads_there_in_page_notebook_and_markdown(project: Path) -> None:
    (project / "answers/references.bib").write_text("@misc{a, title={A}, year={2001}}\n")
    body = "As told [@a], see [the list](#references) and [this](#q1)."
    made, web, notebook = assembled({"q1": body, "q2": "x"}, project)
    for html in (made.html, web):
        assert html.count('id="references"') == 1
        assert '<a href="#references">the list</a>' in html
    cells = {cell["id"]: str(cell["source"]) for cell in notebook.cells}
    assert cells["sources"].startswith('## <a id="references"></a>References\n')
    assert cells["q1-question"].startswith('## <a id="q1"></a>1 ')
    assert cells["q2-question"].startswith("## 2 ")  # no link leads there
    with pytest.raises(InputError, match=r":6: a link leads to #references, and no source is cited"):
        assembled({"q1": "[x](#references)"}, project)


def test_a_link_that_leads_nowhere_is_told_with_its_line_and_the_nearest(project: Path) -> None:
    with pytest.raises(InputError) as caught:
        assembled({"q1": "A.\n\nSee [x](#q22) and\n[y](#elsewhere).", "q2": "x"}, project)
    told = [str(problem) for problem in caught.value.problems]
    assert len(told) == 2
    assert any(":8: a link leads to #q22, which does not exist (did you mean `q2`?)" in each for each in told)


def test_an_own_picture_with_a_caption_is_numbered_and_referred_to_in_both(project: Path) -> None:
    text = '{show cnn.evaluation_image}\n\n![a](plain.png "Our *own*")\n\nSee {ref plain.png}.'
    report, answers = samples.report({"q1": text}, folder=project)
    rendered = answers[0].rendered
    assert rendered is not None

    answers[0] = replace(answers[0], rendered=replace(rendered, refs=(Show("image", ("plain.png",)),)))
    made = page.assemble(report, answers, samples.displays())
    written = notebook.make(report, made, CODE)
    web = "".join(written.html.values())
    label = "Figure\N{NO-BREAK SPACE}2"
    for html in (made.html, web):
        anchor = re.search(r'<span class="figure own" id="([^"]+)">', html)
        assert anchor is not None
        assert f'<a class="ref" href="#{anchor[1]}">{label}</a>' in html
        assert f'<span class="caption"><span class="label">{label}</span> Our *own*</span>' in html
    assert f"See {label}." in next(cell["source"] for cell in written.cells if "See" in cell["source"])


def test_a_reference_to_a_picture_without_caption_is_refused(project: Path) -> None:
    report, answers = samples.report({"q1": "![a](plain.png)\n\nSee {ref x}."}, folder=project)
    rendered = answers[0].rendered
    assert rendered is not None

    answers[0] = replace(answers[0], rendered=replace(rendered, refs=(Show("image", ("plain.png",)),)))
    with pytest.raises(InputError, match=r"ref\('plain.png'\) does not refer to an image or table"):
        page.assemble(report, answers, {})


def test_formulas_are_drawn_in_the_colour_of_the_text_in_the_web_page(tmp_path: Path) -> None:
    _, web, _ = assembled({"q1": '"Q" $x^2$\n\n$$\ny\n$$'}, tmp_path)
    assert "“Q”" in web
    assert 'aria-hidden="true"' in web
    assert "<math><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math>" in web
    assert 'fill="currentColor"' in web
    assert '<div class="equation"><span class="formula"><svg' in web


def test_the_web_page_marks_facts_and_claims_as_the_pages_do(tmp_path: Path) -> None:
    text = "It is {fact cnn.test.accuracy=63.1 %}. {claim a > b}So *it{/claim} is*."
    made, web, _ = assembled({"q1": text}, tmp_path)
    marked = r'<span class="(?:fact|claim)".*?</span>'
    assert re.findall(marked, web) == re.findall(marked, made.html) != []


def test_what_is_shown_inside_a_list_comes_behind_it(tmp_path: Path) -> None:
    _, web, written = assembled({"q1": "- one\n\n  {show cnn.summary}\n\n- two\n\nAfter."}, tmp_path)
    sources = [cell["source"] for cell in written.cells]
    assert sources.index("- one\n\n- two") < sources.index("cnn.summary()") < sources.index("After.")
    assert web.index("two</") < web.index('id="cnn-summary"') < web.index("After.")


def test_an_svg_stands_as_an_image(project: Path) -> None:
    (project / "answers/a.svg").write_text(PLAIN)
    _, web, _ = assembled({"q1": "![a](a.svg)"}, project)
    assert 'src="data:image/svg+xml;base64,' in web


def test_what_can_not_be_drawn_is_told_with_its_place_and_reason(project: Path) -> None:
    report, answers = samples.report({"q1": "Text.\n\n{show cnn.mistakes}\n"}, folder=project)
    undrawable = Undrawable("no confidences were kept", "train it again")
    shown = {**samples.displays(), Show("mistakes", ("cnn",)): undrawable}
    with pytest.raises(
        InputError, match=r"cnn\.mistakes: no confidences were kept \(train it again\)"
    ) as told:
        page.assemble(report, answers, shown)
    assert told.value.problems[0].line


TABLE = "| a | b |\n|--|--:|\n| x | 1 |\n"


@pytest.mark.parametrize(
    "body",
    [f"Table sizes: What *it* shows\n\n{TABLE}", f"{TABLE}\nTable sizes: What *it* shows\n"],
)
def test_a_table_with_a_caption_is_numbered_and_can_be_referred_to(body: str) -> None:
    report, answers = samples.report({"q1": f"{{ref sizes.image}} and [it](#own-sizes).\n\n{body}"})
    made = page.assemble(report, answers, {})
    label = '<span class="label" id="own-sizes">Table\u00a01</span>'
    assert f"<table>\n<caption>{label} What <em>it</em> shows</caption>" in made.html
    assert '<a class="ref" href="#own-sizes">Table\u00a01</a>' in made.html
    assert '<th scope="row">x</th><td class="right">1</td>' in made.html.replace("\n", "")
    (entry,) = made.numbering.entries
    assert entry.caption == "What it shows"


def test_a_paragraph_that_begins_like_a_caption_stays_one_elsewhere() -> None:
    report, answers = samples.report({"q1": f"Table: no table here.\n\nWords.\n\n{TABLE}"})
    made = page.assemble(report, answers, {})
    assert "<p>Table: no table here.</p>" in made.html
    assert not made.numbering.entries


def test_the_notebook_says_the_number_of_a_table() -> None:
    report, answers = samples.report({"q1": f"Table: Sizes\n\n{TABLE}"})
    built = notebook.make(report, page.assemble(report, answers, {}), {})
    (cell,) = (cell for cell in built.cells if cell["id"] == "q1-answer-0")
    assert cell["source"] == "Table\u00a01. Sizes\n\n| a | b |\n| --- | --: |\n| x | 1 |"
