"""Keys must not change by accident: every stored result of every user would count as stale."""

from pathlib import Path

import pytest

from reportgen.plan import Projector, Snapshot, digest
from tests.projects import write_project

DIGESTS = {
    "small": "afe285519bcf5c69b5b71c55aae31e6558ea495732926c2602a2ec5bd9a49a7e",
    "linear": "96d7869b61c9015f6ee6d49156c11fba0db5df0a0ff44970e7fb71f775e6542c",
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
