"""The notebook's web page: self-contained, inert, and described."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reportgen.document.labels import labels
from reportgen.document.notebook import web_page
from reportgen.document.notebook.notebook import Notebook
from reportgen.document.text import markdown
from reportgen.errors import InputError, RenderError
from tests.document import samples
from tests.kept import Kept

TABLE = '<table class="data"><caption>Layers</caption><thead><tr><th scope="col">a</th></tr></thead></table>'


def code(*outputs: dict[str, Any], about: dict[str, str] | None = None) -> dict[str, Any]:
    metadata = {"reportgen": about} if about else {}
    made: dict[str, Any] = {"cell_type": "code", "id": "c", "source": "x = 1", "metadata": metadata}
    return {**made, "execution_count": 3, "outputs": list(outputs)}


def result(data: dict[str, str], metadata: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"output_type": "execute_result", "execution_count": 3, "data": data, "metadata": metadata or {}}


def text(source: str, **more: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": "m", "metadata": {}, "source": source, **more}


def html(*cells: dict[str, Any], templates: Path = samples.TEMPLATES, language: str = "en") -> str:
    title = {"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# Title"}
    return web_page.html(notebook(title, *cells, language=language), templates).decode()


def notebook(*cells: dict[str, Any], language: str = "en") -> Notebook:
    """Return a notebook with its prose set."""
    quotes = labels(language).quotes
    prose = {
        cell["id"]: markdown.render(cell["source"], top=0, quotes=quotes).html
        for cell in cells
        if cell["cell_type"] == "markdown"
    }
    return Notebook("Title", language, cells, prose)


def test_it_has_language_title_and_a_main_landmark() -> None:
    made = html(text("x"), language="sv")
    assert '<html lang="sv">' in made
    assert "<title>Title</title>" in made
    assert made.count("<main") == 1


def test_code_is_highlighted_and_prompted() -> None:
    made = html(code())
    assert 'x = <span class="mi">1</span>' in made
    assert "In&nbsp;[3]:" in made


def test_nothing_comes_from_elsewhere_and_nothing_runs() -> None:
    made = html(text("$x$ [l](https://e.org)"), code(result({"image/svg+xml": samples.SVG})))
    assert "<script" not in made
    assert not re.search(r"(?:src|srcset)=[\"']?(?!data:)|<link|@import|url\((?!#)", made)
    assert "default-src 'none'" in made


def test_a_drawing_stands_in_the_page_as_itself_with_its_caption() -> None:
    about = {"label": "Figure 1", "caption": "Loss <b>"}
    made = html(code(result({"image/svg+xml": samples.SVG}), about=about))
    assert '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="c-f1-title"' in made
    assert '<figcaption><span class="label">Figure 1</span> Loss &lt;b&gt;</figcaption>' in made


@pytest.mark.parametrize(
    "evil", ["<script>alert(1)</script>", '<image href="http://e.org/x"/>', '<rect onload="x"/>']
)
def test_a_drawing_that_could_act_is_shut_into_an_image(evil: str) -> None:
    svg = samples.SVG.replace("</svg>", evil + "</svg>")
    made = html(code(result({"image/svg+xml": svg}, {"image/svg+xml": {"alt": "Loss"}})))
    assert evil not in made
    assert re.search(r'<img src="data:image/svg\+xml;base64,[^"]+" alt="Loss">', made)


def test_a_raster_output_has_its_description() -> None:
    made = html(code(result({"image/png": "aWs="}, {"image/png": {"alt": "A plot"}})))
    assert '<img src="data:image/png;base64,aWs=" alt="A plot">' in made


@pytest.mark.parametrize("metadata", [{}, {"image/png": {"width": 3}}, {"alt": " "}])
def test_an_output_image_without_description_is_refused(metadata: dict[str, Any]) -> None:
    with pytest.raises(RenderError, match="has no alternative text"):
        html(code(result({"image/png": "aWs="}, metadata)))


def test_a_table_gets_its_number() -> None:
    made = html(code(result({"text/html": TABLE}), about={"label": "Table 2", "caption": "Layers"}))
    assert '<caption><span class="label">Table 2</span> Layers</caption>' in made


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<iframe src='https://e.org'></iframe>",
        "<a href='javascript:alert(1)'>x</a>",
        "<style>@import url(http://e.org)</style>",
        "<form action='http://e.org'><input></form>",
        "<meta http-equiv=refresh content='0;url=http://e.org'>",
        "<svg><animate onbegin=alert(1)></svg>",
    ],
)
def test_html_outputs_and_prose_are_sanitised(evil: str) -> None:
    made = html(code(result({"text/html": evil + TABLE})))
    assert not re.search(r"<(script|iframe|form|input|svg|img)\b|javascript:|onerror|onbegin|refresh", made)
    prose = html(text(evil.replace("<", "&lt;")))
    assert not re.search(r"<(script|iframe|form|input|svg|img)\b", prose)


def test_javascript_and_widgets_are_not_run() -> None:
    made = html(code(result({"application/javascript": "alert(1)", "text/plain": "<Widget>"})))
    assert "alert" not in made
    assert "<pre>&lt;Widget&gt;</pre>" in made


def test_streams_and_errors_are_text() -> None:
    made = html(
        code(
            {"output_type": "stream", "name": "stdout", "text": "\x1b[31mred\x1b[0m <b>"},
            {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["<i>"]},
        )
    )
    assert "<pre>red &lt;b&gt;</pre>" in made
    assert "<pre>&lt;i&gt;</pre>" in made


def test_a_gap_in_the_headings_is_refused() -> None:
    with pytest.raises(RenderError, match="a heading of level 4 follows one of level 1"):
        html(text("#### Deep"))


def test_the_same_notebook_gives_the_same_page() -> None:
    cells = (text("x $y$"), code(result({"image/svg+xml": samples.SVG})))
    assert html(*cells) == html(*cells)


def kept(store: Kept, templates: Path, *cells: dict[str, Any]) -> tuple[str, int]:
    """Return the page, and how often something was made for it."""
    before = len(store)
    page = web_page.html(notebook(*cells), templates, store).decode()
    return page, len(store) - before


def test_an_edited_text_is_set_in_the_page_that_was_there(tmp_path: Path) -> None:
    store = Kept()
    templates, output = samples.copied_templates(tmp_path), code(result({"text/plain": "out"}))
    assert kept(store, templates, text("# One"), output)[1] == 1
    page, made = kept(store, templates, text("# Two"), output)
    assert made == 0
    assert "<h1>Two</h1>" in page
    assert page == kept(Kept(), templates, text("# Two"), output)[0]


@pytest.mark.parametrize("what", ["output", "code", "name", "style", "template", "included"])
def test_anything_else_makes_another_page(what: str, tmp_path: Path) -> None:
    store = Kept()
    templates, output = samples.copied_templates(tmp_path), code(result({"text/plain": "out"}))
    kept(store, templates, text("# One"), output)
    heading = text("# One")
    match what:
        case "output":
            output = code(result({"text/plain": "other"}))
        case "code":
            output = {**output, "source": "x = 2"}
        case "name":
            heading = {**heading, "id": "other"}
        case "style":
            (templates / "notebook/style.css").write_text("p { color: red }")
        case "included":
            (templates / "notebook/more").mkdir()
            (templates / "notebook/more/foot.txt").write_text("one")
            file = templates / "notebook/index.html.j2"
            foot = '{% include "notebook/more/foot.txt" %}</main>'
            file.write_text(file.read_text().replace("</main>", foot))
            kept(store, templates, text("# One"), output)
            (templates / "notebook/more/foot.txt").write_text("two")
        case "template":
            file = templates / "notebook/index.html.j2"
            file.write_text(file.read_text().replace('class="notebook"', 'class="other"'))
    page, made = kept(store, templates, heading, output)
    assert made == 1
    assert page == kept(Kept(), templates, heading, output)[0]


@pytest.mark.parametrize(
    "instead", ["{{ cell.source }}", "{{ cell | prose }}{{ cell | prose }}", "{{ cell | prose | upper }}"]
)
def test_a_template_that_does_not_show_the_prose_once_is_refused(instead: str, tmp_path: Path) -> None:
    templates = samples.copied_templates(tmp_path)
    file = templates / "notebook/index.html.j2"
    file.write_text(file.read_text().replace("{{ cell | prose }}", instead))
    with pytest.raises(
        InputError, match=r"does not show every Markdown cell once \(show it by {{ cell \| prose }}"
    ):
        html(text("Hidden"), templates=templates)


@pytest.mark.parametrize(
    "escape",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ nb.__class__.__init__.__globals__ }}",
        "{{ lipsum.__globals__.os.popen('id').read() }}",
        "{{ style('../../secret.txt') }}",
        "{% include 'notebook/../../secret.txt' %}",
        "{{ resources.include_url('/etc/passwd') }}",
        "{% include '/etc/passwd' %}",
        "{{ nosuch }}",
        "{% if %}",
    ],
)
def test_a_template_that_breaks_out_or_breaks_is_refused(tmp_path: Path, escape: str) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    templates = samples.copied_templates(tmp_path)
    index = templates / "notebook" / "index.html.j2"
    index.write_text(
        index.read_text().replace('<main class="notebook">', '<main class="notebook">\n' + escape)
    )
    try:
        made = html(text("x"), templates=templates)
    except (InputError, RenderError) as error:
        assert "templates" in str(error)
    else:
        assert not re.search(r"secret|root:|uid=|&lt;class|module", made)


def test_a_template_error_names_its_line(tmp_path: Path) -> None:
    templates = samples.copied_templates(tmp_path)
    index = templates / "notebook" / "index.html.j2"
    lines = index.read_text().split("\n")
    line = lines.index('<main class="notebook">')
    index.write_text("\n".join([*lines[: line + 1], "{{ nosuch }}", *lines[line + 1 :]]))
    with pytest.raises(InputError) as caught:
        html(text("x"), templates=templates)
    (problem,) = caught.value.problems
    assert problem.path.endswith("notebook/index.html.j2")
    assert problem.line == line + 2
    assert "'nosuch' is undefined" in problem.message


def test_another_language_has_its_own_quotes() -> None:
    assert "”hej”" in html(text('"hej"'), language="sv")
    assert replace(Notebook("a", "sv", ()), title="b").title == "b"


def test_a_drawing_that_may_be_cut_is_there_in_parts_for_narrow_screens() -> None:
    cut = samples.SVG.replace("<svg ", '<svg data-parts="0 0 40 60,40 0 60 60" ', 1)
    made = html(code(result({"image/svg+xml": cut})))
    assert made.count('<svg aria-hidden="true" viewBox=') == 2
    assert made.count("-drawing") == 3  # the drawing, and twice a part of it
    assert "panels" not in html(code(result({"image/svg+xml": samples.SVG}))).partition("</style>")[2]


def test_a_drawing_that_holds_a_narrow_one_shows_it_on_narrow_screens() -> None:
    symbol = '<defs><symbol id="slim" viewBox="0 0 50 30"><rect width="50" height="30"/></symbol></defs>'
    both = samples.SVG.replace("<svg ", '<svg data-narrow="#slim" ', 1).replace("</svg>", f"{symbol}</svg>")
    made = html(code(result({"image/svg+xml": both})))
    (name,) = re.findall(r'<symbol id="([^"]+)"', made)
    panel = f'<svg aria-hidden="true" viewBox="0 0 50 30"><use href="#{name}" width="50" height="30"/></svg>'
    assert f'<div class="panels">{panel}</div>' in made
