"""Read a report with the options of a command: another number of seeds, or a quick draft."""

from dataclasses import replace
from pathlib import Path

from reportgen import report as reports
from reportgen.document.labels import labels
from reportgen.locales import Locale
from reportgen.report import ModelSpec, Report

QUICK_ITEMS = 1_000


def read_report(
    project: Path, answers: Path | None, seeds: int | None, quick: bool, *, prose: bool = True
) -> Report:
    """Read a report project.

    Parameters
    ----------
    project, answers, prose
        See `reportgen.pipeline.project.open_project`.
    seeds : int or None
        How many seeds every model is trained with; None for those of report.toml.
    quick : bool
        Whether every model is trained on a small part of the data.

    Raises
    ------
    InputError
        With all that is wrong in the report.
    """
    report = reports.load(project, answers, prose=prose)
    if quick:
        return _quick(report)
    if seeds is None:
        return report
    models = {name: replace(spec, seeds=_extended(spec, seeds)) for name, spec in report.models.items()}
    return replace(report, models=models)


def _quick(report: Report) -> Report:
    """Return a report whose models are trained on few items, and whose title says so on every page.

    Epochs and seeds are those of the report, so that what answers say of them has a value.
    """
    models = {
        name: replace(
            spec,
            training=replace(spec.training, subset=min(spec.training.subset or QUICK_ITEMS, QUICK_ITEMS)),
        )
        for name, spec in report.models.items()
    }
    title = quick_title(report.title_block.title, report.language)
    return replace(report, models=models, title_block=replace(report.title_block, title=title))


def quick_title(title: str, language: Locale | str) -> str:
    """Return the title of a quick draft."""
    return f"{labels(language).quick}: {title}"


def _extended(spec: ModelSpec, wanted: int) -> tuple[int, ...]:
    """Return the declared seeds, shortened or followed by the next free numbers."""
    seeds = list(spec.seeds[:wanted])
    candidate = 1
    while len(seeds) < wanted:
        if candidate not in seeds:
            seeds.append(candidate)
        candidate += 1
    return tuple(seeds)
