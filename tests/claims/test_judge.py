import pytest

from reportgen.claims import judge
from reportgen.errors import InputError
from reportgen.training.record import Evaluation, Record
from tests.claims.runs import claiming, judged
from tests.factories import make_evaluation, make_evaluation_of, make_facts, make_record, make_report


def test_requirements_come_first_then_claims_in_the_order_of_the_files() -> None:
    found = judged(
        "cnn.test.accuracy > fc.test.accuracy",
        "cnn.epochs == 15",
        requirements={"cnn": ["test.accuracy > 0.9", "epochs <= 25"], "fc": ["test.accuracy > 0.45"]},
    )
    assert [(verdict.kind, verdict.of, verdict.line, verdict.holds) for verdict in found] == [
        ("requirement", "fc", 15, True),
        ("requirement", "cnn", 25, False),
        ("requirement", "cnn", 26, True),
        ("claim", "q1", 6, True),
        ("claim", "q1", 7, True),
    ]
    assert [verdict.path for verdict in found][2:4] == ["answers/report.toml", "answers/01-q1.md"]
    assert found.exit_status == 1


def test_a_verdict_says_what_was_claimed_and_what_was_measured() -> None:
    sentence = "The CNN reaches {{ cnn.test.accuracy }}"
    (verdict,) = judged(f"{{% claim cnn.test.accuracy > fc.test.accuracy %}}{sentence}{{% endclaim %}}")
    assert verdict.sentence == "The CNN reaches 63.1\N{NO-BREAK SPACE}%"
    assert verdict.expression == "cnn.test.accuracy > fc.test.accuracy"
    assert [fact.name for fact in verdict.measured] == ["cnn.test.accuracy", "fc.test.accuracy"]


@pytest.mark.parametrize(
    ("expression", "holds"),
    [
        ("cnn.test.accuracy.lower > 0.59", True),
        ("cnn.test.accuracy.lower > 0.62", False),
        ("cnn.parameters.total < fc.parameters.total and cnn.test.accuracy > fc.test.accuracy", True),
        ("cnn.train.accuracy - cnn.validation.accuracy > 0.05", True),
        ("cnn_dropout.train.accuracy - cnn_dropout.validation.accuracy > 0.05", False),
        ('cnn.test.most_confused.true == "cat" and cnn.test.most_confused.predicted == "dog"', True),
        ('cnn.test.most_confused.true == "ship"', False),
        ("cnn.test is significantly_better_than(fc.test)", True),
        ("cnn_dropout.test is significantly_better_than(cnn.test)", False),
    ],
)
def test_qualitative_claims(expression: str, holds: bool) -> None:
    (verdict,) = judged(expression)
    assert verdict.holds is holds


@pytest.mark.parametrize("reason", ["stale: learning rate 0.01 → 0.02", "damaged"])
def test_what_names_an_unsettled_model_is_undecided_and_so_is_the_report(reason: str) -> None:
    found = judged(
        "cnn.test.accuracy > 0.1",
        "fc.test.accuracy > 0.99",
        "fc.epochs == 15",
        "data.cifar10.classes == 10",
        requirements={"cnn": ["epochs <= 25"]},
        unsettled={"cnn": reason},
    )
    assert [(verdict.kind, verdict.status) for verdict in found] == [
        ("results", "undecided"),
        ("requirement", "undecided"),
        ("claim", "undecided"),
        ("claim", "false"),
        ("claim", "holds"),
        ("claim", "holds"),
    ]
    assert found.items[0].reason == reason
    assert reason in found.items[2].reason
    assert found.exit_status == 2


def test_an_unsettled_model_that_nothing_names_still_makes_the_report_undecided() -> None:
    found = judged("fc.epochs == 15", unsettled={"cnn": "stale"})
    assert [verdict.status for verdict in found] == ["undecided", "holds"]
    assert found.exit_status == 2


def test_a_loop_over_all_models_rests_on_each() -> None:
    body = (
        "{% for model in report.models %}{% claim model.test.accuracy > 0.4 %}Fine{% endclaim %} {% endfor %}"
    )
    found = judged(body, unsettled={"cnn": "stale"})
    assert [verdict.status for verdict in found] == ["undecided", "holds", "undecided", "holds"]
    assert [verdict.number for verdict in found if verdict.kind == "claim"] == [1, 2, 3]


def test_models_without_results_are_undecided_without_being_told() -> None:
    found = judged(
        "cnn.test.accuracy > fc.test.accuracy", models=("fc", "cnn"), records={"fc": (make_record("fc"),)}
    )
    assert [verdict.status for verdict in found] == ["undecided", "undecided"]
    assert "not measured" in found.items[1].reason


def test_a_diverged_training_is_undecided() -> None:
    records = {"fc": (make_record("fc"),), "cnn": (make_record("cnn", diverged=True),)}
    found = judged("cnn.test.accuracy > fc.test.accuracy", models=("fc", "cnn"), records=records)
    assert [verdict.status for verdict in found] == ["undecided", "undecided"]
    assert "diverged" in found.items[0].reason
    assert found.exit_status == 2


