"""Shut down cleanly on a signal: release locks, end processes, remove temporary folders."""

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
_KEPT = "trained models are kept, and finished epochs of networks; other models start over"


class Ended(BaseException):
    """The process was told to end by the signal `number`."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextlib.contextmanager
def ends_as_interrupted() -> Iterator[None]:
    """Raise `Ended` in the main thread on a signal that ends; one that is ignored, as by nohup, stays so."""
    before = {}
    with contextlib.suppress(ValueError):  # not the main thread
        for number in SIGNALS:
            if signal.getsignal(number) == signal.SIG_DFL:
                before[number] = signal.signal(number, _raise)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def resumable() -> Iterator[None]:
    """Have an interruption of this block, which trains, carry a note of what is kept."""
    try:
        yield
    except (KeyboardInterrupt, Ended) as error:
        error.add_note(_KEPT)
        raise


def _raise(number: int, frame: FrameType | None) -> None:
    raise Ended(number)
