"""Rows of a table are divided so that groups stay together and the test is the future."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.datasets import assembled, load
from reportgen.datasets.own_files import read_own
from reportgen.datasets.published import ARRAYS
from reportgen.datasets.splitting import at_random, by_group, cuts, label_strata
from reportgen.errors import DataError, Place
from reportgen.report.types import DatasetFile

ROWS = [
    f"{at},p{at % 10},2026-{1 + at % 12:02d}-01,{('ill', 'well')[at % 3 > 0]},note {at}" for at in range(60)
]


def table(folder: Path, rows: list[str] = ROWS) -> DatasetFile:
    path = folder / "visits.csv"
    path.write_text("\n".join(["value,patient,day,state,note", *rows]))
    place = Place(folder / "report.toml", 3)
    return DatasetFile(
        "visits", "Visits", path, ("ill", "well"), 6, place, "state", leave_out=("note", "patient", "day")
    )


def grouped(folder: Path, **changes: object) -> DatasetFile:
    return replace(table(folder), group="patient", leave_out=("note", "day"), **changes)  # type: ignore[arg-type]


def test_columns_are_left_out(tmp_path: Path) -> None:
    assert load("visits", own={"visits": table(tmp_path)}).input_shape == (1,)
    with pytest.raises(DataError, match=r"no column 'notes' to leave out \(did you mean `note`"):
        load("visits", own={"visits": replace(table(tmp_path), leave_out=("notes",))})


def test_a_group_is_on_one_side(tmp_path: Path) -> None:
    found = load("visits", own={"visits": grouped(tmp_path)})
    assert found.input_shape == (1,), "the group is no input"
    train, test = ({int(row) % 10 for row in part.inputs[:, 0]} for part in (found.train, found.test))
    assert train.isdisjoint(test) and len(train | test) == 10
    assert 12 <= len(found.test.labels) <= 18
    assert found.groups is not None
    held_out = {int(row) % 10 for row in found.split()["validation"].inputs[:, 0]}
    assert len(held_out) == 1 and set(found.train.inputs[:-6, 0].astype(int) % 10).isdisjoint(held_out)
    other = load("visits", own={"visits": grouped(tmp_path, seed=5)})
    assert other.fingerprint != found.fingerprint


def test_a_group_is_not_cut_by_what_is_held_out(tmp_path: Path) -> None:
    declared = grouped(tmp_path, validation=8)
    with pytest.raises(
        DataError, match=r"report.toml:3: validation = 8 would divide a group: hold out 6 or 12"
    ):
        load("visits", own={"visits": declared})
    found = load("visits", own={"visits": replace(declared, validation=12)})
    with pytest.raises(DataError, match="Visits: validation = 7 would divide a group"):
        found.split(7)


def test_what_groups_are_is_part_of_the_fingerprint(tmp_path: Path) -> None:
    rows = [
        f"1,{patient},2026-01-01,{state},x" for patient in "abcd" for state in ("ill", "well") for _ in "12"
    ]
    arrays = read_own(replace(grouped(tmp_path, validation=4), path=table(tmp_path, rows).path))
    assert len(set(arrays["train_groups"].tolist())) == 3
    declared = grouped(tmp_path, validation=4)
    found = assembled(declared, arrays).fingerprint
    assert found != assembled(declared, {name: arrays[name] for name in ARRAYS}).fingerprint
    assert found != assembled(declared, {**arrays, "train_groups": arrays["train_groups"] + 1}).fingerprint


def test_the_latest_rows_are_the_test(tmp_path: Path) -> None:
    declared = replace(table(tmp_path), time="day", leave_out=("note", "patient"))
    found = load("visits", own={"visits": declared})
    months = [[int(row) % 12 for row in part.inputs[:, 0]] for part in (found.train, found.test)]
    assert max(months[0]) <= min(months[1])
    assert months[0] == sorted(months[0]), "the last ones, which are held out, are the latest"
    assert len(months[1]) == 15


@pytest.mark.parametrize(
    ("day", "said"),
    [("31.12.2026", "day is '31.12.2026', which is no time to order by .numbers, or dates"), ("", "no time")],
)
def test_times_that_do_not_sort_are_named(day: str, said: str, tmp_path: Path) -> None:
    path = table(tmp_path, [*ROWS, f"1,p1,{day},ill,x"]).path
    declared = replace(table(tmp_path), time="day", leave_out=("note", "patient"), missing="keep", path=path)
    path.write_text(path.read_text() + f"\n1,p1,{day},ill,x")
    with pytest.raises(DataError, match=rf"visits\.csv:62: .*{said}"):
        load("visits", own={"visits": declared})


def test_a_class_that_only_the_future_has(tmp_path: Path) -> None:
    rows = [f"1,p,{1990 + at},{'ill' if at > 30 else 'well'},x" for at in range(40)]
    declared = replace(table(tmp_path, rows), time="day", leave_out=("note", "patient"))
    with pytest.raises(DataError, match="split by day there are no rows of ill to train on"):
        load("visits", own={"visits": declared})


def test_one_group_is_too_few(tmp_path: Path) -> None:
    path = table(tmp_path, [f"{at},p1,1,{('ill', 'well')[at % 2]},x" for at in range(9)]).path
    declared = DatasetFile("visits", "V", path, ("ill", "well"), 2, Place(path, 1), "state", group="patient")
    with pytest.raises(DataError, match="all rows are of one patient"):
        load("visits", own={"visits": declared})


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=60), st.floats(0.05, 0.95), st.integers(0, 3))
def test_no_group_is_ever_divided(names: list[int], share: float, seed: int) -> None:
    groups = np.unique(names, return_inverse=True)[1]
    if groups.max() == 0:
        return
    parts = by_group(groups, np.arange(len(groups)) % 3, share, seed)
    assert sorted([*parts.train, *parts.test]) == list(range(len(groups)))
    assert set(groups[parts.train]).isdisjoint(groups[parts.test])
    assert len(parts.train) and len(parts.test)
    train = groups[parts.train]
    for cut in cuts(train):
        assert set(train[:-cut]).isdisjoint(train[-cut:])
    assert len(cuts(train)) == len(set(train)) - 1


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 99), st.integers(2, 6), st.sampled_from([0.1, 0.2, 0.5]))
def test_labels_are_divided_in_equal_shares(seed: int, count: int, share: float) -> None:
    random = np.random.default_rng(seed)
    labels = random.random((400, count)) < random.uniform(0.01, 0.5, count)
    parts = at_random(label_strata(labels, share), share, seed)
    assert sorted([*parts.train, *parts.test]) == list(range(400))
    sets, of = np.unique(labels, axis=0, return_inverse=True)
    for rank in range(len(sets)):
        rows = np.flatnonzero(of.reshape(-1) == rank)
        if len(rows) * share >= 1:
            assert abs(np.isin(rows, parts.test).sum() - share * len(rows)) <= 1, "a frequent set"
    for label in labels.T:
        # Each stratum that has the label rounds by less than an item.
        strata = len(np.unique(label_strata(labels, share)[label]))
        assert abs(label[parts.test].sum() - share * label.sum()) <= strata
    rarest = labels.T[np.argmin(labels.sum(axis=0))]
    if rarest.sum() > 1 / share:
        assert rarest[parts.test].any() and rarest[parts.train].any()


def labelled(folder: Path, rows: list[str], **changes: object) -> DatasetFile:
    path = folder / "films.csv"
    path.write_text("\n".join(["length,day,comedy,drama,war", *rows]))
    place = Place(folder / "report.toml", 3)
    names = ("comedy", "drama", "war")
    given = {"targets": names, "multilabel": True, "time": "day", "test": 0.2, **changes}
    return DatasetFile("films", "Films", path, names, 6, place, **given)  # type: ignore[arg-type]


FILMS = [f"{at},{at},{at % 2},{int(at % 3 == 0)},{int(at in (7, 21))}" for at in range(60)]


def test_a_rare_label_is_on_both_sides(tmp_path: Path) -> None:
    for seed in range(8):
        declared = labelled(tmp_path, FILMS, time="", leave_out=("day",), seed=seed)
        found = load("films", own={"films": declared})
        assert found.test.labels[:, 2].sum() == found.train.labels[:, 2].sum() == 1
        assert found.test.labels[:, 0].sum() in (5, 6, 7)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (FILMS, r"split by day there are no rows of war in the test \(give another share as test\)"),
        (FILMS[:20], r"fewer than two rows that have war \(name it in leave_out in place of target"),
    ],
)
def test_a_label_that_is_on_one_side_only_is_an_error(tmp_path: Path, rows: list[str], said: str) -> None:
    with pytest.raises(DataError, match=said):
        load("films", own={"films": labelled(tmp_path, rows)})
