"""Work for a copy of this process on another core, which gets ready while this process prepares the work."""

import os
import pickle
import signal
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from threading import Thread
from typing import TypeVar

Request = TypeVar("Request")
Rest = TypeVar("Rest")
Work = Callable[[Request], Callable[[Rest], bytes]]
"""Begins with a request, and goes on to the end with the rest of it."""
Result = Callable[[], bytes]
"""Waits for what the work gives."""
Begun = Callable[[Rest], Result]
"""Hands the rest over."""


@contextmanager
def ready(
    load: Callable[[], Work[Request, Rest]], warm_up: Callable[[], None] = lambda: None
) -> Iterator[Callable[[Request], Begun[Rest]]]:
    """Have a copy of this process load what does some work, and give what hands one piece of it over.

    The copy is only a head start: where there is none (one core, no Linux) or it fails, the work is done here
    when its result is asked for, and raises here.

    Parameters
    ----------
    load : callable
        Imports what is needed and returns the work; its request and the rest of it can be pickled.
    warm_up : callable
        What the copy does besides while it waits; where there is no copy, nobody does it.
    """
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2:
        yield lambda request: lambda rest: lambda: load()(request)(rest)
        return
    # The copy ends at once, or is ended: what libraries would remove when they are done is removed for them.
    with tempfile.TemporaryDirectory(prefix="reportgen-", ignore_cleanup_errors=True) as private:
        copy = _Copy(load, warm_up, private)
        try:
            yield lambda request: copy.begun(request, load)
        finally:
            copy.end()


class _Copy:
    """A forked process that waits for one request; its temporary files are in a folder of its own."""

    def __init__(
        self, load: Callable[[], Work[Request, Rest]], warm_up: Callable[[], None], private: str
    ) -> None:
        asked, asking = os.pipe()
        self._answer, answering = os.pipe()
        with warnings.catch_warnings():
            # Threads that draw progress hold nothing that the copy needs.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process = os.fork()
        if self._process == 0:
            os.close(asking)
            tempfile.tempdir = private
            _serve(load, warm_up, asked, answering)
        os.close(asked)
        os.close(answering)
        # A pipe holds little: what is handed over waits in a thread until the copy is ready, not here.
        self._pieces: SimpleQueue[bytes] = SimpleQueue()
        Thread(target=_hand_over, args=(self._pieces, asking), daemon=True).start()

    def begun(self, request: Request, load: Callable[[], Work[Request, Rest]]) -> Begun[Rest]:
        """Hand the request over and return what takes the rest of it."""
        self._pieces.put(pickle.dumps(request, pickle.HIGHEST_PROTOCOL))

        def go_on(rest: Rest) -> Result:
            self._pieces.put(pickle.dumps(rest, pickle.HIGHEST_PROTOCOL))
            self._pieces.put(b"")

            def result() -> bytes:
                with os.fdopen(self._answer, "rb", closefd=False) as stream:
                    data = stream.read()
                _, status = os.waitpid(self._process, 0)
                self._process = 0
                return data if status == 0 else load()(request)(rest)

            return result

        return go_on

    def end(self) -> None:
        """Stop the copy, if its result was not waited for."""
        self._pieces.put(b"")
        os.close(self._answer)
        if self._process:
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)


def _hand_over(pieces: SimpleQueue[bytes], descriptor: int) -> None:
    """Write what comes until it is empty, and close; a copy that is gone reads nothing."""
    with suppress(BrokenPipeError), os.fdopen(descriptor, "wb", buffering=0) as stream:
        while piece := pieces.get():
            view = memoryview(piece)
            while view:
                view = view[stream.write(view) :]


def _serve(
    load: Callable[[], Work[Request, Rest]], warm_up: Callable[[], None], asked: int, answering: int
) -> None:
    """Do the work and end at once; what is wrong is found again, and told, by the original."""
    status = 1
    try:
        work = load()
        warm_up()
        with os.fdopen(asked, "rb") as stream:
            go_on = work(pickle.load(stream))  # noqa: S301 - from this very process
            rest = pickle.load(stream)  # noqa: S301 - likewise
        with os.fdopen(answering, "wb") as stream:
            stream.write(go_on(rest))
        status = 0
    finally:
        os._exit(status)
