"""Labels of several targets and of several labels an item: from arrays, from tables, and what is no such."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from reportgen.datasets import load
from reportgen.datasets.labels import strata
from reportgen.datasets.types import Dataset
from reportgen.errors import DataError, Place
from reportgen.report.types import DatasetFile

X, YES = np.arange(24.0).reshape(12, 2), np.tile([[0, 1, 1], [1, 0, 0]], (6, 1))
NUMBERS = np.arange(24).reshape(12, 2) / 4
NAMES = ("sport", "politics", "culture")


def arrays(folder: Path, labels: NDArray[np.generic], **keys: object) -> Dataset:
    path = folder / "mine.npz"
    np.savez(path, x_train=X, y_train=labels, x_test=X, y_test=labels)
    declared = DatasetFile("mine", "Mine", path, (), 3, Place(folder / "report.toml", 3))
    return load("mine", own={"mine": replace(declared, **keys)})  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [np.int64, np.uint8, np.bool_])
def test_labels_of_an_archive_are_yes_or_no(tmp_path: Path, kind: type) -> None:
    found = arrays(tmp_path, YES.astype(kind), classes=NAMES, multilabel=True)
    assert (found.task, found.outputs) == ("multilabel", 3)
    assert found.test.labels.dtype == np.bool_
    np.testing.assert_array_equal(found.test.labels, YES == 1)


def test_several_numbers_are_named(tmp_path: Path) -> None:
    found = arrays(tmp_path, NUMBERS, targets=("height", "weight"))
    assert (found.task, found.outputs, found.classes) == ("regression", 2, ())
    np.testing.assert_array_equal(found.train.labels, NUMBERS)


@pytest.mark.parametrize(
    ("labels", "keys", "message"),
    [
        (NUMBERS, {}, r"y_train has 2 numbers for each item.*target = "),
        (NUMBERS, {"targets": ("a", "b", "c")}, r"shape \(12, 2\).*\(n, 3\)"),
        (NUMBERS * np.nan, {"targets": ("a", "b")}, "no finite number"),
        (YES + 1, {"classes": NAMES, "multilabel": True}, "values from 1 to 2.*a label is 1 where"),
        (YES[:, :2], {"classes": NAMES, "multilabel": True}, r"shape \(12, 2\).*\(n, 3\)"),
        (
            YES,
            {"classes": NAMES},
            r"labels are integers of shape \(n,\); several an item have task = ",
        ),
        (np.eye(3)[YES[:, 0]], {"classes": NAMES}, r"integers of shape \(n,\): y_train\.argmax\(axis=1\)"),
        (YES[:, 0] / 1, {"classes": NAMES}, r"integers of shape \(n,\): y_train\.astype\(int\)"),
        (YES[:, 0] > 0, {"classes": NAMES}, r"integers of shape \(n,\): y_train\.astype\(int\)"),
        (NUMBERS[:, 0], {"classes": NAMES}, r"shape \(n,\); numbers are predicted with task = "),
        (YES[:9, 0], {"classes": NAMES}, "x_train has 12 items, but y_train 9 labels$"),
        (YES * 0.5, {"classes": NAMES, "multilabel": True}, "0 and 1"),
    ],
)
def test_what_are_no_such_labels(
    tmp_path: Path, labels: NDArray[np.generic], keys: dict[str, object], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        arrays(tmp_path, labels, **keys)


def table(folder: Path, cells: list[str], **keys: object) -> Dataset:
    path = folder / "mine.csv"
    rows = [f"{place / 2},{cells[place % len(cells)]}" for place in range(12)]
    path.write_text("\n".join(["x,one,two", *rows]) + "\n", encoding="utf-8")
    declared = DatasetFile(
        "mine", "Mine", path, (), 3, Place(folder / "report.toml", 3), targets=("one", "two")
    )
    return load("mine", own={"mine": replace(declared, **keys)})  # type: ignore[arg-type]


def test_columns_are_numbers_or_labels_as_report_toml_says(tmp_path: Path) -> None:
    numbers = table(tmp_path, ["1,0", "0,1.5"])
    assert (numbers.task, numbers.columns, numbers.outputs) == ("regression", ("x",), 2)
    assert sorted(map(tuple, numbers.test.labels.tolist()))[0] == (0.0, 1.5)
    for cells in (["1,0", "0,1"], ["yes,No", "no,YES"], ["true,False", "False,true"]):
        labels = table(tmp_path, cells, classes=("one", "two"), multilabel=True)
        assert labels.task == "multilabel"
        whole = np.concatenate([labels.train.labels, labels.test.labels])
        np.testing.assert_array_equal(whole[:, 0], ~whole[:, 1])


def test_a_cell_that_is_no_label_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="two is 'perhaps', which is neither yes nor no") as refused:
        table(tmp_path, ["yes,no", "no,perhaps"], classes=("one", "two"), multilabel=True)
    assert refused.value.problems[0].line == 3
    with pytest.raises(DataError, match="two is 'perhaps', which is no number"):
        table(tmp_path, ["1,2", "2,perhaps"])


def test_items_that_are_alike_follow_one_another() -> None:
    assert len(set(strata(YES == 1).tolist())) == 2
    order = strata(np.array([[1.0, 100.0], [3.0, 300.0], [2.0, 200.0]]))
    assert order.argsort().tolist() == [0, 2, 1]
    np.testing.assert_array_equal(strata(np.array([2, 1])), [2, 1])
