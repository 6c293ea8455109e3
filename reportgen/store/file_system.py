"""Files below a URL, on any file system that fsspec speaks. What fails raises; `remote` tries again."""

import contextlib
import errno
import os
import re
import stat
from collections.abc import Collection
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from reportgen.errors import AwayError, Problem, StoreError
from reportgen.files import disk, inside

if TYPE_CHECKING:
    from reportgen.store.arriving import Arriving

_CLOCK = "notes/share/clock"
_FOLDERS = ("file", "local")
_FOLDER = re.compile("(?:file|local):(?://(?:localhost)?(?=/)|(?=/[^/]))(.+)", re.DOTALL)
_OBJECTS = {"s3", "s3a", "gs", "gcs", "abfs", "az", "memory"}  # no folders that have to be made
_UNCONDITIONAL = (errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)  # of servers that know no conditions


class FileSystem:
    """Files below a URL: a folder, which may be a mounted share, or objects.

    Parameters
    ----------
    url : str
        Such as ``s3://bucket/path`` or ``file:///mnt/share/store``.
    timeout : float
        Seconds for an answer.

    Attributes
    ----------
    name : str
        The URL without user name and password.
    is_folder : bool
    expected : str
        A file without which nothing is written to a folder: it is not mounted then; empty to write anyhow.
    """

    def __init__(self, url: str, timeout: float) -> None:
        from fsspec.registry import known_implementations

        parts = urlsplit(url)
        if parts.scheme not in known_implementations:
            raise StoreError(f"the store {url!r} has no protocol that fsspec knows")
        folder = _FOLDER.fullmatch(url)
        if parts.scheme in _FOLDERS and not folder:
            raise StoreError(f"the store {url!r} is not an absolute path: write file:///… with three slashes")
        self._url, self._timeout, self._folder = url, timeout, unquote(folder[1]) if folder else ""
        self.name = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        self.is_folder, self.expected = bool(folder), ""

    def get(self, path: str, arriving: "Arriving") -> None:
        """Download a file."""
        arriving.get(self._system, self._at(path))

    def put(self, source: Path, path: str) -> None:
        """Upload a file."""
        target = self._target(path)
        if self.is_folder:
            disk.make_folder(Path(target).parent, self._bits())
        else:
            self._make_parent(path)
        self._system.put_file(str(source), target)
        if self.is_folder:
            disk.widen(Path(target), self._bits())

    def replace(self, source: Path, path: str) -> None:
        """Upload a file in place of an earlier one, which stays whole where this one is cut off."""
        if self.is_folder:
            target = Path(self._target(path))
            disk.put(target, source, target.parent, bits=self._bits())
        else:
            self.put(source, path)

    def write(self, path: str, data: bytes) -> None:
        """Write a small file in place of an earlier one."""
        if self.is_folder:
            target = Path(self._target(path))
            disk.put(target, data, target.parent, bits=self._bits())
        else:
            self._make_parent(path)
            self._system.pipe_file(self._at(path), data)

    def create(self, path: str, data: bytes) -> None:
        """Write a small file unless there is one.

        That is by a hard link in a folder, by a condition (``If-None-Match``) on S3, GCS and Azure; where a
        server knows neither, by looking first.
        """
        if self.is_folder:
            disk.create(Path(self._target(path)), data, self._bits())
            return
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

    def names(self, path: str) -> tuple[str, ...]:
        """Return what stands in a folder, sorted."""
        if self.is_folder and inside(Path(self._place[1]), self._at(path)) is None:
            return ()  # what is between may be links to somewhere else
        found = self._system.ls(self._at(path), detail=False)
        return tuple(sorted(str(each).rstrip("/").rpartition("/")[2] for each in found))

    def remove(self, path: str) -> bool:
        """Remove a file; tell whether it is gone."""
        try:
            self._system.rm_file(self._at(path))
        except OSError as error:
            return isinstance(error, FileNotFoundError)
        return True

    def remove_empty(self, path: str) -> None:
        """Remove a folder if nothing is in it, where folders are more than parts of names."""
        if self._has_folders:
            with contextlib.suppress(OSError):
                self._system.rmdir(self._at(path))

    def ages(self, paths: Collection[str]) -> dict[str, float]:
        """Return for how many seconds files have not been written to, as far as that can be told.

        That is by the server's own clock, of a file that is written for that: those of machines may differ.
        """
        found: dict[str, float] = {}
        with contextlib.suppress(Exception):  # nothing may be written, or nothing is said of times
            self.write(_CLOCK, b"")
            now = self._system.modified(self._at(_CLOCK))
            for path in paths:
                with contextlib.suppress(FileNotFoundError):
                    found[path] = (now - self._system.modified(self._at(path))).total_seconds()
        return found

    def gone(self) -> AwayError:
        """Return the error for a place that is not the one where something was written before."""
        message = f"the shared store {self.name} is not here: what was written there is missing"
        return AwayError(Problem("", 0, message, "is it mounted on this machine?"))

    # inside

    @cached_property
    def _place(self) -> tuple[Any, str]:
        from fsspec import filesystem
        from fsspec.core import url_to_fs

        if self.is_folder:
            return filesystem("file", auto_mkdir=True), self._folder.rstrip("/")
        options: dict[str, Any] = {"use_listings_cache": False, "skip_instance_cache": True}
        if self._url.startswith(("s3:", "s3a:")):
            limits = {"connect_timeout": 5, "read_timeout": self._timeout, "retries": {"max_attempts": 1}}
            options["config_kwargs"] = limits
        try:
            system, path = url_to_fs(self._url, **options)
        except ImportError as error:
            raise StoreError(
                f"the store {self.name} needs a package that is not installed: {error}"
            ) from error
        return system, path.rstrip("/")

    @property
    def _system(self) -> Any:
        return self._place[0]

    @property
    def _has_folders(self) -> bool:
        protocol = self._system.protocol
        return not _OBJECTS.intersection((protocol,) if isinstance(protocol, str) else protocol)

    def _at(self, path: str) -> str:
        return f"{self._place[1]}/{path}"

    def _target(self, path: str) -> str:
        """Return where a file is to be written, unless the disk below a mount point is there in its place."""
        if self.expected and self.is_folder and not Path(self._at(self.expected)).exists():
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

    def _make_parent(self, path: str) -> None:
        if self._has_folders:
            self._system.makedirs(self._at(path).rpartition("/")[0], exist_ok=True)
