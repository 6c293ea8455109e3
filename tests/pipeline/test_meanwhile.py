import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from reportgen.errors import RenderError
from reportgen.pipeline.meanwhile import Work, ready

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


def whose(request: bytes) -> Callable[[bytes], bytes]:
    return lambda rest: request + rest + str(os.getpid()).encode()


def both(request: bytes) -> Callable[[bytes], bytes]:
    return lambda rest: request + rest


def test_it_is_made_in_another_process() -> None:
    with ready(lambda: whose) as work:
        done = work(b"by ")(b"process ")()
        assert done.startswith(b"by process ")
        assert done != whose(b"by ")(b"process ")
    assert children() == 0


def test_it_begins_before_the_rest_is_there(tmp_path: Path) -> None:
    def begin(request: bytes) -> Callable[[bytes], bytes]:
        (tmp_path / "begun").touch()
        return both(request)

    with ready(lambda: begin) as work:
        go_on = work(b"first, ")
        while not (tmp_path / "begun").exists():
            pass
        assert go_on(b"then")() == b"first, then"


def test_it_is_loaded_while_the_request_is_made(tmp_path: Path) -> None:
    def load() -> Work[bytes, bytes]:
        (tmp_path / "loaded").touch()
        return both

    with ready(load) as work:
        while not (tmp_path / "loaded").exists():
            pass
        assert work(b"do")(b"ne")() == b"done"


@pytest.mark.parametrize("cores", [{0}, {0, 1}])
def test_only_a_copy_warms_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cores: set[int]) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: cores)
    with ready(lambda: both, (tmp_path / "warm").touch) as work:
        assert work(b"do")(b"ne")() == b"done"
    assert (tmp_path / "warm").exists() == (len(cores) > 1)


def test_much_is_handed_over_whole() -> None:
    much = os.urandom(1 << 20)
    with ready(lambda: both) as work:
        assert work(much)(much)() == 2 * much


@pytest.mark.parametrize("cores", [{0}, {0, 1}])
@pytest.mark.parametrize("where", ["load", "request", "rest"])
def test_what_is_wrong_is_raised_here(monkeypatch: pytest.MonkeyPatch, cores: set[int], where: str) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: cores)

    def fail_if(here: str) -> None:
        if here == where:
            raise RenderError("no such template")

    def end(rest: bytes) -> bytes:
        fail_if("rest")
        return rest

    def begin(request: bytes) -> Callable[[bytes], bytes]:
        fail_if("request")
        return end

    def load() -> Work[bytes, bytes]:
        fail_if("load")
        return begin

    with ready(load) as work:
        result = work(os.urandom(1 << 20))(os.urandom(1 << 20))
        with pytest.raises(RenderError, match="no such template"):
            result()
    assert children() == 0


def test_a_copy_that_dies_is_no_loss() -> None:
    here = os.getpid()

    def die(request: bytes) -> Callable[[bytes], bytes]:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return both(request)

    with ready(lambda: die) as work:
        assert work(b"made ")(b"here")() == b"made here"


def endless(request: bytes) -> Callable[[bytes], bytes]:
    threading.Event().wait()
    return both(request)


@pytest.mark.parametrize(
    "wanted",
    [lambda work: None, lambda work: work(b""), lambda work: work(b"")(b""), lambda work: [][0]],
)
def test_nothing_goes_on_when_its_result_is_not_wanted(wanted: Callable[[object], object]) -> None:
    try:
        with ready(lambda: endless) as work:
            wanted(work)
    except IndexError:
        pass
    assert children() == 0


def test_temporary_files_of_a_copy_do_not_outlive_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def litter(request: bytes) -> Callable[[bytes], bytes]:
        made = Path(tempfile.mkdtemp(), "font")
        made.touch()
        return lambda rest: str(made).encode()

    with ready(lambda: litter) as work:
        made = Path(work(b"")(b"")().decode())
        assert tmp_path in made.parents
        assert made.exists()
    assert list(tmp_path.iterdir()) == []
    assert tempfile.gettempdir() == str(tmp_path)


def test_one_core_does_one_thing_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0})
    with ready(lambda: whose) as work:
        assert work(b"")(b"")() == whose(b"")(b"")
