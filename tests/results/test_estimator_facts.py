"""What was fitted by a method of its own has neither epochs nor weights, and no fact says that it has."""

from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.errors import Place
from reportgen.language import MissingError, evaluate
from tests.factories import make_facts, make_fitted, make_record, make_report

PLACE = Place(Path("report.toml"), 3)
REPORT = make_report(("cnn", "forest"))


def world(*forests):  # type: ignore[no-untyped-def]
    records = {"cnn": (make_record("cnn"),), "forest": forests or (make_fitted(),)}
    return make_facts(report=REPORT, records=records)


FACTS = world()
FOREST = FACTS.models["forest"]


@pytest.mark.parametrize(
    "name",
    ["epochs", "batch_size", "learning_rate", "layers", "weight_layers", "seconds_per_epoch", "gap"],
)
def test_what_it_has_not_is_not_a_number(name: str) -> None:
    found = FOREST.member(name)
    assert found.decided == (name == "gap")
    assert name == "gap" or "fitted by its own method" in found.missing


def test_parameters_curves_and_words() -> None:
    assert "own method" in FOREST.parameters.total.missing
    assert "own method" in FOREST.history.val_accuracy.best.missing
    assert "own method" in FOREST.optimizer.missing
    assert "own method" in FOREST.loss_function.missing
    assert "momentum" not in FOREST.members()
    assert FOREST.arithmetic == "float64"
    with pytest.raises(MissingError, match="own method"):
        FOREST.is_converged()


def test_what_was_measured_is_a_fact_as_any() -> None:
    assert FOREST.test.accuracy.decided
    assert FOREST.test.loss.decided
    assert FOREST.diverged is False
    assert evaluate("forest.test.n == cnn.test.n", FACTS, PLACE).value is True


def test_without_probabilities_loss_and_confidence_are_not_there() -> None:
    record = make_fitted()
    bare = {
        name: replace(found, loss=None, confidence=found.confidence[:0])
        for name, found in record.evaluations.items()
    }
    found = world(replace(record, evaluations=bare)).models["forest"]
    assert "no probabilities" in found.test.loss.missing
    assert not found.test.confidence.decided
    assert found.test.accuracy.decided
