"""Versions of the libraries that compute, and how closely they must agree."""

import os
import re
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

from reportgen.errors import InputError, Problem

COMPUTING = ("tensorflow", "keras")
DRAWING = ("matplotlib", "weasyprint", "nbconvert", "markdown-it-py", "jinja2")
POLICIES = ("exact", "ignore")
_DISTRIBUTIONS = {
    "sklearn": "scikit-learn",
    "PIL": "pillow",
    "cv2": "opencv-python",
    "skimage": "scikit-image",
}


@cache
def installed(name: str) -> str:
    """Return the version of a distribution, read without importing it; empty where it is not installed.

    It is what `importlib.metadata` says, which takes longer to import than all versions take to read: that is
    asked only where there is no one folder of the form that pip writes.
    """
    distribution = _DISTRIBUTIONS.get(name, name)
    for place in sys.path:
        folders = _folders(place or ".").get(_normal(distribution), [])
        if len(folders) == 1 and (version := _told(folders[0])):
            return version
        if folders:
            break
    from importlib import metadata

    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


def _normal(name: str) -> str:
    """Return a name as it is compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def _folders(place: str) -> Mapping[str, list[str]]:
    """Return the folders of a place that tell of a distribution (PEP 376), by its name."""
    found: dict[str, list[str]] = {}
    with suppress(OSError), os.scandir(place) as entries:
        for entry in entries:
            if entry.name.endswith(".dist-info"):
                found.setdefault(_normal(entry.name.partition("-")[0]), []).append(entry.path)
    return found


def _told(folder: str) -> str:
    """Return the version that a folder tells; empty where it tells none."""
    with suppress(OSError, UnicodeDecodeError), Path(folder, "METADATA").open(encoding="utf-8") as file:
        for line in file:
            if line.startswith("Version:"):
                return line.removeprefix("Version:").strip()
            if not line.strip():
                break
    return ""


def computing(libraries: Iterable[str], instead: Mapping[str, str]) -> dict[str, str]:
    """Return the versions that a model's numbers depend on, `libraries` that its own code uses included.

    `instead` replaces installed versions; what is not installed is empty.
    """
    return {name: instead.get(name, installed(name)) for name in sorted({*COMPUTING, *libraries})}


def drawing(instead: Mapping[str, str]) -> dict[str, str]:
    """Return the versions that the look of a page depends on, as far as they are installed here."""
    return {name: version for name in DRAWING if (version := instead.get(name, installed(name)))}


def reduced(versions: Mapping[str, str], policy: str) -> dict[str, str]:
    """Return versions as closely as a policy compares them: ``exact`` all of them, ``ignore`` none."""
    return dict(versions) if policy == "exact" else {}


def checked(policy: object) -> str:
    """Return a versions policy of ``report.toml``; raise `InputError` where it is none."""
    if policy not in POLICIES:
        message = f"versions = {policy!r} is unknown"
        raise InputError(Problem("report.toml", 0, message, f"one of {', '.join(POLICIES)}"))
    return str(policy)
