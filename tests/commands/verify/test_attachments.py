"""What a PDF carries is evidence, or one error, whatever it is."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from reportgen import claims, results
from reportgen import report as reports
from reportgen.commands.verify import origins
from reportgen.commands.verify.attachments import Evidence, _evidence
from reportgen.commands.verify.recompute import _results
from reportgen.document.pdf.reader import Opened
from reportgen.errors import InputError
from reportgen.plan import result_key
from reportgen.training import codec
from reportgen.training.record import Layer
from tests.decoding.mutating import exchanged, flips, outcome
from tests.factories import make_record
from tests.projects import write_project

DIGITS = tuple("0123456789")


@pytest.fixture(scope="module")
def attached(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """The attachments of an honest report of made-up results."""
    folder = write_project(tmp_path_factory.mktemp("carried"))
    report = reports.load(folder)
    found = {f"answers/{path.name}": path.read_bytes() for path in report.answers.iterdir()}
    records = {}
    for name in report.models:
        record = make_record(name, sizes={"train": 60, "validation": 30, "test": 30}, epochs=2)
        projection = {"builder": name, "training": {"epochs": 2}, "seed": 1, "versions": {"keras": "3"}}
        key = result_key(projection)
        record = make_record(name, sizes={"train": 60, "validation": 30, "test": 30}, epochs=2, key=key)
        object.__setattr__(record, "projection", projection)
        records[name] = (record,)
        for file, data in codec.files_of(record).items():
            found[f"results/{key}/{file}"] = data
    facts = results.facts(report, records, {"digits": DIGITS})
    run = claims.summarize(report, facts, claims.judge(report, facts))
    return found | {"results.json": run.to_json().encode()}


def evidence(attached: Mapping[str, bytes], folder: Path) -> Evidence:
    """Read the evidence and use it as `verify` does before it sets the pages."""
    target = folder / "carried"
    for name, data in attached.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(data)
    found = _evidence(Opened((), attached), target, folder / "store", folder / "report.pdf")
    run = claims.summarize(found.project.report, found.gathered.facts, found.gathered.verdicts)
    list(_results(json.loads(found.results), json.loads(run.to_json())))
    list(origins.differences(found.gathered))
    return found


def test_honest_evidence_is_read(attached: Mapping[str, bytes], tmp_path: Path) -> None:
    found = evidence(attached, tmp_path)
    assert sorted(found.gathered.records) == ["linear", "small"]


def test_images_that_fill_the_memory_are_refused(attached: Mapping[str, bytes], tmp_path: Path) -> None:
    found = evidence(attached, tmp_path)
    (record,) = found.gathered.records["small"]
    assert found.project.images(record, "digits").shape == (30, 32, 32, 3)
    layers = (Layer("in", "InputLayer", (None, 10**9, 10**9, 3), 0), *record.architecture.layers)
    record = replace(record, architecture=replace(record.architecture, layers=layers))
    with pytest.raises(InputError, match="larger images"):
        found.project.images(record, "digits")


def kinds(attached: Mapping[str, bytes]) -> list[str]:
    return [name for name in attached if not name.endswith(("02-comparison.md", codec.PREDICTIONS))]


def test_documents_with_values_exchanged(attached: Mapping[str, bytes], tmp_path: Path) -> None:
    read = []
    record = next(name for name in attached if name.endswith(codec.RECORD))
    for name, every in ((record, 67), ("results.json", 2003)):
        for each in exchanged(attached[name], every):
            read.append(outcome(lambda made={**attached, name: each}: evidence(made, tmp_path)))  # type: ignore[misc]
    assert any(read) and not all(read)


def test_any_file_with_bytes_flipped(attached: Mapping[str, bytes], tmp_path: Path) -> None:
    read = []
    for name in kinds(attached):
        for each in flips(attached[name], 8):
            read.append(outcome(lambda made={**attached, name: each}: evidence(made, tmp_path)))  # type: ignore[misc]
    assert any(read) and not all(read)
