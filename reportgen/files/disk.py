"""Write durably: a file or folder appears under its name whole, or not at all.

Everything that changes the disk goes through the few ``os`` calls of this module, so that a test can stop the
process at each of them.
"""

import contextlib
import os
import shutil
import stat
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from reportgen.errors import InputError
from reportgen.files import reading

CHUNK = 1 << 20


def unique(folder: Path, name: str) -> Path:
    """Return a path in `folder` that no other process or thread uses."""
    return folder / f"{name[:64]}.{os.getpid()}.{os.urandom(6).hex()}"


def sync(path: Path) -> None:
    """Make the bytes of a file, or the entries of a folder, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(path: Path, bits: int = 0) -> None:
    """Create a folder and its missing parents, durably; `bits` as of `widen`."""
    if path.is_dir():
        return
    make_folder(path.parent, bits)
    with contextlib.suppress(FileExistsError):
        os.mkdir(path)  # noqa: PTH102 - one seam for every call that changes the disk
        widen(path, bits)
        sync(path.parent)


def widen(path: Path | int, bits: int) -> None:
    """Add permissions to those of a file or folder, a descriptor's too, where the file system has them."""
    if bits:
        with contextlib.suppress(OSError):
            mode = os.stat(path).st_mode  # noqa: PTH116
            os.chmod(path, stat.S_IMODE(mode) | (bits if stat.S_ISDIR(mode) else bits & 0o666))  # noqa: PTH101


def write(path: Path, data: bytes | Path, *, durable: bool = True, bits: int = 0) -> tuple[str, int]:
    """Write a new file from bytes or from another file; `bits` as of `widen`.

    Returns
    -------
    sha256, size : str, int
        Of what was written: the bytes are hashed on their way, never read again.
    """
    digest, size = sha256(), 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        widen(descriptor, bits)
        for chunk in _chunks(data):
            digest.update(chunk)
            size += len(chunk)
            while chunk:
                chunk = chunk[os.write(descriptor, chunk) :]
        if durable:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return digest.hexdigest(), size


def put(path: Path, data: bytes | Path, staging: Path, *, durable: bool = True, bits: int = 0) -> None:
    """Write a file, of bytes or another file, under its name in one step, replacing an earlier one.

    `staging` is a folder on the same file system, for the file while it is not whole; `bits` as of `widen`.
    """
    make_folder(staging, bits)
    make_folder(path.parent, bits)
    temporary = unique(staging, path.name)
    try:
        write(temporary, data, durable=durable, bits=bits)
        os.replace(temporary, path)  # noqa: PTH105
    except BaseException:
        remove(temporary)
        raise
    if durable:
        sync(path.parent)


def create(path: Path, data: bytes, bits: int = 0) -> bool:
    """Write a file under its name in one step unless there is one; tell whether it was written.

    Where the file system has no hard links, the file is there, not whole yet, while it is written. `bits` as
    of `widen`.
    """
    make_folder(path.parent, bits)
    temporary = unique(path.parent, path.name)
    try:
        write(temporary, data, bits=bits)
        try:
            os.link(temporary, path)
        except FileExistsError:
            return False
        except OSError:
            write(path, data, bits=bits)
    except FileExistsError:
        return False
    finally:
        remove(temporary)
    sync(path.parent)
    return True


def move(source: Path, target: Path) -> None:
    """Rename a file or folder durably; a folder that is in the way and not empty is an OSError."""
    make_folder(target.parent)
    os.rename(source, target)  # noqa: PTH104
    sync(target.parent)


def remove(path: Path) -> None:
    """Remove a file or a folder with all it holds, as far as that can be done."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def size_of(path: Path) -> int:
    """Return the bytes in a file, or in all files of a folder."""
    if path.is_symlink():
        return 0
    files = path.rglob("*") if path.is_dir() else [path]
    total = 0
    for item in files:
        with contextlib.suppress(OSError):
            total += item.stat().st_size if item.is_file() else 0
    return total


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file in hex; empty where it can't be read."""
    try:
        return reading.digest(path, 1 << 40)
    except InputError:
        return ""


def _chunks(data: bytes | Path) -> Iterator[memoryview]:
    if isinstance(data, Path):
        with data.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                yield memoryview(chunk)
    else:
        view = memoryview(data)
        for start in range(0, len(view), CHUNK):
            yield view[start : start + CHUNK]
