from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.datasets import fingerprint, load, table_files
from reportgen.errors import DataError, Place
from reportgen.report.types import DatasetFile

HEAD = "length,colour,island,species"
ROWS = [
    f"{length},{colour},{island},{species}"
    for species, length in (("adelie", 38.5), ("gentoo", 47.25))
    for colour in ("red", "blue")
    for island in (1, 2, 3, 4)
]


def table(folder: Path, rows: list[str], head: str = HEAD) -> DatasetFile:
    path = folder / "penguins.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    place = Place(folder / "report.toml", 3)
    return DatasetFile("penguins", "Penguins", path, ("adelie", "gentoo"), 4, place, "species")


def test_numbers_stay_and_words_become_columns(tmp_path: Path) -> None:
    found = load("penguins", own={"penguins": table(tmp_path, ROWS)})
    inputs = np.concatenate([found.train.inputs, found.test.inputs])
    assert found.columns == ("length", "colour = blue", "colour = red", "island")
    assert found.input_shape == (4,)
    assert set(inputs[:, 0]) == {38.5, 47.25}
    assert set(map(tuple, inputs[:, 1:3])) == {(0.0, 1.0), (1.0, 0.0)}
    assert set(inputs[:, 3]) == {1, 2, 3, 4}
    labels = np.concatenate([found.train.labels, found.test.labels])
    np.testing.assert_array_equal(labels == 1, inputs[:, 0] == 47.25)


def test_the_split_is_drawn_by_its_seed_in_equal_shares(tmp_path: Path) -> None:
    declared = table(tmp_path, ROWS)
    found = load("penguins", own={"penguins": declared})
    assert np.bincount(found.test.labels).tolist() == [2, 2]
    assert len(found.train.labels) == 12
    own = {"penguins": declared}
    assert fingerprint("penguins", own) == found.fingerprint
    assert fingerprint("penguins", {"penguins": replace(declared, seed=1)}) != found.fingerprint
    half = load("penguins", own={"penguins": replace(declared, test=0.5)})
    assert np.bincount(half.test.labels).tolist() == [4, 4]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(2, 30), min_size=2, max_size=4), st.floats(0.01, 0.99), st.integers(0, 5))
def test_every_row_is_in_one_split_and_every_class_in_both(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], share: float, seed: int
) -> None:
    names = tuple("abcd"[: len(sizes)])
    rows = [f"{number},{name}" for name, size in zip(names, sizes, strict=True) for number in range(size)]
    declared = table(
        tmp_path_factory.mktemp("table"), [f"{at},{row}" for at, row in enumerate(rows)], "id,n,species"
    )
    declared = replace(declared, classes=names, test=share, seed=seed, validation=1)
    found = load("penguins", own={"penguins": declared})
    seen = [*found.train.inputs[:, 0], *found.test.inputs[:, 0]]
    assert sorted(seen) == list(range(len(rows)))
    assert set(found.train.labels) == set(found.test.labels) == set(range(len(names)))


def test_cells_without_a_value(tmp_path: Path) -> None:
    declared = table(tmp_path, [*ROWS, ",red,1,adelie", "40,NA,?,gentoo"])
    with pytest.raises(DataError) as refused:
        load("penguins", own={"penguins": declared})
    (problem,) = refused.value.problems
    assert problem.line == 18
    assert problem.message == "2 of 18 rows have no value in some column: length (1), colour (1), island (1)"
    assert 'missing = "drop"' in problem.remedy
    dropped = load("penguins", own={"penguins": replace(declared, missing="drop")})
    assert len(dropped.train.labels) + len(dropped.test.labels) == 16
    kept = load("penguins", own={"penguins": replace(declared, missing="keep")})
    inputs = np.concatenate([kept.train.inputs, kept.test.inputs])
    assert np.isnan(inputs).sum(axis=0).tolist() == [1, 0, 0, 1]
    assert np.sum(inputs[:, 1:3].sum(axis=1) == 0) == 1  # neither blue nor red


@pytest.mark.parametrize(
    ("rows", "head", "line", "said"),
    [
        (ROWS, "length,colour,island,kind", 1, "has no column 'species' to predict"),
        (ROWS, "length,colour,length,species", 1, "two columns are called 'length'"),
        ([*ROWS, "1,red"], HEAD, 18, "has 2 cells in a row, but 4 columns"),
        ([*ROWS, "1,red,1,chinstrap"], HEAD, 18, "species is 'chinstrap', which is none of the declared"),
        (ROWS[:9], HEAD, 0, "there are fewer than two rows of gentoo"),
        (["adelie", "gentoo"] * 4, "species", 1, "has no column but species"),
        ([*ROWS, '1,"red,1,adelie'], HEAD, 18, "is not a CSV file"),
        ([], HEAD, 0, "there are fewer than two rows of adelie, gentoo"),
        ([], "", 0, "is empty"),
    ],
)
def test_what_is_wrong_is_named_by_its_line(
    tmp_path: Path, rows: list[str], head: str, line: int, said: str
) -> None:
    with pytest.raises(DataError) as refused:
        load("penguins", own={"penguins": table(tmp_path, rows, head)})
    problem = refused.value.problems[0]
    assert said in problem.message
    assert problem.line == line
    assert problem.path.endswith("penguins.csv")


def test_a_column_of_as_many_words_as_rows_is_refused(tmp_path: Path) -> None:
    rows = [f"name {at},{('adelie', 'gentoo')[at % 2]}" for at in range(1_100)]
    with pytest.raises(DataError, match="name has 1,100 different values that are no numbers"):
        load("penguins", own={"penguins": table(tmp_path, rows, "name,species")})


