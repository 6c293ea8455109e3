"""Keys must not change by accident: every stored result of every user would count as stale."""

from pathlib import Path

import pytest

from reportgen.plan import Projector, Snapshot, digest
from tests.projects import write_project

DIGESTS = {
    "small": "b23e2a60a4a2b9995c3735ca73550890a089258582b1ba4ebca805b313136141",
    "linear": "27de86115f31f2d1cee82532572b54236a898f1471fe3c01276fff75878a9f6c",
}


@pytest.mark.parametrize(("builder", "expected"), DIGESTS.items())
def test_a_projection_is_what_it_was(tmp_path: Path, builder: str, expected: str) -> None:
    """If this fails on purpose, raise FORMAT in plan/model_plan.py and say so in the changelog."""
    snapshot = Snapshot.read(write_project(tmp_path) / "answers/models.py")
    assert Projector(snapshot).project(builder).digest == expected


def test_canonical_digests_are_what_they_were() -> None:
    assert (
        digest({"b": [1, 2.5, "é"], "a": None})
        == "d4e7b7ea1f785bcaf2af5af23dddc104ef2f2921a290da2912e3b2637f45da59"
    )
