"""Extras of this distribution: which packages each brings, and whether they are installed."""

import re
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec

from reportgen import DISTRIBUTION
from reportgen.errors import Problem, UndecidedError

_EXTRA = re.compile(r"""extra\s*==\s*["']([^"']+)""")


def packages() -> Iterator[tuple[str, str]]:
    """Yield each package that an extra brings, in lower case, with the extra."""
    try:
        required = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return
    for each in required:
        package, _, marker = each.partition(";")
        if extra := _EXTRA.search(marker):
            yield re.split(r"[<>=!~\[ (]", package.strip())[0].lower(), extra[1]


def require(extra: str) -> None:
    """Raise unless everything that an extra brings is installed.

    Raises
    ------
    UndecidedError
        With all packages that are missing.
    """
    missing = [package for package, of in packages() if of == extra and not _installed(package)]
    if missing:
        message = f"this needs the extra {extra!r}: {', '.join(missing)} not installed"
        raise UndecidedError(Problem("", 0, message, f"pip install '{DISTRIBUTION}[{extra}]'"))


def require_tensorflow() -> None:
    """Raise unless TensorFlow can be imported, whichever package provides it."""
    if find_spec("tensorflow") is None:
        raise ModuleNotFoundError("No module named 'tensorflow'", name="tensorflow")


def _installed(package: str) -> bool:
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        return False
    return True
