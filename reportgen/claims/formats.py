"""Output formats of a run, by name."""

from pathlib import Path
from typing import Final

from reportgen.claims.run import RunSummary
from reportgen.claims.text import plain

FORMATS: Final = ("text", "json", "junit", "github")


def formatted(
    run: RunSummary, form: str, project: Path, *, verbose: bool = False, root: Path | None = None
) -> str:
    """Return a run in one of `FORMATS`.

    Parameters
    ----------
    project : Path
        The folder that the verdicts' paths are relative to.
    verbose : bool
        Whether plain text also lists what holds without any doubt.
    root : Path, optional
        What a CI server takes paths to be relative to, where that is not the working folder.
    """
    match form:
        case "json":
            return run.to_json()
        case "junit":
            from reportgen.claims.junit import junit

            return junit(run, project, root)
        case "github":
            from reportgen.claims.github import annotations

            return annotations(run, project, root)
        case "text":
            return plain(run, project, verbose=verbose)
    raise ValueError(f"no format: {form!r}")
