"""A build judges before it says that there is nothing to do, and says it only where that is so."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from reportgen import executors
from reportgen.commands import build
from reportgen.commands.bundle import bundle
from reportgen.commands.clean import clean
from reportgen.commands.outputs import quick as quick_of
from reportgen.commands.verify.recompute import verify
from reportgen.document.pdf import reader
from reportgen.errors import ContentError, InputError, UndecidedError
from reportgen.lab import Lab
from reportgen.pipeline import kernel
from reportgen.pipeline.project import open_project
from tests.pipeline import made_up, reportfiles


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    reportfiles.write(tmp_path, lean=True)
    built(tmp_path)
    return tmp_path


def built(folder: Path, out: str = "report.pdf", **options: bool) -> build.Built:
    with made_up.made_up():
        return build.build(
            open_project(folder),
            [folder / out],
            observe=lambda *_: None,
            step=lambda _: None,
            **options,
        )


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def outputs(folder: Path) -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_requirement_that_no_answer_knows_of_is_held(folder: Path) -> None:
    before = outputs(folder)
    replace_in(
        folder / "answers/report.toml",
        'title = "Named nowhere"',
        'title = "x", require = ["test.accuracy > 0.99"]',
    )
    for _ in range(2):
        with pytest.raises(ContentError, match=r"test.accuracy > 0.99"):
            built(folder)
        with pytest.raises(ContentError, match=r"test.accuracy > 0.99"):
            bundle(open_project(folder), folder / "report.pdf", folder / "out.zip")
    assert outputs(folder) == before


def test_nothing_to_do_warns_as_a_build_does(folder: Path) -> None:
    replace_in(folder / "answers/report.toml", "test.accuracy > 0.1", "test.accuracy > 0.99")
    first = built(folder, draft=True)
    assert first.written != ()
    again = built(folder, draft=True)
    assert again.written == ()
    assert again.warnings == first.warnings != ()


@pytest.mark.parametrize("change", ["date", "draft", "output"])
def test_what_is_asked_otherwise_is_done(change: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert built(folder).written == ()
    match change:
        case "date":
            monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
            assert len(built(folder).written) == 3 - 2  # HTML and notebook carry no date
        case "draft":
            assert len(built(folder, draft=True).written) == 1
            assert built(folder, draft=True).written == ()
            assert len(built(folder).written) == 1
        case "output":
            (folder / "report.html").write_text("x")
            assert built(folder).written == (folder / "report.html",)


def test_a_name_that_is_wrong_is_told_before_anything_trains(folder: Path) -> None:
    replace_in(folder / "answers/report.toml", "epochs = 3", "epochs = 4")
    with (folder / "answers/03-third.md").open("a") as file:
        file.write("{{ mpl.test.accuracy }}\n")
    with made_up.made_up(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(executors, "train", lambda *_, **__: pytest.fail("trained"))
        with pytest.raises(InputError, match=r"03-third.md:6: unknown name `mpl`"):
            build.build(
                open_project(folder), [folder / "report.pdf"], observe=lambda *_: None, step=lambda _: None
            )


def test_what_is_edited_while_pages_are_set_is_built_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = folder / "answers/03-third.md"
    answer.write_text(answer.read_text() + "More.\n")
    gather = build.gather

    def edited(*arguments: object) -> object:
        found = gather(*arguments)  # type: ignore[arg-type]
        answer.write_text(answer.read_text().replace("More.", "Less."))
        return found

    with monkeypatch.context() as patch:
        patch.setattr(build, "gather", edited)
        assert len(built(folder).written) == 3
    assert b"More." in (folder / "report.ipynb").read_bytes()
    assert len(built(folder).written) == 3
    assert b"Less." in (folder / "report.ipynb").read_bytes()


def test_a_quick_draft_is_apart_from_the_report(folder: Path) -> None:
    before, quick = outputs(folder), open_project(folder, quick=True)
    assert all(spec.training.subset == 1000 for spec in quick.report.models.values())
    kept = needed(folder)
    with made_up.made_up():
        draft = quick_of(folder / "report.pdf")
        done = build.build(quick, [draft], draft=True, observe=lambda *_: None, step=lambda _: None)
    names = ["report-quick.pdf", "report-quick.html", "report-quick.ipynb"]
    assert [path.name for path in done.written] == names
    pages = reader.open_pdf(draft.read_bytes(), draft).pages
    assert all("Quick draft:" in page for page in pages)
    assert "Quick draft:" in draft.with_suffix(".html").read_text()
    after = outputs(folder)
    assert {name: data for name, data in after.items() if "quick" not in name} == before
    # So that `store prune` spares the results of the report; the draft's own files are noted for `clean`.
    assert {name: data for name, data in needed(folder).items() if name in kept} == kept
    assert built(folder).written == ()
    with pytest.raises(UndecidedError):
        bundle(open_project(folder), draft, folder / "out.zip")
    with pytest.raises(InputError, match="is a quick draft"):
        verify(draft)
    draft.with_suffix(".html").write_text("mine")
    cleaned = clean(open_project(folder), [folder / "report.pdf"])
    assert {path.name for path in cleaned.outputs if "quick" in path.name} == {names[0], names[2]}
    assert [path.name for path in cleaned.kept] == ["report-quick.html"]


def needed(folder: Path) -> Mapping[str, bytes]:
    """Return all notes of a store but those of what was made up."""
    store = folder / ".reportgen/store"
    return {
        str(path.relative_to(store)): path.read_bytes()
        for path in store.rglob("*")
        if path.is_file() and {"builds", "runs"} & set(path.relative_to(store).parts)
    }


def test_a_bundle_is_of_what_the_files_say_now(folder: Path) -> None:
    made = folder / "out.zip"
    bundle(open_project(folder), folder / "report.pdf", made)
    made.unlink()
    (folder / "answers/03-third.md").unlink()
    with pytest.raises(UndecidedError, match="is not what this report would build now"):
        bundle(open_project(folder), folder / "report.pdf", made)
    assert not made.exists()


def test_the_kernel_refuses_a_report_that_is_another_one_by_now(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = open_project(folder)
    seen = kernel.seen(project, project.plan(build=False))
    for name, value in kernel.environment(project, seen).items():
        monkeypatch.setitem(os.environ, name, value)
    lab = Lab()
    assert lab.model("first").record.seed == 1
    assert "image/svg+xml" in lab.model("first").per_class()._repr_mimebundle_()[0]
    with pytest.raises(AttributeError, match="nothing to show as 'pre_class'"):
        lab.model("first").pre_class()
    replace_in(folder / "answers/report.toml", "First network", "Another title")
    with pytest.raises(UndecidedError, match="the report changed while it was built"):
        Lab()


def test_a_figure_that_a_model_does_not_have_is_told_with_its_line(folder: Path) -> None:
    before = outputs(folder)
    replace_in(folder / "answers/01-first.md", "{{ first.summary }}", "{{ second.augmented }}")
    with pytest.raises(
        InputError, match=r"01-first.md:\d+: second.augmented: it is trained without augmentation"
    ):
        built(folder)
    assert outputs(folder) == before


def test_the_kernel_sees_no_prose(folder: Path) -> None:
    project = open_project(folder)
    before = kernel.seen(project, project.plan(build=False))
    (folder / "answers/03-third.md").unlink()
    replace_in(folder / "answers/report.toml", ["abstract", '"What we did."'][1], '"Other."')
    copy = Path(shutil.copytree(folder, folder.parent / "copy"))
    for place in (folder, copy):
        project = open_project(place)
        assert kernel.seen(project, project.plan(build=False)) == before
    assert kernel.view(project.report).sections == ()


def test_outputs_among_the_answers_are_no_inputs(folder: Path) -> None:
    assert len(built(folder, "answers/out.pdf").written) == 3
    assert built(folder, "answers/out.pdf").written == ()


def test_what_is_no_file_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "answers/pipe")
    assert len(built(folder).written) == 0
    (folder / "answers/loop").symlink_to(folder / "answers/loop")
    assert len(built(folder).written) == 0


def test_what_is_missing_for_the_pages_is_told_before_anything_trains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(extra: str) -> None:
        raise UndecidedError(f"no {extra}")

    reportfiles.write(tmp_path, lean=True)
    monkeypatch.setattr(build.extras, "require", missing)
    monkeypatch.setattr(build, "bring_up_to_date", lambda *_, **__: pytest.fail("it trained"))
    with pytest.raises(UndecidedError, match="no document"):
        built(tmp_path)
