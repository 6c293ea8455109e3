import json
from dataclasses import replace
from math import sqrt

import pytest

from reportgen.claims import Difference, Fact, Verdict, difference, printed_names
from reportgen.claims.moved import noise
from tests.claims.runs import DOUBTFUL, FALSE, HOLDS, accuracy, claiming, make_run
from tests.factories import make_facts


def test_nothing_differs_from_itself() -> None:
    run = make_run(HOLDS, FALSE)
    found = difference(run, run)
    assert found == Difference()
    assert list(found.text_lines()) == ["No difference."]


def test_numbers_that_moved_most_come_first_in_standard_errors() -> None:
    before = make_run(
        facts={
            "cnn.epochs": Fact(15.0, "15", "count"),
            "cnn.test.accuracy": accuracy(0.631),
            "fc.test.accuracy": accuracy(0.475),
            "gone": Fact(1.0, "1", "count"),
        }
    )
    after = make_run(
        facts={
            "cnn.epochs": Fact(20.0, "20", "count"),
            "cnn.test.accuracy": accuracy(0.641),
            "fc.test.accuracy": accuracy(0.575),
            "new": Fact("cat", "cat", "word"),
        }
    )
    found = difference(before, after, ["fc.test.accuracy"])
    assert [fact.name for fact in found.facts] == ["fc.test.accuracy", "cnn.test.accuracy"]
    error = sqrt(0.631 * 0.369 / 10_000 + 0.641 * 0.359 / 10_000)
    assert found.facts[1].errors == pytest.approx(0.01 / error, rel=1e-3)
    assert found.causes[0].errors is None
    lines = list(found.text_lines(every=True))
    assert lines[:2] == ["Causes:", "  cnn.epochs: 15 → 20 (+5)"]
    assert lines[4] == (
        "  cnn.test.accuracy: 63.1 % → 64.1 % (+1.0\N{NO-BREAK SPACE}points, +1.5 standard errors)"
    )
    assert lines[5:] == ["All else:", "  gone: 1 → not there", "  new: not there → cat"]
    assert list(found.text_lines())[-1] == "Not printed in the report: 2 more; --all lists them."


def test_with_seeds_the_error_is_that_of_their_mean() -> None:
    before, after = accuracy(0.63, seeds=(0.62, 0.63, 0.64)), accuracy(0.65, seeds=(0.64, 0.65, 0.66))
    assert noise(before, after) == pytest.approx((0.01 * sqrt(2 / 3), 2))


def test_a_single_run_borrows_the_spread_of_the_seeds() -> None:
    before, after = accuracy(0.63, seeds=(0.62, 0.63, 0.64)), accuracy(0.65)
    assert noise(before, after) == pytest.approx((0.01 * sqrt(1 / 3 + 1), 2))
    assert noise(after, before) == noise(before, after)


def test_what_is_exact_has_no_error() -> None:
    assert noise(Fact(15.0, "15", "count"), Fact(20.0, "20", "count")) is None


def test_claims_that_turned() -> None:
    turned = Verdict(**{**vars(HOLDS), "holds": False, "line": 99})
    found = difference(make_run(HOLDS, FALSE), make_run(turned, DOUBTFUL)).claims
    assert [(claim.verdict.of, claim.before, claim.after) for claim in found] == [
        ("cnn", "holds", "false"),
        ("q5", "false", None),
        ("q7", None, "holds"),
    ]
    lines = list(difference(make_run(HOLDS), make_run(turned)).text_lines())
    assert lines == ["Claims:", "  holds → FALSE: requirement cnn: test.accuracy > 0.6"]


def test_confusions_that_changed_by_more_than_chance() -> None:
    before = make_run(confusion=((800, 200), (150, 850)))
    after = make_run(confusion=((700, 300), (160, 840)))
    (cell,) = difference(before, after).confusions
    assert (cell.model, cell.true, cell.predicted, cell.before, cell.after) == ("cnn", "cat", "dog", 200, 300)
    assert cell.errors == pytest.approx(100 / sqrt(500))
    assert list(difference(before, after).text_lines(every=True)) == [
        "All else:",
        "  cnn: cat taken for dog: 200 → 300 (+4.5 standard errors)",
    ]


def test_confusions_without_results_are_left_out() -> None:
    assert difference(make_run(confusion=()), make_run()).confusions == ()


def test_json() -> None:
    found = difference(make_run(HOLDS), make_run(FALSE, facts={"cnn.test.accuracy": accuracy(0.5)}))
    document = json.loads(found.to_json())
    assert (document["format"], document["version"]) == ("reportgen-diff", 1)
    assert document["facts"][0]["name"] == "cnn.test.accuracy"
    assert document["claims"][0] == {"id": HOLDS.id, "before": "holds", "after": None}


