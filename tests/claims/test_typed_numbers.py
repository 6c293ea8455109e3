from dataclasses import replace

from reportgen.claims import typed_numbers
from tests.claims.runs import claiming
from tests.factories import make_facts


def test_a_typed_measurement_is_false_at_its_line() -> None:
    report = claiming(
        "The CNN has {{ cnn.parameters.total }} parameters.\nIt reaches 63.1 % on the test images.\n"
    )
    (verdict,) = typed_numbers(report, make_facts(report=report))
    assert (verdict.kind, verdict.of, verdict.path, verdict.line) == ("number", "q1", "answers/01-q1.md", 7)
    assert verdict.holds is False
    assert "63.1" in verdict.expression


def test_named_and_configured_numbers_are_none() -> None:
    report = claiming("It was trained for 15 epochs and reaches {{ cnn.test.accuracy }}.\n")
    facts = make_facts(report=report)
    assert typed_numbers(report, facts) == ()


def test_numbers_are_found_in_all_that_the_authors_wrote() -> None:
    report = claiming("{{ cnn.test.accuracy }}\n")
    section = replace(
        report.sections[0],
        title="The 63.1 % net",
        question="How good? 63.2 %",
        lines={"title": 2, "question": 3},
    )
    models = {**report.models, "cnn": replace(report.models["cnn"], title="CNN of 63.3 %")}
    block = replace(report.title_block, abstract="It reaches 63.4 %.")
    report = replace(
        report, sections=(section,), models=models, title_block=block, lines={"title": 2, "abstract": 5}
    )
    found = typed_numbers(report, make_facts(report=report))
    assert [(verdict.of, verdict.path, verdict.line) for verdict in found] == [
        ("report", "answers/report.toml", 5),
        ("cnn", "answers/report.toml", report.models["cnn"].place.line),
        ("q1", "answers/01-q1.md", 2),
        ("q1", "answers/01-q1.md", 3),
    ]
