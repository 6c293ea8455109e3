"""A shared place behind the local store: any file system that fsspec speaks.

None of its failures stops a build: each is reported once and tried again later. Where results would be
lost with this machine (`required`), it is tried several times and is then an error.
"""

import contextlib
import errno
import os
import re
import stat
import threading
import time
from collections.abc import Callable, Collection
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote, urlsplit

from reportgen.errors import AwayError, Problem, StoreError
from reportgen.files import disk
from reportgen.store.manifest import SIZE

if TYPE_CHECKING:
    from reportgen.store.arriving import Arriving

T = TypeVar("T")
PATIENCE = 20.0  # seconds for an answer, whatever is asked
SLOWEST = 100_000  # bytes a second below which a transfer is given up
LONGEST = 3600.0  # seconds for one file, however much of it comes
PAUSE = 60.0  # seconds without trying again after a failure
RETRIES = (2.0, 10.0)  # seconds to wait before a place that is required is tried again
_FOR_GOOD = (NotADirectoryError, PermissionError)  # what no other try changes
_CLOCK = "notes/share/clock"
_FOLDERS = ("file", "local")
_FOLDER = re.compile("(?:file|local):(?://(?:localhost)?(?=/)|(?=/[^/]))(.+)", re.DOTALL)
_OBJECTS = {"s3", "s3a", "gs", "gcs", "abfs", "az", "memory"}  # no folders that have to be made
_UNCONDITIONAL = (errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)  # of servers that know no conditions


