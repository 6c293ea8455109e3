"""Predictions that were made elsewhere become evaluations."""

import numpy as np

from reportgen.training.tasks import Classification


def test_of_many_classes_each_is_told_apart() -> None:
    labels = np.arange(300, dtype=np.uint16)
    found = Classification(300).of_predictions(np.eye(300), labels, keep=True)
    assert found.predicted.tolist() == labels.tolist()
    assert found.correct.all()
