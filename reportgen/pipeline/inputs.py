"""Digest everything that a build reads: equal digests, equal outputs.

Nothing here knows what a file is for. Every file of the authors' counts, so that nothing that a page shows
can be forgotten; one build too many costs a second, one too few a false page.
"""

import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from reportgen import artifacts
from reportgen import files as reading
from reportgen.errors import InputError
from reportgen.pipeline.project import Project
from reportgen.plan import ModelPlan, Plan


def files(project: Project, written: Iterable[Path] = ()) -> str:
    """Return the digest of every file below the answers and the templates.

    Parameters
    ----------
    written : iterable of Path
        Outputs, which may stand among the inputs; they don't count, nor does the store.
    """
    report = project.report
    besides = {path.resolve() for path in (*written, project.store.root)}
    trees = [dict(_tree(folder, besides)) for folder in (report.answers, report.templates)]
    return artifacts.digest(trees, project.seeds)


def results(project: Project, planned: Plan) -> str:
    """Return the digest of every result that a plan can use, down to the bytes of its files."""
    keys = [(each.model, each.seed, key) for each in planned.models for key in _used(each)]
    stored = {key: project.store.get(key) for _, _, key in keys}
    contents = {
        key: {name: entry.sha256 for name, entry in found.manifest.files.items()} if found else None
        for key, found in stored.items()
    }
    return artifacts.digest(keys, contents)


def state(project: Project, planned: Plan, read: str, *, draft: bool) -> str:
    """Return the digest of all that decides what a build writes.

    Parameters
    ----------
    read : str
        What `files` said before the plan was made.
    """
    unusable = [(each.name, list(map(str, each.reasons))) for each in planned.models]
    date = os.environ.get("SOURCE_DATE_EPOCH")
    return artifacts.digest(artifacts.environment(), read, results(project, planned), unusable, draft, date)


def _used(planned: ModelPlan) -> Iterator[str]:
    if planned.status != "stale":
        yield from (key for key in (planned.key, planned.evaluation_key) if key)


def _tree(folder: Path, besides: Collection[Path]) -> Iterator[tuple[str, str]]:
    """Yield the name of every file below a folder, with a hash of its content."""
    for place, folders, names in os.walk(folder.resolve()):
        parent = Path(place)
        folders[:] = [name for name in folders if name != "__pycache__" and parent / name not in besides]
        for name in names:
            if parent / name not in besides:
                yield (parent / name).relative_to(folder.resolve()).as_posix(), _content(parent / name)


def _content(path: Path) -> str:
    """Return the hash of a file; of what is no regular file or can't be read, only that."""
    try:
        return reading.digest(path)
    except InputError:
        return ""
