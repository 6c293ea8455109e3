"""Open the file of the authors' own data set: below answers/, elsewhere on this machine, or downloaded.

::

    ~/.cache/reportgen/data/files/SHA-256/NAME    downloaded, and verified whenever it is opened
"""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from io import BufferedReader
from pathlib import Path

from reportgen import files
from reportgen.datasets.cache import default_root
from reportgen.datasets.download import Limits, download
from reportgen.datasets.fetch_types import Progress, UnavailableError
from reportgen.datasets.image_folders import digest_of
from reportgen.errors import DataError, InputError, Problem, shown
from reportgen.files.lock import locked
from reportgen.report.dataset_file import DatasetFile

LIMIT = 2 << 30  # bytes of the file
_log = logging.getLogger(__name__)


@contextmanager
def opened(
    declared: DatasetFile, progress: Progress | None = None, offline: bool = False
) -> Iterator[BufferedReader]:
    """Give the file, from its beginning, once it is known to be the declared one.

    Raises
    ------
    DataError
        If it can't be had, or has another digest than report.toml says.
    """
    path = located(declared)
    try:
        if declared.url and not path.exists():
            _fetch(declared, path, progress or _Told(), offline)
        with files.opened(path, LIMIT) as descriptor, open(descriptor, "rb", closefd=False) as file:
            if declared.sha256:
                _verify(declared, file, path)
            yield file
    except InputError as error:
        raise DataError(error.problems) from None


def verify_folder(declared: DatasetFile) -> None:
    """Refuse a folder that is not the declared one, where a digest is declared."""
    if declared.sha256 and (found := digest_of(declared.path)) != declared.sha256:
        raise _other(declared, found)


def located(declared: DatasetFile) -> Path:
    """Return where the file lies on this machine, or will when it has been downloaded."""
    return default_root() / "files" / declared.sha256 / declared.path.name if declared.url else declared.path


def _verify(declared: DatasetFile, file: BufferedReader, path: Path) -> None:
    """Refuse a file that is not the declared one."""
    found = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    if found == declared.sha256:
        return
    if declared.url:
        path.unlink()  # ours, and damaged: the next run fetches it again
    raise _other(declared, found)


def _fetch(declared: DatasetFile, path: Path, progress: Progress, offline: bool) -> None:
    """Download the file; it appears where it belongs when it is the declared one, and only then."""
    if offline:
        raise _refused(declared, "is not on this machine, and the run is offline")
    waiting = partial(progress, f"waiting for another process that downloads {declared.url}", 0, None)
    arriving = path.with_name(f"{path.name}.arriving")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path.with_name("lock"), waiting=waiting):
            if path.exists():
                return
            download(declared.url, arriving, progress, Limits(size=LIMIT))
            found = files.digest(arriving, LIMIT)
            if found != declared.sha256:
                arriving.unlink()
                raise _other(declared, found)
            arriving.replace(path)
    except UnavailableError as error:
        raise _refused(declared, f"can't be downloaded: {error}") from error
    except OSError as error:
        raise _refused(declared, f"can't be kept in {default_root()}: {error.strerror or error}") from error


def _other(declared: DatasetFile, found: str) -> DataError:
    where = declared.url or shown(declared.path)
    message = (
        f"{where} has the SHA-256 {found}, and {declared.sha256[:12]}… is declared: these are other data"
    )
    remedy = f'if they are the right ones, set sha256 = "{found}"'
    return DataError(Problem(shown(declared.place.path), declared.place.line, message, remedy))


def _refused(declared: DatasetFile, what: str) -> DataError:
    message = f"data set {declared.name}: {declared.url} {what}"
    return DataError(Problem(shown(declared.place.path), declared.place.line, message))


class _Told:
    """Tells of a download by its tenths, where there is no display for it."""

    def __init__(self) -> None:
        self._last = ""

    def __call__(self, label: str, done: int, total: int | None) -> None:
        """Take how far it is, in bytes."""
        part = f"{done * 10 // total * 10} % of {total / 1e6:,.0f} MB" if total else f"{done >> 27 << 7} MB"
        if (said := f"{label}: {part}") != self._last:
            self._last = said
            _log.warning(said)
