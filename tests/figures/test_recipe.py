"""The recipe changes when the figure would, and else doesn't."""

import dataclasses

import numpy as np
import pytest

from reportgen.figures import Compared, Look, recipe
from tests.factories import CIFAR10, make_record

RECORD = make_record("cnn")
BASE = recipe("evaluation_image", "CNN", (RECORD,), CIFAR10, Look())


def test_equal_ingredients_equal_recipes() -> None:
    assert recipe("evaluation_image", "CNN", (make_record("cnn"),), CIFAR10, Look()) == BASE
    assert len(BASE) == 64


@pytest.mark.parametrize(
    "other",
    [
        ("per_class", "CNN", (RECORD,), CIFAR10, Look()),
        ("evaluation_image", "Net", (RECORD,), CIFAR10, Look()),
        ("evaluation_image", "CNN", (RECORD, RECORD), CIFAR10, Look()),
        ("evaluation_image", "CNN", (make_record("cnn", seed=2),), CIFAR10, Look()),
        ("evaluation_image", "CNN", (RECORD,), CIFAR10[::-1], Look()),
        ("evaluation_image", "CNN", (RECORD,), CIFAR10, Look("sv")),
        ("evaluation_image", "CNN", (RECORD,), CIFAR10, Look(family="Source Sans Pro")),
    ],
)
def test_other_ingredients_other_recipes(other: tuple[str, object]) -> None:
    assert recipe(*other) != BASE


def test_one_prediction_is_enough() -> None:
    test = RECORD.evaluations["test"]
    predicted = test.predicted.copy()
    predicted[17] ^= 1
    changed = dataclasses.replace(
        RECORD, evaluations={**RECORD.evaluations, "test": dataclasses.replace(test, predicted=predicted)}
    )
    assert recipe("evaluation_image", "CNN", (changed,), CIFAR10, Look()) != BASE


def test_ingredients_do_not_run_together() -> None:
    assert recipe("x", "ab", "c") != recipe("x", "a", "bc")
    assert recipe("x", ("a",), "b") != recipe("x", ("a", "b"))
    assert recipe("x", 1) != recipe("x", "1")
    assert recipe("x", 1) != recipe("x", True)
    assert recipe("x", np.zeros(2, np.uint8)) != recipe("x", np.zeros((2, 1), np.uint8))
    assert recipe("x", {"a": 1, "b": 2}) == recipe("x", {"b": 2, "a": 1})


def test_models_to_compare_will_do() -> None:
    assert recipe("comparison", (Compared("CNN", (RECORD,), "CIFAR-10"),)) != recipe("comparison", ())


def test_what_cannot_be_written_down_is_refused() -> None:
    with pytest.raises(TypeError, match="set"):
        recipe("x", {1, 2})
