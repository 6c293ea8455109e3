"""What one user writes to a shared folder is as open to others as the folder itself."""

import errno
import os
import stat
from pathlib import Path

import pytest

from reportgen.errors import StoreError
from reportgen.store import Store, remote
from reportgen.store.file_system import FileSystem
from tests.store.conftest import key


def test_a_group_s_folder_stays_the_group_s_whatever_the_umask(tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    share.chmod(0o3770)
    earlier = os.umask(0o077)
    try:
        store = Store.open(tmp_path / "laptop", share.as_uri(), required=True)
        store.reach()
        store.lend(key("file"), {"attachment": b"1,2"})
        store.publish(key("a"), {"record.json": b"{}"})
        store.link(key("source"), key("a"))
        store.note("running", key("b"), b"epoch 1", shared=True)
        (store.partial(key("b")) / "checkpoint").write_bytes(b"epoch 1")
        store.share_partial(key("b"), "checkpoint")
    finally:
        os.umask(earlier)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in share.rglob("*")}
    assert {path.parts[len(share.parts)] for path in modes} == {"results", "links", "notes", "partial"}
    assert {
        path: oct(mode) for path, mode in modes.items() if mode != (0o2770 if path.is_dir() else 0o660)
    } == {}


def test_a_folder_of_one_s_own_stays_one_s_own(tmp_path: Path) -> None:
    share = tmp_path / "share"
    earlier = os.umask(0o077)
    try:
        Store.open(tmp_path / "laptop", share.as_uri()).publish(key("a"), {"record.json": b"{}"})
    finally:
        os.umask(earlier)
    assert all(path.stat().st_mode & 0o077 == 0 for path in (share, *share.rglob("*")))


@pytest.mark.parametrize(
    "error", [PermissionError(errno.EACCES, "denied"), OSError(errno.EROFS, "read-only")]
)
def test_who_may_not_write_is_told_before_anything_trains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(remote, "RETRIES", ())
    monkeypatch.setattr(FileSystem, "write", refuse)
    store = Store.open(tmp_path / "laptop", (tmp_path / "share").as_uri(), required=True)
    with pytest.raises(StoreError, match=r"can't be used: .*must be allowed to write to it: ask its owner"):
        store.reach()
