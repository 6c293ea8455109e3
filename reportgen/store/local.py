"""The local folder of a store: its layout, and how damage is handled."""

import contextlib
import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from reportgen import files
from reportgen.errors import InputError, Problem, StoreError, shown
from reportgen.files import disk
from reportgen.files.lock import locked
from reportgen.store.manifest import SIZE, DamagedError, Manifest, sealed, unsealed
from reportgen.store.names import MANIFEST, is_key, shelf
from reportgen.store.stored import Stored

MARK = "reportgen-store"
_ABOUT = """This folder is a store of reportgen: results of trainings, by their keys.
`reportgen store` looks after it; `reportgen store prune` empties folders in it.
"""
_FOLDERS = {"results", "links", "notes", "artifacts", "partial", "locks", "tmp", "quarantine"}
Tell = Callable[[str], None]


class Local:
    """A folder with results, links, notes, artifacts, checkpoints and locks.

    ::

        results/ab/<key>/   manifest.json and the files of a result
        links/ab/<key>      the key of a result, behind its checksum
        notes/<kind>/<name>, artifacts/<kind>/ab/<key>   bytes behind their checksum
        partial/<key>/      checkpoints of what is not finished
        locks/, tmp/, quarantine/
        reportgen-store     says that the folder is a store, and that the others may be emptied
    """

    def __init__(self, root: Path, tell: Tell, *, read_only: bool) -> None:
        refuse_other_folders(root)
        self.root, self.tell = root, tell
        self._marked = (root / MARK).is_file()
        self.read_only = read_only or not _writable(root)

    def folder(self, key: str) -> Path:
        """Return where the result of a key stands or would stand."""
        return self.root / "results" / shelf(key)

    def load(self, key: str) -> Stored | None:
        """Return a result whose manifest and file sizes are right; set aside what is not."""
        try:
            return self._check(key)
        except DamagedError:
            self._quarantine(key, lambda: self._check(key))
            return None

    def stage(self) -> Path:
        """Return a new empty folder in which a result is put together."""
        disk.make_folder(self.root / "tmp")
        folder = disk.unique(self.root / "tmp", "stage")
        os.mkdir(folder)  # noqa: PTH102
        return folder

    def settle(self, stage: Path, manifest: Manifest) -> None:
        """Give a folder that holds a whole result its name, unless a sound result has it already."""
        disk.write(stage / MANIFEST, manifest.to_bytes())
        disk.sync(stage)
        for _ in range(3):
            try:
                return disk.move(stage, self.folder(manifest.key))
            except OSError as error:
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                    raise
            if self.load(manifest.key) is not None:
                return None
        raise StoreError(f"result {manifest.key[:12]} can't be published: something damaged is in the way")

    def replace(self, stage: Path, manifest: Manifest) -> None:
        """Give a folder that holds a whole result its name, in place of the result that has it."""
        if self.folder(manifest.key).is_dir():
            aside = disk.unique(self.root / "tmp", manifest.key)
            disk.move(self.folder(manifest.key), aside)
            disk.remove(aside)
        self.settle(stage, manifest)

    def unsealed(self, path: Path) -> bytes | None:
        """Return the content of a small record; one that does not match its checksum is not used."""
        if not os.path.lexists(path):
            return None
        try:
            return unsealed(files.read(path), self._place(path))
        except (DamagedError, InputError):
            self.tell(f"{shown(path)} is damaged and not used")
            return None

    def seal(self, path: Path, data: bytes, *, durable: bool = True) -> None:
        """Write a small record in one step."""
        with self.writing("write a record"):
            disk.put(path, sealed(data, self._place(path)), self.root / "tmp", durable=durable)

    @contextmanager
    def writing(self, what: str) -> Iterator[None]:
        """Turn an error of the disk into one that says what to do."""
        if self.read_only:
            raise self.refused(what)
        try:
            self._mark()
            yield
        except OSError as error:
            if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
                raise self.refused(what) from error
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            remedy = "free space, or run 'reportgen store prune'" if full else "name another with --store"
            message = f"can't {what}: {os.strerror(error.errno or 0)}"
            raise StoreError(Problem(shown(self.root), 0, message, remedy)) from error

    def unlockable(self, error: OSError) -> StoreError:
        """Return the error for a lock that can't be made."""
        message = f"can't be locked: {os.strerror(error.errno or 0)}"
        remedy = "free space, or name another store with --store"
        return StoreError(Problem(shown(self.root), 0, message, remedy))

    def refused(self, what: str) -> StoreError:
        """Return the error for a store that can't be written to."""
        message = f"can't {what}: the store is read-only"
        return StoreError(Problem(shown(self.root), 0, message, "name another with --store"))

    def claim(self, what: str) -> None:
        """Make the folder if it is not there, and mark it as a store; `what` is what for."""
        with self.writing(what):
            pass

    def _mark(self) -> None:
        """Mark the folder before anything else is put into it."""
        if self._marked:
            return
        disk.make_folder(self.root)
        for name, content in ((MARK, _ABOUT), (".gitignore", "*\n")):
            with contextlib.suppress(FileExistsError):
                disk.write(self.root / name, content.encode())
        disk.sync(self.root)
        self._marked = True

    def _place(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def _check(self, key: str, name: str = "") -> Stored | None:
        """Return a result, with the bytes of file `name` verified too; None where there is none.

        Raises
        ------
        DamagedError
            If the manifest, the size of a file, or the bytes of that file are not as published.
        """
        folder = self.folder(key)
        if not folder.is_dir():
            return None
        try:
            manifest = Manifest.from_bytes(files.read(folder / MANIFEST, SIZE), key)
            for each, entry in manifest.files.items():
                if os.stat(folder / each).st_size != entry.size:  # noqa: PTH116 - a thousand of them in a status
                    raise DamagedError(f"{each} does not have the size that was published")
        except OSError as error:
            raise DamagedError(os.strerror(error.errno or 0)) from error
        except InputError as error:
            raise DamagedError(f"{MANIFEST} {error.problems[0].message}") from None
        expected = manifest.files.get(name)
        if expected is not None and disk.digest_of(folder / name) != expected.sha256:
            raise DamagedError(f"the bytes of {name} do not match their checksum")
        return Stored(folder, manifest, lambda each, wrong: self._damaged(key, each, wrong))

    def _damaged(self, key: str, name: str, wrong: str) -> DamagedError:
        self._quarantine(key, lambda: self._check(key, name))
        message = f"stored result {key[:12]} is damaged ({name}: {wrong})"
        return DamagedError(Problem(shown(self.folder(key)), 0, message, "build again to recreate it"))

    def _quarantine(self, key: str, check: Callable[[], object]) -> None:
        """Set a result aside, unless another process has done so and put a sound one in its place."""
        if self.read_only:
            self.tell(
                f"stored result {key[:12]} is damaged and not used; the store is read-only, so it stays"
            )
            return
        aside = disk.unique(self.root / "quarantine", key)
        try:
            with locked(self.root / "locks" / "quarantine", refused=self.unlockable):
                try:
                    check()
                except DamagedError as error:
                    disk.move(self.folder(key), aside)
                    self.tell(f"stored result {key[:12]} is damaged ({error}); set aside in {shown(aside)}")
        except (OSError, StoreError) as error:
            self.tell(f"stored result {key[:12]} is damaged and can't be set aside: {error}")


def refuse_other_folders(root: Path) -> None:
    """Raise unless a folder is a store, empty, or not there yet: other folders may hold a user's files.

    Raises
    ------
    StoreError
        Names what is in it.
    """
    try:
        marked = (root / MARK).exists() and not (root / MARK).is_symlink()
        names = [] if marked else sorted(path.name for path in root.iterdir())
    except FileNotFoundError:
        return
    except OSError as error:
        message = f"the store can't be read: {os.strerror(error.errno or 0)}"
        raise StoreError(Problem(shown(root), 0, message, "name another with --store")) from None
    if names and not _of_before(root, names):
        message = f"is not a store but a folder with other contents: {', '.join(names[:3])}"
        remedy = "choose a new or an empty folder with --store"
        raise StoreError(Problem(shown(root), 0, message + " …" * (len(names) > 3), remedy))


def _of_before(root: Path, names: list[str]) -> bool:
    """Tell whether a folder is a store that was made before there was a mark."""
    if not _FOLDERS.issuperset(names):
        return False
    lock = root / "locks" / "store"
    return (lock.is_file() and lock.stat().st_size == 0) or any(
        is_key(path.parent.name) and path.parent.name.startswith(path.parent.parent.name)
        for path in root.glob(f"results/??/*/{MANIFEST}")
    )


def _writable(root: Path) -> bool:
    nearest = root
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    return os.access(nearest, os.W_OK | os.X_OK)
