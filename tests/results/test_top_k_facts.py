"""Top-k accuracy: held against scikit-learn, with Wilson's interval and McNemar's test."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import top_k_accuracy_score

from reportgen.errors import InputError, Place
from reportgen.language import Evaluated, Quantity, evaluate
from reportgen.results import Facts, facts, listing
from reportgen.results.statistics import mcnemar, wilson
from reportgen.training import codec
from reportgen.training.record import Record
from reportgen.training.tasks import Classification
from reportgen.training.tasks.classification import true_ranks
from reportgen.training.tensorflow import tf
from tests.factories import CIFAR10, make_record, make_report

PLACE = Place(Path("report.toml"), 3)
COUNT = 400


def sure(seed: int, noise: float) -> np.ndarray:  # type: ignore[type-arg]
    logits = noise * np.random.default_rng(seed).normal(size=(COUNT, 10)) + 2 * np.eye(10)[LABELS]
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


def record(name: str, noise: float, seed: int = 1) -> Record:
    found = Classification(10).of_predictions(sure(seed, noise), LABELS, keep=True)
    made = make_record(name, seed=seed)
    return replace(made, evaluations={**made.evaluations, "test": found})


LABELS = (np.arange(COUNT) % 10).astype(np.uint8)


@cache  # TensorFlow computes ranks, and must not begin before the tests of training have set it up
def records() -> dict[str, tuple[Record, ...]]:
    return {"good": (record("good", 1.2),), "poor": (record("poor", 2.5, seed=2),)}


@cache
def both() -> Facts:
    return facts(make_report(("good", "poor")), records(), {"cifar10": CIFAR10})


def ask(expression: str, asked: Facts | None = None) -> Evaluated:
    return evaluate(expression, asked or both(), PLACE)


@pytest.mark.parametrize("most", [2, 3, 5, 9])
def test_any_number_of_classes_may_be_asked_for(most: int) -> None:
    found = ask(f"good.test.top{most}_accuracy").value
    assert isinstance(found, Quantity)
    assert found.value == pytest.approx(top_k_accuracy_score(LABELS, sure(1, 1.2), k=most))
    reach = wilson(round(found.value * COUNT), COUNT)
    assert found.interval == pytest.approx((reach.lower, reach.upper))


def test_it_can_be_required_and_claimed() -> None:
    assert ask("good.test.top5_accuracy.lower > 0.9").value is True
    found = ask("good.test is significantly_better_than(poor.test, by='top3_accuracy')")
    assert found.value is True
    (test,) = found.tests
    assert "exact McNemar test" in test.text
    right = [records()[name][0].evaluations["test"].ranks < 3 for name in ("good", "poor")]
    assert test.p_value == pytest.approx(mcnemar(*right).p_value)
    assert [each.name for each in found.measured] == ["good.test.top3_accuracy", "poor.test.top3_accuracy"]


@pytest.mark.parametrize("most", [1, 10, 99])
def test_other_numbers_are_refused(most: int) -> None:
    with pytest.raises(InputError, match="there are 10 classes"):
        ask(f"good.test.top{most}_accuracy > 0.5")


def test_an_earlier_result_has_none_and_says_so() -> None:
    older = facts(make_report(("good",)), {"good": (make_record("good"),)}, {"cifar10": CIFAR10})
    found = ask("good.test.top5_accuracy > 0.5", older)
    assert found.value is None
    assert "earlier version, which kept no ranks" in found.reason
    assert "good.test.top5_accuracy" not in {entry.name for entry in listing(older, "good.test")}
    assert "good.test.top5_accuracy" in {entry.name for entry in listing(both(), "good.test")}
    stored = codec.files_of(make_record("good"))
    assert b"ranked" not in stored[codec.RECORD]


def test_ranks_are_stored_with_the_predictions() -> None:
    stored = codec.read(codec.files_of(records()["good"][0]).__getitem__)
    np.testing.assert_array_equal(
        stored.evaluations["test"].ranks, records()["good"][0].evaluations["test"].ranks
    )
    assert len(stored.evaluations["validation"].ranks) == 0


def test_equal_probabilities_rank_the_first_class_first() -> None:
    given = np.round(sure(3, 2.0), 1).astype(np.float32)  # some are equal
    ranks = true_ranks(tf.constant(given), tf.constant(LABELS)).numpy()
    wanted = [
        list(np.argsort(-row, kind="stable")).index(label) for row, label in zip(given, LABELS, strict=True)
    ]
    assert ranks.tolist() == wanted
