"""Cache for expensive artifacts: figures, formulas, laid-out pages, outputs of the notebook.

There is one way to keep something: hand a function and its values to `Artifacts`. The key is made here, from
the very values that the function is then called with, from the source of this package, and from the versions
of everything that is installed. A maker is a function of a module, without closure, so what is not in its
key it can't see; nobody lists by hand what an artifact depends on.
"""

import dataclasses
import hashlib
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from datetime import datetime
from functools import cache, cached_property, partial
from pathlib import Path, PurePath
from types import FunctionType
from typing import Generic, Protocol, TypeVar

from reportgen.store import Store

_log = logging.getLogger(__name__)
T = TypeVar("T")
PACKAGE = Path(__file__).parent


class Keep(Protocol):
    """Calls a maker with its values, or returns what it made of the same values before."""

    def __call__(self, make: Callable[..., bytes], *values: object) -> bytes:
        """Return what `make` makes of `values`."""


def directly(make: Callable[..., bytes], *values: object) -> bytes:
    """Make an artifact and keep nothing."""
    return make(*values)


@dataclasses.dataclass(frozen=True)
class Addressed(Generic[T]):
    """A value that keys identify by the digest of its content: large arrays, a kernel's view of a project.

    Its maker guarantees that equal digests mean equal content.

    Attributes
    ----------
    digest : str
    load : callable
        Gives the value; called only by a maker that needs it.
    """

    digest: str
    load: Callable[[], T]


class Digested:
    """A frozen dataclass of many values, whose part of keys is made once."""

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of all that it holds."""
        assert dataclasses.is_dataclass(self)
        return digest({field.name: getattr(self, field.name) for field in dataclasses.fields(self)})


@dataclasses.dataclass(frozen=True)
class Artifacts:
    """The cache in a store."""

    store: Store

    def __call__(self, make: Callable[..., bytes], *values: object) -> bytes:
        """Return what `make` makes of `values`, from the store where it is there.

        Parameters
        ----------
        make : function
            Of a module of this package, without closure. It reads its values and this package, and nothing
            else.
        *values
            Numbers, text, bytes, dates, paths, arrays, sequences, sets, mappings and dataclasses of such, and
            `Addressed` ones.

        Raises
        ------
        TypeError
            If the maker could see more than its values, or a value can't be part of a key.
        """
        if not isinstance(make, FunctionType) or make.__closure__ or "<" in make.__qualname__:
            raise TypeError(f"{make!r} can't make artifacts: it may see more than its values")
        kind = make.__module__.partition(".")[2].replace(".", "-").replace("_", "-")
        name = f"{make.__module__}.{make.__qualname__}"
        return self.store.artifact(kind, digest(environment(), name, values), partial(_made, make, *values))


def _made(make: Callable[..., bytes], *values: object) -> bytes:
    began = time.perf_counter()
    made = make(*values)
    _log.debug("%s.%s made in %.2f s", make.__module__, make.__qualname__, time.perf_counter() - began)
    return made


def digest(*values: object) -> str:
    """Return the SHA-256 (hex) of values; equal digests, equal values."""
    hashed = hashlib.sha256()
    for part in _parts(values):
        hashed.update(b"%d:" % len(part))
        hashed.update(part)
    return hashed.hexdigest()


@cache
def environment() -> str:
    """Return the digest of what makes artifacts: this package, Python, and all that is installed."""
    return digest(sources(), sys.version, _distributions())


@cache
def sources() -> str:
    """Return the digest of this package's files."""
    files = (path for path in sorted(PACKAGE.rglob("*")) if "__pycache__" not in path.parts)
    return digest({str(path.relative_to(PACKAGE)): path.read_bytes() for path in files if path.is_file()})


def _distributions() -> list[str]:
    """Return names with versions of all installed distributions, as their folders say them."""
    folders = [path for path in sys.path if path and Path(path) != Path.cwd() and Path(path).is_dir()]
    return [
        name
        for folder in folders
        for name in sorted(os.listdir(folder))  # noqa: PTH208 - names are all that is asked for
        if name.endswith((".dist-info", ".egg-info"))
    ]


def _parts(value: object) -> Iterator[bytes]:
    """Yield a value as bytes, each container opened by its type and length."""
    yield type(value).__name__.encode()
    match value:
        case None:
            return
        case str():
            yield value.encode()
        case bytes():
            yield value
        case bool() | int() | float():
            yield repr(value).encode()
        case datetime():
            yield value.isoformat().encode()
        case PurePath():
            yield os.fsencode(value)
        case Addressed() | Digested():
            yield value.digest.encode()
        case Mapping():
            yield str(len(value)).encode()
            for key in sorted(value):
                yield from _parts(key)
                yield from _parts(value[key])
        case Set():
            yield from _parts(sorted(value))
        case Sequence():
            yield str(len(value)).encode()
            for item in value:
                yield from _parts(item)
        case _ if dataclasses.is_dataclass(value):
            for field in dataclasses.fields(value):
                yield field.name.encode()
                yield from _parts(getattr(value, field.name))
        case _:
            yield from _array(value)


def _array(value: object) -> Iterator[bytes]:
    import numpy as np  # loaded already where there is an array

    if not isinstance(value, np.ndarray) or value.dtype.hasobject:
        raise TypeError(f"a {type(value).__name__} can't be part of a key")
    yield f"{value.dtype.str} {value.shape}".encode()
    yield np.ascontiguousarray(value).tobytes()
