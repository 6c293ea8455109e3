"""Environment of the notebook's kernel: where project and results are, and that nothing is trained."""

import os
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from reportgen import artifacts
from reportgen.pipeline import inputs
from reportgen.pipeline.project import Project
from reportgen.plan import Plan
from reportgen.report import Report, TitleBlock

PROJECT, ANSWERS, STORE = "REPORTGEN_PROJECT", "REPORTGEN_ANSWERS", "REPORTGEN_STORE"
SEEDS, QUICK, ONLY_STORED = "REPORTGEN_SEEDS", "REPORTGEN_QUICK", "REPORTGEN_ONLY_STORED"
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
        QUICK: "1" if project.quick else "",
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
    report = _anywhere(view(project.report), project.report.project.absolute())
    return artifacts.digest(artifacts.sources(), report, snapshots, results)


def _anywhere(value: Any, root: Path) -> Any:
    """Return a value with its paths below `root` relative to it: a copy of a project shows the same."""
    match value:
        case Path():
            return value.relative_to(root) if value.is_relative_to(root) else value
        case Mapping():
            return {key: _anywhere(item, root) for key, item in value.items()}
        case tuple():
            return tuple(_anywhere(item, root) for item in value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return replace(
                value, **{each.name: _anywhere(getattr(value, each.name), root) for each in fields(value)}
            )
    return value
