"""Small records of a store, by kind and name."""

from pathlib import Path
from urllib.parse import unquote

from reportgen.files import disk
from reportgen.store.local import Local
from reportgen.store.names import check_kind, escaped


class Notes:
    """The notes in a local folder; nothing is kept where it is read-only."""

    def __init__(self, local: Local) -> None:
        self._local = local

    def write(self, kind: str, name: str, data: bytes) -> None:
        """Keep a record, replacing the one of that kind and name."""
        if not self._local.read_only:
            self._local.seal(self._path(kind, name), data)

    def read(self, kind: str, name: str) -> bytes | None:
        """Return a record, or None."""
        return self._local.unsealed(self._path(kind, name))

    def names(self, kind: str) -> tuple[str, ...]:
        """Return the names of all records of a kind, sorted."""
        folder = self._local.root / "notes" / check_kind(kind)
        return tuple(sorted(unquote(path.name) for path in folder.iterdir())) if folder.is_dir() else ()

    def forget(self, kind: str, name: str) -> None:
        """Remove a record."""
        if not self._local.read_only:
            disk.remove(self._path(kind, name))

    def _path(self, kind: str, name: str) -> Path:
        return self._local.root / place(kind, name)


def place(kind: str, name: str) -> str:
    """Return where a record stands in a store."""
    return f"notes/{check_kind(kind)}/{escaped(name)}"
