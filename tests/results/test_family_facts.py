"""A family in answers: its members, the choice by validation, and what tests of its models count as."""

from dataclasses import replace
from pathlib import Path

import pytest

from reportgen import claims
from reportgen.errors import InputError, Place
from reportgen.language import Quantity, evaluate
from reportgen.results import Facts
from tests.factories import make_facts, make_record, make_report

PLACE = Place(Path("report.toml"), 3)
RATES = (0.1, 0.01, 0.001)
VALIDATION, TEST = (0.60, 0.66, 0.63), (0.64, 0.62, 0.66)
NAMES = tuple(f'cnn["learning_rate={rate}"]' for rate in RATES)


def facts(bodies: dict[str, str] | None = None) -> Facts:
    report = make_report(("fc", "cnn"), bodies=bodies or {})
    specs = {
        name: replace(
            report.models["cnn"], name=name, family="cnn", varied={"learning_rate": rate}, variants=len(RATES)
        )
        for name, rate in zip(NAMES, RATES, strict=True)
    }
    records = {
        name: (make_record("cnn", accuracy={"validation": held_out, "test": test}, key=f"{number:064}"),)
        for number, (name, held_out, test) in enumerate(zip(NAMES, VALIDATION, TEST, strict=True))
    }
    sections = tuple(replace(each, models=("fc", *NAMES)) for each in report.sections)
    report = replace(report, models={"fc": report.models["fc"], **specs}, sections=sections)
    return make_facts(report=report, records={"fc": (make_record("fc"),), **records})


FACTS = facts()


def value(expression: str) -> object:
    return evaluate(expression, FACTS, PLACE).value


def test_its_models_are_members_under_names_that_can_be_written() -> None:
    assert "cnn" in FACTS.members() and NAMES[0] not in FACTS.members()
    first = value('cnn["learning_rate=0.1"].test.accuracy')
    assert isinstance(first, Quantity)
    assert first.name == 'cnn["learning_rate=0.1"].test.accuracy'
    assert value(first.name) == first
    assert value("cnn.size == 3") is True


def test_validation_chooses() -> None:
    chosen = value('best_of(cnn.family, by="validation.accuracy").test.accuracy')
    assert isinstance(chosen, Quantity)
    assert chosen.name == 'cnn["learning_rate=0.01"].test.accuracy'
    assert value("best_of(cnn.family).test.accuracy") == chosen
    lowest = value('best_of(cnn.family, by="validation.error").test.accuracy')
    assert lowest == chosen


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ('best_of(cnn.family, by="test.accuracy")', "selects by validation data, not by test.accuracy"),
        ('best_of(cnn.family, by="train.accuracy")', "selects by validation data"),
        ('best_of(cnn.family, by="validation.beauty")', "unknown name"),
        ('best_of(cnn.family, by="validation.worst_class")', "selects by a number"),
        ("best_of(fc)", "takes the models of a family"),
    ],
)
def test_nothing_else_does(expression: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        value(expression)


def test_a_test_of_one_of_them_counts_for_all_that_were_tried() -> None:
    claim = "{% claim best_of(cnn.family) is significantly_better_than(fc) %}It is better{% endclaim %}."
    found = facts({"q1": claim})
    (verdict,) = claims.judge(found.report, found)
    (test,) = verdict.tests
    assert "of 3 variants, and counts as 3 tests" in test.text
    assert test.adjusted == pytest.approx(3 * test.p_value, rel=1e-9, abs=0)
    assert test.p_value > 0


def test_a_family_is_undecided_where_one_of_it_is() -> None:
    claim = "{% claim best_of(cnn.family).test.accuracy > 0.1 %}It is good{% endclaim %}."
    found = facts({"q1": claim})
    (unusable, verdict) = claims.judge(found.report, found, unsettled={NAMES[2]: "stale"})
    assert unusable.of == NAMES[2]
    assert verdict.holds is None
