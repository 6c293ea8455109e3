from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from reportgen.datasets import fingerprint, load
from reportgen.datasets.own_files import read_own
from reportgen.errors import DataError, Place
from reportgen.report.dataset_file import DatasetFile
from tests.datasets.makers import TRAIN, arrays_of

ARRAYS = arrays_of(5, 4, 3)
GOOD = {
    "x_train": ARRAYS["train_images"],
    "y_train": ARRAYS["train_labels"],
    "x_test": ARRAYS["test_images"],
    "y_test": ARRAYS["test_labels"],
}


@pytest.fixture
def declared(tmp_path: Path) -> DatasetFile:
    path = tmp_path / "mine.npz"
    np.savez(path, **GOOD)
    return DatasetFile("mine", "Mine", path, tuple("abcdefghij"), 4, Place(tmp_path / "report.toml", 3))


def save(declared: DatasetFile, **changes: object) -> None:
    np.savez(declared.path, **(GOOD | changes))  # type: ignore[arg-type]


def test_load(declared: DatasetFile) -> None:
    found = load("mine", own={"mine": declared})
    assert (found.name, found.title, found.classes, found.validation) == (
        "mine",
        "Mine",
        tuple("abcdefghij"),
        4,
    )
    np.testing.assert_array_equal(found.train.inputs, GOOD["x_train"])
    np.testing.assert_array_equal(found.test.labels, GOOD["y_test"])
    assert found.fingerprint == fingerprint("mine", {"mine": declared})
    assert len(found.split()["validation"].labels) == 4


def test_grey_images_and_keras_labels_get_their_usual_shapes(declared: DatasetFile) -> None:
    save(
        declared,
        x_train=GOOD["x_train"][..., 0],
        x_test=GOOD["x_test"][..., 0],
        y_train=GOOD["y_train"].astype(np.int64)[:, np.newaxis],
    )
    found = read_own(declared)
    assert found["train_images"].shape == (TRAIN, 5, 4, 1)
    np.testing.assert_array_equal(found["train_labels"], GOOD["y_train"])
    assert {values.dtype for values in found.values()} == {np.dtype(np.uint8)}


def test_numbers_that_are_no_images_stay_as_they_are(declared: DatasetFile) -> None:
    train, test = (GOOD[name].reshape(len(GOOD[name]), -1) / 7 for name in ("x_train", "x_test"))
    save(declared, x_train=train, x_test=test)
    found = load("mine", own={"mine": declared})
    assert not found.train.pictures
    assert found.input_shape == (60,)
    assert found.train.inputs.dtype == np.float64
    np.testing.assert_array_equal(found.train.inputs, train)
    before = found.fingerprint
    save(declared, x_train=train.astype(np.float32), x_test=test.astype(np.float32))
    assert fingerprint("mine", {"mine": declared}) != before


def test_fingerprint_is_of_the_contents(declared: DatasetFile) -> None:
    own = {"mine": declared}
    before = fingerprint("mine", own)
    np.savez_compressed(declared.path, **GOOD)
    assert fingerprint("mine", own) == before
    assert fingerprint("mine", {"mine": replace(declared, classes=tuple("klmnopqrst"))}) == before
    labels = GOOD["y_test"].copy()
    labels[0] = (labels[0] + 1) % 10
    save(declared, y_test=labels)
    assert fingerprint("mine", own) != before


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"x_train": GOOD["x_train"] / 255}, r"float64 of shape \(5, 4, 3\) in x_train but uint8 of"),
        ({"x_test": GOOD["x_test"].reshape(6, -1)}, r"in x_train but uint8 of shape \(60,\) in x_test"),
        ({"x_test": GOOD["x_test"][:, :3]}, r"\(5, 4, 3\) in x_train but uint8 of shape \(3, 4, 3\)"),
        ({"x_train": np.full(20, 1.0)}, r"x_train is float64 of shape \(20,\)"),
        ({"x_train": GOOD["x_train"].astype(str)}, "x_train is <U3 of shape"),
        ({"x_train": np.full((20, 5), np.inf)}, "x_train contains infinite numbers"),
        ({"x_test": GOOD["x_test"][:0], "y_test": GOOD["y_test"][:0]}, "x_test has no items"),
        ({"y_train": GOOD["y_train"].astype(float)}, "y_train is float64"),
        ({"y_train": GOOD["y_train"].reshape(2, -1)}, r"y_train is uint8 of shape \(2, 10\)"),
        ({"y_train": np.array(3)}, r"y_train is int64 of shape \(\)"),
        ({"y_test": GOOD["y_test"][:5]}, "x_test has 6 items, but y_test 5 labels"),
        ({"y_test": np.full(6, 10)}, "labels from 10 to 10.*labels are 0 to 9"),
        ({"y_test": np.full(6, -1)}, "labels from -1 to -1"),
        ({"x_train": np.array([{}])}, "can't be read: x_train: it is an array of object"),
    ],
)
def test_wrong_contents(declared: DatasetFile, changes: dict[str, object], said: str) -> None:
    save(declared, **changes)
    with pytest.raises(DataError, match=said) as refused:
        read_own(declared)
    assert {problem.path for problem in refused.value.problems} == {str(declared.path)}


def test_all_that_is_wrong_is_said_at_once(declared: DatasetFile) -> None:
    save(declared, x_train=GOOD["x_train"] / 255, y_test=np.full(6, 99))
    with pytest.raises(DataError) as refused:
        read_own(replace(declared, validation=TRAIN))
    assert len(refused.value.problems) == 3


@pytest.mark.parametrize("data", [b"", b"PK\3\4", b"\x93NUMPY\1\0", b"text"])
def test_not_an_npz(declared: DatasetFile, data: bytes) -> None:
    declared.path.write_bytes(data)
    with pytest.raises(DataError, match="data set mine can't be read"):
        read_own(declared)


def test_a_single_array_or_a_missing_one(declared: DatasetFile) -> None:
    with declared.path.open("wb") as file:
        np.save(file, GOOD["x_train"])
    with pytest.raises(DataError, match=r"not a zip file.*save it with numpy.savez"):
        read_own(declared)
    np.savez(declared.path, x_train=GOOD["x_train"], y_test=GOOD["y_test"])
    with pytest.raises(DataError, match="it lacks y_train, x_test"):
        read_own(declared)


def test_no_file(declared: DatasetFile) -> None:
    declared.path.unlink()
    with pytest.raises(DataError, match="there is no such file"):
        fingerprint("mine", {"mine": declared})


def test_numbers_to_predict_stay_as_they_are(declared: DatasetFile) -> None:
    wanted = replace(declared, classes=())
    train, test = np.linspace(0, 1, len(GOOD["y_train"])), np.linspace(2, 3, len(GOOD["y_test"]))
    save(wanted, y_train=train[:, None], y_test=test)
    found = load(wanted.name, own={wanted.name: wanted})
    np.testing.assert_array_equal(found.train.labels, train)
    np.testing.assert_array_equal(found.test.labels, test)
    save(wanted, y_train=np.where(train > 0.5, np.nan, train), y_test=test)
    with pytest.raises(
        DataError, match=r"y_train\[\d+\] is nan, which is no finite number \(leave such items out\)"
    ):
        load(wanted.name, own={wanted.name: wanted})
