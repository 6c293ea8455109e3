"""The store: results by key, published atomically, verified when read, shared between machines."""

import contextlib
import logging
import sys
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path

from reportgen.errors import Problem, StoreError, printable, shown
from reportgen.files import disk
from reportgen.files.lock import locked
from reportgen.store import upkeep
from reportgen.store.local import Local, Tell
from reportgen.store.manifest import Entry, Manifest
from reportgen.store.names import PARTIAL, check_file, check_key, check_kind, shelf
from reportgen.store.notes import Notes, place
from reportgen.store.remote import Remote
from reportgen.store.sharing import Sharing
from reportgen.store.stored import Stored

_log = logging.getLogger(__name__)


class Store:
    """Content-addressed folders of named files, links between keys, and small notes.

    It knows nothing of what is in the files. Use `Store.open`.

    Attributes
    ----------
    root : Path
    read_only : bool
        Nothing is written: `publish`, `partial` and `lock` raise, `link`, `note` and `artifact` keep nothing.
    url : str
        Of the remote; empty where there is none.
    required : bool
        Whether results have to reach the remote.
    """

    def __init__(self, local: Local, remote: Remote | None = None) -> None:
        self._local, self._notes = local, Notes(local)
        # What is only read from takes nothing over either.
        self._sharing = Sharing(local, self._notes, remote) if remote and not local.read_only else None
        self.root, self.read_only = local.root, local.read_only
        self.url = remote.url if remote else ""
        self.required = remote is not None and remote.required
        self._tell = local.tell

    @classmethod
    def open(
        cls,
        root: Path,
        remote: str | None = None,
        read_only: bool = False,
        tell: Tell | None = None,
        *,
        required: bool = False,
    ) -> "Store":
        """Open the store in a folder, which is created when something is first written.

        Parameters
        ----------
        root : Path
        remote : str, optional
            A URL of fsspec (``s3://bucket/path``) behind the local folder: what is missing here is looked for
            there, what is published here is sent there. Where it fails, the store goes on without it.
        read_only : bool
            Also true by itself where the folder can't be written to.
        tell : callable, optional
            Takes a sentence for the user (damage found, waiting for a lock); default: a line on stderr.
        required : bool
            Whether results have to reach the remote, as where the local folder goes away with its machine:
            then whatever fails there is an error, after it was tried again.

        Raises
        ------
        StoreError
            If `root` is no folder, or one of other things, or `remote` names no protocol that can be spoken.
        """
        if root.exists() and not root.is_dir():
            problem = Problem(shown(root), 0, "the store is not a folder", "name another with --store")
            raise StoreError(problem)
        tell = tell or _to_stderr
        shared = Remote(remote, tell, required=required) if remote else None
        return cls(Local(root, tell, read_only=read_only), shared)

    # results

    def publish(self, key: str, files: Mapping[str, bytes | Path]) -> None:
        """Store files under a key, whole or not at all; what is there already, undamaged, stays.

        That holds for the remote as well: where another machine was first, its result is the one here, too.

        Raises
        ------
        StoreError
            If the disk is full, read-only or broken; nothing is left behind.
        AwayError
            If it does not reach a remote that is required, which may come back; then it is here.
        """
        names = sorted(map(check_file, files))
        with self._local.writing("publish a result"), self.in_use():
            if self._local.load(check_key(key)) is None:
                stage = self._local.stage()
                try:
                    entries = {name: Entry(*disk.write(stage / name, files[name])) for name in names}
                    self._local.settle(stage, Manifest(key, entries))
                finally:
                    disk.remove(stage)
            disk.remove(self._partial(key))
        _log.info("published %s in %s", key[:12], self.root)
        self._send(f"results/{shelf(key)}")
        if self._sharing is not None and self._sharing.required:
            self._sharing.drop_partial(key)

    def lend(self, key: str, files: Mapping[str, bytes | Path]) -> None:
        """Publish files that are needed for a while: `prune_shared` removes them when nobody lends them."""
        if self._sharing is not None:
            self._sharing.lend(check_key(key))
        self.publish(key, files)

    def reach(self) -> None:
        """Raise StoreError if there is a remote that is required and it can't be written to."""
        if self._sharing is not None and self._sharing.required:
            self._sharing.reach()

    def find(self) -> None:
        """Raise AwayError if there is a remote that is required and nobody's `reach` has written to it.

        A share that is not mounted on this machine would be an empty one otherwise.
        """
        if self._sharing is not None and self._sharing.required:
            self._sharing.find()

    def get(self, key: str) -> Stored | None:
        """Return the result of a key, or None.

        Its manifest is verified and the files' sizes compared; their bytes are verified when they are read.
        A result that fails is set aside, reported, and counts as missing.
        """
        found = self._local.load(check_key(key))
        if found is None and self._sharing is not None:
            with self.in_use():
                if self._sharing.fetch(key):
                    _log.info("fetched %s from the shared store", key[:12])
                    found = self._local.load(key)
        return found

    def __contains__(self, key: str) -> bool:
        """Tell whether the result of a key can be had, here or from the remote."""
        if self._local.load(check_key(key)) is not None:
            return True
        return self._sharing is not None and self._sharing.manifest(key) is not None

    # links and notes

    def link(self, source_key: str, key: str) -> None:
        """Let `source_key` lead to the result `key`; an earlier link is replaced."""
        path = f"links/{shelf(source_key)}"
        data = check_key(key).encode()
        if not self.read_only and self._local.unsealed(self.root / path) != data:
            self._local.seal(self.root / path, data)
            self._send(path)

    def resolve(self, source_key: str) -> str | None:
        """Return the key that a link leads to, whether or not its result is there."""
        path = f"links/{shelf(source_key)}"
        data = self._local.unsealed(self.root / path)
        if data is None and self._sharing is not None and (data := self._sharing.read(path)) is not None:
            try:
                check_key(data.decode())
            except ValueError:
                return None
            self._local.seal(self.root / path, data)
        return check_key(data.decode()) if data else None

    def note(self, kind: str, name: str, data: bytes, *, shared: bool = False) -> None:
        """Keep a small record, replacing the one of that kind and name; `shared`: also for other machines."""
        self._notes.write(kind, name, data)
        if shared and self._sharing is not None:
            self._sharing.write(place(kind, name), data)

    def noted(self, kind: str, name: str, *, shared: bool = False) -> bytes | None:
        """Return a record, or None; `shared`: also one that another machine has kept for all."""
        found = self._notes.read(kind, name)
        if found is None and shared and self._sharing is not None:
            found = self._sharing.read(place(kind, name))
        return found

    def copies(self, kind: str, name: str) -> tuple[bytes | None, bytes | None]:
        """Return the record that is here and the one that another machine has kept for all."""
        there = self._sharing.read(place(kind, name)) if self._sharing is not None else None
        return self._notes.read(kind, name), there

    def ages(self, kind: str, names: Collection[str]) -> dict[str, float]:
        """Return how many seconds old the records for all machines are, by name, where that can be told."""
        if self._sharing is None:
            return {}
        found = self._sharing.ages([place(kind, name) for name in names])
        return {name: found[path] for name in names if (path := place(kind, name)) in found}

    def notes(self, kind: str, *, shared: bool = False) -> tuple[str, ...]:
        """Return the names of all records of a kind that are here, sorted; `shared`: and of all machines."""
        names = self._notes.names(kind)
        if shared and self._sharing is not None:
            names = tuple(sorted({*names, *self._sharing.names(kind)}))
        return names

    def forget(self, kind: str, name: str, *, shared: bool = False) -> None:
        """Remove a record; `shared`: that of all machines, too."""
        self._notes.forget(kind, name)
        if shared and self._sharing is not None:
            self._sharing.remove(place(kind, name))

    def artifact(self, kind: str, key: str, make: Callable[[], bytes]) -> bytes:
        """Return what `make` gives for `key`, from the cache where it is there undamaged."""
        path = self.root / "artifacts" / check_kind(kind) / shelf(key)
        data = self._local.unsealed(path)
        if data is None:
            data = make()
            if not self.read_only:
                self._local.seal(path, data, durable=False)
        return data

    # several at once

    def lock(
        self, key: str, waiting: str = "", stop: threading.Event | None = None
    ) -> AbstractContextManager[None]:
        """Hold a key alone, for training it; look with `get` again once it is held.

        The lock of a process that died is free. Hold one key at a time, and nothing can deadlock.

        Parameters
        ----------
        waiting : str
            What to tell where another process has the key.
        stop : threading.Event, optional
            Ends the waiting, with a StoreError, when it is set.
        """
        if self.read_only:
            raise self._local.refused("lock a result")
        message = waiting or f"waiting for another process that is making result {key[:12]}"
        self._local.claim("lock a result")
        path = self.root / "locks" / check_key(key)
        return locked(path, waiting=lambda: self._tell(message), stop=stop, refused=self._local.unlockable)

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Keep `prune` away for as long as this lasts; a build holds it from plan to page."""
        if self.read_only:
            yield
            return
        self._local.claim("use the store")
        path, message = self.root / "locks" / "store", "waiting until the store has been pruned"
        with locked(path, shared=True, waiting=lambda: self._tell(message), refused=self._local.unlockable):
            yield

    def partial(self, key: str) -> Path:
        """Return the folder for what is unfinished of a key; `publish` removes it."""
        with self._local.writing("keep a checkpoint"):
            disk.make_folder(self._partial(key))
        return self._partial(key)

    def share_partial(self, key: str, name: str) -> bool:
        """Send one file of what is unfinished to a remote that is required; tell whether there is one.

        A later training of the key goes on from there; `publish` removes it.

        Raises
        ------
        StoreError
            If it can't be reached.
        """
        if self._sharing is None or not self._sharing.required:
            return False
        self._sharing.send_partial(key, name, self._partial(key) / name)
        return True

    def take_partial(self, key: str, name: str) -> bool:
        """Fetch a file that `share_partial` has sent unless there is one here; tell whether it came.

        Nothing is verified: the reader must be able to check that it is whole.
        """
        if self._sharing is None or not self._sharing.required or (self.partial(key) / name).exists():
            return False
        return self._sharing.take_partial(key, name, self._partial(key) / name)

    # housekeeping

    def list(self) -> tuple[upkeep.Listed, ...]:
        """Return every result with its size and age, the newest first."""
        return upkeep.listed(self._local)

    def verify(self) -> upkeep.Verified:
        """Read every byte of every result; set aside and name what is damaged."""
        return upkeep.verify(self._local)

    def prune(
        self, keep: Collection[str] | Callable[[], Collection[str]], dry_run: bool = False
    ) -> upkeep.Pruned:
        """Remove results and artifacts whose keys are not in `keep`, and what nobody needs any more.

        Waits until no build uses the store. The remote is left as it is.

        Parameters
        ----------
        keep : collection of str or callable
            A callable is asked when no build uses the store any more, so that what the last one made counts.
        """
        if self.read_only:
            raise self._local.refused("prune")
        return upkeep.prune(self._local, keep if callable(keep) else lambda: keep, dry_run=dry_run)

    def prune_shared(self, age: timedelta, dry_run: bool = False) -> tuple[str, ...]:
        """Remove from the remote what publishers that were cut off have left there; return the paths.

        That is files of attempts which began longer ago than `age` and which no manifest names, results that
        were lent (see `lend`), the last time longer ago than that, and what is unfinished for so long.

        Raises
        ------
        StoreError
            If there is no remote, or it can't be reached.
        """
        if self._sharing is None:
            raise StoreError(Problem("", 0, "there is no shared store here", "name its URL with --store"))
        return self._sharing.prune(age, dry_run=dry_run)

    def export(self, path: Path, keys: Iterable[str]) -> upkeep.Moved:
        """Write results, verified, and the links to them into one archive file."""
        from reportgen.store import archive

        return archive.export(
            self._local, path, [found for key in keys if (found := self.get(key)) is not None]
        )

    def import_(self, path: Path) -> upkeep.Moved:
        """Take over the results of an archive, each verified; what is here already stays."""
        from reportgen.store import archive

        return archive.import_(self, path)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Give an empty folder on the store's own disk, for files on their way into it."""
        with self._local.writing("take results over"):
            folder = self._local.stage()
        try:
            yield folder
        finally:
            disk.remove(folder)

    # inside

    def _partial(self, key: str) -> Path:
        return self.root / PARTIAL / check_key(key)

    def _send(self, path: str) -> None:
        if self._sharing is not None:
            self._sharing.send(path)


def _to_stderr(message: str) -> None:
    with contextlib.suppress(OSError, ValueError, AttributeError):  # the reader may be gone
        sys.stderr.write(f"reportgen: {printable(message)}\n")
