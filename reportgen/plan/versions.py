"""Versions of the libraries that compute, and how closely they must agree."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import metadata

from reportgen.errors import InputError, Problem

COMPUTING = ("tensorflow", "keras")
_NAME = re.compile(r"[\w.-]+")
POLICIES = ("exact", "ignore")
_DISTRIBUTIONS = {
    "sklearn": "scikit-learn",
    "PIL": "pillow",
    "cv2": "opencv-python",
    "skimage": "scikit-image",
}


@cache
def installed(name: str) -> str:
    """Return the version of a distribution, read without importing it; empty where it is not installed."""
    try:
        return metadata.version(_DISTRIBUTIONS.get(name, name))
    except metadata.PackageNotFoundError:
        return ""


def computing(libraries: Iterable[str], instead: Mapping[str, str]) -> dict[str, str]:
    """Return the versions that a model's numbers depend on, `libraries` that its own code uses included.

    `instead` replaces installed versions; what is not installed is empty.
    """
    return {name: instead.get(name, installed(name)) for name in sorted({*COMPUTING, *libraries})}


def writing(instead: Mapping[str, str]) -> dict[str, str]:
    """Return the versions of what writes pages, as this package's own metadata names it."""
    return {name: instead.get(name, installed(name)) for name in _needed()}


@cache
def _needed() -> tuple[str, ...]:
    try:
        found = metadata.requires("reportgen") or []
    except metadata.PackageNotFoundError:
        return ()
    names = (_NAME.match(each) for each in found if "extra" not in each or "document" in each)
    return tuple(sorted({name[0] for name in names if name}))


def reduced(versions: Mapping[str, str], policy: str) -> dict[str, str]:
    """Return versions as closely as a policy compares them: ``exact`` all of them, ``ignore`` none."""
    return dict(versions) if policy == "exact" else {}


def checked(policy: object) -> str:
    """Return a versions policy of ``report.toml``; raise `InputError` where it is none."""
    if policy not in POLICIES:
        message = f"versions = {policy!r} is unknown"
        raise InputError(Problem("report.toml", 0, message, f"one of {', '.join(POLICIES)}"))
    return str(policy)
