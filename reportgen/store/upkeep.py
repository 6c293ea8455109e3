"""Housekeeping: list, verify and prune what is stored."""

import contextlib
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from reportgen.files import disk
from reportgen.files.lock import locked
from reportgen.store.local import Local
from reportgen.store.manifest import DamagedError
from reportgen.store.names import MANIFEST, is_key


@dataclass(frozen=True)
class Listed:
    """One stored result: its files, `size` in bytes and `age` in seconds."""

    key: str
    names: tuple[str, ...]
    size: int
    age: float


@dataclass(frozen=True)
class Verified:
    """How many results were read whole, and the keys of those that were damaged."""

    results: int
    size: int
    damaged: tuple[str, ...]


@dataclass(frozen=True)
class Pruned:
    """What was removed (or would be): results by key, other things by path, and the bytes freed."""

    keys: tuple[str, ...]
    others: tuple[str, ...]
    size: int


@dataclass(frozen=True)
class Moved:
    """The keys that were written or taken over, and the bytes of their files."""

    keys: tuple[str, ...]
    size: int


def keys(local: Local) -> list[str]:
    """Return the keys of all results, sorted."""
    return sorted(path.name for path in entries(local.root / "results") if is_key(path.name))


def listed(local: Local) -> tuple[Listed, ...]:
    """Return every sound result, the newest first."""
    found = []
    now = time.time()
    for key in keys(local):
        stored = local.load(key)
        if stored is not None:
            age = max(0.0, now - (stored.folder / MANIFEST).stat().st_mtime)
            found.append(Listed(key, stored.names, stored.size, age))
    return tuple(sorted(found, key=lambda each: (each.age, each.key)))


def verify(local: Local) -> Verified:
    """Read every byte of every result."""
    damaged, count, size = [], 0, 0
    for key in keys(local):
        count += 1
        stored = local.load(key)
        if stored is None:
            damaged.append(key)
            continue
        try:
            for name in stored.names:
                stored.path(name)
            size += stored.size
        except DamagedError:
            damaged.append(key)
    return Verified(count, size, tuple(damaged))


def prune(local: Local, needed: Callable[[], Collection[str]], *, dry_run: bool) -> Pruned:
    """Remove what is not needed, alone on the store; what is needed is asked once it is alone."""
    message = "waiting until no build uses the store"
    with (
        local.writing("prune"),
        locked(
            local.root / "locks" / "store",
            waiting=lambda: local.tell(message),
            refused=local.unlockable,
        ),
    ):
        keep = frozenset(needed())
        folders = (local.folder(key) for key in keys(local) if key not in keep)
        results = [folder for folder in folders if _is_inside(local, folder)]
        gone = {path.name for path in results}
        others = [
            *(path for path in entries(local.root / "artifacts", 3) if path.name not in keep),
            *(path for path in entries(local.root / "links", 2) if leads_to(local, path) in {*gone, ""}),
            *(path for path in entries(local.root / "partial", 1) if path.name not in keep),
            *(path for name in ("tmp", "quarantine") for path in entries(local.root / name, 1)),
        ]
        others = [path for path in others if _is_inside(local, path)]
        size = sum(map(disk.size_of, (*results, *others)))
        for path in () if dry_run else results:
            aside = disk.unique(local.root / "tmp", path.name)
            disk.move(path, aside)  # gone in one step, then removed file by file
            disk.remove(aside)
        for path in () if dry_run else others:
            disk.remove(path)
    names = tuple(sorted(path.relative_to(local.root).as_posix() for path in others))
    return Pruned(tuple(sorted(gone)), names, size)


def _is_inside(local: Local, path: Path) -> bool:
    """Tell whether a path really stands in the store: its folders may be links to somewhere else."""
    return path.parent.resolve().is_relative_to(local.root.resolve())


def leads_to(local: Local, link: Path) -> str:
    """Return the key in a link file; empty where it is damaged."""
    data = local.unsealed(link)
    return data.decode() if data else ""


def entries(folder: Path, depth: int = 2) -> Iterator[Path]:
    """Yield what stands `depth` levels below a folder, sorted."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        for path in sorted(folder.iterdir()):
            if depth == 1:
                yield path
            else:
                yield from entries(path, depth - 1)
