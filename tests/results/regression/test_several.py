"""Facts of a model that predicts several numbers, held against scikit-learn, and what is claimed of two."""

from pathlib import Path

import pytest
from sklearn import metrics as reference

from reportgen.errors import InputError, Place
from reportgen.language import Evaluated, Quantity, evaluate
from reportgen.report.dataset_file import DatasetFile
from reportgen.results import Facts, facts, listing
from reportgen.training.record import Record
from tests.factories import make_report
from tests.several import TARGETS, make_targets

PLACE = Place(Path("report.toml"), 3)


def world(*records: tuple[str, tuple[Record, ...]]) -> Facts:
    names = [name for name, _ in records]
    report = make_report(
        names, seeds={name: [r.seed for r in found] for name, found in records}, dataset="body"
    )
    declared = DatasetFile("body", "Bodies", Path("body.csv"), (), 9, PLACE, targets=TARGETS)
    report = type(report)(**{**vars(report), "datasets": {"body": declared}})
    return facts(report, dict(records), {"body": ()})


RECORD = make_targets("net")
FOUND = world(("net", (RECORD,)), ("poor", (make_targets("poor", noise=1.5),)))
TEST = RECORD.evaluations["test"]


def ask(expression: str, found: Facts = FOUND) -> Evaluated:
    return evaluate(expression, found, PLACE)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("r2", reference.r2_score(TEST.labels, TEST.predicted)),
        ("target.height.r2", reference.r2_score(TEST.labels, TEST.predicted, multioutput="raw_values")[0]),
        ('target["shoe size"].mae', reference.mean_absolute_error(TEST.labels[:, 2], TEST.predicted[:, 2])),
        ("target.weight.rmse", reference.root_mean_squared_error(TEST.labels[:, 1], TEST.predicted[:, 1])),
    ],
)
def test_facts_are_those_of_scikit_learn(name: str, expected: float) -> None:
    found = ask(f"net.test.{name}").value
    assert isinstance(found, Quantity)
    assert found.value == pytest.approx(expected)
    assert found.interval[0] < found.value < found.interval[1]


@pytest.mark.parametrize(
    "expression",
    [
        "net.test.r2 > poor.test.r2",
        "net is significantly_better_than(poor)",
        "poor.test is significantly_worse_than(net.test, by='r2')",
        "net.test.target.height is significantly_better_than(poor.test.target.height)",
        "net.test.target['shoe size'] is significantly_better_than(poor.test.target['shoe size'], by='rmse')",
        "net.test.target.weight.mae < net.test.target.weight.baseline",
        "difference(net, poor).r2 > 0",
        "difference(net.test.target.weight, poor.test.target.weight).mae < 0",
        "net is overfitting(by=-1)",
        "net.targets[1] == 'weight'",
    ],
)
def test_what_holds(expression: str) -> None:
    assert ask(expression).value is True


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (
            "net.test.mae < 3",
            r"several targets, whose units may differ .name one of them: `net.test.target.height.mae`",
        ),
        ("net.validation.bias < 3", r"name one of them: `net.validation.target.height.bias`"),
        ("net.folds.rmse < 3", r"name one of them: `net.folds.target.height.rmse`"),
        ("net.test.mse < 3", "unknown name `net.test.mse`"),
        ("net is significantly_better_than(poor, by='mae')", "of several targets, whose units may differ"),
        (
            "net.test.target.height is significantly_better_than(poor.test.target.weight)",
            "measured on different items",
        ),
        ("net.test.target.hight.mae < 3", "hight"),
        ("net is overfitting", "say by how much, in R²"),
    ],
)
def test_what_cannot_be_said(expression: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        ask(expression)


def test_the_test_names_itself_and_its_scope() -> None:
    (test,) = ask("net is significantly_better_than(poor)").tests
    assert "paired t test of what items contribute to r2" in test.text
    several = world(
        ("net", (RECORD, make_targets("net", seed=2))), ("poor", (make_targets("poor", noise=1.5),))
    )
    (test,) = ask("net is significantly_better_than(poor)", several).tests
    assert "t test over seeds and items" in test.text


def test_every_fact_is_listed_and_the_loss_is_that_of_all() -> None:
    names = {entry.name for entry in listing(FOUND, "net.test")}
    assert {"net.test.loss", 'net.test.target["shoe size"].mae', "net.test.r2"} <= names
    assert "net.test.target.height.loss" not in names


def test_before_training_the_targets_are_known() -> None:
    empty = facts(FOUND.report, {}, {"body": ()})
    found = ask("net.test.target.height.mae < 3", empty)
    assert found.value is None
    assert "not measured" in found.reason
