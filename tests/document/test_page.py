"""The page: numbering, references, claims, drafts and what is refused."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from reportgen import themes
from reportgen.document import as_markdown, page
from reportgen.document.displays import Column, Table
from reportgen.document.notebook import notebook
from reportgen.errors import InputError, RenderError
from tests.document import samples
from tests.document.text.test_images import PLAIN, raster


def html(body: str, *, draft: bool = False, folder: Path | None = None) -> str:
    report, answers = samples.report({"q1": body}, folder=folder)
    return page.assemble(report, answers, samples.displays(), draft=draft).html


def test_figures_tables_and_listings_are_numbered_apart_in_the_order_of_the_text() -> None:
    report, answers = samples.report(
        {
            "q1": "{show cnn.summary}\n\n{show cnn.code}",
            "q2": "{show fc.summary}\n\n{show cnn.evaluation_image}",
        }
    )
    made = page.assemble(report, answers, samples.displays())
    labels = [
        (entry.label.replace("\N{NO-BREAK SPACE}", " "), entry.anchor) for entry in made.numbering.entries
    ]
    assert labels[:4] == [
        ("Table 1", "cnn-summary"),
        ("Listing 1", "cnn-code"),
        ("Table 2", "fc-summary"),
        ("Figure 1", "cnn-evaluation-image"),
    ]


def test_a_reference_finds_what_comes_later() -> None:
    made = html("See {ref cnn.evaluation_image}.\n\n{show cnn.evaluation_image}")
    assert '<a class="ref" href="#cnn-evaluation-image">Figure\N{NO-BREAK SPACE}1</a>' in made


def test_a_reference_to_what_is_not_shown_is_refused_with_its_place() -> None:
    with pytest.raises(InputError, match=r"01-q1\.md:6: ref\(cnn\.summary\) refers to something .*not show"):
        html("See {ref cnn.summary}.")


def test_the_same_thing_shown_twice_is_two_with_their_own_anchors() -> None:
    made = html("{show cnn.summary}\n\n{show cnn.summary}")
    assert 'id="cnn-summary"' in made
    assert 'id="cnn-summary-table-2"' in made


def test_facts_and_claims_are_marked() -> None:
    made = html("{claim a < b}It is {fact cnn.test.accuracy=63.1 %}{/claim}.")
    assert '<span class="claim" data-claim="a &lt; b">It is <span class="fact"' in made
    assert 'data-fact="cnn.test.accuracy">63.1 %</span></span>.' in made


def test_a_false_claim_is_marked_in_a_draft_only() -> None:
    body = "{false a < b}It is{/claim}."
    assert "not supported by the measurements" in html(body, draft=True)
    assert 'class="claim doubted"' in html(body, draft=True)
    assert "doubted" not in html(body)
    assert 'class="draft-mark"' in html("x", draft=True)


def test_a_fact_in_a_heading_or_link_is_still_there() -> None:
    made = html("# At {fact cnn.epochs=15}\n\n[{fact cnn.epochs=15} epochs](https://e.org)")
    assert made.count('data-fact="cnn.epochs">15</span>') == 2


def test_a_section_without_answer_says_so() -> None:
    report, answers = samples.report({"q1": "x", "q2": "y"})
    made = page.assemble(report, [answers[0], replace(answers[1], rendered=None)], {})
    assert made.html.count("This section has not been built yet.") == 1


def test_lists_of_figures_come_with_many_figures() -> None:
    def shown(times: int) -> str:
        report, answers = samples.report({"q1": "{show cnn.evaluation_image}\n\n" * times, "q2": "x"})
        return page.assemble(report, answers, samples.displays()).html

    few, many = shown(1), shown(page.MANY_FIGURES)
    assert "Figures</h2>" not in few
    assert "Figures</h2>" in many
    assert "CNN: training and confusions" in many


def test_the_appendix_says_where_everything_came_from() -> None:
    report, answers = samples.report({"q1": "{show cnn.evaluation_image}\n\n{show fc.evaluation_image}"})
    made = page.assemble(report, answers, samples.displays(), [Table("Runs", (Column("M"),), (("cnn",),))])
    assert "How these numbers were made" in made.html
    assert "What each figure and table came from" in made.html
    assert re.search(r"Figure\s1, Figure\s2</th><td class=\"code\">a{12}<", made.html)


def test_formulas_are_images_with_their_tex() -> None:
    report, answers = samples.report({"q1": "$a<b$"})
    made = page.assemble(report, answers, {})
    assert 'alt="a&lt;b"' in made.html
    assert made.formulas.keys() == {"a<b"}
    assert [name for name in made.assets if name.startswith("math/")]


def test_an_image_of_the_authors_own_is_shown_and_numbered_by_its_caption(tmp_path: Path) -> None:
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "a.svg").write_text(PLAIN)
    made = html('![A square](a.svg "A square, drawn.")\n\n![Again](a.svg)', folder=tmp_path)
    assert re.search(r'src="reportgen:own/a-[0-9a-f]{8}\.svg" alt="A square"', made)
    assert "Figure\N{NO-BREAK SPACE}1</span> A square, drawn." in made


def test_problems_of_all_sections_come_at_once(tmp_path: Path) -> None:
    (tmp_path / "answers").mkdir()
    report, answers = samples.report(
        {"q1": "![x](nosuch.png)", "q2": "\n![y](http://e.org/x.png)"}, folder=tmp_path
    )
    with pytest.raises(InputError) as caught:
        page.assemble(report, answers, {})
    assert [(Path(problem.path).name, problem.line) for problem in caught.value.problems] == [
        ("01-q1.md", 6),
        ("02-q2.md", 7),
    ]


def test_nothing_to_show_is_a_problem() -> None:
    with pytest.raises(InputError, match=r"there is nothing to show for cnn\.nosuch"):
        html("{show cnn.nosuch}")


def test_a_file_of_the_project_replaces_that_of_the_theme_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "templates/paper").mkdir(parents=True)
    (tmp_path / "templates/paper/style.css").write_text("p { color: #123456 }")
    report, answers = samples.report({"q1": "x"}, templates=tmp_path / "templates")
    assets = page.assemble(report, answers, {}).assets
    assert assets["style/paper/style.css"] == b"p { color: #123456 }"
    assert assets["style/base/base.css"] == (themes.FOLDER / "base/base.css").read_bytes()


def test_a_theme_of_the_project_extends_the_skeleton_of_the_package(tmp_path: Path) -> None:
    (tmp_path / "templates/mine").mkdir(parents=True)
    text = '{% extends "base/page.html.j2" %}{% block title_page %}<h1>Mine</h1>{% endblock %}'
    (tmp_path / "templates/mine/report.html.j2").write_text(text)
    report, answers = samples.report({"q1": "Uno"}, templates=tmp_path / "templates", theme="mine")
    html = page.assemble(report, answers, {}).html
    assert "<h1>Mine</h1>" in html
    assert "<p>Uno" in html


def test_a_template_that_breaks_the_page_is_refused(tmp_path: Path) -> None:
    templates = samples.copied_templates(tmp_path)
    base = templates / "base" / "page.html.j2"
    base.write_text(base.read_text().replace('<div class="answer">', '<h5>Deep</h5><img src="x">'))
    report, answers = samples.report({"q1": "x"}, templates=templates)
    with pytest.raises(RenderError) as caught:
        page.assemble(report, answers, {})
    assert "a heading of level 5 follows one of level 2" in str(caught.value)
    assert "the image 'x' has no alternative text" in str(caught.value)


def test_title_contents_sections_and_appendix_come_in_order() -> None:
    report, answers = samples.report({"q1": "Uno", "q2": "Due"})
    appendix = Table("Runs", (Column("Model"),), (("CNN",),))
    html = page.assemble(report, answers, {}, [appendix]).html
    signs = ('class="title-page"', 'class="contents"', "<p>Uno", "<p>Due", 'id="appendix"')
    places = [html.index(sign) for sign in signs]
    assert places == sorted(places)


def test_everything_an_author_writes_is_escaped() -> None:
    report, answers = samples.report({"q1": "x"})
    evil = "<script>alert(1)</script>"
    block = replace(
        report.title_block, title=evil, course=evil, authors=(evil,), abstract=evil, deadline=evil
    )
    section = replace(answers[0].section, title=evil, question=f"`{evil}`")
    made = page.assemble(
        replace(report, title_block=block, sections=(section,)), [replace(answers[0], section=section)], {}
    )
    assert "<script" not in made.html
    assert made.html.count("&lt;script&gt;") >= 8


def test_a_report_of_one_section_has_no_contents() -> None:
    report, answers = samples.report({"q1": "Uno."})
    html = page.assemble(report, answers, {}).html
    assert 'class="contents"' not in html
    assert '<body class="short">' in html


def test_a_formula_in_a_title_is_pointed_out() -> None:
    report, answers = samples.report({"q1": "Uno."})
    titled = replace(answers[0], section=replace(answers[0].section, title="The $L_2$ norm < 3"))
    (repair,) = page.assemble(report, [titled], {}).repairs
    assert repair.message == "a title is plain text: the formula in it is not set"


def test_a_logo_stands_on_the_title_page(tmp_path: Path) -> None:
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "logo.png").write_bytes(raster("PNG"))
    report, answers = samples.report({"q1": "Uno."}, folder=tmp_path)
    with_logo = replace(report, title_block=replace(report.title_block, logo="logo.png"))
    made = page.assemble(with_logo, answers, {})
    assert re.search(r'<p class="logo"><img src="reportgen:own/logo-[0-9a-f]+\.png" alt="TBMI26">', made.html)
    lost = replace(report, title_block=replace(report.title_block, logo="no.png"), lines={"logo": 4})
    with pytest.raises(InputError, match=r"report\.toml:4: image 'no\.png' does not exist"):
        page.assemble(lost, answers, {})


def test_a_section_without_a_question_has_a_heading_and_its_answer() -> None:
    report, answers = samples.report({"q1": "One.", "q2": "Two."})
    plain = replace(answers[0].section, question="")
    answers[0] = replace(answers[0], section=plain)
    made = page.assemble(replace(report, sections=(plain, report.sections[1])), answers, samples.displays())
    assert made.html.count('<p class="word">') == 1
    assert made.html.index("One.") < made.html.index('<p class="word">')
    cells = notebook.make(report, made, {}).prose
    first, second = (cell["source"] for cell in cells if cell["id"].endswith("-question"))
    assert "**Question**" not in first and "**Question**" in second
    text = as_markdown.write(report, made, as_markdown.forge("files"), made_by="Me.").text
    assert text.count("**Question**") == 1
