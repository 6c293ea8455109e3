"""How the layout library is loaded, which takes a moment that people wait for."""

import ctypes.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

_SELDOM = ("fontTools.subset", "fontTools.varLib.instancer")


@contextmanager
def quickly() -> Iterator[None]:
    """Have native libraries looked up by name only, and modules that are seldom used imported later.

    A search for a native library asks the linker's cache, a compiler and a linker, each in a process of its
    own, for every name that fails. WeasyPrint tries several names for each of seven libraries, among them the
    one that Linux's loader knows; elsewhere nothing changes. What it needs for fonts of another kind than
    the report's own is a third of all that it imports.
    """
    search = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = lambda name: None
    later = {name: _Later(name) for name in _SELDOM if name not in sys.modules}
    sys.modules |= later
    try:
        yield
    finally:
        ctypes.util.find_library = search
        for name, stand_in in later.items():
            if sys.modules.get(name) is stand_in:
                del sys.modules[name]


class _Later(ModuleType):
    """Stands for a module whose functions and classes are only called: the first call imports it."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*arguments: object, **options: object) -> Any:
            if sys.modules.get(self.__name__) is self:
                del sys.modules[self.__name__]
            return getattr(import_module(self.__name__), name)(*arguments, **options)

        return call
