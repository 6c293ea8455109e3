"""Stops a process, or fails it, at any of the calls by which a store changes the disk.

Run as a program it forks once for every such call of a scenario, kills the child there, and prints how many
points it tried, so that the checks afterwards look at what a real crash left behind.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from reportgen.store import Store

CALLS = ("open", "write", "fsync", "mkdir", "replace", "rename", "unlink", "rmdir")
OLD, NEW = sha256(b"old").hexdigest(), sha256(b"new").hexdigest()
FILES = {"weights.bin": b"w" * 70_000, "record.json": b"{}", "empty": b""}


def publish(store: Store) -> None:
    (store.partial(NEW) / "epoch").write_bytes(b"state")
    store.publish(NEW, FILES)


def record(store: Store) -> None:
    store.link(OLD, NEW)
    store.note("reports", "answers", b"new note")
    store.artifact("figures", OLD, lambda: b"<svg/>")


def prune(store: Store) -> None:
    store.publish(NEW, FILES)
    store.prune({OLD})


SCENARIOS: dict[str, Callable[[Store], None]] = {"publish": publish, "record": record, "prune": prune}


def prepared(root: Path) -> Store:
    """Return a store with a result, a link and a note that must outlive everything."""
    store = Store.open(root, tell=lambda _: None)
    store.publish(OLD, FILES)
    store.link(OLD, OLD)
    store.note("reports", "answers", b"old note")
    return store


@contextmanager
def intercepted(before: Callable[[str, tuple[Any, ...]], None]) -> Iterator[None]:
    """Call `before` with the name and arguments of each call that changes the disk."""
    originals = {name: getattr(os, name) for name in CALLS}

    def wrapped(name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **keywords: Any) -> Any:
            if name != "open" or arguments[1] & os.O_CREAT:
                before(name, arguments)
            return originals[name](*arguments, **keywords)

        return call

    for name in CALLS:
        setattr(os, name, wrapped(name))
    try:
        yield
    finally:
        for name, original in originals.items():
            setattr(os, name, original)


class Crash:
    """Ends the process at the n-th call, a write being cut in half; what was not synced is lost."""

    def __init__(self, at: int, power: bool) -> None:
        self.at, self.power, self.count = at, power, 0
        self.unsynced: set[Path] = set()

    def __call__(self, name: str, arguments: tuple[Any, ...]) -> None:
        self.count += 1
        if self.count == self.at:
            if name == "write":
                os.pwrite(arguments[0], bytes(arguments[1][: len(arguments[1]) // 2]), 0)
            if self.power:
                for path in self.unsynced:
                    if path.is_file():
                        os.truncate(path, path.stat().st_size // 2)
            os._exit(9)
        if name == "write":
            self.unsynced.add(Path(f"/proc/self/fd/{arguments[0]}").readlink())
        elif name == "fsync":
            self.unsynced.discard(Path(f"/proc/self/fd/{arguments[0]}").readlink())


def crash_everywhere(scenario: str, folder: Path, power: bool) -> int:
    """Run a scenario once for each of its calls, crashing there; return how many there are."""
    at = 1
    while True:
        store = prepared(folder / str(at))
        child = os.fork()
        if child == 0:
            with intercepted(Crash(at, power)):
                SCENARIOS[scenario](store)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status) == 0:
            return at - 1
        at += 1


if __name__ == "__main__":
    os.fsync = lambda descriptor: None  # a power cut is simulated
    sys.stdout.write(json.dumps(crash_everywhere(sys.argv[1], Path(sys.argv[2]), sys.argv[3] == "power")))
