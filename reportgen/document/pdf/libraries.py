"""How native libraries are found."""

import ctypes.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def by_name() -> Iterator[None]:
    """Let libraries be loaded by their names only, not searched for, while something is imported.

    A search asks the linker's cache, a compiler and a linker, each in a process of its own, for every name
    that fails. WeasyPrint tries several names for each of seven libraries, among them the one that Linux's
    loader knows; elsewhere nothing changes.
    """
    search = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = lambda name: None
    try:
        yield
    finally:
        ctypes.util.find_library = search
