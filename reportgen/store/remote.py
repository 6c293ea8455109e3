"""A shared place behind the local store: any file system that fsspec speaks.

Nothing that it holds is trusted: manifests carry their checksum and files are verified against them. Nothing
that it fails at stops a build: it is told once and tried again later.
"""

import threading
import time
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from reportgen.errors import StoreError
from reportgen.files import disk
from reportgen.store.manifest import SIZE, DamagedError, Manifest
from reportgen.store.names import MANIFEST, shelf

if TYPE_CHECKING:
    from reportgen.store.arriving import Arriving

T = TypeVar("T")
PATIENCE = 20.0  # seconds for an answer, whatever is asked
SLOWEST = 100_000  # bytes a second below which a transfer is given up
LONGEST = 3600.0  # seconds for one file, however much of it comes
PAUSE = 60.0  # seconds without trying again after a failure
_OBJECTS = {"s3", "s3a", "gs", "gcs", "abfs", "az", "memory"}  # no folders that have to be made


class Remote:
    """Results and links below a URL.

    Parameters
    ----------
    url : str
        Such as ``s3://bucket/path`` or ``file:///mnt/share/store``.
    tell : callable
        Takes a sentence for the user.
    """

    def __init__(self, url: str, tell: Callable[[str], None]) -> None:
        from fsspec.registry import known_implementations

        parts = urlsplit(url)
        if parts.scheme not in known_implementations:
            raise StoreError(f"the store {url!r} has no protocol that fsspec knows")
        self._url, self._tell, self._patience = url, tell, PATIENCE
        self._name = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        self._closed_until = 0.0

    def read(self, path: str) -> bytes | None:
        """Return a small file; None where there is none, it is too large, or the remote can't be reached."""
        import tempfile

        with tempfile.TemporaryDirectory(prefix="reportgen-") as folder:
            target = Path(folder, "small")
            return target.read_bytes() if self._download(path, target, SIZE) else None

    def write(self, path: str, data: bytes) -> bool:
        """Write a small file; tell whether it got there."""
        return self._try(lambda: self._write(path, data)) is not None

    def manifest(self, key: str) -> Manifest | None:
        """Return the manifest of a result that is there whole."""
        data = self.read(f"results/{shelf(key)}/{MANIFEST}")
        if data is None:
            return None
        try:
            return Manifest.from_bytes(data, key)
        except DamagedError as error:
            self._disown(key, f"{error}")
            return None

    def fetch(self, manifest: Manifest, folder: Path) -> bool:
        """Download the files of a result into a folder; tell whether all are there, verified."""
        for name, entry in manifest.files.items():
            path = folder / name
            for attempt in (1, 2):
                if not self._download(f"results/{shelf(manifest.key)}/{name}", path, entry.size):
                    return False
                if disk.digest_of(path) == entry.sha256:
                    break
                disk.remove(path)
                if attempt == 2:
                    self._disown(manifest.key, f"the bytes of {name} do not match their checksum")
                    return False
        return True

    def send(self, manifest: Manifest, folder: Path) -> bool:
        """Upload a result, its manifest last, unless it is there; tell whether it is there now."""
        if self.manifest(manifest.key) is not None:
            return True
        place = f"results/{shelf(manifest.key)}"
        for name, entry in manifest.files.items():
            target = f"{place}/{name}"
            if self._try(partial(self._put, folder / name, target), entry.size) is None:
                return False
        return self.write(f"{place}/{MANIFEST}", manifest.to_bytes())

    # inside

    @cached_property
    def _place(self) -> tuple[Any, str]:
        from fsspec.core import url_to_fs

        options: dict[str, Any] = {"use_listings_cache": False, "skip_instance_cache": True}
        if self._url.startswith(("s3:", "s3a:")):
            limits = {"connect_timeout": 5, "read_timeout": self._patience, "retries": {"max_attempts": 1}}
            options["config_kwargs"] = limits
        elif self._url.startswith(("file:", "local:")):
            options = {"auto_mkdir": True}
        try:
            system, path = url_to_fs(self._url, **options)
        except ImportError as error:
            raise StoreError(
                f"the store {self._name} needs a package that is not installed: {error}"
            ) from error
        return system, path.rstrip("/")

    @property
    def _system(self) -> Any:
        return self._place[0]

    def _at(self, path: str) -> str:
        return f"{self._place[1]}/{path}"

    def _download(self, path: str, target: Path, limit: int) -> bool:
        """Fetch a file of at most `limit` bytes, whatever the remote says of it; tell whether it is there."""
        from reportgen.store.arriving import Arriving, TooLargeError

        arriving = Arriving(target, limit)

        def get() -> bool:
            arriving.get(self._system, self._at(path))
            return True

        try:
            return self._try(get, arriving=arriving) is not None
        except TooLargeError:
            self._tell(f"{path} in {self._name} has more than {limit:,} bytes and is not used")
            return False

    def _put(self, source: Path, path: str) -> bool:
        self._make_parent(path)
        self._system.put_file(str(source), self._at(path))
        return True

    def _write(self, path: str, data: bytes) -> bool:
        self._make_parent(path)
        self._system.pipe_file(self._at(path), data)
        return True

    def _make_parent(self, path: str) -> None:
        protocol = self._system.protocol
        if not _OBJECTS.intersection((protocol,) if isinstance(protocol, str) else protocol):
            self._system.makedirs(self._at(path).rpartition("/")[0], exist_ok=True)

    def _disown(self, key: str, wrong: str) -> None:
        """Make a damaged result invisible, so that the next one that is made takes its place."""
        self._tell(f"result {key[:12]} in {self._name} is damaged and not used: {wrong}")
        self._try(lambda: self._system.rm_file(self._at(f"results/{shelf(key)}/{MANIFEST}")))

    def _try(self, action: Callable[[], T], size: int = 0, arriving: "Arriving | None" = None) -> T | None:
        """Return what `action` gives; None where what it asks for is not there, or the remote is away.

        It is given time for an answer, and for the bytes that it sends (`size`) or that have come already.
        """
        if time.monotonic() < self._closed_until:
            return None
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
            return found[0]
        if arriving is not None:
            arriving.stop()
        waited = time.monotonic() - begun
        error = failed[0] if failed else TimeoutError(f"no answer in {waited:.0f} seconds")
        if isinstance(error, StoreError):
            raise error
        if not isinstance(error, FileNotFoundError):
            self._closed_until = time.monotonic() + PAUSE
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            self._tell(f"the shared store {self._name} can't be used now, continuing without it: {reason}")
        return None
