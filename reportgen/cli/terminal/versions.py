"""Versions for ``reportgen --version``: this program, and the libraries that affect a report."""

import platform

from reportgen import __version__
from reportgen.plan.versions import installed

SHOWN = ("tensorflow", "keras", "numpy", "matplotlib", "weasyprint")


def text() -> str:
    """Return the versions, a line for this program and one for each of the others."""
    lines = [f"reportgen {__version__}", f"Python {platform.python_version()} on {platform.platform()}"]
    return "\n".join([*lines, *(f"{name} {installed(name) or 'not installed'}" for name in SHOWN)])
