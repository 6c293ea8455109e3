import os
import signal
import sys
import threading
from collections.abc import Callable

import pytest

from reportgen.errors import RenderError
from reportgen.pipeline.meanwhile import begun

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="done in turn elsewhere")


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 1})


def children() -> int:
    """Return the number of processes that nobody has waited for."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return 0
    return 1


def whose() -> bytes:
    return str(os.getpid()).encode()


def test_it_is_made_in_another_process() -> None:
    with begun(whose) as result:
        assert result() != whose()
    assert children() == 0


def test_much_is_handed_over_whole() -> None:
    much = os.urandom(1 << 20)
    with begun(lambda: much) as result:
        assert result() == much


@pytest.mark.parametrize("cores", [{0}, {0, 1}])
def test_what_is_wrong_is_raised_here(monkeypatch: pytest.MonkeyPatch, cores: set[int]) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: cores)

    def fail() -> bytes:
        raise RenderError("no such template")

    with begun(fail) as result, pytest.raises(RenderError, match="no such template"):
        result()
    assert children() == 0


def test_a_copy_that_dies_is_no_loss() -> None:
    here = os.getpid()

    def die() -> bytes:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return b"made here"

    with begun(die) as result:
        assert result() == b"made here"


def endless() -> bytes:
    threading.Event().wait()
    return b""


@pytest.mark.parametrize("wanted", [lambda: None, lambda: [][0]])
def test_nothing_goes_on_when_its_result_is_not_wanted(wanted: Callable[[], object]) -> None:
    try:
        with begun(endless):
            wanted()
    except IndexError:
        pass
    assert children() == 0


def test_one_core_does_one_thing_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0})
    with begun(whose) as result:
        assert result() == whose()
