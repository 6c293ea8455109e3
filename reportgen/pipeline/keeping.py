"""Which stored results are somebody's."""

import json
from collections import defaultdict
from collections.abc import Mapping

from reportgen.pipeline.building import BUILDS
from reportgen.pipeline.project import Project


def named(project: Project) -> Mapping[str, list[str]]:
    """Return the names by which the current report calls stored results, by key."""
    names: dict[str, list[str]] = defaultdict(list)
    for each in project.plan(build=False).models:
        if each.key:
            names[each.key].append(each.name)
    return names


def needed(project: Project, builds: int) -> set[str]:
    """Return the keys that the current report needs, and those that the last `builds` builds used.

    Builds of every report that shares the store count; they are ordered by the date of their notes.
    """
    planned = project.plan(build=False).models
    keys = {key for each in planned for key in (each.key, each.evaluation_key) if key}
    notes = [json.loads(project.store.noted(BUILDS, name) or b"{}") for name in project.store.notes(BUILDS)]
    for note in sorted(notes, key=lambda note: note.get("when", ""), reverse=True)[:builds]:
        keys |= set(note.get("keys", ()))
    return keys
