"""Read untrusted zip archives: declared sizes are bounded, and nothing unpacks to more than it declares."""

import zipfile
import zlib
from collections.abc import Iterator, Mapping

from reportgen.decoding.documents import UndecodableError

MEMBERS = 100_000
RATIO = 250  # times its size that an archive may unpack to; what trainings leave behind shrinks to a quarter
SMALL = 64 << 20  # bytes up to which the ratio does not matter
FAILURES = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, KeyError, OSError)
"""What `zipfile` raises for an archive that is damaged; the errors raised here are among them."""

_CHUNK = 1 << 20


def members(archive: zipfile.ZipFile, most: int) -> Mapping[str, zipfile.ZipInfo]:
    """Return what an archive holds, by name.

    Raises
    ------
    UndecodableError
        If it holds a name twice, too many of them, something encrypted, or declares more than `most` bytes,
        or far more than it can hold.
    """
    items = archive.infolist()
    found = {item.filename: item for item in items}
    if len(items) > MEMBERS:
        raise UndecodableError(f"it contains more than {MEMBERS:,} files")
    if len(found) < len(items):
        raise UndecodableError("it contains a name twice")
    if any(item.flag_bits & 1 for item in items):
        raise UndecodableError("it is encrypted")
    if any(item.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for item in items):
        raise UndecodableError("its compression method is not supported")
    size, packed = (sum(getattr(item, what) for item in items) for what in ("file_size", "compress_size"))
    if size > most:
        raise UndecodableError(f"it unpacks to more than {most:,} bytes")
    if size > SMALL and size > RATIO * packed:
        raise UndecodableError("it unpacks to far more than its compressed size")
    return found


def entry(archive: zipfile.ZipFile, item: zipfile.ZipInfo) -> bytearray:
    """Return the bytes of a member, which are as many as it declares."""
    data, at = bytearray(item.file_size), 0
    for chunk in chunks(archive, item):
        data[at : at + len(chunk)] = chunk
        at += len(chunk)
    return data


def chunks(archive: zipfile.ZipFile, item: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the bytes of a member piece by piece."""
    left = item.file_size
    with archive.open(item) as stream:
        # Asked for piece by piece: read as a whole, a member is unpacked as far as it goes.
        while chunk := stream.read(_CHUNK):
            left -= len(chunk)
            yield chunk
    if left:
        raise UndecodableError(f"{item.filename[:200]} does not have the size that it declares")
