"""The appendix names seed, key, data, parameters, machine and libraries of every run."""

from reportgen.document.labels import labels
from reportgen.document.provenance import appendix
from tests.factories import make_facts, make_records, make_report


def test_every_run_is_listed_with_its_seed_and_key() -> None:
    report = make_report(("fc", "cnn"), seeds={"cnn": (1, 2)})
    records = make_records(report)
    runs = appendix(make_facts(report=report), labels("en"))[0]
    assert [row[:2] for row in runs.rows] == [("FC", "1"), ("CNN", "1"), ("CNN", "2")]
    assert [row[2] for row in runs.rows] == [
        record.key[:12] for name in ("fc", "cnn") for record in records[name]
    ]
    assert runs.rows[0][-1] == "0123456789"


def test_parameters_machine_and_libraries_are_there() -> None:
    report = make_report(("cnn",))
    tables = appendix(make_facts(report=report), labels("en"), datasets={"cifar10": "CIFAR-10"})
    text = " ".join(cell for table in tables for row in table.rows for cell in row)
    for word in ("CIFAR-10", "SGD, momentum 0.9, nesterov", "0.01", "Example CPU", "tensorflow 2.21.0"):
        assert word in text


def test_models_on_the_same_machine_share_a_row() -> None:
    report = make_report(("fc", "cnn"))
    machines = appendix(make_facts(report=report), labels("en"))[-1]
    assert len(machines.rows) == 1
    assert machines.rows[0][-1] == "FC, CNN"


def test_without_results_there_is_no_appendix() -> None:
    assert appendix(make_facts(("cnn",), records={}), labels("en")) == ()
