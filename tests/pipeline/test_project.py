import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from reportgen.datasets import image_folders
from reportgen.errors import DataError, InputError, StoreError
from reportgen.pipeline.gather import measured
from reportgen.pipeline.project import open_project
from reportgen.results import listing
from tests.projects import REPORT, write_project


def declaring(tmp_path: Path, store: str) -> Path:
    return write_project(tmp_path / "work", report__toml=f"{REPORT}\n[options]\nstore = '{store}'\n")


@pytest.mark.parametrize(
    "place", ["/tmp", "..", "../x", "a/../../x", "~/x", "~", "s3://a/b", "http://x/y", "file:///tmp", "out"]
)
def test_a_report_can_not_choose_a_place_outside_its_project(tmp_path: Path, place: str) -> None:
    project = declaring(tmp_path, place)
    (project / "out").symlink_to(tmp_path)
    with pytest.raises(InputError) as caught:
        open_project(project)
    (problem,) = caught.value.problems
    assert problem.path.endswith("report.toml") and problem.line == len(REPORT.splitlines()) + 3
    assert "lies outside the project" in problem.message
    assert "--store" in problem.remedy and "REPORTGEN_STORE" in problem.remedy


def test_the_user_can(tmp_path: Path) -> None:
    project = declaring(tmp_path, "/elsewhere")
    chosen = open_project(project, store=str(tmp_path / "chosen"))
    assert chosen.store.root == tmp_path / "chosen"
    assert chosen.reread().store is chosen.store


def test_a_place_in_the_project_is_relative_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = declaring(tmp_path, "results/store")
    monkeypatch.chdir("/")
    assert open_project(project).store.root == project / "results/store"


def test_a_folder_of_other_things_is_no_store(tmp_path: Path) -> None:
    project = declaring(tmp_path, "answers")
    with pytest.raises(StoreError, match="is not a store but a folder with other contents"):
        open_project(project)


def test_facts_are_there_whatever_the_prose_says(tmp_path: Path) -> None:
    for prose in ("{% claim", "{{ 1 + }}", "{% if %}"):
        project = write_project(tmp_path, **{"01-accuracy.md": f"+++\ntitle = 'x'\n+++\n{prose}"})
        with pytest.raises(InputError):
            open_project(project)
        opened = open_project(project, prose=False)
        _, unsettled, facts = measured(opened, opened.plan(build=False))
        assert sorted(unsettled) == ["linear", "small"]
        assert any(entry.name == "small.test.accuracy" for entry in listing(facts))


def test_a_file_whose_digest_is_declared_is_read_once(tmp_path: Path) -> None:
    path, labels = tmp_path / "mine.npz", np.arange(8) % 2
    np.savez(path, x_train=np.eye(8), y_train=labels, x_test=np.eye(8), y_test=labels)
    own = (
        f'\n[datasets.mine]\npath = "{path}"\nsha256 = "{hashlib.sha256(path.read_bytes()).hexdigest()}"\n'
        'classes = ["a", "b"]\nvalidation = 1\n'
    )
    project = write_project(tmp_path / "lab", report__toml=REPORT + own)
    before = open_project(project).data("mine")
    path.unlink()
    assert open_project(project).data("mine") == before
    moved = own.replace("mine.npz", "moved.npz").replace("validation", 'title = "Mine"\nvalidation')
    (project / "answers/report.toml").write_text(f"{REPORT}\n{moved}")
    assert open_project(project).data("mine") == before
    (project / "answers/report.toml").write_text(REPORT + own.replace('["a", "b"]', '["a", "b", "c"]'))
    with pytest.raises(DataError, match="there is no such file"):
        open_project(project).data("mine")


def test_a_folder_of_images_is_decoded_again_only_when_it_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = '\n[datasets.mine]\npath = "mine"\nclasses = ["a", "b"]\nvalidation = 1\n'
    folder = write_project(tmp_path, report__toml=REPORT + own) / "answers/mine"
    for name in ("a/0.png", "a/1.png", "b/0.png", "b/1.png"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (4, 4), len(name)).save(folder / name)
    decoded, pixels_of = [], image_folders.pixels_of
    monkeypatch.setattr(
        image_folders, "pixels_of", lambda paths, source: decoded.append(1) or pixels_of(paths, source)
    )
    marks = [open_project(tmp_path).data("mine").fingerprint for _ in range(3)]
    assert len(set(marks)) == 1 and len(decoded) == 1
    Image.new("L", (4, 4), 200).save(folder / "a/0.png")
    assert open_project(tmp_path).data("mine").fingerprint != marks[0]
    assert len(decoded) == 2
