"""``clean``: remove the files that builds leave behind, and no others."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportgen.commands.outputs import outputs, quick
from reportgen.errors import InputError, Problem, shown
from reportgen.files import disk, inside
from reportgen.pipeline.project import Project


@dataclass(frozen=True)
class Cleaned:
    """What was removed, or would be: outputs, results by key, bytes; `kept` are files of others."""

    outputs: tuple[Path, ...]
    kept: tuple[Path, ...]
    results: tuple[str, ...]
    size: int


def clean(project: Project, outs: Sequence[Path], *, results: bool = False, dry_run: bool = False) -> Cleaned:
    """Remove the outputs of the last build, and figures, pages and temporary files in the project's store.

    Parameters
    ----------
    outs : sequence of Path
        What was built, as `build` was given it; quick drafts of it go, too.
    results : bool
        Whether results go, too, with the epochs of interrupted trainings.

    Raises
    ------
    InputError
        If results are to go that other projects may use.
    """
    store = project.store
    own = inside(project.report.project, str(store.root)) is not None
    if results and not own:
        message = "this store lies outside the project, and other projects may use its results"
        remedy = "reportgen store prune removes what no report needs"
        raise InputError(Problem(shown(store.root), 0, message, remedy))
    built = [outputs(out) for out in dict.fromkeys((*outs, *map(quick, outs)))]
    there = [path for each in built for path in each.formats if path.is_file()]
    ours = tuple(dict.fromkeys(path for each in built for path in each.unchanged(project)))

    def needed() -> Collection[str]:
        names = {each.key for each in store.list()} | {path.name for path in store.root.glob("partial/*")}
        return () if results else names

    pruned = store.prune(needed, dry_run) if own and store.root.is_dir() else None
    size = sum(map(disk.size_of, ours)) + (pruned.size if pruned else 0)
    for path in () if dry_run else ours:
        disk.remove(path)
    for folder in (folder for each in built for folder in each.folders):
        if not dry_run and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    kept = tuple(path for path in there if path not in ours)
    return Cleaned(ours, kept, pruned.keys if pruned else (), size)
