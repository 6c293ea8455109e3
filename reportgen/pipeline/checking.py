"""Holds a report against its stored results; trains nothing and writes no page."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from reportgen import claims
from reportgen.claims import RunSummary, Verdicts
from reportgen.errors import Problem
from reportgen.language import parse
from reportgen.pipeline.gathering import gather
from reportgen.pipeline.project import Project, open_project

RUNS = "runs"


def check(project: Project, baseline: str | None = None, allowed: float = claims.ALLOWED) -> RunSummary:
    """Judge a report by its stored results.

    Parameters
    ----------
    baseline : str, optional
        An earlier run to compare with: a JSON file, a stored run, or a git revision.
    allowed : float
        Drop of a test accuracy against the baseline that is accepted, a share of 1.
    """
    gathered = gather(project, project.plan())
    run = claims.summarize(project.report, gathered.facts, gathered.verdicts)
    if baseline is None:
        return run
    held = claims.against(run, earlier(project, baseline), project.report, allowed=allowed)
    return replace(run, verdicts=Verdicts((*run.verdicts.items, *held), run.verdicts.adjusted))


def earlier(project: Project, reference: str) -> RunSummary:
    """Return the earlier run that `reference` names (see `reportgen.claims.read_run`)."""

    def rerun(folder: Path) -> RunSummary:
        answers = project.report.answers.resolve().relative_to(project.report.project.resolve())
        again = open_project(folder, folder / answers, str(project.store.root), read_only=True)
        gathered = gather(again, again.plan(build=False))
        return claims.summarize(again.report, gathered.facts, gathered.verdicts)

    return claims.read_run(
        reference, project.report.project, stored=lambda name: project.store.noted(RUNS, name), rerun=rerun
    )


def typed_numbers(project: Project) -> Sequence[Problem]:
    """Return the numbers in prose that look measured but are typed, each with its place."""
    from reportgen.language import bare_numbers

    return [
        problem
        for section in project.report.sections
        for problem in bare_numbers(parse(section.body, section.path, section.body_line))
    ]
