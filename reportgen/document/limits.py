"""Limits on time and memory while templates and answers of unknown origin are rendered."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from reportgen.errors import RenderError

SECONDS = 120.0
MEMORY = 2 << 30


class _TooLong(BaseException):
    """Not an `Exception`, since libraries catch those of a single drawing and go on."""


@contextmanager
def limited(what: str, seconds: float = SECONDS, memory: int = MEMORY) -> Iterator[None]:
    """Stop what takes longer than `seconds`, or `memory` bytes more than is in use.

    The time limit needs a POSIX system and the main thread, the memory limit Linux; elsewhere there is none.

    Raises
    ------
    RenderError
        If a limit was reached.
    """
    try:
        with _memory(memory), _alarm(seconds):
            yield
    except _TooLong:
        raise RenderError(f"{what} takes longer than {seconds:g} s") from None
    except MemoryError:
        raise RenderError(f"{what} takes more than {memory / 2**20:g} MB of memory") from None


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGALRM, stop)
    # It rings again and again: a library may swallow the first one.
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _memory(most: int) -> Iterator[None]:
    in_use = _in_use()
    if not in_use:
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = in_use + most
    if soft != resource.RLIM_INFINITY:
        limit = min(limit, soft)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _in_use() -> int:
    """Return the address space in use, in bytes; 0 where the system doesn't say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return 0
    import resource

    return pages * resource.getpagesize()
