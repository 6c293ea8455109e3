"""Predictions that were made elsewhere become evaluations."""

import numpy as np

from reportgen.training.predicted import evaluation_of


def test_of_many_classes_each_is_told_apart() -> None:
    labels = np.arange(300, dtype=np.uint16)
    found = evaluation_of(np.eye(300), labels, 300, keep=True)
    assert found.predicted.tolist() == labels.tolist()
    assert found.correct.all()
