from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.errors import InputError, Place
from reportgen.language import MissingError, Show, evaluate, style_of
from reportgen.report.dataset_file import Task
from reportgen.report.training_parameters import Component
from reportgen.results import ModelFacts
from reportgen.training.record import Environment
from tests.factories import CIFAR10, make_facts, make_record, make_report, make_training

PLACE = Place(Path("report.toml"), 3)


def model(name="cnn", *records, **training):
    spec = make_report((name,)).models[name]
    spec = replace(spec, training=make_training(**training))
    return ModelFacts(spec, records or (make_record(name),), Task("classification", CIFAR10), style_of("en"))


def test_what_was_configured_prints_as_configured():
    facts = model()
    printed = {key: str(facts.member(key)) for key in ("epochs", "batch_size", "learning_rate", "momentum")}
    assert printed == {"epochs": "15", "batch_size": "32", "learning_rate": "0.01", "momentum": "0.9"}
    assert facts.optimizer == "SGD"
    assert facts.loss_function == "categorical_crossentropy"
    assert facts.augmentation == "none"
    assert facts.arithmetic == "float32"
    assert facts.member("nesterov") is True
    assert str(facts.chance) == "10.0\xa0%"
    assert (facts.title, facts.dataset) == ("CNN", "cifar10")


def test_arguments_of_optimizer_and_loss_are_members():
    facts = model(
        optimizer=Component("AdamW", {"weight_decay": 5e-4, "beta_1": 0.8}),
        loss=Component("categorical_crossentropy", {"label_smoothing": 0.1, "reduction": "sum"}),
        learning_rate="one_cycle",
    )
    assert str(facts.member("weight_decay")) == "0.0005"
    assert str(facts.member("label_smoothing")) == "0.1"
    assert facts.member("reduction") == "sum"
    assert facts.learning_rate == "one_cycle"
    assert "beta_1" in facts.members()
    assert "as configured" in facts.describe("beta_1")


def test_a_published_fact_wins_over_an_argument_of_its_name():
    facts = model(optimizer=Component("SGD", {"epochs": 3, "momentum": 0.5}))
    assert facts.member("epochs").value == 15
    assert facts.members().count("epochs") == 1


def test_parameters_and_layers():
    facts = model("cnn", make_record("cnn", non_trainable=386))
    assert str(facts.parameters.total) == "81,834"
    assert str(facts.parameters.trainable) == "81,448"
    assert facts.parameters.non_trainable.value == 386
    assert facts.layers.value == 9
    assert facts.weight_layers.value == 5
    assert facts.layer["conv2d"].member("kernel_size") == "5 × 5"
    assert facts.layer["conv2d"].member("filters").value == 32
    assert facts.layer["conv2d"].member("filters").kind == "count"
    assert facts.layer["conv2d"].output_shape == "28 × 28 × 32"
    assert facts.layer["flatten"].outputs.value == 120
    assert facts.layer["conv2d"].member("filters").name == "cnn.layer.conv2d.filters"


def test_dropout_rates():
    facts = model("cnn_dropout", make_record("cnn_dropout"))
    assert [str(rate) for rate in facts.dropout_rates] == ["0.2"]
    assert len(model().dropout_rates) == 0


def test_gap_is_training_minus_validation_in_points():
    facts = model()
    assert str(facts.gap) == "11.5\xa0points"
    assert str(facts.test_gap) == "12.5\xa0points"
    assert facts.gap.name == "cnn.gap"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("cnn is overfitting", True),
        ("cnn is overfitting(by=0.12)", False),
        ("cnn_dropout is not overfitting", True),
        ("cnn is converged", True),
        ("cnn.converged", True),
        ("not cnn.diverged", True),
        ("cnn is converged(within=0.00001)", False),
        ("cnn.parameters.total < fc.parameters.total and cnn.test.accuracy > fc.test.accuracy", True),
        ("fc.parameters.total is times(153, cnn.parameters.total)", True),
        ('cnn.test.most_confused.true in ("cat", "dog")', True),
    ],
)
def test_qualitative_claims(expression, value):
    assert evaluate(expression, make_facts(), PLACE).value is value


