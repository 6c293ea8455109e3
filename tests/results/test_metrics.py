"""Metrics held against scikit-learn, gradients against differences, intervals against simulated models."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as theirs

from reportgen.results import metrics
from reportgen.results.metrics import Guesses
from tests.factories import make_evaluation_of, make_facts, make_record, make_report

CASES = {
    "macro_f1": metrics.MACRO_F1,
    "balanced_accuracy": metrics.BALANCED_ACCURACY,
    "matthews": metrics.MATTHEWS,
    "f1": metrics.f1(1),
}


def of_cells(cells: np.ndarray) -> metrics.Margins:  # type: ignore[type-arg]
    return metrics.Margins(np.diagonal(cells), cells.sum(axis=1), cells.sum(axis=0), cells.sum())


@settings(deadline=None)
@given(st.integers(2, 5), st.integers(5, 60), st.integers(0, 1000))
def test_they_are_those_of_scikit_learn(classes: int, items: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    true = np.arange(items) % classes if items >= classes else random.integers(0, classes, items)
    guessed = np.where(random.random(items) < 0.6, true, random.integers(0, classes, items))
    counts = metrics.counts(true, guessed, classes)
    assert counts.tolist() == theirs.confusion_matrix(true, guessed, labels=range(classes)).tolist()
    margins = metrics.margins(true, guessed, classes)
    if len(np.unique(true)) == classes:
        expected = theirs.f1_score(true, guessed, average="macro", labels=range(classes))
        assert float(metrics.MACRO_F1.value(margins) or 0) == pytest.approx(expected)
        balanced = theirs.balanced_accuracy_score(true, guessed)
        assert float(metrics.BALANCED_ACCURACY.value(margins) or 0) == pytest.approx(balanced)
    for case in CASES.values():
        exact, many = case.value(margins), float(case.many(margins))
        assert np.isnan(many) if exact is None else many == pytest.approx(float(exact))
    found = metrics.MATTHEWS.value(margins)
    if found is not None:
        assert found == pytest.approx(theirs.matthews_corrcoef(true, guessed))


@pytest.mark.parametrize("name", CASES)
def test_gradients_are_those_of_differences(name: str) -> None:
    case = CASES[name]
    cells = np.random.default_rng(1).integers(2, 50, (4, 4))
    # Degree 0: many times the counts have the same value, and a count more or less is a small step.
    many = cells * 10_000
    found, size = np.zeros((4, 4)), many.sum()
    for place in np.ndindex(4, 4):
        one = np.zeros((4, 4), np.int64)
        one[place] = 50
        found[place] = float(case.value(of_cells(many + one)) or 0) - float(
            case.value(of_cells(many - one)) or 0
        )
    slope = case.slope(of_cells(cells.astype(float)))
    rows, columns = np.indices((4, 4)).reshape(2, -1)
    steps = slope.at(rows, columns).reshape(4, 4) * cells.sum()
    np.testing.assert_allclose(found / 100 * size, steps, atol=1e-4)
    assert slope.squares * cells.sum() ** 2 == pytest.approx((steps**2).sum())


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(
    ("shares", "right", "items", "least"),
    [
        ((0.5, 0.5), (0.9, 0.8), 100, 0.93),
        ((0.8, 0.2), (0.95, 0.6), 150, 0.9),
        ((0.25,) * 4, (0.7,) * 4, 200, 0.93),
    ],
)
def test_an_interval_holds_the_truth_as_often_as_it_says(
    name: str, shares: tuple[float, ...], right: tuple[float, ...], items: int, least: float
) -> None:
    case = CASES[name]
    classes, random = len(shares), np.random.default_rng(5)
    cells = np.array(shares)[:, None] * (1 - np.array(right))[:, None] / (classes - 1) * np.ones(classes)
    np.fill_diagonal(cells, np.array(shares) * right)
    truth = float(case.value(of_cells(np.rint(cells * 10**6).astype(np.int64))) or 0)
    held = []
    for _ in range(600):
        drawn = random.choice(classes**2, items, p=cells.ravel())
        found = metrics.interval([Guesses(drawn // classes, drawn % classes, classes)], case, (-1, 1))
        held.append(truth in found)
    assert least <= np.mean(held) <= 0.985


def test_a_flawless_classifier_is_not_certain() -> None:
    true = np.arange(60) % 3
    found = metrics.interval([Guesses(true, true, 3)], CASES["macro_f1"])
    assert 0.85 < found.lower < 0.99
    assert found.upper == 1


def test_seeds_that_disagree_widen_it() -> None:
    random = np.random.default_rng(2)
    true = random.integers(0, 3, 3_000)

    def guessed(share: float) -> np.ndarray:
        return np.where(random.random(3_000) < share, true, random.integers(0, 3, 3_000))

    def width(shares: tuple[float, ...]) -> float:
        runs = [Guesses(true, guessed(share), 3) for share in shares]
        found = metrics.interval(runs, CASES["balanced_accuracy"])
        return found.upper - found.lower

    assert width((0.5, 0.8, 0.65)) > 3 * width((0.65, 0.65, 0.65))


def test_classes_without_items_take_no_part() -> None:
    true, guessed = [0, 0, 1, 1], [0, 1, 1, 1]
    three, two = (metrics.margins(np.array(true), np.array(guessed), classes) for classes in (3, 2))
    assert metrics.BALANCED_ACCURACY.value(three) == metrics.BALANCED_ACCURACY.value(two)
    assert metrics.MACRO_F1.value(three) == metrics.MACRO_F1.value(two)
    assert metrics.f1(2).value(three) is None
    one, other = ([Guesses(np.array(true), np.array(guessed), classes)] for classes in (3, 2))
    case = CASES["balanced_accuracy"]
    assert metrics.interval(one, case) == metrics.interval(other, case)


def test_they_are_facts_of_a_split() -> None:
    evaluation = make_evaluation_of([0] * 8 + [1] * 2, [0] * 10)
    report = make_report(("cnn",), dataset="two")
    record = make_record("cnn", dataset="two", evaluations={"test": evaluation})
    facts = make_facts(report=report, records={"cnn": (record,)})
    test = facts.models["cnn"].test
    assert test.accuracy.value == test.majority.value == 0.8
    assert test.balanced_accuracy.value == 0.5
    assert test.f1["1"].value == 0
    assert not test.f1["7"].decided  # neither there nor predicted
    assert not test.mcc.decided
    lower, upper = test.balanced_accuracy.interval
    assert lower < 0.5 < upper


def test_matrix_counts_true_down_and_predicted_across() -> None:
    counts = metrics.counts(np.array([0, 0, 2], np.uint8), np.array([1, 1, 0], np.uint8), 3)
    assert counts.tolist() == [[0, 2, 0], [0, 0, 0], [1, 0, 0]]


def test_matrix_of_many_classes_does_not_overflow() -> None:
    counts = metrics.counts(np.array([255], np.uint8), np.array([254], np.uint8), 256)
    assert counts[255, 254] == 1


def test_a_class_keeps_its_f1_where_another_has_no_items() -> None:
    true, guessed = np.array([1, 1, 2, 2, 2, 2]), np.array([1, 2, 2, 2, 2, 1])
    for rank in (1, 2):
        found = metrics.interval([Guesses(true, guessed, 3)], metrics.f1(rank))
        value = metrics.f1(rank).value(metrics.margins(true, guessed, 3))
        assert value is not None
        assert found.lower < float(value) < found.upper
