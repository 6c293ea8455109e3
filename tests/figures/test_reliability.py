"""The reliability diagram and its error are what confidences and answers say."""

import dataclasses

import numpy as np
import pytest

from reportgen.errors import RenderError
from reportgen.figures import ShownModel, reliability
from reportgen.results.probabilities import calibration_error
from reportgen.training.record import Evaluation, Record
from tests.factories import make_record
from tests.figures.reading import texts


def evaluation(answers: list[tuple[float, bool]]) -> Evaluation:
    labels = np.zeros(len(answers), np.uint8)
    predicted = np.array([not right for _, right in answers], np.uint8)
    return Evaluation(1.0, labels, predicted, np.array([sure for sure, _ in answers], np.float16), {})


def error_of(found: Evaluation) -> float:
    return calibration_error(found.correct, found.confidence.astype(np.float64))


def record(answers: list[tuple[float, bool]], seed: int = 1) -> Record:
    return make_record("cnn", seed=seed, evaluations={"test": evaluation(answers)})


SURE = [(0.875, True)] * 6 + [(0.875, False)] * 2 + [(0.5, True)] * 1 + [(0.5, False)] * 1


def test_the_error_is_the_mean_distance_of_confidence_and_accuracy() -> None:
    # Eight answers at 87.5 %, of which 75 % are right; two at 50 %, of which half are.
    assert error_of(evaluation(SURE)) == pytest.approx(0.8 * 0.125)
    assert error_of(evaluation([(1.0, True)] * 3)) == 0


def test_alt_tells_every_bin() -> None:
    figure = reliability(ShownModel("Net", (record(SURE),)))
    assert figure.alt == (
        "Net: mean confidence 80.0\u00a0%, accuracy 70.0\u00a0%, expected calibration error "
        "10.0\u00a0points. Accuracy by confidence: "
        "50.0\u00a0% right at 50.0\u00a0%; 75.0\u00a0% right at 87.5\u00a0%."
    )
    assert "Expected calibration error: 10.0\u00a0points." in figure.caption
    assert {"accuracy 70.0\u00a0%", "mean confidence 80.0\u00a0%"} <= set(texts(figure))


def test_seeds_are_put_together() -> None:
    runs = (record(SURE, 1), record([(0.5, True)] * 10, 2))
    figure = reliability(ShownModel("Net", runs))
    assert "Answers of 2 seeds together" in figure.caption
    assert "expected calibration error 30.0\u00a0points" in figure.alt  # the mean of 10 and 50
    assert figure.sources == tuple(run.key for run in runs)


def test_without_confidences_it_can_not_be_drawn() -> None:
    bare = record(SURE)
    test = dataclasses.replace(bare.evaluations["test"], confidence=np.empty(0, np.float16))
    with pytest.raises(RenderError, match="no confidences were kept"):
        reliability(
            ShownModel("Net", (dataclasses.replace(bare, evaluations={**bare.evaluations, "test": test}),))
        )
