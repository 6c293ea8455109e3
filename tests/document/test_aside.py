"""A process of its own gives the same pages, and the same errors."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from reportgen.document import export, page, pdf
from reportgen.document.aside import Aside
from reportgen.document.evidence import Attachment
from reportgen.document.notebook import Notebook
from reportgen.errors import InputError, RenderError
from reportgen.store import Store
from tests.document import samples
from tests.document.test_export import code, result, text

TITLE = {"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# Title"}
METADATA = pdf.Metadata(datetime(2024, 3, 1, 12, tzinfo=UTC))


def exported(notebook: Notebook, templates: Path = samples.TEMPLATES) -> bytes:
    with Aside("export") as aside:
        aside.begin_export(notebook, templates)
        return aside.wait()


def test_the_web_page_is_the_same() -> None:
    made = Notebook("Title", "sv", (TITLE, text("x $y$"), code(result({"image/svg+xml": samples.SVG}))))
    assert exported(made) == export.html(made, samples.TEMPLATES)


def test_the_pdf_is_the_same_and_its_drawings_are_kept(tmp_path: Path) -> None:
    report, answers = samples.report()
    made = page.assemble(report, answers, samples.displays())
    carried = [Attachment("a.txt", b"x" * 300_000, "Big", "Data")]
    with Aside("pdf") as aside:
        aside.begin_pdf(
            made.html, made.assets, carried, metadata=METADATA, formulas=made.formulas, drawings=tmp_path
        )
        there = aside.wait()
    kept: list[str] = []

    def keep(key: str, make: object) -> bytes:
        def fail() -> bytes:
            raise AssertionError("not kept")

        kept.append(key)
        return Store.open(tmp_path).artifact("drawings", key, fail)

    here = pdf.write(made.html, made.assets, carried, metadata=METADATA, formulas=made.formulas, keep=keep)
    assert here == there
    assert len(kept) == 1


def test_what_would_not_be_accessible_is_refused_here() -> None:
    with pytest.raises(RenderError, match="a heading of level 4 follows one of level 1"):
        exported(Notebook("Title", "en", (TITLE, text("#### Deep"))))


def test_a_wrong_template_is_named_here(tmp_path: Path) -> None:
    templates = samples.copied_templates(tmp_path)
    (templates / "notebook" / "index.html.j2").write_text("\n{{ nosuch }}")
    with pytest.raises(InputError) as caught:
        exported(Notebook("Title", "en", (TITLE,)), templates)
    (problem,) = caught.value.problems
    assert (Path(problem.path).name, problem.line) == ("index.html.j2", 2)


def test_a_crash_is_an_error_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(RenderError, match="the export could not be made: 1"):
        exported(Notebook("Title", "en", (TITLE,)))


def test_a_helper_that_is_not_needed_ends() -> None:
    with Aside("pdf") as aside:
        pass
    assert aside._child.returncode is not None


def test_a_helper_ends_with_an_error_of_ours() -> None:
    with pytest.raises(KeyError), Aside("export") as aside:
        aside.begin_export(Notebook("Title", "en", (TITLE,)), samples.TEMPLATES)
        raise KeyError("x")
    assert aside._child.returncode is not None
