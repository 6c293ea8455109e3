from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from reportgen.pipeline.gather import _record
from reportgen.report.dataset_file import Task
from reportgen.store import Store
from reportgen.training import codec
from tests.factories import make_record

ASKED = {"training": {"epochs": 2}, "data": {"fingerprint": "x"}, "seed": 1}


def read(tmp_path: Path, projection: dict[str, Any], classes: int = 10) -> tuple[object, str]:
    """Publish a record that says that it was trained so, and read it for a model that asks for `ASKED`."""
    record = replace(make_record(), projection=projection)
    store = Store.open(tmp_path / "store")
    store.publish(record.key, codec.files_of(record))
    planned: Any = SimpleNamespace(status="fresh", key=record.key, evaluation_key=None, projection=ASKED)
    project: Any = SimpleNamespace(store=store)
    return _record(project, planned, Task.usual(tuple(map(str, range(classes)))))


def test_a_result_is_believed_if_it_is_what_was_asked_for(tmp_path: Path) -> None:
    record, reason = read(tmp_path, {"builder": "b", "versions": {}, **ASKED})
    assert record is not None and reason == ""


def test_a_result_that_was_trained_otherwise_is_not(tmp_path: Path) -> None:
    """As where a link was put in the place of another."""
    for part in ASKED:
        record, reason = read(tmp_path / part, {**ASKED, part: 2})
        assert record is None and reason == f"its stored result is of another {part}; train it again"


def test_a_result_of_more_classes_is_not(tmp_path: Path) -> None:
    record, reason = read(tmp_path, ASKED, classes=5)
    assert record is None and "more than 5 classes" in reason
