"""Facts of a model that predicts a number, and what can be claimed of two."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from reportgen.errors import InputError, Place
from reportgen.language import Evaluated, evaluate
from reportgen.results import Facts, facts
from tests.factories import make_numbers, make_records, make_report

PLACE = Place(Path("report.toml"), 3)


def world(**models: Mapping[int, float]) -> Facts:
    """Return facts of models, each with the size of its errors by seed."""
    report = make_report(tuple(models), seeds={name: tuple(sizes) for name, sizes in models.items()})
    records = {
        name: tuple(make_numbers(name, seed=seed, noise=size) for seed, size in sizes.items())
        for name, sizes in models.items()
    }
    return facts(report, records, {"cifar10": ()})


@pytest.fixture(scope="module")
def two() -> Facts:
    return world(ridge={1: 1.0}, forest={1: 2.0})


def ask(expression: str, found: Facts) -> Evaluated:
    return evaluate(expression, found, PLACE)


@pytest.mark.parametrize(
    "expression",
    [
        "ridge.test.mae < forest.test.mae",
        "ridge.test.mae < ridge.test.baseline",
        "ridge.test.r2 > 0.5 and ridge.test.r2 > forest.test.r2",
        "ridge.test.rmse > ridge.test.mae > ridge.test.median_error",
        "ridge.test.mae.lower < ridge.test.mae < ridge.test.mae.upper",
        "ridge is significantly_better_than(forest)",
        "forest.test is significantly_worse_than(ridge.test)",
        "ridge is significantly_different_from(forest)",
        "difference(ridge, forest).mae < 0",
    ],
)
def test_what_holds(two: Facts, expression: str) -> None:
    assert ask(expression, two).value


def test_two_alike_are_shown_to_be_so() -> None:
    same = world(one={1: 1.0, 2: 1.0}, other={3: 1.0, 4: 1.0})
    assert ask("one is indistinguishable_from(other, margin=0.5)", same).value
    assert not ask("one is significantly_different_from(other)", same).value


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("ridge is indistinguishable_from(forest)", "a margin is an amount above 0"),
        ("ridge is overfitting", "say by how much"),
        ("ridge.test.accuracy > 0.5", "unknown name `ridge.test.accuracy`"),
        ("ridge.test.mae > 50 * ridge.test.r2 + ridge.test.n", "can't"),
    ],
)
def test_what_cannot_be_said(two: Facts, expression: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        ask(expression, two)


@pytest.mark.parametrize("expression", ["ridge.chance > 0", "ridge is converged", "data.cifar10.chance > 0"])
def test_what_only_classes_have_is_missing(two: Facts, expression: str) -> None:
    found = ask(expression, two)
    assert found.value is None
    assert "it predicts a number" in found.reason


def test_a_number_is_not_held_against_an_accuracy() -> None:
    mixed = world(ridge={1: 1.0}, cnn={1: 1.0})
    other = make_report(("cnn",))
    cnn = facts(other, make_records(other), {"cifar10": tuple(map(str, range(10)))})
    with pytest.raises(Exception, match="a mean error is compared with"):
        mixed["ridge"].test.like(cnn["cnn"])
    with pytest.raises(Exception, match="an accuracy is compared with"):
        cnn["cnn"].test.like(mixed["ridge"])


def test_a_significant_difference_is_no_equality(two: Facts) -> None:
    assert not ask("ridge is indistinguishable_from(forest, margin=5)", two).value


def test_the_gap_is_how_much_worse_validation_is(two: Facts) -> None:
    model = two["ridge"]
    assert model.gap.value == pytest.approx(model.validation.measure.value - model.train.measure.value)
    assert ask("ridge is overfitting(by=-100)", two).value


def test_predicted_numbers_are_never_right_or_wrong(two: Facts) -> None:
    with pytest.raises(TypeError, match="numbers were predicted"):
        _ = two["ridge"].records[0].evaluations["test"].correct


def test_a_model_without_results_has_no_measurements() -> None:
    found = world(ridge={1: 1.0})
    empty = facts(found.report, {}, {"cifar10": ()})
    assert empty["ridge"].test.measure.missing
    assert np.isnan(empty["ridge"].test.measure.value)
