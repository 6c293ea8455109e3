"""Facts of a model that gives items several labels, held against scikit-learn, and what is claimed of two."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sklearn import metrics as reference

from reportgen.errors import InputError, Place
from reportgen.language import Evaluated, Quantity, evaluate
from reportgen.report.dataset_file import DatasetFile
from reportgen.results import Facts, facts, listing
from reportgen.results.multilabel import metrics
from reportgen.training.record import Record
from tests.factories import make_report
from tests.several import LABELS, make_labels

PLACE = Place(Path("report.toml"), 3)


def world(*records: tuple[str, tuple[Record, ...]]) -> Facts:
    names = [name for name, _ in records]
    report = make_report(
        names, seeds={name: [r.seed for r in found] for name, found in records}, dataset="news"
    )
    declared = DatasetFile("news", "News", Path("news.csv"), LABELS, 9, PLACE, multilabel=True)
    report = type(report)(**{**vars(report), "datasets": {"news": declared}})
    return facts(report, dict(records), {"news": LABELS})


RECORD = make_labels("net")
FOUND = world(("net", (RECORD,)), ("poor", (make_labels("poor", noise=2.5),)))
TEST = RECORD.evaluations["test"]
SURE = TEST.confidence.astype(float)


def ask(expression: str, found: Facts = FOUND) -> Evaluated:
    return evaluate(expression, found, PLACE)


def value(name: str) -> Quantity:
    found = ask(name).value
    assert isinstance(found, Quantity)
    return found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("accuracy", reference.accuracy_score(TEST.labels, TEST.predicted)),
        ("hamming_loss", reference.hamming_loss(TEST.labels, TEST.predicted)),
        ("micro_f1", reference.f1_score(TEST.labels, TEST.predicted, average="micro")),
        ("macro_f1", reference.f1_score(TEST.labels, TEST.predicted, average="macro")),
        ("samples_f1", reference.f1_score(TEST.labels, TEST.predicted, average="samples", zero_division=0)),
        ("macro_auc", reference.roc_auc_score(TEST.labels, SURE)),
        ("macro_average_precision", reference.average_precision_score(TEST.labels, SURE)),
        ("recall.politics", reference.recall_score(TEST.labels, TEST.predicted, average=None)[1]),
        ("precision.politics", reference.precision_score(TEST.labels, TEST.predicted, average=None)[1]),
        ('f1["culture at home"]', reference.f1_score(TEST.labels, TEST.predicted, average=None)[2]),
        ("auc.sport", reference.roc_auc_score(TEST.labels[:, 0], SURE[:, 0])),
        ("average_precision.sport", reference.average_precision_score(TEST.labels[:, 0], SURE[:, 0])),
        ("share.sport", TEST.labels[:, 0].mean()),
    ],
)
def test_facts_are_those_of_scikit_learn(name: str, expected: float) -> None:
    found = value(f"net.test.{name}")
    assert found.value == pytest.approx(expected)
    if not name.startswith("share"):
        lower, upper = found.interval
        assert lower < found.value < upper


@pytest.mark.parametrize(
    "expression",
    [
        "net.test.accuracy > net.test.majority and net.test.accuracy > poor.test.accuracy",
        "net.test.hamming_loss < net.test.hamming_baseline",
        "net is significantly_better_than(poor)",
        "net is significantly_better_than(poor, by='macro_f1')",
        "net is significantly_better_than(poor, by='hamming_loss')",
        "net is significantly_better_than(poor, by='f1.sport')",
        "poor.test is significantly_worse_than(net.test, by='macro_auc')",
        "net.test.best_label == 'sport'",
        "net.test.worst_label == 'culture at home'",
        "difference(net, poor).accuracy > 0",
        "not net is overfitting(by=0.2)",
    ],
)
def test_what_holds(expression: str) -> None:
    assert ask(expression).value is True


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("net is significantly_better_than(poor, by='mcc')", "no paired test by mcc"),
        ("net.test.confusion['sport', 'politics'] > 3", "unknown name `net.test.confusion`"),
        ("net.test.f1.spot > 0.5", "spot"),
    ],
)
def test_what_cannot_be_said(expression: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        ask(expression)


def test_what_only_classes_have_is_missing() -> None:
    for expression in ("net.chance > 0", "net is converged"):
        found = ask(expression)
        assert found.value is None
        assert "its items have several labels" in found.reason


def test_training_items_keep_no_probabilities() -> None:
    assert "no probabilities were kept" in ask("net.train.macro_auc > 0").reason


def test_over_seeds_facts_are_means() -> None:
    several = world(
        ("net", (RECORD, make_labels("net", seed=2))), ("poor", (make_labels("poor", noise=2.5),))
    )
    one, two = (metrics.MACRO_F1(each.labels, each.predicted) for each in several["net"].test.runs)  # type: ignore[attr-defined]
    assert one and two
    found = ask("net.test.macro_f1", several).value
    assert isinstance(found, Quantity)
    assert found.value == pytest.approx((float(one.value) + float(two.value)) / 2)
    assert ask("net is significantly_better_than(poor, by='macro_f1')", several).value is True


def test_every_fact_is_listed_with_a_value() -> None:
    entries = {entry.name: entry for entry in listing(FOUND, "net.test")}
    assert 'net.test.f1["culture at home"]' in entries
    assert not [name for name, entry in entries.items() if entry.kind == "missing"]


@pytest.mark.parametrize("metric", [metrics.MICRO_F1, metrics.MACRO_F1, metrics.HAMMING, metrics.samples_f1])
def test_intervals_hold_the_truth_about_as_often_as_they_say(metric: Callable[..., metrics.Smoothed]) -> None:
    def drawn(seed: int, n: int) -> metrics.Smoothed:
        random = np.random.default_rng(seed)
        true = random.random((n, 3)) < [0.5, 0.3, 0.15]
        hard = 0.5 * random.normal(size=(n, 1))
        found = metric(true, 2.4 * true - 1.2 + hard + 0.9 * random.normal(size=(n, 3)) > 0)
        assert found is not None
        return found

    truth = float(drawn(0, 200_000).value)
    held = [truth in metrics.interval([drawn(seed, 120)]) for seed in range(1, 301)]
    assert 0.92 <= np.mean(held) <= 0.985


def test_a_flawless_model_has_an_interval_too() -> None:
    true = TEST.labels
    for metric in (metrics.MICRO_F1, metrics.MACRO_F1, metrics.HAMMING, metrics.samples_f1):
        found = metric(true, true)
        assert found is not None
        reach = metrics.interval([found])
        assert reach.upper - reach.lower > 1e-4
