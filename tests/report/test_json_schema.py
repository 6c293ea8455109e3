"""The JSON Schema for editors says what the loader says."""

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from reportgen.report import json_schema
from tests.projects import REPORT

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads(json_schema.text())
REPORTS = [*ROOT.glob("examples/*/report.toml"), *ROOT.glob("reportgen/starters/*/answers/report.toml")]


def check(text: str) -> None:
    def plain(value: object) -> Any:
        return {key: plain(item) for key, item in value.items()} if isinstance(value, dict) else value

    document = json.loads(json.dumps(plain(tomllib.loads(text)), default=str))  # dates are text there
    jsonschema.validate(document, SCHEMA, cls=jsonschema.Draft7Validator)


def test_the_file_is_what_the_tables_say() -> None:
    """Else: python scripts/schema.py."""
    assert json_schema.FILE.read_text(encoding="utf-8") == json_schema.text()
    jsonschema.Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.parts[-3])
def test_the_reports_that_there_are_follow_it(path: Path) -> None:
    check(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("epochs = 2", "epoch = 2"),
        ("epochs = 2", "epochs = 0"),
        ("epochs = 2", 'epochs = "2"'),
        ('title = "Digits"', ""),
        ("[models.linear]", "[models.Linear]"),
        ('name = "SGD"', 'nome = "SGD"'),
        ("learning_rate = 0.1", "learning_rate = [0.1]"),
        ("learning_rate = 0.1", 'precision = "float64"'),
    ],
)
def test_what_the_loader_refuses_editors_mark(old: str, new: str) -> None:
    check(REPORT)
    with pytest.raises(jsonschema.ValidationError):
        check(REPORT.replace(old, new))
