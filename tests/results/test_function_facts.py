"""Facts of what the authors' own function trained: what it told of, and no more."""

from dataclasses import replace

import pytest

from reportgen.language import MissingError
from tests.factories import make_facts, make_record, make_report, make_trained

REPORT = make_report(("cnn", "own"))
SPEC = REPORT.models["own"]
TRAINING = replace(SPEC.training, train="train_net", arguments={"rate": 0.1, "kind": "lbfgs"})
OWN = replace(SPEC, builder="train_net", training=TRAINING)
MADE = replace(REPORT, models={**REPORT.models, "own": OWN})


def facts(*told: str):  # type: ignore[no-untyped-def]
    record = make_trained(told=told or None)
    return make_facts(report=MADE, records={"cnn": (make_record("cnn"),), "own": (record,)}).models["own"]


def test_its_arguments_are_facts_and_those_of_networks_are_not() -> None:
    own = facts()
    assert own.member("rate").value == 0.1
    assert str(own.member("kind")) == "lbfgs"
    assert "momentum" not in own.members()
    for name in ("epochs", "batch_size", "learning_rate", "layers"):
        assert "own function trains it" in own.member(name).missing
    for name in ("optimizer", "loss_function", "arithmetic"):
        assert "own function trains it" in own.member(name).missing
    assert "own function trains it" in own.parameters.total.missing


def test_what_it_told_of_is_its_history() -> None:
    own = facts()
    assert own.history.epochs.value == 15
    assert own.history.val_accuracy.best.decided
    assert "train_net() did not tell of it" in own.history.learning_rate.last.missing
    assert own.seconds_per_epoch.decided
    assert isinstance(own.is_converged(), bool)


def test_numbers_of_other_names_are_further_curves() -> None:
    own = facts("loss", "margin")
    assert own.history.further.member("margin").last.decided
    assert own.history.further.member("margin").best_epoch.value == 15
    with pytest.raises(MissingError, match="did not tell of it"):
        own.is_converged()


def test_without_epochs_there_are_no_curves() -> None:
    record = make_trained(told=())
    own = make_facts(report=MADE, records={"own": (record,)}).models["own"]
    assert "train_net() told of no epochs" in own.history.loss.last.missing
    assert "train_net() told of no epochs" in own.seconds_per_epoch.missing
    assert own.test.accuracy.decided
