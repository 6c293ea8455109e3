"""Publish what was trained where the shared store may be away: the result outlives its task on this machine.

It is kept in a folder of the user's before the store is waited for. What is still there when a later task
begins on this machine is sent then.
"""

import contextlib
import threading
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from platformdirs import user_state_path

from reportgen.errors import AwayError, Problem, StoreError
from reportgen.executors.process import Observer
from reportgen.store import Store, Stored

WAIT = 600.0  # seconds for a shared store to come back
_FIRST, _LONGEST = 1.0, 30.0  # seconds between two tries, at the beginning and at most


def publish(
    store: Store, key: str, files: Mapping[str, Path], observe: Observer, stop: threading.Event, *, keep: bool
) -> None:
    """Publish a result; wait for a shared store that is away.

    Parameters
    ----------
    stop : threading.Event
        Ends the waiting when it is set.
    keep : bool
        Whether the store's own folder goes away with the task, so that the result is kept elsewhere.

    Raises
    ------
    StoreError
        If it does not get there; it says where the result is then.
    """
    try:
        return store.publish(key, files)
    except StoreError as error:
        found = Store.open(store.root).get(key)
        if found is None:  # what failed is the disk of this machine
            raise
        kept = folder_of(store.url) if keep else store.root
        where = _kept(found, kept) if keep else f"its result is in {kept}"
        said = f"{error.problems[0].message}; the training is finished, and {where}"
        if isinstance(error, AwayError):
            note = f"warning: {said}; waiting for the store, for {WAIT / 60:.0f} min at most"
            observe({"event": "progress", "phase": "waiting for the store", "note": note})
            if _published(store, key, files, stop):
                _forget(store.url, {key})
                return None
        raise StoreError(Problem("", 0, said, "the next training on this machine sends it")) from None


def send(store: Store) -> None:
    """Publish what earlier tasks on this machine have kept for a shared store.

    Raises
    ------
    AwayError
        If it can't be reached.
    """
    if not folder_of(store.url).is_dir():
        return
    kept, sent = Store.open(folder_of(store.url)), set()
    for found in filter(None, [kept.get(each.key) for each in kept.list()]):
        try:
            store.publish(found.key, _files(found))
        except AwayError:
            raise
        except StoreError:
            continue  # it has been damaged meanwhile, or there is no room for it here
        sent.add(found.key)
    _forget(store.url, sent)


def folder_of(url: str) -> Path:
    """Return where this machine keeps results for a shared store."""
    return user_state_path("reportgen") / "unsent" / sha256(url.encode()).hexdigest()[:16]


def _kept(found: Stored, folder: Path) -> str:
    """Keep a result in a folder, and return a clause that says so."""
    try:
        Store.open(folder).publish(found.key, _files(found))
    except (StoreError, OSError) as error:
        return f"its result can't be kept on this machine: {error}"
    return f"its result is kept in {folder}"


def _files(found: Stored) -> dict[str, Path]:
    """Return the files of a result, verified."""
    return {name: found.path(name) for name in found.names}


def _published(store: Store, key: str, files: Mapping[str, Path], stop: threading.Event) -> bool:
    """Try to publish a result again and again; tell whether it got there."""
    until, pause = time.monotonic() + WAIT, _FIRST
    while (left := until - time.monotonic()) > 0 and not stop.wait(min(pause, left)):
        with contextlib.suppress(StoreError):
            store.publish(key, files)
            return True
        pause = min(2 * pause, _LONGEST)
    return False


def _forget(url: str, sent: set[str]) -> None:
    """Remove results that have got there; others may be kept at the same time."""
    if sent and folder_of(url).is_dir():
        kept = Store.open(folder_of(url))
        kept.prune(lambda: {each.key for each in kept.list()} - sent)
