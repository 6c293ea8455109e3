"""Work for a copy of this process on another core, which gets ready while this process prepares the work."""

import os
import pickle
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

Request = TypeVar("Request")
Work = Callable[[Request], bytes]
Result = Callable[[], bytes]


@contextmanager
def ready(
    load: Callable[[], Work[Request]], warm_up: Callable[[], None] = lambda: None
) -> Iterator[Callable[[Request], Result]]:
    """Have a copy of this process load what does some work, and give what hands one piece of it over.

    The copy is only a head start: where there is none (one core, no Linux) or it fails, the work is done here
    when its result is asked for, and raises here.

    Parameters
    ----------
    load : callable
        Imports what is needed and returns the work, a function of a request that can be pickled.
    warm_up : callable
        What the copy does besides while it waits; where there is no copy, nobody does it.
    """
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2:
        yield lambda request: lambda: load()(request)
        return
    copy = _Copy(load, warm_up)
    try:
        yield lambda request: copy.begun(request, load)
    finally:
        copy.end()


class _Copy:
    """A forked process that waits for one request."""

    def __init__(self, load: Callable[[], Work[Request]], warm_up: Callable[[], None]) -> None:
        asked, self._asking = os.pipe()
        self._answer, answering = os.pipe()
        with warnings.catch_warnings():
            # Threads that draw progress hold nothing that the copy needs.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process = os.fork()
        if self._process == 0:
            os.close(self._asking)
            _serve(load, warm_up, asked, answering)
        os.close(asked)
        os.close(answering)

    def begun(self, request: Request, load: Callable[[], Work[Request]]) -> Result:
        """Hand the request over and return what waits for its result.

        A pipe holds little, so the rest is handed over when the copy is ready; this process needn't wait.
        """
        data = pickle.dumps(request, pickle.HIGHEST_PROTOCOL)
        handing = threading.Thread(target=_hand_over, args=(self._asking, data), daemon=True)
        self._asking = -1
        handing.start()

        def result() -> bytes:
            with os.fdopen(self._answer, "rb", closefd=False) as stream:
                data = stream.read()
            _, status = os.waitpid(self._process, 0)
            self._process = 0
            return data if status == 0 else load()(request)

        return result

    def end(self) -> None:
        """Stop the copy, if its result was not waited for."""
        for descriptor in (self._asking, self._answer):
            if descriptor >= 0:
                os.close(descriptor)
        if self._process:
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)


def _hand_over(descriptor: int, data: bytes) -> None:
    """Write everything and close; a copy that is gone reads nothing."""
    with suppress(BrokenPipeError), os.fdopen(descriptor, "wb") as stream:
        stream.write(data)


def _serve(
    load: Callable[[], Work[Request]], warm_up: Callable[[], None], asked: int, answering: int
) -> None:
    """Do the work and end at once; what is wrong is found again, and told, by the original."""
    status = 1
    try:
        work = load()
        warm_up()
        with os.fdopen(asked, "rb") as stream:
            request = pickle.load(stream)  # noqa: S301 - from this very process
        with os.fdopen(answering, "wb") as stream:
            stream.write(work(request))
        status = 0
    finally:
        os._exit(status)
