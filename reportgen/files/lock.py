"""Locks between processes that the kernel drops when their owner dies, however it dies."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from reportgen.errors import StoreError
from reportgen.files.disk import make_folder

INTERVAL = 0.1  # seconds between two tries while somebody else has the lock


@contextmanager
def locked(
    path: Path,
    *,
    shared: bool = False,
    waiting: Callable[[], None] | None = None,
    stop: threading.Event | None = None,
    refused: Callable[[OSError], Exception] = lambda error: error,
) -> Iterator[None]:
    """Hold the lock file `path`; many may share it, or one may have it alone.

    Parameters
    ----------
    waiting : callable, optional
        Called once if somebody else has it.
    stop : threading.Event, optional
        Ends the waiting when it is set.
    refused : callable
        Returns what to raise where the lock file can't be made; by default the OSError itself.

    Raises
    ------
    StoreError
        If `stop` was set while waiting.

    Notes
    -----
    The file itself stays: removing it would let two processes lock two files of one name.
    """
    import fcntl  # not there on Windows

    stop = stop or threading.Event()
    mode = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB
    try:
        make_folder(path.parent)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise refused(error) from None
    try:
        while not _taken(descriptor, mode):
            if waiting is not None:
                waiting()
                waiting = None
            if stop.wait(INTERVAL):
                raise StoreError("stopped while waiting for another process")
        yield
    finally:
        os.close(descriptor)


def _taken(descriptor: int, mode: int) -> bool:
    import fcntl

    try:
        fcntl.flock(descriptor, mode)
    except BlockingIOError:
        return False
    return True
