"""``check`` and ``diff``: judge a report by its stored results; nothing is trained, no page written."""

from dataclasses import replace
from pathlib import Path

from reportgen import claims
from reportgen import plan as plans
from reportgen.claims import RunSummary, Verdict
from reportgen.errors import InputError
from reportgen.pipeline.gather import gather
from reportgen.pipeline.project import Project, open_project
from reportgen.pipeline.validate import validated

RUNS, LAST, PREVIOUS = "runs", "last", "previous"


def check(
    project: Project,
    baseline: str | None = None,
    allowed: float = claims.ALLOWED,
    *,
    strict: bool = False,
    whole: bool = True,
) -> tuple[RunSummary, tuple[Verdict, ...]]:
    """Judge a report by its stored results.

    Parameters
    ----------
    baseline : str, optional
        An earlier run to compare with: a JSON file, a stored run, or a git revision.
    allowed : float
        Drop of a test accuracy against the baseline that is accepted, a share of 1.
    strict : bool
        Let typed numbers fail the run, and statements that are true whatever was measured.
    whole : bool
        Whether the run is to hold every fact, or verdicts only, which is quicker.

    Returns
    -------
    run : RunSummary
    typed : tuple of Verdict
        The numbers in prose that look measured but are typed.
    """
    gathered = validated(project, project.plan())
    report = project.report
    run = gathered.run if whole or baseline is not None else claims.outline(report, gathered.verdicts)
    typed = claims.typed_numbers(report, gathered.facts)
    verdicts = run.verdicts.strict().with_items(typed) if strict else run.verdicts
    if baseline is not None:
        held = claims.against(run, earlier(project, baseline), report, allowed=allowed)
        verdicts = verdicts.with_items(held)
    return replace(run, verdicts=verdicts), typed


def compare(project: Project, before: str, after: str) -> claims.Difference:
    """Return what differs between two runs, which are named as in `earlier`, or ``now``."""
    try:
        gathered = gather(project, project.plan())
        printed = claims.printed_names(project.report, gathered.facts)
    except InputError:  # two earlier runs can be compared while the answers are being rewritten
        if "now" in (before, after):
            raise
        printed = frozenset()
    old, new = (gathered.run if name == "now" else earlier(project, name) for name in (before, after))
    return claims.difference(old, new, printed)


def earlier(project: Project, reference: str) -> RunSummary:
    """Return the earlier run that `reference` names (see `reportgen.claims.read_run`)."""

    def rerun(folder: Path) -> RunSummary:
        answers = project.report.answers.resolve().relative_to(project.report.project.resolve())
        again = open_project(folder, folder / answers, str(project.store.root), read_only=True)
        return gather(again, again.plan(build=False)).run

    def stored(name: str) -> bytes | None:
        return project.store.noted(RUNS, run_name(project, name))

    return claims.read_run(reference, project.report.project, stored=stored, rerun=rerun)


def run_name(project: Project, which: str) -> str:
    """Return the name under which a run of a report, ``last`` or ``previous``, is kept in the store."""
    return f"{which} {plans.report_name(project.report, project.store)}"
