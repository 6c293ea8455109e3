"""Find which stored results the current report and its last builds need, and what they are called."""

from collections import defaultdict
from collections.abc import Mapping

from reportgen import plan as plans
from reportgen.pipeline.project import Project


def named(project: Project) -> Mapping[str, list[str]]:
    """Return the names by which the current report calls stored results, by key."""
    names: dict[str, list[str]] = defaultdict(list)
    for each in project.plan(build=False).models:
        if each.key:
            names[each.key].append(each.name)
    return names


def needed(project: Project, builds: int) -> frozenset[str]:
    """Return the keys that the current report, and the last `builds` builds of every report, need."""
    return plans.needed(project.report, project.store, project.plan(build=False), builds)
