"""Results in a shared store, where several machines may publish one key at once.

Every upload is an attempt in a folder of its own; the manifest names the attempt, is written last, and only
if there is none. So the first whole result stays, and nobody reads the files of one with the manifest of
another. Results of before there were attempts have their files beside the manifest. Nothing that the place
holds is trusted: manifests carry their checksum and files are verified against them.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reportgen.files import disk
from reportgen.store.manifest import DamagedError, Manifest
from reportgen.store.names import MANIFEST, began, is_file, is_key, new_attempt, shelf
from reportgen.store.remote import Remote


class Attempts:
    """The results of a remote."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote
        self._told: set[str] = set()

    def manifest(self, key: str) -> Manifest | None:
        """Return the manifest of a result that is there whole; None also where the remote is away."""
        data = self._remote.read(_place(key, MANIFEST))
        if data is None:
            return None
        try:
            return Manifest.from_bytes(data, key)
        except DamagedError as error:
            self.disown(key, str(error))
            return None

    def fetch(self, manifest: Manifest, folder: Path) -> bool:
        """Download the files of a result into a folder; tell whether all are there, verified.

        Raises
        ------
        DamagedError
            If a file is missing or is not what the manifest says, twice.
        """
        for name, entry in manifest.files.items():
            path, wrong = folder / name, ""
            for _ in range(2):
                if not self._remote.download(_place(manifest.key, manifest.attempt, name), path, entry.size):
                    if self._remote.away:
                        return False
                    raise DamagedError(f"{name} is missing or too large")
                wrong = "" if disk.digest_of(path) == entry.sha256 else f"the bytes of {name} do not match"
                if not wrong:
                    break
                disk.remove(path)
            if wrong:
                raise DamagedError(f"{wrong} their checksum")
        return True

    def send(self, manifest: Manifest, folder: Path, instead: Manifest | None = None) -> Manifest | None:
        """Upload a result unless there is one; return the manifest that is there then.

        Parameters
        ----------
        instead : Manifest, optional
            Of a result whose bytes are damaged, which this one replaces.

        Returns
        -------
        Manifest or None
            None where the remote is away.
        """
        key, there = manifest.key, self.manifest(manifest.key)
        if self._remote.away or (there is not None and there != instead):
            return there
        mine = replace(manifest, attempt=new_attempt())
        for name, entry in mine.files.items():
            if not self._remote.upload(folder / name, _place(key, mine.attempt, name), entry.size):
                return None
        if there is None and not self._remote.create(_place(key, MANIFEST), mine.to_bytes()):
            return None
        found = self.manifest(key)
        if found is None or found == instead:
            if self._remote.away or not self._remote.write(_place(key, MANIFEST), mine.to_bytes()):
                return None
            found = self.manifest(key)
        if found is not None and found.attempt != mine.attempt:
            self._remove(key, mine.attempt, tuple(mine.files))  # nobody has heard of it
        return found

    def hide(self, key: str) -> Manifest | None:
        """Remove a result's manifest and return it: nobody finds the result then, and its files are there."""
        found = self.manifest(key)
        if found is not None:
            self._remote.remove(_place(key, MANIFEST))
        return found

    def show(self, hidden: Manifest) -> None:
        """Put back the manifest of a result that was hidden, unless somebody has published it anew."""
        self._remote.create(_place(hidden.key, MANIFEST), hidden.to_bytes())

    def discard(self, hidden: Manifest) -> bool:
        """Remove the files of a result that was hidden; tell whether nothing is left of them."""
        gone = self._remove(hidden.key, hidden.attempt, tuple(hidden.files))
        self._remote.remove_empty(_place(hidden.key))
        return gone

    def disown(self, key: str, wrong: str) -> None:
        """Tell that a result is damaged; it stays until one that is whole replaces it."""
        sentence = f"result {key[:12]} in {self._remote.name} is damaged and not used: {wrong}"
        if sentence not in self._told:
            self._told.add(sentence)
            self._remote.tell(sentence)

    def prune(self, age: timedelta, *, dry_run: bool) -> tuple[str, ...]:
        """Remove attempts that no manifest names and that began longer ago than `age`; return their paths.

        Only files of results are removed, and only in folders with names of attempts.
        """
        gone = []
        for shelf_ in self._remote.names("results") or ():
            for key in self._remote.names(f"results/{shelf_}") or ():
                if is_key(key) and key.startswith(shelf_):
                    gone += [_place(key, name) for name in self._left(key, age)]
        return tuple(path for path in gone if dry_run or self._removed(path))

    def _left(self, key: str, age: timedelta) -> list[str]:
        """Return the attempts that were left behind; none where the manifest can't be read."""
        names = self._remote.names(_place(key)) or ()
        before = datetime.now(UTC) - age
        old = [name for name in names if (when := began(name)) is not None and when < before]
        if not old:
            return []
        there = self.manifest(key)
        if there is None and (MANIFEST in names or self._remote.away):
            return []
        return [name for name in old if there is None or there.attempt != name]

    def _removed(self, path: str) -> bool:
        _, key, attempt = path.rsplit("/", 2)
        return self._remove(key, attempt, self._remote.names(path) or ())

    def _remove(self, key: str, attempt: str, names: tuple[str, ...]) -> bool:
        """Remove the files of an attempt; tell whether nothing is left of it."""
        ours = [name for name in names if is_file(name)]
        gone = [self._remote.remove(_place(key, attempt, name)) for name in ours]
        self._remote.remove_empty(_place(key, attempt))
        return all(gone) and len(ours) == len(names)


def _place(key: str, *parts: str) -> str:
    return "/".join(("results", shelf(key), *filter(None, parts)))
