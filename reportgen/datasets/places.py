"""Folders and archives on this machine: where a format's files are found, and how they are read.

Nothing is ever unpacked to disk: members of an archive are known by the last part of their names,
only regular files count, and what they unpack to is bounded.
"""

import gzip
import tarfile
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.builtin_formats import Format
from reportgen.datasets.fetch_types import Arrays, Progress, UnavailableError

LIMIT = 512 * 2**20
"""Bytes that a file, or a whole archive unpacked, may have; the largest real one has 186 million."""


def find(folder: Path, form: Format) -> Iterator[Path]:
    """Yield every place in `folder`, down to two folders deep, that seems to hold `form`.

    A place is a folder that holds the files, or an archive; `folder` itself may be an archive.
    """
    if folder.is_file():
        yield folder
        return
    first = next(iter(form.files))
    below = ("", "*/", "*/*/")
    for depth in below:
        for name in (first, f"{first}.gz"):
            yield from sorted(found.parent for found in folder.glob(depth + name) if found.is_file())
    for depth in below[:2]:
        for pattern in form.archives:
            yield from sorted(found for found in folder.glob(depth + pattern) if found.is_file())


def read(place: Path, form: Format, progress: Progress) -> Arrays:
    """Read and decode all of `form` from `place`.

    Returns
    -------
    mapping of str to ndarray
        Not verified yet.

    Raises
    ------
    UnavailableError
        A file is missing, too large or can't be decoded.
    """
    pieces: dict[str, Arrays] = {}
    try:
        for name, data in _files(place, form.files, progress):
            try:
                pieces[name] = form.files[name](data)
            except Exception as error:  # a decoder that meets foreign bytes may raise anything
                raise UnavailableError(f"{name} can't be decoded: {error}") from error
    except (OSError, EOFError, tarfile.TarError, zlib.error) as error:
        raise UnavailableError(f"can't be read: {error}") from error
    missing = [name for name in form.files if name not in pieces]
    if missing:
        raise UnavailableError(f"it lacks {', '.join(missing)}")
    try:
        return _joined([pieces[name] for name in form.files])
    except ValueError as error:
        raise UnavailableError(f"its parts don't fit together: {error}") from error


def _joined(pieces: list[Arrays]) -> Arrays:
    parts: dict[str, list[NDArray[np.uint8]]] = {}
    for piece in pieces:
        for array, values in piece.items():
            parts.setdefault(array, []).append(values)
    return {
        array: np.ascontiguousarray(values[0] if len(values) == 1 else np.concatenate(values))
        for array, values in parts.items()
    }


def _files(place: Path, wanted: Collection[str], progress: Progress) -> Iterator[tuple[str, bytes]]:
    return _of_folder(place, wanted, progress) if place.is_dir() else _of_archive(place, wanted, progress)


def _of_folder(folder: Path, wanted: Collection[str], progress: Progress) -> Iterator[tuple[str, bytes]]:
    for name in wanted:
        for path in (folder / name, folder / f"{name}.gz"):
            if path.is_file():
                progress(f"reading {path.name}", 0, path.stat().st_size)
                with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
                    data = file.read(LIMIT + 1)
                if len(data) > LIMIT:
                    raise UnavailableError(f"{name} has more than {LIMIT >> 20} MiB")
                yield name, data
                break


def _of_archive(archive: Path, wanted: Collection[str], progress: Progress) -> Iterator[tuple[str, bytes]]:
    if archive.name in wanted:
        yield from _of_folder(archive.parent, [archive.name], progress)
        return
    size = archive.stat().st_size
    # A stream is read once from front to back: seeking in gzip would unpack it again and again.
    with archive.open("rb") as raw, tarfile.open(fileobj=raw, mode="r|*") as members:
        for member in members:
            if member.offset_data + member.size > LIMIT:
                raise UnavailableError(f"it unpacks to more than {LIMIT >> 20} MiB")
            name = PurePosixPath(member.name).name
            if name in wanted and member.isfile() and (file := members.extractfile(member)):
                progress(f"reading {name}", raw.tell(), size)
                yield name, file.read()
