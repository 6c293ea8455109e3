from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.claims import Verdict, Verdicts
from reportgen.claims.verdict import numbered, relative
from tests.claims.runs import DOUBTFUL, FALSE, HOLDS, UNDECIDED
from tests.factories import make_report


@pytest.mark.parametrize(
    ("verdicts", "status"),
    [
        ([], 0),
        ([HOLDS, DOUBTFUL], 0),
        ([HOLDS, FALSE], 1),
        ([UNDECIDED], 2),
        ([HOLDS, FALSE, UNDECIDED], 2),
        ([UNDECIDED, FALSE], 2),
    ],
)
def test_undecided_wins_over_false_and_false_over_holds(verdicts: list[Verdict], status: int) -> None:
    assert Verdicts(tuple(verdicts)).exit_status == status


def test_words() -> None:
    found = [verdict.word for verdict in (HOLDS, DOUBTFUL, FALSE, UNDECIDED)]
    assert found == ["holds", "holds with a warning", "FALSE", "UNDECIDED"]
    assert replace(DOUBTFUL, noise=True).word == "holds within noise"


def test_a_warning_on_what_is_false_is_no_doubt() -> None:
    assert not Verdict("claim", "q1", "a.md", 1, "x", False, warnings=("noise",)).doubtful


def test_what_is_false_comes_first() -> None:
    verdicts = Verdicts((HOLDS, DOUBTFUL, UNDECIDED, FALSE))
    assert verdicts.by_urgency() == [FALSE, UNDECIDED, DOUBTFUL, HOLDS]
    assert verdicts.of_status("holds") == (HOLDS, DOUBTFUL)
    assert len(verdicts) == 4


def test_equal_expressions_get_ids_of_their_own() -> None:
    found = numbered((HOLDS, FALSE, HOLDS, HOLDS))
    assert [verdict.number for verdict in found] == [1, 1, 2, 3]
    assert len({verdict.id for verdict in found}) == 4
    assert found[0].id == "requirement cnn: test.accuracy > 0.6"
    assert numbered(found) == found


def test_an_id_outlives_edits_of_sentence_and_line() -> None:
    moved = Verdict(
        "claim", "q7", "answers/07-compare.md", 30, DOUBTFUL.expression, False, sentence="Or did it?"
    )
    assert moved.id == DOUBTFUL.id


def test_more_verdicts_can_be_added() -> None:
    verdicts = Verdicts((HOLDS,), {"a = b": 0.1}).with_items((HOLDS, UNDECIDED))
    assert [verdict.number for verdict in verdicts] == [1, 2, 1]
    assert verdicts.exit_status == 2
    assert verdicts.adjusted == {"a = b": 0.1}


def test_paths_are_relative_to_the_project() -> None:
    report = make_report()
    assert relative(report.answers / "report.toml", report) == "answers/report.toml"
    assert relative(Path("/elsewhere/models.py"), report) == "/elsewhere/models.py"
