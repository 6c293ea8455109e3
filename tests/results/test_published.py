from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.errors import InputError, Place
from reportgen.language import evaluate
from reportgen.report import Published
from reportgen.results import facts
from tests.factories import make_record, make_report

PLACE = Place(Path("report.toml"), 3)


def value(expression: str) -> object:
    report = replace(
        make_report(("cnn",)), published={"others": Published("others", 0.782, "share", "A paper", PLACE)}
    )
    record = make_record("cnn", accuracy={"test": 0.631})
    return evaluate(
        expression, facts(report, {"cnn": (record,)}, {"cifar10": tuple("0123456789")}), PLACE
    ).value


def test_a_published_figure_prints_and_compares_as_its_kind() -> None:
    assert str(value("published.others")) == "78.2\u00a0%"
    assert value("cnn.test.accuracy < published.others") is True
    assert str(value("published.others - cnn.test.accuracy")).endswith("points")
    with pytest.raises(InputError, match="can't compare"):
        value("cnn.parameters.total > published.others")


def test_an_unknown_one_is_told_with_the_nearest() -> None:
    with pytest.raises(InputError, match="others"):
        value("published.other")
