"""Images that somebody has become a data set file of a report."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from reportgen.datasets.adopt import Adopted, adopt
from reportgen.datasets.fetch_types import Arrays
from reportgen.datasets.image_folders import SIDE
from reportgen.datasets.own_files import read_own
from reportgen.errors import DataError, Place
from reportgen.report.dataset_file import DatasetFile


def picture(path: Path, shade: int, size: tuple[int, int] = (6, 5), mode: str = "L") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, shade if mode == "L" else (shade,) * 3).save(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ten cats and five dogs, whose shades are their numbers."""
    for name, count in (("cat", 10), ("dog", 5)):
        for number in range(count):
            picture(tmp_path / f"My pets/{name}/{number:02d}.png", number + 100 * (name == "dog"))
    return tmp_path / "My pets"


def read(made: Adopted, folder: Path) -> Arrays:
    """Read an adopted file as a report does, by what report.toml says of it."""
    path = folder / f"{made.name}.npz"
    path.write_bytes(made.data)
    return read_own(DatasetFile(made.name, made.title, path, made.classes, made.validation, Place(path, 0)))


def test_class_folders(folder: Path, tmp_path: Path) -> None:
    made = adopt(folder)
    assert (made.name, made.title, made.classes) == ("my_pets", "My pets", ("cat", "dog"))
    arrays = read(made, tmp_path)
    assert arrays["train_images"].shape == (12, 5, 6, 1)
    shades = {split: sorted(arrays[f"{split}_images"][:, 0, 0, 0].tolist()) for split in ("train", "test")}
    assert shades["test"] == [8, 9, 104]
    assert shades["train"] == [*range(8), *range(100, 104)]
    for image, label in zip(arrays["train_images"], arrays["train_labels"], strict=True):
        assert (image[0, 0, 0] >= 100) == (label == 1)
    assert set(arrays["train_labels"][-made.validation :]) == {0, 1}, "the last ones are of every class"


def test_folders_of_their_own_for_the_test(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "split").mkdir()
    folder.rename(tmp_path / "split/train")
    for name in ("cat", "dog"):
        picture(tmp_path / f"split/test/{name}/x.png", 77)
    arrays = read(adopt(tmp_path / "split"), tmp_path)
    assert len(arrays["train_images"]) == 15
    assert arrays["test_images"][:, 0, 0, 0].tolist() == [77, 77]


def test_other_sizes_and_colours_are_brought_to_one(folder: Path, tmp_path: Path) -> None:
    picture(folder / "cat/colour.jpg", 9, (40, 90), "RGB")
    assert read(adopt(folder), tmp_path)["train_images"].shape == (13, SIDE, SIDE, 3)


def test_arrays_are_taken_as_they_are(tmp_path: Path) -> None:
    images, labels = np.zeros((30, 4, 4), np.uint8), np.arange(30) % 3
    np.savez(tmp_path / "7 Days.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    made = adopt(tmp_path / "7 Days.npz")
    assert made == Adopted(
        "data_7_days", "7 Days", (tmp_path / "7 Days.npz").read_bytes(), ("0", "1", "2"), 5
    )
    read(made, tmp_path)


def damaged(folder: Path) -> None:
    (folder / "cat/zz.png").write_bytes(b"no image")


def cut_off(folder: Path) -> None:
    data = io.BytesIO()
    Image.effect_noise((60, 50), 50).save(data, "PNG")
    (folder / "cat/zz.png").write_bytes(data.getvalue()[:1000])


def deep(folder: Path) -> None:
    Image.fromarray(np.full((5, 6), 999, np.uint16)).save(folder / "cat/zz.png")


@pytest.mark.parametrize("harm", [damaged, cut_off, deep])
def test_an_image_that_can_not_be_used_is_named(harm, folder: Path) -> None:  # type: ignore[no-untyped-def]
    harm(folder)
    with pytest.raises(DataError, match=r"cat/zz\.png: can't be used as an image: .* \(remove it"):
        adopt(folder)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("empty", "has 0 class folders"),
        ("table.csv", "x has 0 different values in 0 rows"),
        ("lab.ipynb", r"is not a data set that can be used \(give a \.csv or \.parquet table, an \.npz"),
        ("nowhere.npz", "there is no such data set"),
        ("bad.npz", "bad can't be read"),
    ],
)
def test_what_is_no_data_set_is_refused_with_what_is(name: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for file in ("table.csv", "lab.ipynb", "bad.npz"):
        (tmp_path / file).write_text("x")
    with pytest.raises(DataError, match=message):
        adopt(tmp_path / name)
