"""Keys must not change by accident: every stored result of every user would count as stale."""

from pathlib import Path

import pytest

from reportgen.plan import Projector, Snapshot, digest
from tests.projects import write_project

DIGESTS = {
    "small": "ba95d101dab38381de58c444a6ccb49df587cbce2bdb25a3ca0c859df0fab6f9",
    "linear": "f73551361227673ceba209b78bd14fed1cab6b4b7a6cd9a9e9112ad8848029bb",
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
