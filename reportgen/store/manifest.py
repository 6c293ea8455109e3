"""The manifest of a stored result: the size and SHA-256 of each of its files, and of itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from reportgen.errors import StoreError
from reportgen.store.names import check_file, check_key

FORMAT = 1


class DamagedError(StoreError):
    """Stored bytes are not the ones that were published; they are never shown."""


@dataclass(frozen=True)
class Entry:
    """One file of a result: `sha256` in hex and `size` in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """What a result consists of."""

    key: str
    files: Mapping[str, Entry]

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(entry.size for entry in self.files.values())

    def to_bytes(self) -> bytes:
        """Return the manifest as JSON that carries its own checksum."""
        files = {name: [entry.sha256, entry.size] for name, entry in sorted(self.files.items())}
        body: dict[str, object] = {"format": FORMAT, "key": self.key, "files": files}
        return _dump({**body, "sha256": _guard(body)})

    @classmethod
    def from_bytes(cls, data: bytes, key: str) -> "Manifest":
        """Read the manifest of `key`.

        Raises
        ------
        DamagedError
            If it is cut off, altered, of another key or of a format that this version does not know.
        """
        try:
            body = json.loads(data)
            guard = body.pop("sha256")
            if guard != _guard(body):
                raise DamagedError("its manifest does not match its checksum")
            if body["format"] != FORMAT:
                raise DamagedError(f"it has format {body['format']}, this version reads format {FORMAT}")
            if body["key"] != key:
                raise DamagedError("its manifest is that of another result")
            files = {
                check_file(name): Entry(check_key(digest), int(size))
                for name, (digest, size) in body["files"].items()
            }
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DamagedError("its manifest can't be read") from error
        return cls(key, files)


def sealed(data: bytes) -> bytes:
    """Return `data` behind its own checksum."""
    return sha256(data).hexdigest().encode() + b"\n" + data


def unsealed(data: bytes) -> bytes:
    """Return what `sealed` was given; raise `DamagedError` where one byte differs."""
    digest, _, content = data.partition(b"\n")
    if digest != sha256(content).hexdigest().encode():
        raise DamagedError("it does not match its checksum")
    return content


def _dump(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _guard(body: Mapping[str, object]) -> str:
    return sha256(_dump(body)).hexdigest()
