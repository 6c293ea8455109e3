"""What the notebook's kernel is told: where the project and its results are, and to train nothing."""

import os
from collections.abc import Mapping
from importlib.metadata import version

from reportgen import __version__
from reportgen.pipeline.project import Project

PROJECT, ANSWERS, STORE = "REPORTGEN_PROJECT", "REPORTGEN_ANSWERS", "REPORTGEN_STORE"
ONLY_STORED = "REPORTGEN_ONLY_STORED"
_KEPT = ("PATH", "HOME", "TMPDIR", "LANG", "XDG_CACHE_HOME", "REPORTGEN_DATA", "VIRTUAL_ENV", "SYSTEMROOT")


def environment(project: Project) -> Mapping[str, str]:
    """Return the kernel's environment; nothing else of this process's environment reaches it."""
    report = project.report
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {
        **kept,
        "PYTHONHASHSEED": "0",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        PROJECT: str(report.project.resolve()),
        ANSWERS: str(report.answers.resolve()),
        STORE: str(project.store.root.resolve()),
        ONLY_STORED: "1",
    }


def versions() -> tuple[str, ...]:
    """Return the versions of what runs a notebook and shows its outputs."""
    return (__version__, *(version(name) for name in ("ipykernel", "nbclient", "nbformat")))
