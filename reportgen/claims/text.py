"""Print a run as plain text, failures first, with every measured value."""

from collections.abc import Iterator
from pathlib import Path

from reportgen.claims.run import RunSummary
from reportgen.claims.verdict import Verdict
from reportgen.errors import shown


def plain(run: RunSummary, project: Path, *, verbose: bool = False) -> str:
    """Return `text_lines` as one text."""
    return "".join(line + "\n" for _, line in text_lines(run, project, verbose=verbose))


def text_lines(run: RunSummary, project: Path, *, verbose: bool = False) -> Iterator[tuple[str, str]]:
    """Yield lines of plain text, each with what it is about, for colour.

    That is ``holds``, ``false``, ``undecided``, ``warning``, or empty for what stands below such a line.
    """
    for verdict in run.verdicts:
        if verdict.holds and not verdict.doubtful and not verbose:
            continue
        about = "warning" if verdict.doubtful else verdict.status
        yield about, f"{where(verdict, project)}: {verdict.word}: {verdict.kind} of {verdict.of}"
        for line in details(verdict):
            yield "", f"    {line}"
    yield {0: "holds", 1: "false", 2: "undecided"}[run.exit_status], totals(run)


def details(verdict: Verdict) -> Iterator[str]:
    """Yield all that there is to say about a verdict, a line each."""
    if verdict.sentence:
        yield f'"{verdict.sentence}"'
    yield verdict.expression
    if verdict.measured:
        yield "measured: " + ", ".join(f"{fact.name} = {fact.text}" for fact in verdict.measured)
    for test in verdict.tests:
        yield f"test: {test.text}; p adjusted for all tests of the report: {p_text(test.adjusted)}"
    for warning in verdict.warnings:
        yield f"warning: {warning}"
    if verdict.reason:
        yield f"reason: {verdict.reason}"


def totals(run: RunSummary) -> str:
    """Return how many hold, in one sentence."""
    held, false = run.verdicts.of_status("holds"), run.verdicts.of_status("false")
    undecided = run.verdicts.of_status("undecided")
    doubtful = sum(verdict.doubtful for verdict in held)
    parts = [
        f"{len(held)} of {len(run.verdicts)} hold" + (f" ({doubtful} with a warning)" if doubtful else "")
    ]
    parts += [f"{len(false)} false"] * bool(false) + [f"{len(undecided)} undecided"] * bool(undecided)
    return ", ".join(parts) + "."


def p_text(p_value: float) -> str:
    """Return a p-value as printed in messages."""
    return "< 0.001" if p_value < 0.001 else f"{p_value:.3f}" if p_value < 0.1 else f"{p_value:.2f}"


def file_of(verdict: Verdict, project: Path, root: Path | None = None) -> str:
    """Return the file of a verdict relative to `root`, or as a user would name it from where they are."""
    path = (project / verdict.path).resolve()
    if root is not None and path.is_relative_to(root.resolve()):
        return path.relative_to(root.resolve()).as_posix()
    return Path(shown(path)).as_posix()


def where(verdict: Verdict, project: Path) -> str:
    """Return file and line of a verdict."""
    return f"{file_of(verdict, project)}:{verdict.line}" if verdict.line else file_of(verdict, project)
