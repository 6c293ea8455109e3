"""Print a run for GitHub Actions: annotations at the lines, and a table for the job summary."""

import re
from pathlib import Path

from reportgen.claims.run import RunSummary
from reportgen.claims.text import details, file_of, totals, where

_MARKS = {"holds": "✅", "false": "❌", "undecided": "❔"}


def annotations(run: RunSummary, project: Path, root: Path | None = None) -> str:
    """Return workflow commands that annotate the lines, most serious first.

    `root` is the folder that GitHub checked out, which it takes paths to be relative to. It shows ten
    annotations of a kind for each step; the job's summary has all.
    """
    lines = []
    for verdict in run.verdicts.by_urgency():
        if verdict.holds and not verdict.doubtful:
            continue
        command = "warning" if verdict.holds else "error"
        place = f"file={_property(file_of(verdict, project, root))},line={max(verdict.line, 1)}"
        title = _property(f"{verdict.kind} of {verdict.of}: {verdict.word}")
        message = _data("\n".join(details(verdict)))
        lines.append(f"::{command} {place},title={title}::{message}\n")
    return "".join(lines) + f"::notice title=reportgen::{_data(totals(run))}\n"


def job_summary(run: RunSummary, project: Path) -> str:
    """Return the table for ``$GITHUB_STEP_SUMMARY``: what is false or undecided first."""
    lines = [
        f"### {_cell(run.title)}",
        "",
        totals(run),
        "",
        "| | where | what | measured |",
        "| --- | --- | --- | --- |",
    ]
    for verdict in run.verdicts.by_urgency():
        mark = "⚠️" if verdict.doubtful else _MARKS[verdict.status]
        said = [f"`{_code(verdict.expression)}`", *filter(None, [_cell(verdict.sentence)])]
        told = [f"{fact.name} = {fact.text}" for fact in verdict.measured]
        told += [test.text for test in verdict.tests]
        told += [*verdict.warnings, *filter(None, [verdict.reason])]
        lines.append(
            f"| {mark} {verdict.word} | {_cell(where(verdict, project))} "
            f"| {'<br>'.join(said)} | {'<br>'.join(map(_cell, told))} |"
        )
    return "\n".join(lines) + "\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _cell(text: str) -> str:
    """Return plain text as Markdown that shows it as it is, in one cell of a table."""
    escaped = re.sub(r"([\\`*_{}\[\]<>#|~&])", r"\\\1", text)
    return " ".join(escaped.split())


def _code(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("`", "'")
