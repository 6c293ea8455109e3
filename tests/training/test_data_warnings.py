"""What is probably wrong with data is said before a model trains on them."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.datasets import inputs as kinds
from reportgen.datasets import load
from reportgen.datasets.types import Dataset, Split
from reportgen.errors import DivergedError, InputError, Place
from reportgen.report.types import DatasetFile
from reportgen.training.data_warnings import data_warnings, lacking
from reportgen.training.job import Job
from reportgen.training.train import train
from tests.training.jobs import job

MODELS = """
from keras import Sequential, layers


def line(input_shape, classes):
    return Sequential([layers.Input(input_shape), layers.Dense(classes, activation="softmax")])


def normal(input_shape, classes):
    return Sequential([layers.Input(input_shape), layers.Normalization(), layers.Dense(classes, "softmax")])
"""
ROWS = 40


def table(folder: Path, column: Any, name: str = "size", **keys: Any) -> Dataset:
    """Return a table of two columns and a class, whose first column has what `column` says of a row."""
    rows = [f"{column(at)},{at % 5},{'no' if at % 2 else 'yes'}" for at in range(ROWS)]
    path = folder / "d.csv"
    path.write_text("\n".join([f"{name},other,state", *rows]))
    keys = {"target": "state", "missing": "keep", **keys}
    own = DatasetFile("d", "D", path, ("no", "yes"), 10, Place(folder / "report.toml", 1), **keys)
    return load("d", own={"d": own})


def said(data: Dataset, **asked: Any) -> tuple[str, ...]:
    return data_warnings(data.split(), data, **asked)


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (lambda at: at, ""),
        (lambda at: f"kind {at % 4}", ""),
        (lambda at: "other" if at % 4 else at, ""),  # a few numbers among words
        (lambda at: f"name {at}", r'size has a value of its own in 20 of 20 rows, .*leave_out = \["size"\]'),
        (lambda at: f"2026-01-{at:02d}", "size has a value of its own in 20 of 20 rows"),
        (lambda at: at % 3 if at % 4 else "n.a.", r"size is a number in \d+ of 20 rows and 'n\.a\.' or the"),
        (
            lambda at: at / 8 if at % 4 else f"{at} %",
            r"size is a number in \d+ of 20 rows and '\d+ %' or the",
        ),
    ],
)
def test_columns_of_words_are_looked_at(column: Any, message: str, tmp_path: Path) -> None:
    found = said(table(tmp_path, column))
    assert len(found) == bool(message)
    assert all(re.match(message, warning) for warning in found)


def test_a_network_is_not_given_nan_unnoticed(tmp_path: Path) -> None:
    data = table(tmp_path, lambda at: at if at % 3 else "")
    (warning,) = said(data, network=True)
    count = int(np.isnan(data.split()["train"].arrays[0]).sum())
    assert warning.startswith(
        f"training items have no value (NaN) in size ({count} of 20); a network makes NaN"
    )
    assert said(data) == (), "an estimator may have a use for them, or refuses them"
    assert said(table(tmp_path, lambda at: at), network=True) == ()


def test_items_without_a_value_are_counted_in_any_inputs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_BLOCK", 20)  # bytes
    values = np.zeros((6, 2, 2))
    values[[1, 4], 0, 1] = np.nan
    assert "in the inputs (2 of 6);" in lacking(Split(values, np.zeros(6)), ())
    both = kinds.NamedInputs({"scan": np.zeros((6, 3), np.uint8), "values": values})
    assert "in values (2 of 6);" in lacking(Split(both, np.zeros(6)), ("scan", "values"))
    assert lacking(Split(np.array(["a", "b"]), np.zeros(2)), ("text",)) == ""


def test_a_training_that_gets_nan_says_so(tmp_path: Path) -> None:
    data = table(tmp_path, lambda at: at if at % 3 else "")
    notes: list[str] = []
    with pytest.raises(DivergedError, match=r"became nan in epoch 1.*no value \(NaN\) in size"):
        train(asked("line"), data, tmp_path, lambda progress: notes.append(progress.note))
    assert any(note.startswith("warning: training items have no value") for note in notes)
    with pytest.raises(InputError, match=r"models\.py:9.*has learned nothing but NaN \(.*NaN\) in size"):
        train(asked("normal"), data, tmp_path)


def asked(builder: str) -> Job:
    return job(builder, {"models.py": MODELS}, validation=10, epochs=1)
