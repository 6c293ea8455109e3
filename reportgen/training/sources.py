"""Run the authors' model code from the texts in the job instead of the files on disk.

What is trained is then what was recorded, even where a file was edited in the meantime.
"""

import functools
import inspect
import os
import platform
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any

from reportgen.errors import InputError, Problem, ReportgenError, shown
from reportgen.training import native_reads, raised
from reportgen.training.audit import Watch, watching


class Sources(MetaPathFinder, Loader):
    """Texts of Python modules, importable inside `imported`.

    Parameters
    ----------
    texts : mapping of str to str
        By path relative to the folder of models.py, with ``/``.
    models_path : Path
        Where models.py stands; its file name is the key of its text.
    """

    def __init__(self, texts: Mapping[str, str], models_path: Path) -> None:
        self._texts = texts
        self._folder = models_path.parent
        self._root = models_path.name
        self._modules = {_dotted(path): path for path in texts}
        self._files = {str(self._folder / path): path for path in texts}

    @contextmanager
    def imported(self) -> Iterator["Functions"]:
        """Import models.py and keep its helper modules importable for the time of the block.

        What it reads meanwhile is seen (`Functions.reads`); the working folder is put back at the end.

        Raises
        ------
        InputError
            If the code raises, with the line of models.py or of the helper that did.
        """
        before = {name: sys.modules.pop(name) for name in list(sys.modules) if self._knows(name)}
        sys.meta_path.insert(0, self)
        place, watch = Path.cwd(), Watch(self._folder, self._files)
        try:
            with watching(watch), native_reads.reported(self._texts.values()):
                with self.blamed("importing it"):
                    __import__(_dotted(self._root))
                yield Functions(self, sys.modules[_dotted(self._root)], watch)
        finally:
            os.chdir(place)
            sys.meta_path.remove(self)
            for name in [name for name in sys.modules if self._knows(name)]:
                del sys.modules[name]
            sys.modules.update(before)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where a module's text is, if it is one of ours; see `importlib.abc`."""
        relative = self._modules.get(fullname)
        if relative is None and not self._is_folder(fullname):
            return None
        package = relative is None or relative.endswith("__init__.py")
        spec = ModuleSpec(fullname, self if relative else None, is_package=package)
        if relative:
            spec.origin = str(self._folder / relative)
            spec.has_location = True
        return spec

    def exec_module(self, module: ModuleType) -> None:
        """Run a module's text in its namespace; see `importlib.abc`."""
        relative = self._modules[module.__name__]
        exec(compile(self._texts[relative], str(self._folder / relative), "exec"), module.__dict__)  # noqa: S102

    @contextmanager
    def blamed(self, doing: str, otherwise: Callable[..., Any] | None = None) -> Iterator[None]:
        """Turn what the authors' code raises into an InputError at the line that raised it.

        Parameters
        ----------
        doing : str
            What was going on, for the message.
        otherwise : callable, optional
            The function to name where no frame of the authors' code is on the stack; without one
            such an error passes as it is.
        """
        try:
            yield
        except ReportgenError:
            raise
        except (Exception, SystemExit) as error:
            place = self._culprit(error) or (self._definition(otherwise) if otherwise else None)
            if place is None:
                raise
            path, line = place
            what = f"{type(error).__name__}: {raised.said(error)}"
            absent = error.name if isinstance(error, ModuleNotFoundError) else None
            remedy = (
                f"install what provides {absent} on {platform.node()}" if absent else raised.remedy(error)
            )
            raise InputError(Problem(path, line, f"{doing} raised {what}", remedy)) from error

    def problem(self, function: Callable[..., Any], message: str, remedy: str = "") -> InputError:
        """Return an error that points at the definition of one of the authors' functions."""
        path, line = self._definition(function)
        return InputError(Problem(path, line, message, remedy))

    def missing(self, name: str, what: str, known: Sequence[str]) -> InputError:
        """Return the error for a function that models.py does not have."""
        remedy = f"it has {', '.join(known)}" if known else "it defines no function"
        return InputError(Problem(self._shown(self._root), 0, f"has no function {name} ({what})", remedy))

    def _culprit(self, error: BaseException) -> tuple[str, int] | None:
        if isinstance(error, SyntaxError) and error.filename in self._files:
            return self._shown(self._files[error.filename]), error.lineno or 0
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            if frame.filename in self._files:
                return self._shown(self._files[frame.filename]), frame.lineno or 0
        for name, line in reversed(raised.frames(error)):  # a graph's own: its code has returned long ago
            if name in self._files:
                return self._shown(self._files[name]), line
        return None

    def _definition(self, function: Callable[..., Any]) -> tuple[str, int]:
        code = getattr(inspect.unwrap(function), "__code__", None)
        if code is not None and code.co_filename in self._files:
            return self._shown(self._files[code.co_filename]), code.co_firstlineno
        return self._shown(self._root), 0

    def _shown(self, relative: str) -> str:
        return shown(self._folder / relative)

    def _knows(self, name: str) -> bool:
        return name in self._modules or self._is_folder(name)

    def _is_folder(self, name: str) -> bool:
        return any(module.startswith(name + ".") for module in self._modules)


class Functions:
    """The functions of an imported models.py; errors in them name their line."""

    def __init__(self, sources: Sources, module: ModuleType, watch: Watch) -> None:
        self.sources = sources
        self._module = module
        self._watch = watch

    @property
    def reads(self) -> Mapping[str, str]:
        """What models.py has read so far, see `plan.reads`."""
        return self._watch.reads

    def value(self, name: str) -> Any:
        """Return what models.py calls by a name, as it is."""
        return getattr(self._module, name, None)

    def get(self, name: str, what: str) -> Callable[..., Any]:
        """Return a function wrapped so that what it raises becomes an InputError.

        Raises
        ------
        InputError
            If models.py has no such function; `what` says what it was wanted for.
        """
        function = getattr(self._module, name, None)
        if not callable(function):
            raise self.sources.missing(name, what, self.names)
        sources = self.sources

        @functools.wraps(function)
        def called(*arguments: Any, **named: Any) -> Any:
            with sources.blamed(f"{name}()", function):
                return function(*arguments, **named)

        return called

    def has(self, name: str) -> bool:
        """Whether models.py itself has a function of that name."""
        return callable(getattr(self._module, name, None))

    @property
    def names(self) -> list[str]:
        """Names of the functions that models.py defines."""
        own = (value for value in vars(self._module).values() if callable(value))
        return sorted(
            value.__name__ for value in own if getattr(value, "__module__", "") == self._module.__name__
        )


def _dotted(path: str) -> str:
    parts = PurePosixPath(path).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
