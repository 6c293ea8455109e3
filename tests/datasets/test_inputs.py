"""Several inputs of an item are one data set, whatever they come from, or one clear error."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.datasets import fingerprint, inputs, load, loading
from reportgen.datasets.types import Split
from reportgen.errors import DataError, Place
from reportgen.report.types import DatasetFile

SCANS = np.arange(20 * 4 * 5, dtype=np.uint8).reshape(20, 4, 5)
VALUES = np.arange(20 * 3, dtype=np.float32).reshape(20, 3)
NOTES = np.array([f"note {'x' * number}" for number in range(20)])
LABELS = np.arange(20) % 2
GOOD: dict[str, Any] = {
    "x_train.scan": SCANS[:15],
    "x_train.values": VALUES[:15],
    "x_train.note": NOTES[:15],
    "y_train": LABELS[:15],
    "x_test.scan": SCANS[15:],
    "x_test.values": VALUES[15:],
    "x_test.note": NOTES[15:],
    "y_test": LABELS[15:],
}


@pytest.fixture
def declared(tmp_path: Path) -> DatasetFile:
    return DatasetFile(
        "mine", "Mine", tmp_path / "mine.npz", ("a", "b"), 4, Place(tmp_path / "report.toml", 3)
    )


def save(declared: DatasetFile, arrays: dict[str, Any]) -> None:
    np.savez(declared.path, **arrays)


def mark(declared: DatasetFile) -> str:
    return fingerprint("mine", {"mine": declared})


def test_an_archive_has_each_input_by_its_name(declared: DatasetFile) -> None:
    save(declared, GOOD)
    found = load("mine", own={"mine": declared})
    assert found.input_shape == {"scan": (4, 5, 1), "values": (3,), "note": ()}
    assert found.columns == ("scan", "values", "note")
    assert not found.train.pictures and not found.train.texts
    parts = found.train.several
    np.testing.assert_array_equal(parts["scan"], SCANS[:15, ..., np.newaxis])
    np.testing.assert_array_equal(parts["values"], VALUES[:15])
    assert parts["note"].tolist() == NOTES[:15].tolist()
    assert found.test.several["note"].tolist() == NOTES[15:].tolist()
    assert found.train.images is not None and found.train.images.shape == (15, 4, 5, 1)
    held_out = found.split()["validation"]
    np.testing.assert_array_equal(held_out.several["values"], VALUES[11:15])
    assert found.fingerprint == mark(declared)


def test_the_fingerprint_covers_names_order_types_and_shapes(declared: DatasetFile) -> None:
    save(declared, GOOD)
    before = mark(declared)
    save(declared, GOOD)
    assert mark(declared) == before
    changed: dict[str, Any] = {
        "type": {
            "x_train.values": VALUES[:15].astype(np.float64),
            "x_test.values": VALUES[15:].astype(float),
        },
        "shape": {
            "x_train.values": VALUES[:15].reshape(15, 3, 1),
            "x_test.values": VALUES[15:].reshape(5, 3, 1),
        },
        "value": {"x_test.values": VALUES[15:] + 1},
    }
    marks = {before}
    for each in changed.values():
        save(declared, GOOD | each)
        marks.add(mark(declared))
    save(declared, dict(reversed(GOOD.items())))
    marks.add(mark(declared))
    save(declared, {name.replace(".note", ".remark"): values for name, values in GOOD.items()})
    marks.add(mark(declared))
    assert len(marks) == 6


def test_the_fingerprint_is_that_of_an_array_of_items(
    declared: DatasetFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several inputs were once kept as such an array; their results are still found."""
    save(declared, GOOD)
    monkeypatch.setattr(inputs, "_BLOCK", 100)  # bytes: not even two items
    found = load("mine", own={"mine": declared})
    digest = hashlib.sha256()
    for name, split in {"train": found.train, "test": found.test}.items():
        parts = split.several
        items = np.empty(
            len(split.labels), [(each, part.dtype, part.shape[1:]) for each, part in parts.items()]
        )
        for each, part in parts.items():
            items[each] = part
        said = [(f"{name}_images {items.dtype.descr}", items), (f"{name}_labels", split.labels)]
        for called, values in said:
            digest.update(f"{called} {len(values)} {hashlib.sha256(values.tobytes()).hexdigest()}\n".encode())
    assert found.fingerprint == mark(declared) == digest.hexdigest()


def test_no_input_is_copied() -> None:
    parts = {"scan": SCANS, "values": VALUES}
    first, _ = inputs.ready(parts, parts)
    part = Split(first[:15], LABELS[:15])
    for name, values in part.several.items():
        assert np.shares_memory(values, parts[name]) and values.flags.c_contiguous


@pytest.mark.parametrize(
    ("without", "changes", "said"),
    [
        ("", {"x_train.values": VALUES[:14]}, "x_train has different numbers of items: 15 of scan, 14 of"),
        ("x_test.note", {}, "x_train has the input note, and x_test has not"),
        ("", {"x_test.more": VALUES[15:]}, "x_test has the input more, and x_train has not"),
        ("", {"x_train.a b": VALUES[:15]}, "'a b' can't be the name of an input"),
        ("", {"x_train.values": VALUES[:15, 0]}, r"x_train\.values is float32 of shape \(15,\)"),
        (
            "",
            {"x_train.values": np.full((15, 3), np.inf, np.float32)},
            r"x_train\.values contains infinite numbers",
        ),
        ("", {"x_test.values": VALUES[15:, :2]}, r"but float32 of shape \(2,\) in x_test\.values"),
        ("", {"x_train": VALUES[:15]}, r"it has both x_train and x_train\.scan"),
        ("", {"y_train": LABELS[:14]}, "x_train has 15 items, but y_train 14 labels"),
        (
            "",
            {"x_train.note": np.array([None] * 15)},
            r"x_train\.note: it is an array of object",
        ),
    ],
)
def test_what_is_wrong_is_named(without: str, changes: Any, said: str, declared: DatasetFile) -> None:
    save(declared, {name: values for name, values in GOOD.items() if name != without} | changes)
    with pytest.raises(DataError, match=rf"mine\.npz: .*{said}"):
        load("mine", own={"mine": declared})


def test_one_split_or_one_name_is_not_several(declared: DatasetFile) -> None:
    labels: dict[str, Any] = {"y_train": GOOD["y_train"], "y_test": GOOD["y_test"]}
    save(declared, {**labels, "x_test": VALUES[15:], "x_train.values": VALUES[:15]})
    with pytest.raises(DataError, match="x_test is one input, and the other split has several"):
        load("mine", own={"mine": declared})
    save(declared, {**labels, "x_train.values": VALUES[:15], "x_test.values": VALUES[15:]})
    with pytest.raises(DataError, match=r"values is the only input .give one input without a name"):
        load("mine", own={"mine": declared})


def test_code_that_loads_it_gives_the_same_arrays(declared: DatasetFile, tmp_path: Path) -> None:
    save(declared, GOOD)
    names = ("scan", "values", "note")
    code = loading("mine", {"mine": declared}, tmp_path, names)
    assert code.startswith("data = np.load('answers/mine.npz')\n")
    found: dict[str, Any] = {"np": np}
    exec(code.replace("'answers/mine.npz'", repr(str(declared.path))), found)
    assert list(found["x_train"]) == list(names)
    np.testing.assert_array_equal(found["x_test"]["values"], VALUES[15:])
    assert found["y_train"].tolist() == LABELS[:15].tolist()
