import json
from math import sqrt

import pytest

from reportgen.claims import Difference, Fact, Verdict, difference
from reportgen.claims.diff import noise
from tests.claims.runs import DOUBTFUL, FALSE, HOLDS, accuracy, make_run


def test_nothing_differs_from_itself() -> None:
    run = make_run(HOLDS, FALSE)
    found = difference(run, run)
    assert found == Difference((), (), ())
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
    found = difference(before, after)
    assert [fact.name for fact in found.facts] == [
        "fc.test.accuracy",
        "cnn.test.accuracy",
        "cnn.epochs",
        "gone",
        "new",
    ]
    error = sqrt(0.631 * 0.369 / 10_000 + 0.641 * 0.359 / 10_000)
    assert found.facts[1].errors == pytest.approx(0.01 / error, rel=1e-3)
    assert found.facts[2].errors is None
    lines = list(found.text_lines())
    assert (
        lines[1] == "cnn.test.accuracy: 63.1 % → 64.1 % (+1.0\N{NO-BREAK SPACE}points, +1.5 standard errors)"
    )
    assert lines[2] == "cnn.epochs: 15 → 20 (+5)"
    assert lines[3:] == ["gone: 1 → not there", "new: not there → cat"]


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
    assert lines == ["holds → FALSE: requirement cnn: test.accuracy > 0.6"]


def test_confusions_that_changed_by_more_than_chance() -> None:
    before = make_run(confusion=((800, 200), (150, 850)))
    after = make_run(confusion=((700, 300), (160, 840)))
    (cell,) = difference(before, after).confusions
    assert (cell.model, cell.true, cell.predicted, cell.before, cell.after) == ("cnn", "cat", "dog", 200, 300)
    assert cell.errors == pytest.approx(100 / sqrt(500))
    assert list(difference(before, after).text_lines()) == [
        "cnn: cat taken for dog: 200 → 300 (+4.5 standard errors)"
    ]


def test_confusions_without_results_are_left_out() -> None:
    assert difference(make_run(confusion=()), make_run()).confusions == ()


def test_json() -> None:
    found = difference(make_run(HOLDS), make_run(FALSE, facts={"cnn.test.accuracy": accuracy(0.5)}))
    document = json.loads(found.to_json())
    assert (document["format"], document["version"]) == ("reportgen-diff", 1)
    assert document["facts"][0]["name"] == "cnn.test.accuracy"
    assert document["claims"][0] == {"id": HOLDS.id, "before": "holds", "after": None}
