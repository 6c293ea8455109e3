"""See what the authors' code reads while it runs: files, folders, environment variables.

Python reports every file that it opens and every folder that it lists to an audit hook; which code is
behind it stands on the stack. What libraries read for themselves does not count: their versions are
part of a result's key.
"""

import importlib.util
import os
import stat
import sys
import sysconfig
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import reportgen
from reportgen.plan.reads import absolute, mark, name_of
from reportgen.training import devices

_PACKAGE = str(Path(reportgen.__file__).parent) + os.sep
_PASSED = {__file__, *(str(Path(__file__).with_name(name)) for name in ("sources.py", "native_reads.py"))}
_INSTALLED = ("site-packages", "dist-packages")  # also of the user, and of what a .pth file names
_SYSTEM = ("/proc/", "/sys/", "/dev/", "/etc/", "/usr/share/")
_MODULES = (".py", ".pyc", ".so", ".pyd")
_MAKES = frozenset("wx")


def _libraries() -> tuple[str, ...]:
    """Return the folders in which libraries are installed."""
    paths = [*sysconfig.get_paths().values(), sys.prefix, sys.base_prefix]
    paths += [path for path in sys.path if Path(path).name in _INSTALLED]
    found = {os.path.realpath(path) + os.sep for path in paths if path}
    return tuple(found | {str(Path(os.__file__).parent) + os.sep})


_LIBRARIES = _libraries()


class Watch:
    """What one run of models.py has read.

    Parameters
    ----------
    folder : Path
        Where models.py stands.
    files : collection of str
        Full paths under which the authors' modules run; these are known and don't count as read.

    Attributes
    ----------
    reads : dict of str to str
        By name (see `plan.reads`), the SHA-256 of what was read.
    """

    def __init__(self, folder: Path, files: Collection[str]) -> None:
        self._folder = folder
        self._files = frozenset(files)
        self._busy = threading.local()
        self._made: set[str] = set()
        self.reads: dict[str, str] = {}

    def opened(self, path: Any, mode: Any, flags: int) -> None:
        """Take a file that is being opened."""
        if not isinstance(path, str | bytes | os.PathLike):
            return
        name = str(absolute(os.fsdecode(path)))
        if (_MAKES & set(mode)) if mode else flags & os.O_CREAT:
            self._made.add(name)  # what it has made itself is no input
        if name in self._made or (flags & os.O_ACCMODE) == os.O_WRONLY:
            return
        if name.endswith(".pyc"):
            name = _source(name)
        importing = name.endswith(_MODULES)
        if not _is_foreign(name) and self._behind(importing) and not _is_special(name):
            self._take("file", name)

    def listed(self, path: Any) -> None:
        """Take a folder whose names are being read."""
        if isinstance(path, int):
            return
        name = str(absolute(os.fsdecode(path if path is not None else ".")))
        if not _is_foreign(name) and self._behind(False):
            self._take("folder", name)

    def looked_up(self, variable: str) -> None:
        """Take an environment variable whose value is asked for; each process has a GPU of its own."""
        if variable == devices.VISIBLE:
            return
        frame: FrameType | None = sys._getframe(1)
        while frame and (frame.f_code.co_filename in _LOOKING_UP or frame.f_globals.get("__name__") == "os"):
            frame = frame.f_back
        if frame and self._is_authored(frame.f_code.co_filename):
            self.reads.setdefault(f"variable {variable}", mark(f"variable {variable}", self._folder))

    def _take(self, kind: str, path: str) -> None:
        if getattr(self._busy, "now", False):
            return
        name = name_of(kind, path, self._folder)
        self._busy.now = True
        try:
            self.reads.setdefault(name, mark(name, self._folder))
        finally:
            self._busy.now = False

    def _behind(self, importing: bool) -> bool:
        """Tell whether the authors' code is behind what happens now."""
        frame: FrameType | None = sys._getframe(2)
        while frame:
            name = frame.f_code.co_filename
            if self._is_authored(name):
                return True
            if name.startswith("<frozen importlib") and not importing:
                return False  # a library that is being imported reads what it needs
            if name.endswith(("linecache.py", "tokenize.py")):
                return False  # only to show a line
            if name.startswith(_PACKAGE) and name not in _PASSED:
                return False
            frame = frame.f_back
        return False

    def _is_authored(self, name: str) -> bool:
        if name in self._files:
            return True
        return not (name.startswith(("<frozen", _PACKAGE)) or _is_foreign(str(absolute(name))))


_current: Watch | None = None
_hooked = False


@contextmanager
def watching(watch: Watch) -> Iterator[Watch]:
    """Have a watch see what is read inside the block."""
    global _current, _hooked
    if not _hooked:
        sys.addaudithook(_hook)
        for environment in (os.environ, getattr(os, "environb", None)):
            if environment is not None:
                environment.__class__ = _Environment
        _hooked = True
    before, _current = _current, watch
    try:
        yield watch
    finally:
        _current = before


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _current is None:
        return
    if event == "open":
        _current.opened(*arguments)
    elif event == "sqlite3.connect":
        _current.opened(arguments[0], "r", 0)
    elif event in ("os.listdir", "os.scandir"):
        _current.listed(arguments[0])


class _Environment(type(os.environ)):  # type: ignore[misc]
    """The environment, which tells the current watch what is looked up."""

    def __getitem__(self, key: Any) -> Any:
        if _current is not None and isinstance(key, str | bytes):
            _current.looked_up(os.fsdecode(key))
        return super().__getitem__(key)


_LOOKING_UP = (__file__, "<frozen os>", "<frozen _collections_abc>", os.__file__)


def _is_foreign(path: str) -> bool:
    """Tell whether a file belongs to a library, to Python or to the system."""
    made = Path(path).name.startswith("__autograph_generated")  # TensorFlow's, of the authors' code
    return made or path.startswith(_SYSTEM) or os.path.realpath(path).startswith((*_LIBRARIES, _PACKAGE))


def _is_special(path: str) -> bool:
    """Tell whether something is there that is no file: a pipe, a device, a folder."""
    try:
        return not stat.S_ISREG(Path(path).stat().st_mode)
    except OSError:
        return False


def _source(path: str) -> str:
    try:
        return importlib.util.source_from_cache(path)
    except ValueError:
        return path
