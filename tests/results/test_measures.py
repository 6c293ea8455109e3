"""Paired tests by other measures: values are those of the facts, equal models are told apart rarely."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from sklearn import metrics as reference

from benchmarks import measures as simulated
from reportgen.errors import InputError, Place
from reportgen.language import evaluate
from reportgen.results import metrics, permutation_test
from reportgen.results.measures import of_classes, of_errors
from reportgen.results.multilabel.metrics import micro_f1_of_many
from reportgen.results.statistics import compare
from tests.factories import make_facts, make_numbers, make_record, make_report

PLACE = Place(Path("report.toml"), 3)
FACTS = make_facts(("fc", "cnn"))


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("macro_f1", lambda true, found: reference.f1_score(true, found, average="macro")),
        ("balanced_accuracy", reference.balanced_accuracy_score),
        ("mcc", reference.matthews_corrcoef),
        ("f1.b", lambda true, found: reference.f1_score(true, found, average=None)[1]),
    ],
)
def test_the_mean_of_what_items_contribute_is_the_measure(by: str, expected) -> None:  # type: ignore[no-untyped-def]
    one, _ = simulated.three_classes(np.random.default_rng(1), 300)
    found = of_classes("a", by, [one], simulated.THREE)
    assert found.scores.mean() == pytest.approx(expected(one.labels, one.predicted))


def test_of_numbers_as_well() -> None:
    one, _ = simulated.numbers(np.random.default_rng(1), 300)
    assert of_errors("a", "r2", [one]).scores.mean() == pytest.approx(
        reference.r2_score(one.labels, one.predicted)
    )
    assert of_errors("a", "rmse", [one]).sign == -1


def test_the_area_s_test_is_delong_s() -> None:
    """Its variance: of the placements of both models in each class (DeLong et al. 1988)."""
    one, other = simulated.two_classes(np.random.default_rng(3), 400)
    a, b = (of_classes("a", "auc", [each], simulated.TWO) for each in (one, other))
    assert a.method == "DeLong's test"
    found = compare(a.scores, b.scores)
    positive = one.labels == 1
    difference = (a.scores - a.scores.mean() - b.scores + b.scores.mean())[0]
    m, n = positive.sum(), (~positive).sum()
    placed, others = difference[positive] * m / len(positive), difference[~positive] * n / len(positive)
    variance = placed.var(ddof=1) / m + others.var(ddof=1) / n
    assert found.standard_error == pytest.approx(np.sqrt(variance), rel=0.01)


@pytest.mark.parametrize("by", ["macro_f1", "balanced_accuracy", "mcc"])
def test_equal_models_are_told_apart_as_often_as_the_level_says(
    by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(permutation_test, "ROUNDS", 499)
    share = simulated.rate(simulated.three_classes, by, simulated.THREE, 60, 400)
    assert 0.025 <= share <= 0.075


def test_a_claim_names_the_measure_and_its_values() -> None:
    found = evaluate("cnn is significantly_better_than(fc, by='macro_f1')", FACTS, PLACE)
    assert [each.name for each in found.measured] == ["cnn.test.macro_f1", "fc.test.macro_f1"]
    (test,) = found.tests
    assert test.hypothesis == "cnn.test = fc.test by macro_f1"
    assert "difference in macro_f1" in test.text
    assert "permutation test that swaps the answers of the two, item by item" in test.text
    usual = evaluate("cnn is significantly_better_than(fc, by='accuracy')", FACTS, PLACE)
    assert "exact McNemar test" in usual.tests[0].text


def test_over_seeds_the_noise_of_training_counts() -> None:
    report = make_report(("fc", "cnn"), seeds=(1, 2, 3))
    records = {name: tuple(make_record(name, seed=seed) for seed in (1, 2, 3)) for name in ("fc", "cnn")}
    facts = make_facts(report=report, records=records)
    found = evaluate("cnn is significantly_better_than(fc, by='mcc')", facts, PLACE)
    assert found.value is True
    assert "t test over seeds and items" in found.tests[0].text


def test_less_error_is_better() -> None:
    records = {"good": (make_numbers("good", noise=1.0),), "bad": (make_numbers("bad", noise=2.0),)}
    facts = make_facts(report=make_report(("good", "bad"), dataset="digits"), records=records)
    facts = type(facts)(facts.report, records, {"digits": ()})
    assert evaluate("good is significantly_better_than(bad, by='rmse')", facts, PLACE).value is True
    assert evaluate("good is significantly_better_than(bad, by='r2')", facts, PLACE).value is True
    with pytest.raises(InputError, match="no paired test by f1"):
        evaluate("good is significantly_better_than(bad, by='f1')", facts, PLACE)


@pytest.mark.parametrize("by", ["f1", "auc", "loss", "beauty"])
def test_what_has_no_test_is_named_with_what_has(by: str) -> None:
    with pytest.raises(InputError, match=f"no paired test by {by}") as refused:
        evaluate(f"cnn is significantly_better_than(fc, by='{by}')", FACTS, PLACE)
    assert "macro_f1" in refused.value.problems[0].remedy


def test_before_training_nothing_is_decided() -> None:
    untrained = make_facts(report=make_report(("fc", "cnn")), records={})
    for claim in ("significantly_better_than(fc, by='mcc')", "indistinguishable_from(fc)"):
        found = evaluate(f"cnn is {claim}", untrained, PLACE)
        assert found.value is None
        assert "not measured" in found.reason
    with pytest.raises(InputError, match="no paired test by beauty"):
        evaluate("cnn is significantly_better_than(fc, by='beauty')", untrained, PLACE)


def test_a_margin_is_asked_for_where_there_is_no_usual_one() -> None:
    with pytest.raises(InputError, match="an amount above 0"):
        evaluate("cnn is indistinguishable_from(fc, by='mcc')", FACTS, PLACE)
    assert evaluate("cnn is indistinguishable_from(fc, by='macro_f1')", FACTS, PLACE).value is False


@pytest.mark.parametrize("classes", [3, 60])
def test_a_permutation_test_is_that_of_all_swaps(classes: int) -> None:
    """Of eight answers that differ there are 256 ways to swap them: none is left out."""
    random = np.random.default_rng(classes)
    labels = np.arange(40) % classes
    one = np.where(random.random(40) < 0.7, labels, (labels + 1) % classes)
    other = one.copy()
    other[:8] = (one[:8] + random.integers(1, classes, 8)) % classes
    made = [permutation_test.Swaps(labels, each, classes, metrics.MACRO_F1.many) for each in (one, other)]

    def difference(a: np.ndarray, b: np.ndarray) -> float:  # type: ignore[type-arg]
        values = (metrics.MACRO_F1.value(metrics.margins(labels, each, classes)) for each in (a, b))
        return float(np.subtract(*map(float, values)))

    reached = []
    for bits in itertools.product([False, True], repeat=8):
        swap = np.zeros(40, bool)
        swap[:8] = bits
        reached.append(abs(difference(np.where(swap, other, one), np.where(swap, one, other))))
    exact = np.mean(np.array(reached) >= abs(difference(one, other)) - 1e-9)
    assert permutation_test.swapped(*made) == pytest.approx(exact, abs=0.02)
    assert (
        permutation_test.swapped(*made)
        == permutation_test.swapped(*made)
        == pytest.approx(permutation_test.swapped(*made[::-1]), abs=0.02)
    )
    assert permutation_test.swapped(made[0], made[0]) == 1


def test_labels_are_swapped_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permutation_test, "ROUNDS", 499)
    for by in ("macro_f1", "micro_f1", "f1.c"):
        share = simulated.rate(simulated.three_labels, by, simulated.THREE, 60, 300)
        assert 0.02 <= share <= 0.08
    one, _ = simulated.three_labels(np.random.default_rng(1), 300)
    margins = permutation_test.Swaps(one.labels, one.predicted, 3, micro_f1_of_many).margins
    for many, average in ((metrics.MACRO_F1.many, "macro"), (micro_f1_of_many, "micro")):
        expected = reference.f1_score(one.labels, one.predicted, average=average)
        assert float(many(margins)) == pytest.approx(expected)
