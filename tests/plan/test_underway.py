"""The rows of trainings that run, as people read them."""

from typing import Any

import pytest

from reportgen.plan import underway
from reportgen.plan.underway import Pace, Row, duration


@pytest.mark.parametrize(
    ("state", "epoch"),
    [
        ({"phase": "training", "epoch": 3, "epochs": 8}, "3 of 8"),
        ({"epoch": 0, "epochs": 0, "phase": "training"}, "fitting"),
        ({"epoch": 0, "epochs": 8}, "starting"),
        ({"phase": "building"}, "building"),
    ],
)
def test_a_row_says_where_a_training_is(state: dict[str, Any], epoch: str) -> None:
    row = Row.of("node-b", 'net[rate="0.1"]', 2, state, 600)
    assert row.cells == ("node-b", "net[rate=0.1]", "2", epoch, "10 min")


def test_the_time_left_follows_from_what_was_done_since_it_was_heard_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [100.0]
    monkeypatch.setattr(underway.time, "monotonic", lambda: now[0])
    pace, event = Pace(), {"phase": "training", "epochs": 10, "steps": 2}
    assert pace({"phase": "building"}) is None
    assert pace({**event, "epoch": 5, "step": 0}) is None, "resumed: what was done before took no time here"
    now[0] += 10
    assert pace({**event, "epoch": 5, "step": 2}) == pytest.approx(50)


@pytest.mark.parametrize(("seconds", "text"), [(0, "0 s"), (89, "89 s"), (720, "12 min"), (12600, "3.5 h")])
def test_a_time_is_told_as_people_say_it(seconds: float, text: str) -> None:
    assert duration(seconds) == text
