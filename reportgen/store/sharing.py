"""Synchronize a local store with a shared one: send results, links and notes, now or later."""

import logging
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

from reportgen.errors import StoreError
from reportgen.files import disk
from reportgen.store.attempts import Attempts
from reportgen.store.loans import Loans
from reportgen.store.local import Local
from reportgen.store.manifest import DamagedError, Manifest, sealed, unsealed
from reportgen.store.names import PARTIAL, check_key, check_kind, is_key, shelf
from reportgen.store.notes import Notes, place
from reportgen.store.remote import Remote

_log = logging.getLogger(__name__)
_UNSENT, _DAMAGED = "unsent", "damaged-there"
_MARK = place("share", "writable")
_LARGEST = 1 << 36  # bytes of a checkpoint
_TRIES = 3  # to publish where damaged results are in the way


class Sharing:
    """The way from a local store to a remote and back."""

    def __init__(self, local: Local, notes: Notes, remote: Remote) -> None:
        self._local, self._notes, self._remote = local, notes, remote
        self._attempts = Attempts(remote)
        self._loans = Loans(remote, self._attempts)
        self.required, self.name = remote.required, remote.name

    def manifest(self, key: str) -> Manifest | None:
        """Return the manifest of a result that is there and, as far as is known here, sound."""
        found = self._attempts.manifest(key)
        known = self._notes.read(_DAMAGED, key)
        return None if found is None or found.to_bytes() == known else found

    def reach(self) -> None:
        """Write to the remote, so that others can tell it from an empty folder in its place."""
        self.write(_MARK, b"")
        self._remote.expect(_MARK)

    def find(self) -> None:
        """Raise AwayError if nobody's `reach` has written to the remote."""
        if self.read(_MARK) is None:
            raise self._remote.gone()
        self._remote.expect(_MARK)

    def fetch(self, key: str) -> bool:
        """Take a result of the remote over; tell whether it is here now."""
        manifest = self.manifest(key)
        return manifest is not None and self._take(manifest, settle=True)

    def read(self, path: str) -> bytes | None:
        """Return a small sealed file that is there undamaged."""
        found = self._remote.read(path)
        try:
            return None if found is None else unsealed(found, path)
        except StoreError:
            return None

    def write(self, path: str, data: bytes) -> None:
        """Send a small file, sealed."""
        self._remote.write(path, sealed(data, path))

    def remove(self, path: str) -> None:
        """Remove a small file."""
        self._remote.remove(path)

    def names(self, kind: str) -> tuple[str, ...]:
        """Return the names of all records of a kind that are there."""
        return tuple(unquote(name) for name in self._remote.names(f"notes/{check_kind(kind)}") or ())

    def ages(self, paths: Collection[str]) -> dict[str, float]:
        """Return for how many seconds small files have not been written to, see `Remote.ages`."""
        return self._remote.ages(paths)

    def send(self, path: str) -> None:
        """Send the result or link at a path, and what could not be sent before.

        Raises
        ------
        StoreError
            If the remote is required and can't be reached.
        """
        self._notes.write(_UNSENT, path, b"")
        for each in sorted(
            self._notes.names(_UNSENT), key=lambda name: (name.startswith("links"), name != path)
        ):
            if not self._sent(each):
                return
            self._notes.forget(_UNSENT, each)

    def lend(self, key: str) -> None:
        """Note that a result is needed for a while, see `Loans`."""
        self._loans.lend(key)

    def send_partial(self, key: str, name: str, source: Path) -> None:
        """Send a file of an unfinished result in place of the one that was sent before."""
        if source.is_file():
            self._remote.replace(source, _partial(key, name), source.stat().st_size)

    def take_partial(self, key: str, name: str, target: Path) -> bool:
        """Fetch a file of an unfinished result; tell whether it came."""
        staged = disk.unique(target.parent, name)
        try:
            if not self._remote.download(_partial(key, name), staged, _LARGEST):
                return False
            disk.move(staged, target)
        finally:
            disk.remove(staged)
        return True

    def drop_partial(self, key: str) -> None:
        """Remove what there is of an unfinished result."""
        for name in self._remote.names(_partial(key)) or ():
            self._remote.remove(_partial(key, name))
        self._remote.remove_empty(_partial(key))

    def prune(self, age: timedelta, *, dry_run: bool) -> tuple[str, ...]:
        """Remove what was left behind there, see `Attempts.prune`, `Loans.prune` and `_given_up`.

        Raises
        ------
        StoreError
            If the remote can't be reached.
        """
        given_up = self._given_up(age)
        gone = self._attempts.prune(age, dry_run=dry_run) + self._loans.prune(age, dry_run=dry_run)
        gone += tuple(f"{PARTIAL}/{key}" for key in given_up)
        for key in () if dry_run else given_up:
            self.drop_partial(key)
        if self._remote.away:
            raise StoreError(f"the shared store {self._remote.name} could not be pruned completely")
        return gone

    def _given_up(self, age: timedelta) -> list[str]:
        """Return the keys of unfinished results to which nobody has added anything for so long."""
        paths = {
            key: [_partial(key, name) for name in self._remote.names(_partial(key)) or ()]
            for key in self._remote.names(PARTIAL) or ()
            if is_key(key)
        }
        ages = self._remote.ages([path for each in paths.values() for path in each])
        return [
            key
            for key, each in paths.items()
            if each and min(ages.get(path, 0.0) for path in each) > age.total_seconds()
        ]

    def _sent(self, path: str) -> bool:
        key = check_key(path.rpartition("/")[2])
        if path.startswith("links"):
            link = f"links/{shelf(key)}"
            data = self._local.unsealed(self._local.root / link)
            return data is None or self._remote.write(link, sealed(data, link))
        return self._sent_result(key)

    def _sent_result(self, key: str) -> bool:
        """Send a result; where another one was first, that one takes its place here."""
        found = self._local.load(key)
        if found is None:
            return True
        damaged: Manifest | None = None
        for _ in range(_TRIES):
            there = self._attempts.send(found.manifest, found.folder, instead=damaged)
            if there is None or self._remote.away:
                return False
            if self._agrees(there, found.manifest):
                self._notes.forget(_DAMAGED, key)
                return True
            damaged = there
        return False

    def _agrees(self, there: Manifest, here: Manifest) -> bool:
        """Tell whether the remote's result is the one here, taking it over if need be; False if damaged."""
        known = self._notes.read(_DAMAGED, there.key) == there.to_bytes()
        if there.files == here.files and not known:
            return True
        if self._take(there, settle=False):
            _log.info("%s: another machine was first, and its result is kept", here.key[:12])
            return True
        return False

    def _take(self, manifest: Manifest, *, settle: bool) -> bool:
        """Download a result and give it its place: an empty one, or (not `settle`) another result's."""
        with self._local.writing("keep a result of the shared store"):
            stage = self._local.stage()
            try:
                if not self._attempts.fetch(manifest, stage):
                    return False
                for name in manifest.files:
                    disk.sync(stage / name)
                put = self._local.settle if settle else self._local.replace
                put(stage, replace(manifest, attempt=""))
            except DamagedError as error:
                self._attempts.disown(manifest.key, str(error))
                self._notes.write(_DAMAGED, manifest.key, manifest.to_bytes())
                return False
            finally:
                disk.remove(stage)
        return True


def _partial(key: str, *names: str) -> str:
    return "/".join((PARTIAL, check_key(key), *names))
