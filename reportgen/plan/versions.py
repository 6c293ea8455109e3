"""Versions of the libraries that compute, and how closely they must agree."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import get_args

from reportgen import DISTRIBUTION
from reportgen.report.types import VersionPolicy

COMPUTING = ("tensorflow", "keras")
_NAME = re.compile(r"[\w.-]+")
POLICIES = get_args(VersionPolicy)


@cache
def installed(name: str) -> str:
    """Return the version of what provides a package, found without importing it; empty where nothing does.

    Where the distribution is called otherwise than the package, as ``tensorflow-cpu`` is, its name goes
    before the version. A package without a distribution is identified by its text.
    """
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        pass
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        return ""
    if spec is None or spec.origin is None:
        return ""
    place = Path(spec.origin).parent
    home = place.parent if spec.submodule_search_locations else place
    for each in metadata.distributions(path=[str(home)]):
        if name in (each.read_text("top_level.txt") or "").split():
            return f"{each.name} {each.version}"
    found = [dist for dist in metadata.packages_distributions().get(name, []) if dist]
    if found:
        return f"{found[0]} {metadata.version(found[0])}"
    return hashlib.sha256(Path(spec.origin).read_bytes()).hexdigest()[:12]


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
        found = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return ()
    names = (_NAME.match(each) for each in found if "extra" not in each or "document" in each)
    return tuple(sorted({name[0] for name in names if name}))


def known(versions: Mapping[str, str]) -> bool:
    """Tell whether the libraries that train are installed here, so that versions can be compared."""
    return all(versions.get(name) for name in COMPUTING)


def reduced(versions: Mapping[str, str], policy: str) -> dict[str, str]:
    """Return versions as closely as a policy compares them: ``exact`` all of them, ``ignore`` none."""
    return dict(versions) if policy == "exact" else {}