def test_what_was_declared_and_built_is_a_cause() -> None:
    facts = {
        "cnn.learning_rate": Fact(0.01, "0.01", "rate"),
        "cnn.momentum": Fact(0.9, "0.9", "number"),
        "cnn.parameters.total": Fact(100.0, "100", "count"),
        "cnn.environment.versions.keras": Fact("3.15.1", "3.15.1", "word"),
        "data.cifar10.classes": Fact(10.0, "10", "count"),
        "published.lecun98": Fact(0.9, "90 %", "share"),
        "cnn.environment.started": Fact("2026", "2026", "word"),
        "cnn.test.loss": Fact(1.0, "1.000", "loss"),
        "cnn.seconds": Fact(9.0, "9 s", "seconds"),
        "report.seconds": Fact(9.0, "9 s", "seconds"),
    }
    moved = {
        name: Fact("another" if isinstance(fact.value, str) else fact.value + 1, "another", fact.kind)
        for name, fact in facts.items()
    }
    found = difference(make_run(facts=facts), make_run(facts=moved), ["cnn.test.loss"])
    assert {fact.name for fact in found.causes} == set(list(facts)[:6])
    assert [fact.name for fact in found.facts] == ["cnn.test.loss"]
    assert {fact.name for fact in found.others} == set(list(facts)[6:]) - {"cnn.test.loss"}


def test_a_training_that_nothing_declared_explains_is_told() -> None:
    before = make_run()
    (model,) = before.models.values()
    after = replace(before, models={"cnn": replace(model, keys=("cd" * 32,)), "new": model})
    assert list(difference(before, after).text_lines()) == [
        "Causes:",
        "  cnn: trained anew; nothing declared differs, so its code, data or libraries do",
        "  new: new",
    ]
    epochs = [{"cnn.epochs": Fact(float(value), str(value), "count")} for value in (1, 2)]
    lines = difference(replace(before, facts=epochs[0]), replace(after, facts=epochs[1])).text_lines()
    assert list(lines)[1] == "  cnn: trained anew"


def ranking(*entries: tuple[str, float]) -> dict[str, Fact]:
    found = {}
    for rank, (label, recall) in enumerate(entries):
        found[f"cnn.test.ranking[{rank}].label"] = Fact(label, label, "word")
        found[f"cnn.test.ranking[{rank}].recall"] = Fact(recall, f"{recall:.0%}", "share")
    return found


def test_an_entry_of_a_ranking_is_compared_by_what_it_is() -> None:
    before = make_run(facts=ranking(("cat", 0.9), ("dog", 0.8), ("frog", 0.7)))
    after = make_run(facts=ranking(("dog", 0.8), ("cat", 0.6), ("bird", 0.5)))
    found = difference(before, after, ["cnn.test.ranking[0].recall"])
    assert [str(fact).replace("\N{NO-BREAK SPACE}", " ") for fact in found.facts] == [
        "cnn.test.ranking: cat; dog; frog → dog; cat; bird",
        "cnn.test.ranking[cat].recall: 90% → 60% (-30.0 points)".replace("-", "\N{MINUS SIGN}"),
    ]


def test_a_list_without_words_is_compared_by_place() -> None:
    runs = [make_run(facts={"cnn.dropout_rates[0]": Fact(rate, str(rate), "rate")}) for rate in (0.1, 0.2)]
    (fact,) = difference(*runs).causes
    assert fact.name == "cnn.dropout_rates[0]"


def test_what_the_report_prints_is_known_by_its_answers() -> None:
    report = claiming(
        "{{ cnn.test.accuracy - fc.test.accuracy }} {{ cnn.test.recall['cat'] | percent }}\n"
        "{% for pair in cnn.test.confusions[:1] %}{{ pair.count }}{% endfor %}\n"
    )
    assert printed_names(report, make_facts(report=report)) == {
        "cnn.test.accuracy",
        "fc.test.accuracy",
        "cnn.test.recall.cat",
        "cnn.test.confusions[0].count",
    }


def test_facts_of_a_model_without_results_are_no_causes() -> None:
    facts = {
        "cnn.epochs": Fact(1.0, "1", "count"),
        "data.own.n": Fact(9.0, "9", "count"),
        "cnn.layers": Fact(5.0, "5", "count"),
    }
    missing = {"cnn.epochs": Fact(2.0, "2", "count"), "data.own.n": Fact(None, "not measured", "count")}
    before, after = make_run(facts=facts), make_run(facts=missing)
    models = {name: replace(model, keys=()) for name, model in after.models.items()}
    found = difference(before, replace(after, models=models))
    assert [fact.name for fact in found.causes] == ["cnn.epochs"]
    assert list(found.text_lines())[:2] == ["Causes:", "  cnn: no results any more"]
    assert [fact.name for fact in found.others] == ["data.own.n", "cnn.layers"]
