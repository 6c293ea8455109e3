"""One thing made in a copy of this process, on another core, while this process makes the next."""

import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Make = Callable[[], bytes]


@contextmanager
def begun(make: Make) -> Iterator[Make]:
    """Begin `make` on another core and give what waits for its result.

    The copy is only a head start: where there is none (one core, no Linux) or it fails, `make` is called
    here when its result is asked for, and raises here.
    """
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2:
        yield make
        return
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # Threads that draw progress hold nothing that the copy needs.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        _serve(make, writing)
    os.close(writing)
    waited = False

    def result() -> bytes:
        nonlocal waited
        with os.fdopen(reading, "rb", closefd=False) as stream:
            data = stream.read()
        _, status = os.waitpid(child, 0)
        waited = True
        return data if status == 0 else make()

    try:
        yield result
    finally:
        os.close(reading)
        if not waited:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _serve(make: Make, writing: int) -> None:
    """Write the result and end at once; what is wrong is found again, and told, by the original."""
    status = 1
    try:
        with os.fdopen(writing, "wb") as stream:
            stream.write(make())
        status = 0
    finally:
        os._exit(status)
