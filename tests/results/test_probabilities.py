"""Facts of probabilities: scikit-learn's values, and intervals that hold the truth."""

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn import metrics as reference

from reportgen.language import style_of
from reportgen.results import probabilities
from reportgen.results.influence import interval, resampled
from reportgen.results.quantity_maker import Maker
from reportgen.results.split_facts import SplitFacts
from reportgen.training.record import Evaluation


def drawn(size: int, seed: int, digits: int = 3) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Return labels, a third of them 1, and scores with ties."""
    generator = np.random.default_rng(seed)
    labels = (generator.random(size) < 1 / 3).astype(np.uint8)
    raw = 1 / (1 + np.exp(-(generator.normal(0, 1, size) + 1.5 * labels - 1)))
    return labels, np.round(raw, digits)


@pytest.mark.parametrize("digits", [1, 2, 6])
def test_the_values_are_those_of_scikit_learn(digits: int) -> None:
    labels, scores = drawn(500, 1, digits)
    area = probabilities.area_under_curve(labels, scores)
    assert area is not None
    assert area.value == pytest.approx(reference.roc_auc_score(labels, scores))
    assert area.influence.mean() == pytest.approx(0, abs=1e-12)
    assert probabilities.average_precision(labels, scores) == pytest.approx(
        reference.average_precision_score(labels, scores)
    )
    assert probabilities.brier(labels, scores).value == pytest.approx(
        reference.brier_score_loss(labels, scores)
    )
    _, recall, false = probabilities.precision_recall(labels, scores)
    across, up, _ = reference.roc_curve(labels, scores, drop_intermediate=False)
    np.testing.assert_allclose(false, across[1:])
    np.testing.assert_allclose(recall, up[1:])


def test_of_one_class_there_is_no_area() -> None:
    assert probabilities.area_under_curve(np.ones(3, np.uint8), np.ones(3)) is None


def test_the_interval_of_the_area_holds_the_truth() -> None:
    truth = reference.roc_auc_score(*drawn(400_000, 0))
    held = 0
    for seed in range(1, 401):
        found = probabilities.area_under_curve(*drawn(150, seed))
        assert found is not None
        held += truth in interval([found])
    assert 0.92 <= held / 400 <= 0.98


def test_the_interval_by_resampling_holds_the_truth() -> None:
    truth = reference.average_precision_score(*drawn(400_000, 0))
    held = 0
    for seed in range(1, 81):
        labels, scores = drawn(150, seed)
        found = resampled(lambda at: probabilities.average_precision(labels[at], scores[at]), 150)  # noqa: B023
        held += truth in found
    assert held / 80 >= 0.86


def test_the_interval_of_the_calibration_error_is_that_of_resampling() -> None:
    """Both draw the items again; one by one, or as the sums of bins that they make."""
    generator = np.random.default_rng(5)
    sure = generator.uniform(0.5, 1, 2000)
    correct = generator.random(2000) < sure - 0.1
    one = probabilities.calibration_interval(correct[None], sure[None])
    other = resampled(lambda at: probabilities.calibration_error(correct[at], sure[at]), 2000)
    assert one.lower == pytest.approx(other.lower, abs=0.006)
    assert one.upper == pytest.approx(other.upper, abs=0.006)
    both = probabilities.calibration_interval(np.stack([correct] * 2), np.stack([sure] * 2))
    assert both.upper == pytest.approx(one.upper, abs=0.006)


def split(labels: NDArray[np.uint8], scores: NDArray[np.float64], classes: tuple[str, ...]) -> SplitFacts:
    predicted = (scores > 0.5).astype(np.uint8)
    sure = np.where(predicted == 1, scores, 1 - scores).astype(np.float16)
    run = Evaluation(0.5, labels, predicted, sure, {})
    return SplitFacts("net.test", "data/test", [run], classes, Maker(style_of("en")))


def test_they_are_facts_with_intervals() -> None:
    labels, scores = drawn(400, 2)
    found = split(labels, scores, ("no", "yes"))
    assert found.auc.value == pytest.approx(reference.roc_auc_score(labels, scores), abs=1e-3)
    for fact in (found.auc, found.average_precision, found.brier, found.calibration_error):
        lower, upper = fact.interval
        assert lower < fact.value < upper
        assert fact.interval == (lower, upper)


def test_what_is_missing_says_why() -> None:
    labels, scores = drawn(40, 2)
    assert "two classes" in split(labels, scores, ("a", "b", "c")).auc.missing
    assert not split(labels, scores, ("a", "b", "c")).calibration_error.missing
    bare = Evaluation(0.5, labels, labels, np.empty(0, np.float16), {})
    without = SplitFacts("net.train", "data/train", [bare], ("no", "yes"), Maker(style_of("en")))
    assert without.brier.missing == without.calibration_error.missing == "no probabilities were kept"
