"""One of several processes on one store: makes results that are missing, and says what it made."""

import os
import sys
from pathlib import Path

from reportgen.store import Store
from tests.store.conftest import key


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def make_all(store: Store, names: list[str]) -> None:
    """Publish each result unless another process has done so, as an executor does."""
    for name in names:
        with store.lock(key(name)), store.in_use():
            if store.get(key(name)) is None:
                say(name)
                (store.partial(key(name)) / "epoch").write_bytes(b"1")
                store.publish(
                    key(name), {"weights.bin": name.encode() * 10_000, "by": str(os.getpid()).encode()}
                )
                store.link(key("source " + name), key(name))


def main(task: str, root: str, *names: str) -> None:
    """Run a task of this name on the store in `root`."""
    store = Store.open(Path(root))
    if task == "make":
        make_all(store, list(names))
    elif task == "read":
        for _ in range(30):
            for name in names:
                stored = store.get(key(name))
                if stored is not None:
                    assert stored.read("weights.bin") == name.encode() * 10_000
    elif task == "prune":
        for _ in range(15):
            store.prune([key(name) for name in names])
    elif task == "hold":
        with store.lock(key(names[0])):
            say("held")
            sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
