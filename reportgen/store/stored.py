"""One published result, read with every byte verified."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from reportgen import files
from reportgen.errors import InputError
from reportgen.files.disk import digest_of
from reportgen.store.manifest import DamagedError, Manifest


class Stored:
    """The files of one result.

    Parameters
    ----------
    folder : Path
    manifest : Manifest
    damaged : callable
        Given the file name and what is wrong with it, sets the result aside and returns the error to raise.
    """

    def __init__(self, folder: Path, manifest: Manifest, damaged: Callable[[str, str], DamagedError]) -> None:
        self.key = manifest.key
        self.manifest = manifest
        self.folder = folder
        self._damaged = damaged
        self._verified: set[str] = set()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the files, sorted."""
        return tuple(sorted(self.manifest.files))

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return self.manifest.size

    def read(self, name: str) -> bytes:
        """Return the bytes of a file, verified.

        Raises
        ------
        KeyError
            If the result has no such file.
        DamagedError
            If the bytes are not those that were published; the result is then in quarantine.
        """
        expected = self.manifest.files[name]
        try:
            data = files.read(self.folder / name, expected.size)
        except InputError as error:
            raise self._damaged(name, error.problems[0].message) from error
        if sha256(data).hexdigest() != expected.sha256:
            raise self._damaged(name, "its bytes do not match their checksum")
        return data

    def path(self, name: str) -> Path:
        """Return the path of a file, its bytes verified by this value; errors are those of `read`."""
        expected, path = self.manifest.files[name], self.folder / name
        if name not in self._verified:
            if digest_of(path) != expected.sha256:
                raise self._damaged(name, "its bytes do not match their checksum")
            self._verified.add(name)
        return path