def test_all_errors_are_raised_at_once_with_their_places() -> None:
    report = claiming(
        "{% claim cnn.test.acuracy > 0.5 %}A{% endclaim %}\n"
        "{% claim cnn.epochs > cnn.test.accuracy %}B{% endclaim %}\n",
        requirements={"cnn": ["test.accuracy >", "epochs"]},
    )
    with pytest.raises(InputError) as caught:
        judge(report, make_facts(report=report))
    places = [(problem.path.rpartition("/")[2], problem.line) for problem in caught.value.problems]
    assert places == [("01-q1.md", 6), ("01-q1.md", 7), ("report.toml", 25), ("report.toml", 26)]
    assert caught.value.exit_status == 2


# ---- many claims in one report ---------------------------------------------------------------------


def close_pair(**more: Evaluation) -> dict[str, tuple[Record, ...]]:
    """Return records of fc and cnn whose tests differ with p = 0.0428: enough alone, not beside another."""
    labels, first = [0] * 1000, [0] * 600 + [1] * 400
    second = [1] * 9 + [0] * 591 + [0] * 21 + [1] * 379
    return {
        name: (make_record(name, evaluations={"test": make_evaluation_of(labels, predicted), **more}),)
        for name, predicted in (("fc", first), ("cnn", second))
    }


BETTER = "cnn.test is significantly_better_than(fc.test)"
PAIR = ("fc", "cnn")


def test_one_test_needs_no_adjustment() -> None:
    (verdict,) = judged(BETTER, models=PAIR, records=close_pair())
    assert verdict.holds
    assert verdict.tests[0].p_value == verdict.tests[0].adjusted == pytest.approx(0.0428, abs=1e-4)


def test_a_second_hypothesis_makes_the_first_harder_to_show() -> None:
    same = make_evaluation(0.6, split="validation")
    second = "cnn.validation is significantly_better_than(fc.validation) or cnn.epochs == 15"
    found = judged(BETTER, second, models=PAIR, records=close_pair(validation=same))
    one, other = found
    assert one.tests[0].adjusted == pytest.approx(2 * one.tests[0].p_value)
    assert (one.holds, other.holds) == (False, True)
    assert found.adjusted.keys() == {test.hypothesis for verdict in found for test in verdict.tests}


def test_a_condition_in_the_text_goes_by_the_adjusted_value_too() -> None:
    """Though no claim of its own section is tested."""
    claim = "{{% claim cnn.epochs == {} %}}So it is{{% endclaim %}}"
    first = f"{{% if {BETTER} %}}{claim.format(15)}{{% else %}}{claim.format(16)}{{% endif %}}"
    family = (BETTER, "cnn.validation is significantly_better_than(fc.validation) or cnn.epochs == 15")
    second = "\n".join(f"{{% claim {each} %}}So it is{{% endclaim %}}." for each in family)
    report = make_report(PAIR, bodies={"q1": first, "q2": second})
    records = close_pair(validation=make_evaluation(0.6, split="validation"))
    found = judge(report, make_facts(report=report, records=records))
    assert [verdict.expression for verdict in found] == ["cnn.epochs == 16", *family]


def test_the_same_test_in_two_claims_counts_once() -> None:
    found = judged(
        BETTER,
        "fc.test is significantly_worse_than(cnn.test)",
        "cnn.test is significantly_different_from(fc.test)",
        models=PAIR,
        records=close_pair(),
    )
    assert [verdict.holds for verdict in found] == [True, True, True]
    assert len(found.adjusted) == 1


def test_a_requirement_belongs_to_the_same_family() -> None:
    found = judged(
        BETTER,
        requirements={"cnn": ["validation is significantly_different_from(fc.validation) or epochs == 15"]},
        models=("fc", "cnn"),
    )
    assert len(found.adjusted) == 2


@pytest.mark.parametrize(
    "requirement",
    [
        "test.accuracy >= 0",
        "true",
        "1 < 2",
        "epochs == epochs",
        "gap == train.accuracy - validation.accuracy",
        "test.error + test.accuracy == 1",
        "test.accuracy.lower <= test.accuracy",
        "difference(cnn.test, fc.test).accuracy >= -1",
        "test.worst_class in classes or not test.worst_class in classes",
    ],
)
def test_a_requirement_that_is_always_true_is_pointed_out_and_fails_if_strict(requirement: str) -> None:
    found = judged(requirements={"cnn": [requirement, "test.accuracy > 0.1"]})
    assert [(verdict.holds, verdict.vacuous) for verdict in found] == [(True, True), (True, False)]
    assert found.exit_status == 0
    assert [verdict.status for verdict in found.strict()] == ["false", "holds"]
    assert found.strict().exit_status == 1


def test_what_is_always_true_is_pointed_out_before_anything_is_trained() -> None:
    found = judged("cnn.test.accuracy <= 1", models=("cnn",), records={})
    assert [verdict.vacuous for verdict in found] == [False, True]


def test_a_claim_in_a_loop_is_read_by_what_the_loop_names() -> None:
    (*_, last) = judged(
        "{% for model in report.models[:1] %}"
        "{% claim model.test.accuracy == fc.test.accuracy %}So it is{% endclaim %}.{% endfor %}"
    )
    assert last.vacuous
