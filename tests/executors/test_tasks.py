"""What becomes of outcomes: results that are in the store here, or errors."""

from pathlib import Path

import pytest

from reportgen.errors import AwayError, StoreError
from reportgen.executors import train
from reportgen.store import Store
from tests.executors.test_local import ignore, job
from tests.executors.test_run import Told


def test_a_store_that_is_away_here_for_a_while_ends_no_other_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(tmp_path / "laptop", (tmp_path / "share").as_uri(), required=True)
    asked: list[str] = []

    def get(key: str) -> object:
        if key[0] in "ab":
            asked.append(key[0])
            if key[0] == "a":
                raise AwayError("the share can't be used")
            return key
        return original(key)

    original = store.get
    monkeypatch.setattr(store, "get", get)
    executor = Told("published", "published")
    with pytest.raises(StoreError, match=r"a has published first, but here the share can't be used \(run it"):
        train([job("first"), job("second", "b")], store, ignore, executor=executor)
    assert asked == ["a", "b"] and not executor.cancelled
