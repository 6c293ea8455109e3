"""Parquet tables go the same road as CSV: the same rows give the same arrays."""

import builtins
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.datasets import adopt, load, parquet
from reportgen.datasets.fetch_types import Arrays
from reportgen.datasets.own_files import read_own
from reportgen.errors import DataError, Place
from reportgen.report.dataset_file import DatasetFile

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

COLUMNS: Mapping[str, list[Any]] = {
    "length": [38.5 + at / 7 for at in range(12)],
    "colour": ["red", "blue", "red"] * 4,
    "island": [1, 2, 3, 4] * 3,
    "species": ["adelie", "gentoo"] * 6,
}


def declared(path: Path, **changes: Any) -> DatasetFile:
    place = Place(path.with_name("report.toml"), 3)
    file = DatasetFile("birds", "Birds", path, ("adelie", "gentoo"), 2, place, "species")
    return replace(file, **changes)


def written(folder: Path, columns: Mapping[str, Any], **options: Any) -> Path:
    pq.write_table(pa.table(dict(columns)), folder / "birds.parquet", **options)
    return folder / "birds.parquet"


def as_csv(folder: Path, columns: Mapping[str, list[Any]]) -> Path:
    rows = [",".join(columns), *(",".join(map(str, row)) for row in zip(*columns.values(), strict=True))]
    (folder / "birds.csv").write_text("\n".join(rows))
    return folder / "birds.csv"


def same(one: Arrays, other: Arrays) -> bool:
    return all(np.array_equal(values, other[name]) for name, values in one.items())


@pytest.mark.parametrize("options", [{}, {"use_dictionary": False, "row_group_size": 5}])
def test_it_gives_what_the_same_csv_gives(options: dict[str, Any], tmp_path: Path) -> None:
    found = load("birds", own={"birds": declared(written(tmp_path, COLUMNS, **options))})
    plain = load("birds", own={"birds": declared(as_csv(tmp_path, COLUMNS))})
    assert found.fingerprint == plain.fingerprint


def test_numbers_and_words_are_what_the_file_says(tmp_path: Path) -> None:
    digits = [str(at % 2) for at in range(12)]
    columns = COLUMNS | {
        "code": digits,  # words, though they look like numbers
        "small": pa.array(range(12), pa.int8()),
        "sure": [True, False] * 6,
        "kind": pa.array(digits).dictionary_encode(),
        "day": [date(2026, 1, 1 + at % 2) for at in range(12)],
        "__index_level_0__": range(12),
    }
    inputs = read_own(declared(written(tmp_path, columns)))["train_images"]
    assert inputs.shape[1] == 4 + 2 + 1 + 2 + 2 + 2
    assert inputs[:, 4:6].sum(axis=1).tolist() == [1] * len(inputs)


def test_rows_without_a_value(tmp_path: Path) -> None:
    columns = COLUMNS | {
        "length": [None, *COLUMNS["length"][1:]],
        "colour": [*COLUMNS["colour"][:11], None],
    }
    path = written(tmp_path, columns)
    with pytest.raises(
        DataError, match=r"2 of 12 rows have no value in some column: length \(1\), colour \(1\)"
    ):
        read_own(declared(path))
    kept = read_own(declared(path, missing="keep"))
    assert sum(np.isnan(kept[f"{split}_images"]).sum() for split in ("train", "test")) == 1
    dropped = read_own(declared(path, missing="drop"))
    assert len(dropped["train_labels"]) + len(dropped["test_labels"]) == 10


def test_a_number_is_predicted_and_numbers_are_classes(tmp_path: Path) -> None:
    path = written(tmp_path, COLUMNS)
    numbers = read_own(declared(path, classes=(), target="length"))["train_labels"]
    assert set(numbers) <= set(COLUMNS["length"])
    classes = declared(path, classes=("1", "2", "3", "4"), target="island")
    assert set(read_own(classes)["train_labels"]) == {0, 1, 2, 3}
    with pytest.raises(DataError, match="colour is 'red', which is no number"):
        read_own(declared(path, classes=(), target="colour"))


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"a": [[1], [2]], "species": ["adelie", "gentoo"]}, r"neither numbers nor words: a \(list"),
        ({"a": [1.0, float("inf")] * 2, "species": ["adelie", "gentoo"] * 2}, "contains infinite numbers"),
        ({"a": [1]}, "has no column 'species' to predict"),
    ],
)
def test_what_can_not_be_used_is_named(columns: Mapping[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=said):
        read_own(declared(written(tmp_path, columns), validation=1))


def test_any_bytes_are_one_error(tmp_path: Path) -> None:
    good = written(tmp_path, COLUMNS).read_bytes()
    generator = np.random.default_rng(1)
    for at in range(200):
        data = bytearray(good)
        if at:
            data[generator.integers(len(data))] ^= 1 << generator.integers(8)
        path = tmp_path / "harmed.parquet"
        path.write_bytes(data[: generator.integers(len(data))] if at % 2 else data)
        try:
            read_own(declared(path))
        except DataError as error:
            assert "harmed.parquet" in str(error)


def test_more_cells_than_memory_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "CELLS", 47)
    with pytest.raises(DataError, match="has 12 rows of 4 columns"):
        read_own(declared(written(tmp_path, COLUMNS)))


def test_without_pyarrow_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, known = written(tmp_path, COLUMNS), builtins.__import__

    def absent(name: str, *others: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return known(name, *others)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(
        DataError, match=r"needs pyarrow, which is not installed \(pip install '.*\[parquet\]'\)"
    ):
        read_own(declared(path))


def test_it_is_adopted(tmp_path: Path) -> None:
    made = adopt(written(tmp_path, COLUMNS))
    assert (made.file, made.target, made.classes) == ("birds.parquet", "species", ("adelie", "gentoo"))
    (tmp_path / made.file).write_bytes(made.data)
    assert len(read_own(declared(tmp_path / made.file))["test_labels"]) == 4
