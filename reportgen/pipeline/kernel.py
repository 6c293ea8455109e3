"""What the notebook's kernel is told: where the project and its results are, and to train nothing."""

import os
from collections.abc import Mapping
from dataclasses import replace

from reportgen import artifacts
from reportgen.pipeline import inputs
from reportgen.pipeline.project import Project
from reportgen.plan import Plan
from reportgen.report import Report, TitleBlock

PROJECT, ANSWERS, STORE = "REPORTGEN_PROJECT", "REPORTGEN_ANSWERS", "REPORTGEN_STORE"
SEEDS, ONLY_STORED = "REPORTGEN_SEEDS", "REPORTGEN_ONLY_STORED"
_KEPT = (
    "PATH",
    "HOME",
    "TMPDIR",
    "LANG",
    "XDG_CACHE_HOME",
    "REPORTGEN_DATA",
    "VIRTUAL_ENV",
    "SYSTEMROOT",
    "PYTHONPATH",
)


def environment(project: Project, seen: str) -> Mapping[str, str]:
    """Return the kernel's environment; nothing else of this process's environment reaches it.

    Parameters
    ----------
    seen : str
        What `seen` says of the project.
    """
    report = project.report
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {
        **kept,
        "PYTHONHASHSEED": "0",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        PROJECT: str(report.project.absolute()),
        ANSWERS: str(report.answers.absolute()),
        STORE: str(project.store.root.absolute()),
        SEEDS: str(project.seeds or ""),
        ONLY_STORED: seen,
    }


def view(report: Report) -> Report:
    """Return a report as the kernel sees it: without what stands on pages only."""
    return replace(report, sections=(), title_block=TitleBlock("", "", "", "", ()), theme="", paper="")


def seen(project: Project, planned: Plan) -> str:
    """Return the digest of all that the kernel can see of a project.

    The kernel takes it of what it reads, too: what it makes is kept only under the digest of what it saw.
    """
    snapshots = [each.snapshot.files for each in planned.models[:1]]
    results = inputs.results(project, planned)
    return artifacts.digest(artifacts.sources(), view(project.report), snapshots, results)
