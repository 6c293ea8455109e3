from pathlib import Path

import pytest

from reportgen.errors import InputError, Place
from reportgen.language import evaluate, parse, render, reprint
from reportgen.results import facts
from tests.factories import CIFAR10, make_evaluation, make_facts, make_record, make_records, make_report

PLACE = Place(Path("report.toml"), 3)


@pytest.fixture(scope="module")
def world():
    return make_facts(("mnist_fc", "fc", "cnn", "cnn_dropout"))


def holds(expression, world, **options):
    return evaluate(expression, world, PLACE, **options).value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("cnn.test is significantly_better_than(fc.test)", True),
        ("fc.test is significantly_better_than(cnn.test)", False),
        ("fc.test is significantly_worse_than(cnn.test)", True),
        ("cnn.test is significantly_different_from(fc.test)", True),
        ("cnn is significantly_better_than(fc)", True),
        ("cnn.validation is significantly_better_than(fc.validation)", True),
        ("cnn.test is significantly_better_than(cnn_dropout.test)", False),
        ("cnn_dropout.test is significantly_better_than(cnn.test)", False),
        ("cnn.test is indistinguishable_from(cnn_dropout.test)", True),
        ("cnn.test is indistinguishable_from(cnn_dropout.test, 0.001)", False),
        ("cnn.test is indistinguishable_from(fc.test)", False),
        ("cnn is indistinguishable_from(cnn_dropout, margin=0.05)", True),
    ],
)
def test_relations(world, expression, value):
    assert holds(expression, world) is value


def test_a_test_is_told_in_words_with_its_hypothesis(world):
    (test,) = evaluate("cnn is significantly_better_than(fc)", world, PLACE).tests
    assert test.hypothesis == "cnn.test = fc.test"
    assert test.p_value < 1e-20
    text = test.text.replace("\xa0", " ")
    assert text.startswith("difference 15.6 points (95 % interval ")
    assert "p < 0.001" in text
    assert "McNemar" in text


def test_the_same_test_has_the_same_hypothesis_whoever_is_named_first(world):
    one = evaluate("cnn.test is significantly_better_than(fc)", world, PLACE).tests[0]
    other = evaluate("fc is significantly_worse_than(cnn.test)", world, PLACE).tests[0]
    assert (one.hypothesis, one.p_value) == (other.hypothesis, other.p_value)
    near = evaluate("cnn is indistinguishable_from(fc)", world, PLACE).tests[0]
    nearer = evaluate("cnn is indistinguishable_from(fc, 0.01)", world, PLACE).tests[0]
    assert len({one.hypothesis, near.hypothesis, nearer.hypothesis}) == 3


def test_an_adjusted_p_value_turns_the_decision(world):
    expression = "cnn is significantly_better_than(fc)"
    assert holds(expression, world, adjusted={"cnn.test = fc.test": 0.051}) is False
    assert holds(expression, world, adjusted={"cnn.test = fc.test": 0.049}) is True


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("cnn.test is significantly_better_than(cnn.test)", "compared with itself"),
        ("cnn is significantly_better_than(cnn)", "compared with itself"),
        ("cnn.test is significantly_better_than(cnn.train)", "different items"),
        ("cnn.test is significantly_better_than(fc.train)", "different items"),
        ("cnn.test is significantly_better_than(mnist_fc.test)", "different items"),
        ("cnn.test is significantly_better_than(fc.test.accuracy)", "that of a model or split"),
        ("cnn.test is significantly_better_than(0.5)", "that of a model or split"),
        ("cnn.test is indistinguishable_from(fc.test, 2)", "a margin is a share"),
        ("cnn.test is indistinguishable_from(fc.test, 'x')", "a margin is a share"),
        ("cnn.test is indistinguishable_from(fc.test, 0)", "a margin is a share"),
        ("cnn.test.accuracy is significantly_better_than(fc.test)", "does not apply to cnn.test.accuracy"),
    ],
)
def test_what_cannot_be_compared(world, expression, message):
    with pytest.raises(InputError, match=message):
        holds(expression, world)


def test_other_labels_are_other_images():
    report = make_report(("cnn", "fc"))
    records = make_records(report)
    other = make_evaluation(0.5, 999, split="test")
    records["fc"] = (make_record("fc", evaluations={"test": other}),)
    with pytest.raises(InputError, match="different items"):
        holds("cnn is significantly_better_than(fc)", facts(report, records, {"cifar10": CIFAR10}))


def test_without_results_it_cannot_be_said():
    report = make_report(("cnn", "fc"))
    empty = facts(report, {}, {"cifar10": CIFAR10})
    found = evaluate("cnn is significantly_better_than(fc)", empty, PLACE)
    assert (found.value, found.reason) == (None, "cnn.test: not measured")
    with pytest.raises(InputError, match="different items"):
        holds("cnn.test is significantly_better_than(fc.train)", empty)


def test_several_seeds_are_tested_across_seeds():
    world = make_facts(("cnn", "fc"), seeds=(1, 2, 3))
    (test,) = evaluate("cnn is significantly_better_than(fc)", world, PLACE).tests
    assert "seeds" in test.text
    assert test.holds()


def test_a_difference_can_be_named():
    world = make_facts()
    text = "{{ difference(cnn.test, fc.test).accuracy }} ({{ difference(cnn, fc).accuracy.interval }}, p "
    text += "{{ difference(cnn, fc).p_value }}, {{ difference(cnn, fc).method }})"
    found = render(parse(text, "a.md"), world)
    assert (
        found.plain().replace("\xa0", " ")
        == "15.6 points (13.3 to 17.8 points, p < 0.001, exact McNemar test)"
    )
    assert all(reprint(fact.expression, world) == fact.text for fact in found.facts)
    assert found.facts[2].name == "difference(cnn.test, fc.test).p_value"


def test_a_claim_may_rest_on_the_interval_of_a_difference():
    world = make_facts()
    assert holds("difference(cnn.test, fc.test).accuracy.lower > 0.1", world) is True
    assert holds("difference(cnn.test, cnn_dropout.test).accuracy.upper < 0.05", world) is True


def test_a_difference_of_what_was_not_measured_is_missing():
    empty = facts(make_report(("cnn", "fc")), {}, {"cifar10": CIFAR10})
    for key in ("accuracy", "p_value", "method", "images"):
        assert reprint(f"difference(cnn, fc).{key}", empty) == "not measured"


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("difference(cnn.test, fc.train).accuracy > 0", "different items"),
        ("difference(cnn.test, 3).p_value > 0", "that of a model or split"),
        ("difference(3, cnn.test).p_value > 0", "takes two models or splits"),
        ("difference(cnn.test).p_value > 0", "missing a required argument"),
        ("difference(cnn, fc).pvalue > 0", "did you mean `p_value`"),
        ("difference(cnn, fc) > 0", "can't compare"),
        ("difference(cnn, fc).p_value < 0.05", "is significantly_better_than"),
        ("difference(cnn, fc).accuracy > cnn.test.accuracy", "can't compare"),
    ],
)
def test_what_has_no_difference(world, expression, message):
    with pytest.raises(InputError, match=message):
        holds(expression, world)
