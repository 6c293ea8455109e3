"""A folder of class folders is data of its own, known by a digest that a shell can print."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from reportgen import report
from reportgen.datasets import load, loading, packed
from reportgen.datasets.image_folders import digest_of
from reportgen.errors import DataError, InputError, Place
from reportgen.report.dataset_file import DatasetFile
from tests.datasets.test_adopt import folder, picture
from tests.projects import REPORT, write_project

__all__ = ["folder"]  # a fixture

PRINTS = "find . -type f | LC_ALL=C sort | xargs -d '\\n' sha256sum | sha256sum"


def declared(path: Path, classes: tuple[str, ...] = ("dog", "cat"), sha256: str = "") -> DatasetFile:
    place = Place(path.parent / "report.toml", 7)
    return DatasetFile("pets", "Pets", path, classes, 3, place, sha256=sha256)


def test_classes_are_numbered_as_they_are_declared(folder: Path) -> None:
    found = load("pets", own={"pets": declared(folder)})
    assert (len(found.train.labels), len(found.test.labels)) == (12, 3)
    for image, label in zip(found.train.inputs, found.train.labels, strict=True):
        assert (image[0, 0, 0] >= 100) == (label == 0)


def test_the_digest_is_what_the_shell_prints(folder: Path) -> None:
    (folder / "cat/ä b.txt").write_text("x")
    printed = subprocess.run(PRINTS, shell=True, cwd=folder, capture_output=True, text=True, check=True)
    assert digest_of(folder) == printed.stdout.split()[0]
    load("pets", own={"pets": declared(folder, sha256=digest_of(folder))})


def test_another_folder_is_refused_with_what_was_found(folder: Path) -> None:
    before = digest_of(folder)
    picture(folder / "cat/00.png", 7)
    said = rf"report\.toml:7: .*has the SHA-256 {digest_of(folder)}, and {before[:12]}… is declared"
    with pytest.raises(DataError, match=said):
        load("pets", own={"pets": declared(folder, sha256=before)})


@pytest.mark.parametrize(
    ("classes", "said"),
    [
        (("dog", "cow"), r"has a folder cat, which is none of the declared classes.*\n?.*no images of cow"),
        (("dog", "cat", "cow"), "has no images of cow to train on .each class has a folder"),
    ],
)
def test_folders_that_are_not_the_classes(classes: tuple[str, ...], said: str, folder: Path) -> None:
    with pytest.raises(DataError, match=said):
        load("pets", own={"pets": declared(folder, classes)})


def test_one_image_of_a_class_can_not_be_divided(folder: Path) -> None:
    picture(folder / "cow/1.png", 1)
    with pytest.raises(DataError, match="has no images of cow to train on"):
        load("pets", own={"pets": declared(folder, ("dog", "cat", "cow"))})


def test_outside_answers_it_needs_its_digest(folder: Path, tmp_path: Path) -> None:
    table = '\n[datasets.pets]\npath = "../../My pets"\nclasses = ["cat", "dog"]\nvalidation = 3\n'
    lab = write_project(tmp_path / "lab", report__toml=REPORT + table)
    with pytest.raises(InputError, match=r"sha256 = .*printed by: cd '\.\./\.\./My pets' && find"):
        report.load(lab)
    (lab / "answers/report.toml").write_text(f'{REPORT}{table}sha256 = "{digest_of(folder)}"\n')
    made = report.load(lab)
    assert len(load("pets", own=made.datasets).test.labels) == 3


def test_elsewhere_its_arrays_are_in_the_archive(folder: Path) -> None:
    own = {"pets": declared(folder)}
    assert packed("pets", own, folder.parent) == "data/pets.npz"
    assert "np.load('data/pets.npz')" in loading("pets", own, folder.parent)
    file = {"pets": replace(declared(folder), path=folder / "pets.npz")}
    assert packed("pets", file, folder.parent) == ""
