"""The shared store behind a local one: files below a URL, with timeouts and retries.

None of its failures stops a build: each is reported once and tried again later. Where results would be
lost with this machine (`required`), it is tried several times and is then an error.
"""

import errno
import threading
import time
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from reportgen.errors import AwayError, Problem, StoreError
from reportgen.store.file_system import FileSystem
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
    """

    def __init__(self, url: str, tell: Callable[[str], None], *, required: bool = False) -> None:
        self._files = FileSystem(url, PATIENCE)
        self.url, self.name, self.tell, self.required = url, self._files.name, tell, required
        self._patience, self._closed_until = PATIENCE, 0.0

    @property
    def away(self) -> bool:
        """Whether it has just failed: what it does not give may be there nonetheless."""
        return time.monotonic() < self._closed_until

    def expect(self, path: str) -> None:
        """Write to a folder only where it has this file from now on: it is not mounted otherwise."""
        self._files.expected = path

    def gone(self) -> AwayError:
        """Return the error for a place that is not the one where something was written before."""
        return self._files.gone()

    def read(self, path: str) -> bytes | None:
        """Return a small file; None where there is none, it is too large, or the remote can't be reached."""
        import tempfile

        with tempfile.TemporaryDirectory(prefix="reportgen-") as folder:
            target = Path(folder, "small")
            return target.read_bytes() if self.download(path, target, SIZE) else None

    def write(self, path: str, data: bytes) -> bool:
        """Write a small file in place of an earlier one; tell whether it got there."""
        return self._sent(partial(self._files.write, path, data))

    def create(self, path: str, data: bytes) -> bool:
        """Write a small file unless there is one; tell whether the remote did as it was asked.

        The remote decides between two that do so at once, see `FileSystem.create`. Of a remote that can't,
        the later one stays; so callers that need to know read it again.
        """
        return self._sent(partial(self._files.create, path, data))

    def download(self, path: str, target: Path, limit: int) -> bool:
        """Fetch a file of at most `limit` bytes, whatever the remote says of it; tell whether it is there."""
        from reportgen.store.arriving import Arriving, TooLargeError

        arriving = Arriving(target, limit)
        try:
            return self._done(partial(self._files.get, path, arriving), arriving=arriving)
        except TooLargeError:
            self.tell(f"{path} in {self.name} has more than {limit:,} bytes and is not used")
            return False

    def upload(self, source: Path, path: str, size: int) -> bool:
        """Send a file of `size` bytes; tell whether it got there."""
        return self._sent(partial(self._files.put, source, path), size)

    def replace(self, source: Path, path: str, size: int) -> bool:
        """Send a file of `size` bytes in place of an earlier one; tell whether it got there.

        An earlier one stays whole where this one is cut off, in a folder and where whole objects are stored.
        """
        return self._sent(partial(self._files.replace, source, path), size)

    def names(self, path: str) -> tuple[str, ...] | None:
        """Return what stands in a folder, sorted; None where the remote can't be reached."""
        found = self._try(partial(self._files.names, path))
        return () if found is None and not self.away else found

    def remove(self, path: str) -> bool:
        """Remove a file; tell whether it is gone."""
        return bool(self._try(partial(self._files.remove, path)))

    def remove_empty(self, path: str) -> None:
        """Remove a folder if nothing is in it, where folders are more than parts of names."""
        self._try(partial(self._files.remove_empty, path))

    def ages(self, paths: Collection[str]) -> dict[str, float]:
        """Return for how many seconds files have not been written to, as far as the remote can tell."""
        return (self._try(partial(self._files.ages, paths)) or {}) if paths else {}

    # inside

    def _sent(self, action: Callable[[], None], size: int = 0) -> bool:
        """Tell whether what is to be written got there; there may be no such place at all."""
        if self._done(action, size):
            return True
        if self.required:
            message = f"the shared store {self.name} can't be used: there is no such folder or bucket"
            raise AwayError(Problem("", 0, message, "create it, or name another with --store"))
        return False

    def _done(self, action: Callable[[], None], size: int = 0, arriving: "Arriving | None" = None) -> bool:
        """Tell whether an action was done: not where what it asks for is missing, or the remote is away."""

        def done() -> bool:
            action()
            return True

        return self._try(done, size, arriving) is not None

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
