"""Download one file from a shared store: bounded, counted, and cancelled when nobody waits for it."""

import threading
from pathlib import Path
from typing import Any

from fsspec.callbacks import Callback

from reportgen.errors import StoreError


class TooLargeError(StoreError):
    """More comes than may come."""


class Arriving(Callback):  # type: ignore[misc]
    """Follow a download of fsspec's: how much has come, and where it must stop.

    Parameters
    ----------
    target : Path
        The file that it becomes.
    limit : int
        Bytes that may come.
    """

    def __init__(self, target: Path, limit: int) -> None:
        super().__init__()
        self._target, self._limit = target, limit
        self._stopped = threading.Event()

    def get(self, system: Any, path: str) -> None:
        """Download a file; what is not regular, or too large, is refused.

        Raises
        ------
        TooLargeError
            If more comes than may come, or it has no end.
        """
        if "file" in ((system.protocol,) if isinstance(system.protocol, str) else system.protocol):
            found = system.info(path)  # a folder is copied without a word, and a pipe without an end
            if found["type"] != "file" or found["size"] > self._limit:
                raise TooLargeError("it is larger than allowed")
        system.get_file(path, str(self._target), callback=self)

    def arrived(self) -> int:
        """Return how many bytes have come."""
        try:
            written = self._target.stat().st_blocks * 512  # its size may have been set before
        except OSError:
            written = 0
        return int(min(max(self.value, written), self._limit))

    def stop(self) -> None:
        """End the download with its next piece."""
        self._stopped.set()

    def set_size(self, size: int | None) -> None:
        """Refuse what says that it is too large."""
        if size is not None and size > self._limit:
            raise TooLargeError("it is larger than allowed")
        super().set_size(size)

    def call(self, hook_name: str | None = None, **keywords: Any) -> None:
        """Count a piece."""
        if self.value > self._limit:
            raise TooLargeError("it is larger than allowed")
        if self._stopped.is_set():
            raise TimeoutError("nobody waits for it any more")
