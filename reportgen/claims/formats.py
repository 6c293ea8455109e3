"""Output formats of a run, by name: to add one, add its writer to `FORMATS`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from reportgen.claims.run import RunSummary
from reportgen.claims.text import plain


@dataclass(frozen=True)
class Format:
    """One format.

    Attributes
    ----------
    write : callable
        A run, the project's folder, whether to list what holds without any doubt, and what a CI server takes
        paths to be relative to → the text.
    syntax : {"text", "json", "xml"}
        What the text is, so that characters which can't be printed are escaped in its way.
    """

    write: Callable[[RunSummary, Path, bool, Path | None], str]
    syntax: Literal["text", "json", "xml"]


def _text(run: RunSummary, project: Path, verbose: bool, root: Path | None) -> str:
    return plain(run, project, verbose=verbose)


def _json(run: RunSummary, project: Path, verbose: bool, root: Path | None) -> str:
    return run.to_json()


def _junit(run: RunSummary, project: Path, verbose: bool, root: Path | None) -> str:
    from reportgen.claims.junit import junit

    return junit(run, project, root)


def _github(run: RunSummary, project: Path, verbose: bool, root: Path | None) -> str:
    from reportgen.claims.github import annotations

    return annotations(run, project, root)


FORMATS: Final[Mapping[str, Format]] = {
    "text": Format(_text, "text"),
    "json": Format(_json, "json"),
    "junit": Format(_junit, "xml"),
    "github": Format(_github, "text"),
}


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
    return FORMATS[form].write(run, project, verbose, root)
