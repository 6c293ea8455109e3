"""Metrics of predicted numbers: scikit-learn's values, and intervals that hold the truth."""

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn import metrics as reference

from reportgen.results.influence import interval
from reportgen.results.regression import metrics
from reportgen.results.regression.metrics import Metric

GENERATOR = np.random.default_rng(3)
TRUE = GENERATOR.gamma(2.0, 30.0, 300)
PREDICTED = 0.8 * TRUE + GENERATOR.normal(5, 12, 300)


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (metrics.mean_absolute_error, reference.mean_absolute_error(TRUE, PREDICTED)),
        (metrics.root_mean_squared_error, reference.root_mean_squared_error(TRUE, PREDICTED)),
        (metrics.explained, reference.r2_score(TRUE, PREDICTED)),
        (metrics.bias, np.mean(PREDICTED - TRUE)),
    ],
)
def test_the_values_are_those_of_scikit_learn(metric: Metric, expected: float) -> None:
    found = metric(TRUE, PREDICTED)
    assert found is not None
    assert found.value == pytest.approx(expected)
    assert found.influence.mean() == pytest.approx(0, abs=1e-9)


def test_the_median_and_the_baseline_are_those_of_scikit_learn() -> None:
    assert metrics.median_absolute_error(TRUE, PREDICTED) == pytest.approx(
        reference.median_absolute_error(TRUE, PREDICTED)
    )
    mean = np.full_like(TRUE, TRUE.mean())
    assert metrics.baseline(TRUE) == pytest.approx(reference.mean_absolute_error(TRUE, mean))


def test_of_equal_numbers_nothing_is_explained() -> None:
    assert metrics.explained(np.ones(5), np.arange(5.0)) is None


def test_a_flawless_model_has_no_interval_but_its_value() -> None:
    for metric in (metrics.mean_absolute_error, metrics.root_mean_squared_error):
        found = metric(TRUE, TRUE)
        assert found is not None
        reach = interval([found], lowest=0.0)
        assert (reach.lower, reach.upper) == (0, 0)


def _drawn(size: int, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    generator = np.random.default_rng(seed)
    true = generator.normal(0, 3, size)
    return true, true + generator.laplace(0.5, 1, size)


@pytest.mark.parametrize(
    "metric",
    [metrics.mean_absolute_error, metrics.root_mean_squared_error, metrics.explained, metrics.bias],
)
def test_intervals_hold_the_truth_as_often_as_they_say(metric: Metric) -> None:
    truth = metric(*_drawn(400_000, 0))
    assert truth is not None
    held = 0
    for seed in range(1, 401):
        found = metric(*_drawn(150, seed))
        assert found is not None
        held += truth.value in interval([found])
    assert 0.89 <= held / 400 <= 0.98  # squares of such errors have heavy tails


def test_the_interval_of_a_median_holds_the_truth() -> None:
    true, predicted = _drawn(400_000, 0)
    truth = metrics.median_absolute_error(true, predicted)
    drawn = (np.abs(np.subtract(*_drawn(150, seed))) for seed in range(1, 401))
    held = sum(truth in metrics.interval_of_median(errors) for errors in drawn)
    assert 0.92 <= held / 400 <= 0.99


def test_with_several_seeds_the_noise_of_training_counts() -> None:
    generator = np.random.default_rng(1)
    runs = [metrics.bias(TRUE, PREDICTED + shift) for shift in generator.normal(0, 15, 3)]
    alone = interval(runs[:1])
    together = interval(runs)
    assert together.upper - together.lower > alone.upper - alone.lower