def test_tables_of_spreadsheets_that_separate_by_semicolons(tmp_path: Path) -> None:
    rows = [row.replace(".", ";", 0).replace(",", ";").replace(".", ",") for row in ROWS]
    plain = load("penguins", own={"penguins": table(tmp_path, ROWS)})
    found = load("penguins", own={"penguins": table(tmp_path, rows, HEAD.replace(",", ";"))})
    assert found.fingerprint == plain.fingerprint
    tabs = [row.replace(",", "\t") for row in ROWS]
    found = load("penguins", own={"penguins": table(tmp_path, tabs, HEAD.replace(",", "\t"))})
    assert found.fingerprint == plain.fingerprint


def test_inputs_that_would_fill_the_memory_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_files, "INPUTS", 16 * 4 * 8 - 1)
    with pytest.raises(DataError, match="makes 4 inputs of each of 16 rows, which is 512 bytes"):
        load("penguins", own={"penguins": table(tmp_path, ROWS)})


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=200))
def test_any_text_is_a_table_or_one_error(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    declared = table(tmp_path_factory.mktemp("table"), [])
    declared.path.write_text(text, encoding="utf-8", errors="surrogatepass")
    with pytest.raises(DataError):
        load("penguins", own={"penguins": declared})


def test_more_classes_than_a_byte_tells_apart(tmp_path: Path) -> None:
    names = tuple(f"c{number:03d}" for number in range(300))
    rows = [f"{number},{name}" for number, name in enumerate(names) for _ in range(3)]
    declared = replace(table(tmp_path, rows, "n,species"), classes=names, validation=20)
    found = load("penguins", own={"penguins": declared})
    assert found.train.labels.dtype == np.uint16
    np.testing.assert_array_equal(found.train.labels, found.train.inputs[:, 0])


def numbers(folder: Path, rows: list[str] = ROWS) -> DatasetFile:
    return replace(table(folder, rows), classes=(), target="length", test=0.5)


def test_a_number_is_predicted_as_it_stands(tmp_path: Path) -> None:
    found = load("penguins", own={"penguins": numbers(tmp_path)})
    assert found.regression and found.classes == ()
    labels = np.concatenate([found.train.labels, found.test.labels])
    assert labels.dtype == np.float64
    assert sorted(labels) == [38.5] * 8 + [47.25] * 8
    assert len(found.test.labels) == 8
    assert fingerprint("penguins", {"penguins": numbers(tmp_path)}) == found.fingerprint


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([*ROWS, "long,red,1,gentoo"], "penguins.csv:18: length is 'long', which is no number"),
        (ROWS[:3], "has 3 rows, which is too few"),
    ],
)
def test_what_is_no_number_is_named(tmp_path: Path, rows: list[str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        load("penguins", own={"penguins": numbers(tmp_path, rows)})


def test_a_column_of_texts_is_the_input(tmp_path: Path) -> None:
    texts = ["good, really", "“très bien” 好", "bad", "so bad"]
    declared = table(
        tmp_path, [f'{at},"{text}",x{at},{"adelie" if at < 2 else "gentoo"}' for at, text in enumerate(texts)]
    )
    own = {"penguins": replace(declared, text="colour", test=0.5, validation=1)}
    found = load("penguins", own=own)
    assert found.train.texts and found.input_shape == ()
    assert sorted([*found.train.inputs.tolist(), *found.test.inputs.tolist()]) == sorted(texts)
    for split in (found.train, found.test):
        for text, label in zip(split.inputs, split.labels, strict=True):
            assert texts.index(text) // 2 == label
    other = {"penguins": replace(declared, text="island", test=0.5, validation=1)}
    assert fingerprint("penguins", own) == found.fingerprint != fingerprint("penguins", other)
    with pytest.raises(DataError, match="has no column 'color' to read"):
        load("penguins", own={"penguins": replace(declared, text="color")})


def test_of_texts_only_the_columns_used_must_have_values(tmp_path: Path) -> None:
    rows = [row.replace("red", "") if row.endswith("gentoo") else row for row in ROWS]
    declared = replace(table(tmp_path, rows), text="island")
    assert load("penguins", own={"penguins": declared}).train.texts
    with pytest.raises(DataError, match=r"colour \(4\)"):
        load("penguins", own={"penguins": replace(declared, text="colour")})


@pytest.mark.parametrize("missing", ["error", "drop"])
def test_where_no_row_is_whole_the_columns_are_named(
    tmp_path: Path, missing: Literal["error", "drop"]
) -> None:
    rows = [
        f"{'' if at % 2 else at},{at if at % 2 else ''},1,{'adelie' if at % 3 else 'gentoo'}"
        for at in range(12)
    ]
    declared = replace(table(tmp_path, rows), missing=missing)
    said = r"csv:2: no row has a value in every column; rows without one: length \(6\), colour \(6\)"
    with pytest.raises(DataError, match=said):
        load("penguins", own={"penguins": declared})


def test_a_column_of_empty_texts_is_refused(tmp_path: Path) -> None:
    declared = replace(table(tmp_path, [f"{at},,1,adelie" for at in range(9)]), text="colour", missing="keep")
    with pytest.raises(DataError, match="csv:1: colour has no text in any row"):
        load("penguins", own={"penguins": replace(declared, classes=(), target="length")})


def test_what_is_predicted_must_have_a_value(tmp_path: Path) -> None:
    rows = [f"{'' if at == 4 else at},red,1,adelie" for at in range(12)]
    declared = numbers(tmp_path, rows)
    with pytest.raises(DataError, match=r'csv:6: 1 of 12 rows .*.set missing = "drop" \(those rows\) in'):
        load("penguins", own={"penguins": declared})
    with pytest.raises(DataError, match=r'csv:6: length has no value to predict \(set missing = "drop" in'):
        load("penguins", own={"penguins": replace(declared, missing="keep")})
