"""Time and memory have limits, and both are as before afterwards."""

import contextlib
import resource
import signal

import pytest

from reportgen.document.limits import limited
from reportgen.errors import RenderError


def test_what_ends_in_time_is_left_alone() -> None:
    before = signal.getsignal(signal.SIGALRM), resource.getrlimit(resource.RLIMIT_AS)
    with limited("work"):
        pass
    assert (signal.getsignal(signal.SIGALRM), resource.getrlimit(resource.RLIMIT_AS)) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_what_takes_too_long_is_stopped() -> None:
    with pytest.raises(RenderError, match=r"the work takes longer than 0\.05 s"), limited("the work", 0.05):
        while True:
            pass


def test_swallowing_the_first_alarm_does_not_help() -> None:
    with pytest.raises(RenderError, match="longer"), limited("the work", 0.05):
        with contextlib.suppress(BaseException):
            while True:
                pass
        while True:
            pass


def test_what_takes_too_much_memory_is_stopped() -> None:
    message = "the work takes more than 64 MB of memory"
    with pytest.raises(RenderError, match=message), limited("the work", memory=64 << 20):
        bytearray(16 << 30)  # more than the process may have free from before


def test_other_errors_pass() -> None:
    with pytest.raises(KeyError), limited("work"):
        raise KeyError("x")
