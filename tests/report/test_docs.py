"""docs/models.md says the keys, values and defaults that there are."""

import re
from dataclasses import MISSING, fields
from pathlib import Path

from reportgen import datasets
from reportgen.report.dataset_file import DatasetFile
from reportgen.report.schema import DatasetTable, ModelTable, TrainingTable
from reportgen.report.training_parameters import SCALES, Component, Training

TEXT = (Path(__file__).parents[2] / "docs/models.md").read_text(encoding="utf-8")


def rows(title: str) -> dict[str, str]:
    """Return keys and defaults of the table below a heading."""
    section = TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    return dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", section.partition("| key |")[2], re.MULTILINE))


ROWS = rows("How it is trained")


def shown(value: object) -> str:
    match value:
        case None | "" | ():
            return "–"
        case Component():
            return f"`{value.name}`"
        case tuple():
            return f"`{', '.join(value)}`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def test_every_key_stands_in_the_table_with_its_default() -> None:
    assert list(ROWS) == [each.name for each in fields(TrainingTable)]
    own = {"dataset", "validation", "train", "arguments"}
    defaults = {each.name: shown(each.default) for each in fields(Training) if each.name not in own}
    assert {name: text for name, text in ROWS.items() if name in defaults} == defaults


def test_every_key_of_a_model_stands_in_its_table() -> None:
    own = {each.name for each in fields(ModelTable)} - {each.name for each in fields(TrainingTable)}
    assert set(rows("A model's own table")) == own


def test_every_key_of_a_data_set_stands_in_its_table_with_its_default() -> None:
    found = rows("Data of your own")
    assert sorted(found) == sorted(each.name for each in fields(DatasetTable))
    values = {each.name: each.default for each in fields(DatasetFile)}
    defaults = {
        name: shown(value) for name, value in values.items() if name in found and value is not MISSING
    }
    assert {name: text for name, text in found.items() if name in defaults} == defaults


def test_the_values_that_are_listed_are_those_there_are() -> None:
    lines = {line.split("`")[1]: line for line in TEXT.splitlines() if line.startswith("| `")}
    assert set(datasets.names()) <= set(re.findall(r"`(\w+)`", lines["dataset"]))
    for name, (low, high) in SCALES.items():
        assert f"`{name}` {low} to {high}" in lines["scale"]
