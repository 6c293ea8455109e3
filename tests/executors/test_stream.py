"""Whatever goes wrong on a machine of an engine is an outcome: else its task would have none."""

import errno
import json
import platform
from pathlib import Path

import pytest

from reportgen.executors import node
from reportgen.executors.interface import Outcome
from reportgen.executors.stream import stream


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/scratch/x"), "no space left for /scratch/x"),
        (OSError(errno.ENOSPC, "No space left on device"), "no space left for "),
        (RuntimeError("a library is broken"), "this failed: RuntimeError: a library is broken"),
    ],
)
def test_an_error_that_nobody_foresaw_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    def fails(*_: object) -> Outcome:
        raise error

    monkeypatch.setattr(node, "run", fails)
    *_, last = stream("a", b"{}", (tmp_path / "share").as_uri())
    found = Outcome.from_json(json.loads(last)["outcome"])
    assert (found.kind, found.machine) == ("failed", platform.node())
    assert told in found.problems[0].message