@pytest.mark.parametrize("expression", ["cnn is overfitting(by=5)", "cnn is converged(within='x')"])
def test_thresholds_are_shares(expression):
    with pytest.raises(InputError, match="is a share such as"):
        evaluate(expression, make_facts(), PLACE)


def test_one_epoch_tells_nothing_of_convergence():
    with pytest.raises(InputError, match="one epoch"):
        evaluate("cnn is converged", make_facts(records={"cnn": (make_record(epochs=1),)}), PLACE)


def test_times_are_those_of_training():
    facts = model("cnn", make_record(seconds=100.0), make_record(seed=2, seconds=200.0))
    assert facts.seconds.value == 150
    assert facts.seconds.seeds == (100.0, 200.0)
    assert facts.seconds_per_epoch.value == pytest.approx(151 / 15)


def test_several_seeds():
    facts = model("cnn", *(make_record(seed=seed) for seed in (1, 2, 3)))
    assert facts.seeds.value == 3
    assert (facts.seed.value, str(facts.seed)) == (1, "1")
    assert facts.test.accuracy.seeds == (0.631, 0.637, 0.628)
    assert facts.record is facts.records[0]


def test_environment_and_key():
    record = make_record(key="ab" * 32)
    facts = model("cnn", record)
    assert facts.key == "abababababab"
    assert facts.environment.processor == "Example CPU"
    assert facts.environment.cores.value == 2
    assert facts.environment.versions["keras"] == "3.15.1"
    assert isinstance(record.environment, Environment)


def test_before_training_only_the_measured_is_missing():
    spec = make_report(("cnn",)).models["cnn"]
    facts = ModelFacts(spec, (), Task("classification", CIFAR10), style_of("en"))
    assert facts.epochs.decided
    assert facts.summary == Show("summary", ("cnn",))
    with pytest.raises(MissingError, match=r"cnn\.layer\.dense: not measured"):
        facts.layer.member("dense")
    with pytest.raises(MissingError, match=r"versions\.keras"):
        facts.environment.versions.member("keras")
    for name in ("test.accuracy", "parameters.total", "seconds", "gap", "layers", "history.loss.last", "key"):
        value = facts
        for part in name.split("."):
            value = value.member(part)
        assert value.missing == "not measured", name
    with pytest.raises(MissingError):
        facts.member("diverged")
    with pytest.raises(MissingError):
        facts.member("converged")


def test_a_diverged_training_says_so():
    facts = model("cnn", make_record(), make_record(seed=2, diverged=True))
    assert facts.diverged is True
    assert facts.test.accuracy.missing == "training diverged"
    assert str(facts.test.accuracy) == "diverged"
    assert facts.parameters.total.value == 81834


def test_a_record_without_evaluations_is_missing_not_an_error():
    facts = model("cnn", replace(make_record(), evaluations={}))
    assert facts.test.accuracy.missing == "not measured"


def test_shows():
    facts = model()
    kinds = ("summary", "training", "code", "evaluation_image", "per_class", "mistakes", "architecture")
    kinds += ("augmented", "learning_rate_curve", "reliability", "filters")
    assert [facts.member(kind) for kind in kinds] == [Show(kind, ("cnn",)) for kind in kinds]


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("cnn is overfitting", ["cnn.train.accuracy", "cnn.validation.accuracy"]),
        ("cnn is converged", ["cnn.history.val_accuracy.best", "cnn.history.val_accuracy.last"]),
        ("cnn is significantly_better_than(fc)", ["cnn.test.accuracy", "fc.test.accuracy"]),
    ],
)
def test_a_relation_tells_what_it_rests_on(expression, names):
    assert [fact.name for fact in evaluate(expression, make_facts(), PLACE).measured] == names


def test_losses_know_their_function():
    own = model(loss=Component("categorical_crossentropy", {"label_smoothing": 0.1}))
    assert own.test.loss.basis == "categorical_crossentropy(label_smoothing=0.1)"
    assert own.history.val_loss.last.basis == own.test.loss.basis
    assert own.test.accuracy.basis == ""
