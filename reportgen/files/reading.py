"""Read untrusted files: regular ones of bounded size, and nothing else.

A pipe would be waited for, a device has no end, links may lead in a circle, and a file of gigabytes fills the
memory. Each of them is an error that names the file.
"""

import codecs
import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from reportgen.errors import InputError, Problem, shown

TEXT = 1_000_000
"""Bytes of a text that people write: an answer, report.toml, a module, a template."""
DATA = 1 << 30
"""Bytes of any other file: data that the authors' code opens, a finished report."""
FILES = 100_000
"""Files in one folder of the authors', folders below it included."""

_CHUNK = 1 << 20
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read(path: Path, limit: int = DATA) -> bytes:
    """Return the bytes of a regular file that has no more than `limit`.

    Raises
    ------
    InputError
        If there is none, it can't be read, or it is something else or larger.
    """
    return b"".join(_pieces(path, limit))


def text(path: Path, limit: int = TEXT) -> str:
    """Return the text of a file; lines end in a line feed, and a byte order mark says how it is encoded.

    Raises
    ------
    InputError
        As `read`; also if it is not text in UTF-8, or in UTF-16 behind a byte order mark.
    """
    return decoded(read(path, limit), path)


def decoded(data: bytes, path: Path) -> str:
    """Return bytes of a file as text, see `text`."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1 if encoding.startswith("utf-8") else 0
        raise InputError(
            Problem(shown(path), line, f"is not UTF-8 text: {error.reason}", "save it as UTF-8")
        ) from None


def digest(path: Path, limit: int = DATA) -> str:
    """Return the SHA-256 (hex) of a regular file; errors are those of `read`."""
    found = sha256()
    for piece in _pieces(path, limit):
        found.update(piece)
    return found.hexdigest()


def inside(folder: Path, name: str) -> Path | None:
    """Return the path of `name` below `folder`, links followed; None where it leads out of it."""
    try:
        root = Path(os.path.realpath(folder))
        path = Path(os.path.realpath(root / name))  # links in a circle stay as they are
    except (OSError, ValueError):  # a NUL in the name
        return None
    return path if path.is_relative_to(root) else None


def walk(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the regular files below a folder, by their names with slashes, in order of these.

    Links to folders are not followed, links to files only where they stay below it.

    Raises
    ------
    InputError
        If there are more than `FILES`.
    """
    found: dict[str, Path] = {}
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in names:
            path = Path(place, name)
            relative = path.relative_to(folder).as_posix()
            if path.is_file() and (not path.is_symlink() or inside(folder, relative)):
                found[relative] = path
        if len(found) > FILES:
            raise _refused(folder, f"contains more than {FILES:,} files")
    yield from sorted(found.items())


@contextmanager
def opened(path: Path, limit: int = DATA) -> Iterator[int]:
    """Give the descriptor of a regular file of no more than `limit` bytes; errors are those of `read`."""
    try:
        # Looked at first: opening a device may do something. And again: the name may lead elsewhere by then.
        _check(path, os.stat(path), limit)  # noqa: PTH116 - thousands of them in a status
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except OSError as error:
        raise _refused(path, _reason(error)) from None
    except ValueError:  # a NUL in the name
        raise _refused(path, "is not a file name") from None
    try:
        _check(path, os.fstat(descriptor), limit)
        yield descriptor
    finally:
        os.close(descriptor)


def _pieces(path: Path, limit: int) -> Iterator[bytes]:
    left = limit
    with opened(path, limit) as descriptor:
        try:
            while piece := os.read(descriptor, _CHUNK):
                left -= len(piece)
                if left < 0:  # it grew, or said nothing of its size
                    raise _refused(path, _too_large(limit))
                yield piece
        except OSError as error:
            raise _refused(path, _reason(error)) from None


def _check(path: Path, found: os.stat_result, limit: int) -> None:
    if not stat.S_ISREG(found.st_mode):
        kind = next((name for test, name in _KINDS if test(found.st_mode)), "something else")
        raise _refused(path, f"is {kind}, not a file")
    if found.st_size > limit:
        raise _refused(path, _too_large(limit))


def _too_large(limit: int) -> str:
    return f"has more than {limit:,} bytes"


def _reason(error: OSError) -> str:
    known = {errno.ENOENT: "there is no such file", errno.ELOOP: "is a link that leads back to itself"}
    return known.get(error.errno or 0) or f"can't be read: {os.strerror(error.errno or 0)}"


def _refused(path: Path, message: str) -> InputError:
    return InputError(Problem(shown(path), 0, message))
