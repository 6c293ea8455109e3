"""A report as a Word document: what pandoc is told, and what comes out."""

import io
import shutil
import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from reportgen.document import as_docx, as_markdown, page
from reportgen.errors import RenderError, UndecidedError
from tests.document import samples

MOMENT = datetime(2024, 5, 1, tzinfo=UTC)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
needs_pandoc = pytest.mark.skipif(shutil.which("pandoc") is None, reason="pandoc is not installed")


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(file, "PNG")
    return file.getvalue()


def written(body: str, language: str = "en") -> tuple[bytes, tuple[str, ...]]:
    report, answers = samples.report({"q1": body, "q2": "B."}, language=language)
    syntax = as_docx.syntax()
    made = as_markdown.write(
        report, page.assemble(report, answers, samples.displays()), syntax, made_by="Made."
    )
    pictures = {syntax.address(name): picture() for name in made.pictures}
    return as_docx.write(report, made.text, pictures, MOMENT)


def parts(data: bytes) -> dict[str, ElementTree.Element]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name: ElementTree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.endswith(".xml")
        }


@needs_pandoc
def test_it_has_alternative_texts_places_to_link_to_notes_and_formulas() -> None:
    data, told = written(samples.BODY, "sv")
    assert told == ()
    found = parts(data)
    body = found["word/document.xml"]
    assert [each.get("descr") for each in body.iter(f"{_WP}docPr")] == [samples.FIGURE.alt]
    marks = {each.get(f"{_W}name") for each in body.iter(f"{_W}bookmarkStart")}
    links = {each.get(f"{_W}anchor") for each in body.iter(f"{_W}hyperlink")} - {None}
    assert {"q1", "q2", "cnn-evaluation-image", "cnn-summary"} <= links <= marks
    assert len(list(body.iter(f"{_M}oMath"))) == 2
    assert len(list(body.iter(f"{_W}footnoteReference"))) == 1
    assert len(list(body.iter(f"{_W}tblHeader"))) == 3
    styles = [each.get(f"{_W}val") for each in body.iter(f"{_W}pStyle")]
    assert {"Title", "Author", "Heading2", "ImageCaption", "TableCaption"} <= set(styles)
    text = "".join(each.text or "" for each in body.iter(f"{_W}t"))
    assert "The accuracy is 63.1 %; more than was asked" in text.replace("\N{NO-BREAK SPACE}", " ")
    core = {each.tag.rpartition("}")[2]: each.text for each in found["docProps/core.xml"]}
    assert (core["language"], core["created"]) == ("sv", "2024-05-01T00:00:00Z")
    assert core["title"] and core["creator"]
    assert next(found["word/styles.xml"].iter(f"{_W}lang")).get(f"{_W}val") == "sv"


@needs_pandoc
def test_the_same_report_gives_the_same_bytes() -> None:
    assert written(samples.BODY) == written(samples.BODY)


@needs_pandoc
def test_the_text_of_an_author_is_no_markup_of_pandoc() -> None:
    data, _ = written(r"A \[b\]{.c} ::: x `a`{=openxml} @key H~2~O <!-- no --> 1^2^ \\newpage :smile:")
    text = "".join(each.text or "" for each in parts(data)["word/document.xml"].iter(f"{_W}t"))
    for shown in ("[b]{.c} ::: x a{=openxml} @key", "H~2~O", "1^2^", r"\newpage :smile:"):
        assert shown in text.replace("\N{NO-BREAK SPACE}", " ")


@needs_pandoc
def test_a_formula_that_word_can_not_show_is_told() -> None:
    report, _ = samples.report({"q1": "A."})
    _, told = as_docx.write(report, r"$\unknownthing{x}$", {}, MOMENT)
    assert "unknownthing" in " ".join(told)


def program(folder: Path, script: str) -> None:
    path = folder / "pandoc"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.mark.parametrize(
    ("script", "message"),
    [("", "is not installed.*apt install pandoc"), ("echo pandoc 2.9.2", "pandoc 2.11 or newer is needed")],
)
def test_without_a_pandoc_of_use_it_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, message: str
) -> None:
    if script:
        program(tmp_path, script)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UndecidedError, match=message):
        as_docx.require()


@pytest.mark.parametrize(
    ("script", "message"),
    [("echo it broke >&2; exit 3", "can't write the .docx: it broke"), ("exec /bin/sleep 9", "longer than")],
)
def test_a_pandoc_that_fails_or_hangs_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, message: str
) -> None:
    program(tmp_path, script)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(as_docx, "SECONDS", 0.5)
    report, _ = samples.report({"q1": "A."})
    with pytest.raises(RenderError, match=message):
        as_docx.write(report, "A.", {}, MOMENT)
