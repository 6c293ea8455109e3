import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from reportgen.errors import StoreError
from reportgen.store import Store
from tests.store.conftest import key

NAMES = [f"model{number}" for number in range(6)]


def start(task: str, root: Path, *names: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.store.contender", task, str(root), *names]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def end(process: subprocess.Popen[str]) -> tuple[list[str], str]:
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out.split(), err


def test_each_result_is_made_once_whatever_runs_beside(tmp_path: Path) -> None:
    root = tmp_path / "store"
    makers = [start("make", root, *NAMES), start("make", root, *reversed(NAMES)), start("make", root, *NAMES)]
    others = [start("read", root, *NAMES), start("prune", root, *NAMES)]
    made = [name for process in makers for name in end(process)[0]]
    for process in others:
        _, err = end(process)
        assert "damaged" not in err
    assert sorted(made) == NAMES
    store = Store.open(root)
    assert {entry.key for entry in store.list()} == {key(name) for name in NAMES}
    assert store.verify().damaged == ()
    assert not list((root / "partial").iterdir())


def test_prune_beside_builds_takes_only_what_is_not_kept(tmp_path: Path) -> None:
    root = tmp_path / "store"
    kept, dropped = NAMES[:3], NAMES[3:]
    processes = [start("make", root, *NAMES), start("prune", root, *kept), start("make", root, *NAMES)]
    for process in processes:
        end(process)
    store = Store.open(root)
    for name in kept:
        assert store.get(key(name)) is not None
    store.prune([key(name) for name in kept])
    assert {entry.key for entry in store.list()} == {key(name) for name in kept}
    assert [store.resolve(key("source " + name)) for name in dropped] == [None] * 3


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path, store: Store, said: list[str]) -> None:
    holder = start("hold", store.root, "a")
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    stop = threading.Event()
    stop.set()
    with pytest.raises(StoreError, match="stopped"), store.lock(key("a"), "somebody trains it", stop):
        pass
    assert said == ["somebody trains it"]
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    with store.lock(key("a"), stop=stop):
        pass


def test_a_lock_is_waited_for_with_one_message(store: Store, said: list[str]) -> None:
    holder = start("hold", store.root, "a")
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    entered = threading.Event()

    def wait() -> None:
        with store.lock(key("a"), "waiting for a"):
            entered.set()

    thread = threading.Thread(target=wait)
    thread.start()
    assert not entered.is_set()
    assert holder.stdin is not None
    holder.stdin.close()
    thread.join(30)
    assert entered.is_set()
    holder.wait(30)
    holder.stdout.close()
    assert holder.stderr is not None
    holder.stderr.close()
    assert said in ([], ["waiting for a"])


def test_other_keys_are_not_locked(store: Store) -> None:
    with store.lock(key("a")), store.lock(key("b")):
        pass


def test_prune_waits_for_a_build(store: Store, said: list[str]) -> None:
    store.publish(key("a"), {"f": b""})
    done = threading.Event()

    def prune() -> None:
        store.prune([])
        done.set()

    with store.in_use():
        thread = threading.Thread(target=prune)
        thread.start()
        thread.join(0.3)
        assert not done.is_set()
        assert store.get(key("a")) is not None
    thread.join(30)
    assert store.get(key("a")) is None
    assert said == ["waiting until no build uses the store"]
