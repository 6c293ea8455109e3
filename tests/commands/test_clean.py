"""Clean removes the files that builds leave behind, and nothing else."""

from pathlib import Path

import pytest

from reportgen.commands.clean import Cleaned, clean
from reportgen.errors import InputError
from reportgen.pipeline.project import open_project
from tests.pipeline import made_up, reportfiles


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    reportfiles.write(tmp_path, lean=True)
    assert not isinstance(made_up.built(tmp_path), str)
    return tmp_path


def cleaned(folder: Path, **options: bool) -> Cleaned:
    return clean(open_project(folder), [folder / "report.pdf"], **options)


def artifacts(folder: Path) -> list[Path]:
    return [path for path in (folder / ".reportgen/store/artifacts").rglob("*") if path.is_file()]


def results(folder: Path) -> list[str]:
    return sorted(each.key for each in open_project(folder).store.list())


def test_outputs_and_figures_go_and_results_stay(folder: Path) -> None:
    before = results(folder)
    assert before
    assert artifacts(folder)
    listed = cleaned(folder, dry_run=True)
    assert artifacts(folder)
    done = cleaned(folder)
    assert done == listed
    assert {path.name for path in done.outputs} == {"report.pdf", "report.html", "report.ipynb"}
    assert done.size > 1000
    assert not any(path.exists() for path in done.outputs)
    assert artifacts(folder) == []
    assert results(folder) == before
    assert cleaned(folder).outputs == ()


def test_a_file_that_somebody_has_changed_stays(folder: Path) -> None:
    (folder / "report.ipynb").write_text("mine")
    done = cleaned(folder)
    assert done.kept == (folder / "report.ipynb",)
    assert (folder / "report.ipynb").read_text() == "mine"
    assert not (folder / "report.pdf").exists()


def test_epochs_of_an_interrupted_training_stay(folder: Path) -> None:
    partial = folder / ".reportgen/store/partial" / ("a" * 64)
    partial.mkdir(parents=True)
    cleaned(folder)
    assert partial.exists()
    cleaned(folder, results=True)
    assert not partial.exists()


def test_results_go_if_asked(folder: Path) -> None:
    before = results(folder)
    assert sorted(cleaned(folder, results=True).results) == before
    assert results(folder) == []


def test_results_that_others_may_use_stay(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    shared = open_project(folder, store=str(tmp_path_factory.mktemp("shared")))
    with pytest.raises(InputError, match=r"lies outside the project.*store prune"):
        clean(shared, [folder / "report.pdf"], results=True)
    clean(shared, [folder / "report.pdf"])
