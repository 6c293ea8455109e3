"""What is unfinished travels through the shared store as well, where results have to reach it."""

from pathlib import Path

import pytest

from reportgen.errors import StoreError
from reportgen.store import Store

KEY, NAME = "a" * 64, "checkpoint"


def opened(tmp_path: Path, name: str, *, required: bool = True) -> Store:
    return Store.open(tmp_path / name, (tmp_path / "share").as_uri(), required=required, tell=lambda _: None)


def test_another_machine_goes_on_from_what_was_shared(tmp_path: Path) -> None:
    one, two = (opened(tmp_path, name) for name in ("one", "two"))
    assert not two.take_partial(KEY, NAME)
    for epoch in (b"epoch 1", b"epoch 2"):
        (one.partial(KEY) / NAME).write_bytes(epoch)
        assert one.share_partial(KEY, NAME)
    assert two.take_partial(KEY, NAME)
    assert (two.partial(KEY) / NAME).read_bytes() == b"epoch 2"
    assert [path.name for path in two.partial(KEY).iterdir()] == [NAME]


def test_what_is_here_is_not_replaced(tmp_path: Path) -> None:
    one, two = (opened(tmp_path, name) for name in ("one", "two"))
    for store, text in ((one, b"theirs"), (two, b"ours")):
        (store.partial(KEY) / NAME).write_bytes(text)
    one.share_partial(KEY, NAME)
    assert not two.take_partial(KEY, NAME)
    assert (two.partial(KEY) / NAME).read_bytes() == b"ours"


def test_a_result_leaves_nothing_unfinished(tmp_path: Path) -> None:
    one, two = (opened(tmp_path, name) for name in ("one", "two"))
    (one.partial(KEY) / NAME).write_bytes(b"epoch 1")
    one.share_partial(KEY, NAME)
    two.publish(KEY, {"record.json": b"done"})
    assert not list((tmp_path / "share").rglob(NAME))
    assert not opened(tmp_path, "three").take_partial(KEY, NAME)


def test_a_laptop_with_a_store_behind_its_own_shares_nothing_unfinished(tmp_path: Path) -> None:
    store = opened(tmp_path, "laptop", required=False)
    (store.partial(KEY) / NAME).write_bytes(b"epoch 1")
    assert not store.share_partial(KEY, NAME)
    assert not (tmp_path / "share").exists()


def test_a_store_that_is_away_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "share").write_text("in the way")
    store = opened(tmp_path, "one")
    (store.partial(KEY) / NAME).write_bytes(b"epoch 1")
    with pytest.raises(StoreError, match="can't be used"):
        store.share_partial(KEY, NAME)
