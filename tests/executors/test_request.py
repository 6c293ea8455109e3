import json
from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.errors import DataError, Place, TrainingError
from reportgen.executors.attachments import attached, fetch
from reportgen.executors.request import Request, carried, placed, root_of
from reportgen.files import digest
from reportgen.report.dataset_file import DatasetFile
from reportgen.store import Store
from reportgen.training.job import Job
from tests.executors.test_local import job


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in {"models.py": "", "helper/more.py": "", "own.csv": "a,b", "plots/one.png": "1"}.items():
        path = tmp_path / "project/answers" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "project"


def wanted(project: Path) -> Job:
    answers = project / "answers"
    own = DatasetFile(
        "own", "Own", answers / "own.csv", ("a", "b"), 1, Place(answers / "report.toml", 4), "b"
    )
    return replace(
        job("cnn"),
        sources={"models.py": "x = 1", "helper/more.py": "y = 2"},
        models_path=str(answers / "models.py"),
        toml=str(answers / "report.toml"),
        dataset_file=own,
        reads={"file ../README": "absent", "folder plots": "d" * 64, "variable HOME": "e" * 64},
    )


def test_a_request_is_json_without_a_path_of_this_machine(project: Path) -> None:
    job = wanted(project)
    data = Request("train", carried([job]), job.key).to_bytes()
    assert str(project) not in data.decode()
    assert json.loads(data)["format"] == 1
    found = Request.from_bytes(data)
    assert placed(found.jobs, project, told=False) == (replace(job, toml=str(Path("answers/report.toml"))),)


@pytest.mark.parametrize("change", ["format", "training", "values", "job"])
def test_a_request_of_another_version_is_refused_with_both(project: Path, change: str) -> None:
    values = json.loads(Request("train", carried([wanted(project)])).to_bytes())
    match change:
        case "format":
            values["format"] = 2
        case "training":
            values["jobs"][0]["training"]["of_tomorrow"] = 1
        case "values":
            del values["values"]
        case "job":
            del values["jobs"][0]["builder"]
    data = json.dumps({**values, "reportgen": "9.9"}).encode()
    with pytest.raises(TrainingError, match=r"reportgen 9\.9, which asks for this, and reportgen .* here"):
        Request.from_bytes(data)


def test_attachments_arrive_where_they_are_looked_for(project: Path, tmp_path: Path) -> None:
    job, url = wanted(project), (tmp_path / "share").as_uri()
    store = Store.open(tmp_path / "laptop", url, required=True)
    request = attached(Request("train", carried([job])), [job], store)
    assert request.files == {
        f"answers/{name}": digest(project / "answers" / name) for name in ("own.csv", "plots/one.png")
    }
    root = tmp_path / "node"
    root.mkdir()
    fetch(Request.from_bytes(request.to_bytes()), Store.open(tmp_path / "cache", url), root)
    found = {
        path.relative_to(root).as_posix(): path.read_text() for path in root.rglob("*") if path.is_file()
    }
    assert found == {
        "answers/models.py": "x = 1",
        "answers/helper/more.py": "y = 2",
        "answers/own.csv": "a,b",
        "answers/plots/one.png": "1",
    }


def test_a_data_set_outside_the_project_travels_as_well(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere/big.csv"
    path.parent.mkdir()
    path.write_text("c,d")
    job, url = wanted(project), (tmp_path / "share").as_uri()
    assert job.dataset_file is not None
    job = replace(job, dataset_file=replace(job.dataset_file, path=path, sha256=digest(path)))
    request = attached(
        Request("train", carried([job])), [job], Store.open(tmp_path / "laptop", url, required=True)
    )
    assert str(tmp_path) not in request.to_bytes().decode()
    root = tmp_path / "node"
    root.mkdir()
    fetch(request, Store.open(tmp_path / "cache", url), root)
    (found,) = placed(request.jobs, root, told=False)
    assert found.dataset_file is not None
    assert found.dataset_file.path.read_text() == "c,d"
    assert found.dataset_file.path.is_relative_to(root)
    assert placed(carried([job], here=True), project, told=True)[0].dataset_file == replace(
        job.dataset_file, path=project / "../elsewhere/big.csv"
    )


def test_all_that_stands_beside_models_py_goes_to_who_builds_it_first(project: Path, tmp_path: Path) -> None:
    job, store = wanted(project), Store.open(tmp_path / "store")
    request = attached(Request("identify", carried([job])), [job], store, everything=True)
    assert set(request.files) == {
        f"answers/{name}" for name in ("models.py", "helper/more.py", "own.csv", "plots/one.png")
    }


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "answers/../../outside"])
def test_nothing_is_written_outside_the_folder_of_a_task(project: Path, tmp_path: Path, name: str) -> None:
    store = Store.open(tmp_path / "store")
    store.publish("c" * 64, {"attachment": b""})
    request = Request("train", carried([wanted(project)]), files={name: "c" * 64})
    with pytest.raises(DataError, match="lies outside the folder of the task"):
        fetch(request, store, tmp_path / "node")


def test_an_attachment_that_is_another_file_is_refused(project: Path, tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store")
    store.publish("c" * 64, {"attachment": b"something else"})
    with pytest.raises(DataError, match="is not in the store"):
        fetch(Request("train", carried([wanted(project)]), files={"x": "c" * 64}), store, tmp_path / "node")


def test_the_root_is_the_folder_of_the_folder_of_models_py(project: Path) -> None:
    assert root_of(wanted(project)) == project
