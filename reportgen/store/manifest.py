"""The manifest of a stored result: size and SHA-256 of each file, and of the manifest itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from pydantic_core import CoreSchema, core_schema

from reportgen.decoding import Decoder, UndecodableError
from reportgen.decoding import documents as of
from reportgen.errors import StoreError
from reportgen.store.names import ATTEMPT, KEY, check_file

FORMAT, IN_ATTEMPT = (
    1,
    2,
)  # of a manifest beside its files, and of one whose files stand in an attempt's folder
SIZE = 1 << 20  # bytes of a manifest
MOST = 1_000  # files of a result
LARGEST = 1 << 35  # bytes of a result: the weights of eight billion parameters


class DamagedError(StoreError):
    """Stored bytes are not the ones that were published; they are never shown."""


@dataclass(frozen=True)
class Entry:
    """One file of a result: `sha256` in hex and `size` in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """What a result consists of.

    `attempt` is the folder of its files where several machines publish; empty where they stand beside it.
    """

    key: str
    files: Mapping[str, Entry]
    attempt: str = ""

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(entry.size for entry in self.files.values())

    def to_bytes(self) -> bytes:
        """Return the manifest as JSON that carries its own checksum."""
        files = {name: [entry.sha256, entry.size] for name, entry in sorted(self.files.items())}
        body: dict[str, object] = {"format": FORMAT, "key": self.key, "files": files}
        if self.attempt:
            body |= {"format": IN_ATTEMPT, "attempt": self.attempt}
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
            body = _BODY(data)
        except UndecodableError as error:
            raise DamagedError(f"its manifest can't be read: {error}") from None
        if body.pop("sha256") != _guard(body):
            raise DamagedError("its manifest does not match its checksum")
        if body["format"] != (IN_ATTEMPT if "attempt" in body else FORMAT):
            raise DamagedError(f"it has format {body['format']}, which this version does not read")
        if body["key"] != key:
            raise DamagedError("its manifest belongs to another result")
        files = {name: Entry(*entry) for name, entry in body["files"].items()}
        return cls(key, files, body.get("attempt", ""))


def _schema() -> CoreSchema:
    sha256 = core_schema.str_schema(pattern=f"^{KEY}$")
    size = core_schema.int_schema(ge=0, le=LARGEST)
    name = core_schema.no_info_after_validator_function(check_file, of.text())
    entry = core_schema.tuple_schema([sha256, size])
    files = core_schema.no_info_after_validator_function(
        _bounded, core_schema.dict_schema(name, entry, max_length=MOST)
    )
    attempt = of.optional(core_schema.str_schema(pattern=f"^{ATTEMPT}$"))
    return of.made(
        dict, format=core_schema.int_schema(), key=sha256, files=files, attempt=attempt, sha256=sha256
    )


def _bounded(files: dict[str, tuple[str, int]]) -> dict[str, tuple[str, int]]:
    if sum(size for _, size in files.values()) > LARGEST:
        raise ValueError(f"more than {LARGEST:,} bytes in all")
    return files


_BODY = Decoder[dict[str, Any]](_schema, SIZE)


def sealed(data: bytes, place: str) -> bytes:
    """Return `data` behind a checksum that fits at one place of a store only, such as ``links/ab/abcd…``."""
    return _SEAL + _sum(data, place) + b"\n" + data


def unsealed(data: bytes, place: str) -> bytes:
    """Return what `sealed` was given for this place, or raise `DamagedError`."""
    digest, _, content = data.partition(b"\n")
    # Stores of before this seal have a checksum of the content alone.
    if digest not in (_SEAL + _sum(content, place), sha256(content).hexdigest().encode()):
        raise DamagedError("it does not match its checksum")
    return content


def _sum(data: bytes, place: str) -> bytes:
    digest = sha256(place.encode() + b"\0")
    digest.update(data)
    return digest.hexdigest().encode()


_SEAL = b"2 "


def _dump(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _guard(body: Mapping[str, object]) -> str:
    return sha256(_dump(body)).hexdigest()
