import subprocess
from pathlib import Path

import pytest

from reportgen.claims import RunSummary, read_run
from reportgen.errors import InputError
from tests.claims.runs import FALSE, HOLDS, make_run

RUN, OTHER = make_run(HOLDS), make_run(FALSE)


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in a subfolder of a repository, with its results committed at `first`, and changed since."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "lab"
    (folder / "answers").mkdir(parents=True)
    git(tmp_path, "init", "--quiet")
    (folder / "answers" / "report.toml").write_text("first")
    (folder / "results.json").write_text(RUN.to_json(), encoding="utf-8")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "First")
    git(tmp_path, "tag", "first")
    git(tmp_path, "rm", "--quiet", "--cached", "lab/results.json")
    git(tmp_path, "commit", "--quiet", "-m", "Without results")
    return folder


def test_a_file(tmp_path: Path) -> None:
    file = tmp_path / "old.json"
    file.write_text("\ufeff" + RUN.to_json(), encoding="utf-8")
    assert read_run(str(file), tmp_path) == RUN


def test_a_stored_run(tmp_path: Path) -> None:
    stored = {"build 3": RUN.to_json().encode()}.get
    assert read_run("build 3", tmp_path, stored=stored) == RUN


@pytest.mark.parametrize("reference", ["first", "first:results.json", "HEAD~1"])
def test_a_git_revision(project: Path, reference: str) -> None:
    assert read_run(reference, project) == RUN


def test_a_revision_without_results_is_run_again_from_its_files(project: Path) -> None:
    (project / "answers" / "report.toml").write_text("edited since")

    def rerun(folder: Path) -> RunSummary:
        assert (folder / "answers" / "report.toml").read_text() == "first"
        return OTHER

    assert read_run("HEAD", project, rerun=rerun) == OTHER
    with pytest.raises(InputError, match=r"HEAD has no results\.json"):
        read_run("HEAD", project)
    with pytest.raises(InputError, match=r"HEAD has no other\.json"):
        read_run("HEAD:other.json", project, rerun=rerun)


@pytest.mark.parametrize("reference", ["nowhere", "--output=/tmp/x", "", ":results.json", "first..HEAD"])
def test_what_names_nothing_is_refused(project: Path, reference: str) -> None:
    with pytest.raises(InputError, match="not a file, a stored run or a git revision"):
        read_run(reference, project)


def test_outside_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(InputError, match="or a git revision"):
        read_run("HEAD", tmp_path)


def test_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="or a git revision"):
        read_run("HEAD", tmp_path)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    file = tmp_path / "old.json"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="UTF-8"):
        read_run(str(file), tmp_path)