class Remote:
    """Files below a URL.

    Parameters
    ----------
    url : str
        Such as ``s3://bucket/path`` or ``file:///mnt/share/store``.
    tell : callable
        Takes a sentence for the user.
    required : bool
        Whether what fails is an error.

    Attributes
    ----------
    expected : str
        A file without which nothing is written to a folder: it is not mounted then; empty to write anyhow.
    """

    def __init__(self, url: str, tell: Callable[[str], None], *, required: bool = False) -> None:
        from fsspec.registry import known_implementations

        parts = urlsplit(url)
        if parts.scheme not in known_implementations:
            raise StoreError(f"the store {url!r} has no protocol that fsspec knows")
        folder = _FOLDER.fullmatch(url)
        if parts.scheme in _FOLDERS and not folder:
            raise StoreError(f"the store {url!r} is no absolute path: write file:///… with three slashes")
        self._folder = unquote(folder[1]) if folder else ""
        self.url, self.tell, self._patience, self.required = url, tell, PATIENCE, required
        self.name = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        self._closed_until, self.expected = 0.0, ""

    @property
    def away(self) -> bool:
        """Whether it has just failed: what it does not give may be there nonetheless."""
        return time.monotonic() < self._closed_until

    def read(self, path: str) -> bytes | None:
        """Return a small file; None where there is none, it is too large, or the remote can't be reached."""
        import tempfile

        with tempfile.TemporaryDirectory(prefix="reportgen-") as folder:
            target = Path(folder, "small")
            return target.read_bytes() if self.download(path, target, SIZE) else None

    def write(self, path: str, data: bytes) -> bool:
        """Write a small file in place of an earlier one; tell whether it got there."""
        return self._sent(lambda: self._write(path, data))

    def create(self, path: str, data: bytes) -> bool:
        """Write a small file unless there is one; tell whether the remote did as it was asked.

        The remote decides between two that do so at once: by a hard link in a folder, by a condition
        (``If-None-Match``) on S3, GCS and Azure. Of a remote that knows neither, the later one stays; so
        callers that need to know read it again.
        """
        return self._sent(lambda: self._create(path, data))

    def download(self, path: str, target: Path, limit: int) -> bool:
        """Fetch a file of at most `limit` bytes, whatever the remote says of it; tell whether it is there."""
        from reportgen.store.arriving import Arriving, TooLargeError

        arriving = Arriving(target, limit)

        def get() -> bool:
            arriving.get(self._system, self._at(path))
            return True

        try:
            return self._try(get, arriving=arriving) is not None
        except TooLargeError:
            self.tell(f"{path} in {self.name} has more than {limit:,} bytes and is not used")
            return False

    def upload(self, source: Path, path: str, size: int) -> bool:
        """Send a file of `size` bytes; tell whether it got there."""
        return self._sent(partial(self._put, source, path), size)

    def replace(self, source: Path, path: str, size: int) -> bool:
        """Send a file of `size` bytes in place of an earlier one; tell whether it got there.

        An earlier one stays whole where this one is cut off, in a folder and where whole objects are stored.
        """
        if not self._is_folder:
            return self.upload(source, path, size)

        def put() -> bool:
            target = Path(self._target(path))
            disk.put(target, source, target.parent, bits=self._bits())
            return True

        return self._sent(put, size)

    def names(self, path: str) -> tuple[str, ...] | None:
        """Return what stands in a folder, sorted; None where the remote can't be reached."""
        if self._is_folder and not _is_inside(self._at(path), self._place[1]):
            return ()
        found = self._try(lambda: self._system.ls(self._at(path), detail=False))
        if found is None:
            return None if self.away else ()
        return tuple(sorted(str(each).rstrip("/").rpartition("/")[2] for each in found))

    def remove(self, path: str) -> bool:
        """Remove a file; tell whether it is gone."""

        def gone() -> bool:
            try:
                self._system.rm_file(self._at(path))
            except OSError as error:
                return isinstance(error, FileNotFoundError)
            return True

        return bool(self._try(gone))

    def remove_empty(self, path: str) -> None:
        """Remove a folder if nothing is in it, where folders are more than parts of names."""

        def gone() -> bool:
            with contextlib.suppress(OSError):
                self._system.rmdir(self._at(path))
            return True

        if self._has_folders:
            self._try(gone)

    def ages(self, paths: Collection[str]) -> dict[str, float]:
        """Return for how many seconds files have not been written to, as far as the remote can tell.

        That is by its own clock, of a file that is written for that: those of machines may differ.
        """

        def measured() -> dict[str, float]:
            found: dict[str, float] = {}
            with contextlib.suppress(Exception):  # nothing may be written, or nothing is said of times
                self._write(_CLOCK, b"")
                now = self._system.modified(self._at(_CLOCK))
                for path in paths:
                    with contextlib.suppress(FileNotFoundError):
                        found[path] = (now - self._system.modified(self._at(path))).total_seconds()
            return found

        return (self._try(measured) or {}) if paths else {}

    def gone(self) -> AwayError:
        """Return the error for a place that is not the one where something was written before."""
        message = f"the shared store {self.name} is not here: what was written there is missing"
        return AwayError(Problem("", 0, message, "is it mounted on this machine?"))

    # inside

    @cached_property
    def _place(self) -> tuple[Any, str]:
        from fsspec import filesystem
        from fsspec.core import url_to_fs

        if self._is_folder:
            return filesystem("file", auto_mkdir=True), self._folder.rstrip("/")
        options: dict[str, Any] = {"use_listings_cache": False, "skip_instance_cache": True}
        if self.url.startswith(("s3:", "s3a:")):
            limits = {"connect_timeout": 5, "read_timeout": self._patience, "retries": {"max_attempts": 1}}
            options["config_kwargs"] = limits
        try:
            system, path = url_to_fs(self.url, **options)
        except ImportError as error:
            raise StoreError(
                f"the store {self.name} needs a package that is not installed: {error}"
            ) from error
        return system, path.rstrip("/")

    @property
    def _system(self) -> Any:
        return self._place[0]

    @property
    def _is_folder(self) -> bool:
        return bool(self._folder)

    @property
    def _has_folders(self) -> bool:
        protocol = self._system.protocol
        return not _OBJECTS.intersection((protocol,) if isinstance(protocol, str) else protocol)

    def _at(self, path: str) -> str:
        return f"{self._place[1]}/{path}"

    def _target(self, path: str) -> str:
        """Return where a file is to be written, unless the disk below a mount point is there in its place."""
        if self.expected and self._is_folder and not Path(self._at(self.expected)).exists():
            raise self.gone()
        return self._at(path)

    def _bits(self) -> int:
        """Return the permissions of a shared folder, which all that is written there gets, too.

        What one user's umask would hide from the group, or keep it from adding to, is theirs as well.
        """
        try:
            return stat.S_IMODE(os.stat(self._place[1]).st_mode) & ~stat.S_ISVTX  # noqa: PTH116
        except OSError:
            return 0

    def _put(self, source: Path, path: str) -> bool:
        target = self._target(path)
        if self._is_folder:
            disk.make_folder(Path(target).parent, self._bits())
        else:
            self._make_parent(path)
        self._system.put_file(str(source), target)
        if self._is_folder:
            disk.widen(Path(target), self._bits())
        return True

    def _write(self, path: str, data: bytes) -> bool:
        if self._is_folder:
            target = Path(self._target(path))
            disk.put(target, data, target.parent, bits=self._bits())
        else:
            self._make_parent(path)
            self._system.pipe_file(self._at(path), data)
        return True

    def _create(self, path: str, data: bytes) -> bool:
        if self._is_folder:
            disk.create(Path(self._target(path)), data, self._bits())
            return True
        self._make_parent(path)
        try:
            self._system.pipe_file(self._at(path), data, mode="create")
        except FileExistsError:
            pass
        except (OSError, NotImplementedError) as error:
            if isinstance(error, OSError) and error.errno not in _UNCONDITIONAL:
                raise
            if not self._system.exists(self._at(path)):
                self._system.pipe_file(self._at(path), data)
        return True

    def _make_parent(self, path: str) -> None:
        if self._has_folders:
            self._system.makedirs(self._at(path).rpartition("/")[0], exist_ok=True)

    def _sent(self, action: Callable[[], bool], size: int = 0) -> bool:
        """Tell whether what is to be written got there; there may be no such place at all."""
        if self._try(action, size) is not None:
            return True
        if self.required:
            message = f"the shared store {self.name} can't be used: there is no such place"
            raise AwayError(Problem("", 0, message, "make it, or name another with --store"))
        return False

    def _try(self, action: Callable[[], T], size: int = 0, arriving: "Arriving | None" = None) -> T | None:
        """Return what `action` gives; None where what it asks for is not there, or the remote is away."""
        for pause in (*RETRIES, None) if self.required else (None,):
            if self.away:
                return None
            found, error = self._once(action, size, arriving)
            if error is None:
                return found
            if isinstance(error, StoreError):
                raise error
            if isinstance(error, FileNotFoundError):
                return None
            if pause is None or isinstance(error, _FOR_GOOD):
                break
            time.sleep(pause)
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        if self.required:
            kind = StoreError if isinstance(error, _FOR_GOOD) else AwayError
            message = f"the shared store {self.name} can't be used: {reason}"
            remedy = "results of this machine must reach it; run it again"
            if isinstance(error, OSError) and (
                isinstance(error, PermissionError) or error.errno == errno.EROFS
            ):
                remedy = "whoever trains must be allowed to write to it: ask its owner"
            raise kind(Problem("", 0, message, remedy))
        self._closed_until = time.monotonic() + PAUSE
        self.tell(f"the shared store {self.name} can't be used now, continuing without it: {reason}")
        return None

    def _once(
        self, action: Callable[[], T], size: int, arriving: "Arriving | None"
    ) -> tuple[T | None, BaseException | None]:
        """Return what `action` gives, or its error.

        It is given time for an answer, and for the bytes that it sends (`size`) or that have come already.
        """
        found: list[T] = []
        failed: list[BaseException] = []

        def work() -> None:
            try:
                found.append(action())
            except BaseException as error:
                failed.append(error)

        worker = threading.Thread(target=work, daemon=True)  # one that hangs must not keep the process
        worker.start()
        begun = time.monotonic()
        while True:
            done = size if arriving is None else arriving.arrived()
            left = begun + min(self._patience + done / SLOWEST, LONGEST) - time.monotonic()
            worker.join(min(max(left, 0), self._patience))
            if left <= 0 or not worker.is_alive():
                break
        if found:
            return found[0], None
        if arriving is not None:
            arriving.stop()
        waited = time.monotonic() - begun
        return None, failed[0] if failed else TimeoutError(f"no answer in {waited:.0f} seconds")


def _is_inside(path: str, root: str) -> bool:
    """Tell whether a path really stands below a folder: what is between may be links to somewhere else."""
    return Path(path).resolve().is_relative_to(Path(root).resolve())
