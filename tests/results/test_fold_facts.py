"""Facts of cross-validation: means with their spread, and pairs on the same folds."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from reportgen.errors import Place
from reportgen.language import evaluate
from reportgen.training.folds import fold_of
from reportgen.training.record import FOLDS, Record
from tests.factories import make_evaluation, make_facts, make_record, make_report

PLACE = Place(Path("report.toml"), 3)
REPORT = make_report(("fc", "cnn"), folds=5)


def crossed(name: str, accuracy: float) -> Record:
    record, found = make_record(name), make_evaluation(accuracy, 500, split=FOLDS, seed=len(name))
    return replace(record, evaluations={**record.evaluations, FOLDS: found})


FACTS = make_facts(report=REPORT, records={"fc": (crossed("fc", 0.5),), "cnn": (crossed("cnn", 0.7),)})
CNN = FACTS.models["cnn"]


def test_mean_and_spread_are_of_the_folds() -> None:
    found = crossed("cnn", 0.7).evaluations[FOLDS]
    places = fold_of(found.labels, 5)
    each = [found.correct[places == number].mean() for number in range(5)]
    assert [one.value for one in CNN.folds.each] == pytest.approx(each)
    assert CNN.folds.mean.value == pytest.approx(np.mean(each))
    assert CNN.folds.spread.value == pytest.approx(np.std(each, ddof=1))
    assert CNN.folds.accuracy.value == pytest.approx(0.7)
    assert CNN.folds.number.value == 5


def test_models_are_compared_on_the_items_of_the_same_folds() -> None:
    found = evaluate("cnn.folds is significantly_better_than(fc.folds)", FACTS, PLACE)
    assert found.value is True
    assert "exact McNemar test" in found.tests[0].text
    assert evaluate("cnn.folds.mean > fc.folds.mean", FACTS, PLACE).value is True


def test_before_training_and_without_folds_there_are_none() -> None:
    assert "folds" in CNN.members()
    untrained = make_facts(report=REPORT, records={}).models["cnn"]
    assert "not measured" in untrained.folds.mean.missing
    without = make_facts().models["cnn"]
    assert "folds" not in without.members()
    assert "asks for no folds" in without.folds.accuracy.missing
