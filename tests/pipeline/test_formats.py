"""Every format of a report: what is written for it, and when there is nothing to do."""

import re
import shutil
from pathlib import Path

import pytest

from reportgen import executors
from reportgen.commands.build import Built, build
from reportgen.commands.clean import clean
from reportgen.commands.verify.recompute import verify
from reportgen.errors import InputError, RenderError, UndecidedError
from reportgen.pipeline.formats import FORMATS, format_of, pictures_of
from reportgen.pipeline.project import open_project
from tests.pipeline import made_up, reportfiles

SHOWS = "It reaches {{ first.test.accuracy }}.\n\n{{ first.per_class }}\n\n{{ first.reliability }}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    reportfiles.write(tmp_path, lean=True)
    answer(tmp_path, SHOWS)
    return tmp_path


def answer(folder: Path, body: str) -> None:
    text = reportfiles.answer(reportfiles.FIRST, body)
    (folder / "answers/01-first.md").write_text(text, encoding="utf-8")


def built(folder: Path, *outs: str) -> Built:
    with made_up.made_up():
        return build(
            open_project(folder),
            [folder / out for out in outs],
            observe=lambda *_: None,
            step=lambda _: None,
        )


def names(folder: Path, done: Built) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in done.written}


def test_markdown_stands_with_its_pictures_and_only_those(folder: Path) -> None:
    pictures = {f"report_files/first-{name}.svg" for name in ("per-class", "reliability")}
    done = names(folder, built(folder, "report.md"))
    assert {"report.md", *pictures} < done
    assert not (folder / "report.ipynb").exists()
    text = (folder / "report.md").read_text(encoding="utf-8")
    assert all(f"]({name})" in text for name in done - {"report.md"})
    assert built(folder, "report.md").written == ()

    theirs = folder / "report_files/notes.txt"
    theirs.write_text("mine")
    answer(folder, SHOWS.replace("{{ first.reliability }}", ""))
    assert names(folder, built(folder, "report.md")) == {"report.md"}
    assert not (folder / "report_files/first-reliability.svg").exists()
    assert theirs.exists()

    clean(open_project(folder), [folder / "report.md"])
    assert sorted(path.name for path in folder.iterdir() if path.name.startswith("report")) == [
        "report_files"
    ]
    assert [path.name for path in (folder / "report_files").iterdir()] == ["notes.txt"]


def test_several_formats_are_of_one_report_and_noted_apart(folder: Path) -> None:
    assert {"a.html", "b.md", "b_files/first-per-class.svg"} < names(folder, built(folder, "a.html", "b.md"))
    assert built(folder, "b.md").written == ()
    (folder / "a.html").write_text("x")
    assert names(folder, built(folder, "a.html", "b.md")) == {"a.html"}


@pytest.mark.skipif(shutil.which("pandoc") is None, reason="pandoc is not installed")
def test_a_word_document_is_written_once(folder: Path) -> None:
    done = built(folder, "report.docx")
    assert names(folder, done) == {"report.docx"}
    assert done.warnings == ()
    before = (folder / "report.docx").read_bytes()
    assert built(folder, "report.docx").written == ()
    (folder / "report.docx").unlink()
    made_up.emptied(folder)
    built(folder, "report.docx")
    assert (folder / "report.docx").read_bytes() == before


def test_without_pandoc_nothing_trains(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))
    with (
        monkeypatch.context() as patch,
        pytest.raises(UndecidedError, match="pandoc, which is not installed"),
    ):
        patch.setattr(executors, "train", lambda *_, **__: pytest.fail("trained"))
        build(open_project(folder), [folder / "report.docx"], observe=lambda *_: None, step=lambda _: None)


def test_a_file_where_pictures_go_is_told_before_the_work(folder: Path) -> None:
    (folder / "report_files").write_text("x")
    with pytest.raises(RenderError, match="report_files: is not a folder"):
        built(folder, "report.md")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("report.odt", "no report is written as '.odt'"),
        ("report.doc", "did you mean `.docx`"),
        ("report", "has no extension (there are: `.pdf`, `.html`, `.ipynb`, `.md`, `.docx`)"),
    ],
)
def test_an_ending_that_no_format_has_is_an_error(name: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        format_of(Path(name))
    assert message in str(caught.value)


def test_the_guide_lists_every_format() -> None:
    guide = Path(__file__).parents[2] / "docs/writing.md"
    table = guide.read_text(encoding="utf-8").partition("## Formats")[2]
    assert re.findall(r"^\| `(\.\w+)` \|", table, re.MULTILINE) == list(FORMATS)


def test_the_pictures_of_a_file_are_beside_it() -> None:
    assert pictures_of(Path("out/report.md")) == Path("out/report_files")


@pytest.mark.parametrize("ending", sorted(FORMATS.keys() - {".pdf"}))
def test_what_has_no_evidence_is_not_verified(ending: str) -> None:
    with pytest.raises(InputError, match=r"no evidence inside it.*reportgen verify report\.pdf"):
        verify(Path(f"report{ending}"))


def test_words_of_the_project_stand_on_every_page_and_are_an_input(folder: Path) -> None:
    built(folder, "report.md", "report.pdf")
    words = folder / "templates/locales/en.toml"
    words.parent.mkdir()
    words.write_text('[document]\nfigure = "Plate"\n[figures]\nrecall = "found again"\n', encoding="utf-8")
    assert len(built(folder, "report.md", "report.pdf").written) > 4
    assert "**Plate\N{NO-BREAK SPACE}1**" in (folder / "report.md").read_text(encoding="utf-8")
    assert "found again" in (folder / "report_files/first-per-class.svg").read_text(encoding="utf-8")
    assert "found again" in (folder / "report.html").read_text(encoding="utf-8")
    checked = verify(folder / "report.pdf")  # from the PDF alone
    assert checked.differences == ()
    assert built(folder, "report.md", "report.pdf").written == ()
