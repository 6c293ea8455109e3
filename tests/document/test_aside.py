"""A process of its own gives the same page, and the same errors."""

from pathlib import Path

import pytest

from reportgen.document import aside, export
from reportgen.document.notebook import Notebook
from reportgen.errors import InputError, RenderError
from tests.document import samples
from tests.document.test_export import code, result, text

TITLE = {"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# Title"}


def test_the_page_is_the_same() -> None:
    made = Notebook("Title", "sv", (TITLE, text("x $y$"), code(result({"image/svg+xml": samples.SVG}))))
    assert aside.export_aside(made, samples.TEMPLATES)() == export.html(made, samples.TEMPLATES)


def test_what_would_not_be_accessible_is_refused_here() -> None:
    made = Notebook("Title", "en", (TITLE, text("#### Deep")))
    with pytest.raises(RenderError, match="a heading of level 4 follows one of level 1"):
        aside.export_aside(made, samples.TEMPLATES)()


def test_a_wrong_template_is_named_here(tmp_path: Path) -> None:
    templates = samples.copied_templates(tmp_path)
    (templates / "notebook" / "index.html.j2").write_text("\n{{ nosuch }}")
    with pytest.raises(InputError) as caught:
        aside.export_aside(Notebook("Title", "en", (TITLE,)), templates)()
    (problem,) = caught.value.problems
    assert (Path(problem.path).name, problem.line) == ("index.html.j2", 2)


def test_a_crash_is_an_error_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(RenderError, match="the notebook's page could not be made: 1"):
        aside.export_aside(Notebook("Title", "en", (TITLE,)), samples.TEMPLATES)()
