"""``build`` from end to end: plan, train, gather, judge, render, write."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen import plan as plans
from reportgen.claims import Verdict
from reportgen.commands.check import LAST, PREVIOUS, RUNS, run_name
from reportgen.commands.outputs import Outputs, check_writable, outputs
from reportgen.commands.train import Observe, bring_up_to_date, chosen_sections
from reportgen.errors import Problem, TrainingError, UndecidedError, shown
from reportgen.files import disk
from reportgen.pipeline import extras, gate, inputs, write_files
from reportgen.pipeline.gather import Gathered, gather
from reportgen.pipeline.project import Project
from reportgen.pipeline.validate import validated
from reportgen.plan import Plan

if TYPE_CHECKING:
    from reportgen.pipeline.render import Rendering

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Built:
    """What a build did.

    Attributes
    ----------
    written : tuple of Path
        The files whose bytes are new; empty if all was up to date.
    trained : tuple of str
        The models that were trained.
    warnings : tuple of str
        What holds within noise only, what was mended on the way, and in a draft what does not hold.
    missing : tuple of str
        Sections that stand as not built.
    """

    written: tuple[Path, ...]
    trained: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def build(
    project: Project,
    outs: Sequence[Path],
    sections: Iterable[str] = (),
    *,
    draft: bool = False,
    workers: int = 1,
    threads: int = 0,
    observe: Observe,
    step: Callable[[str], None],
) -> Built:
    """Bring the whole report up to date, or only some sections of it.

    Parameters
    ----------
    outs : sequence of Path
        What to write, by its ending (see `reportgen.pipeline.formats`); HTML and notebook stand beside a PDF.
    sections : iterable of str
        Ids of sections: only what they need is trained, and only they must hold. All, if empty.
    draft : bool
        Write the report although claims are false or models can't be trained, and mark that.
    threads : int
        How many compute in a training, see `Job`.

    Raises
    ------
    ContentError
        If a claim or requirement is false; nothing is written.
    UndecidedError
        If one can't be decided, or anything could not be done; nothing is written.
    """
    all_ = [outputs(out) for out in dict.fromkeys(outs)]
    for each in all_:
        check_writable(each)
        _log.info("%s is written by %s", each.out, each.required or "reportgen alone")
    project, read = _opened(project, all_)
    wanted = chosen_sections(project.report, sections)
    models = _needed(project, wanted, bool(sections))
    planned = project.plan()
    trained: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    if any(each.status != "fresh" for model in models for each in planned.of(model)):
        # Errors in an answer, and what its pages lack, are reported before anything trains.
        extras.require("document")
        validated(project, planned)
        if not project.quick:
            plans.record_build(project.report, project.store, planned)
        trained, failures = _trained(
            project, planned, models, observe, workers=workers, threads=threads, draft=draft
        )
        project, read = _opened(project, all_)
        planned = _as_it_stands(project, planned)
        wanted = chosen_sections(project.report, sections)
        models = _needed(project, wanted, bool(sections))
    state = inputs.state(project, planned, read, draft=draft)
    _log.info("the digest of all inputs is %s", state[:12])

    def judged() -> tuple[Gathered, tuple[Verdict, ...]]:
        gathered = gather(project, planned)
        relevant = gate.concerning(gathered, wanted, models)
        if not draft:
            gate.require(relevant, project.report)
        return gathered, relevant

    stale = [each for each in all_ if project.quick or not each.are_of(project, state)]
    if not stale:
        _log.info("the last build had the same inputs, and its files are as it wrote them")
        gathered, relevant = judged()
        return Built((), trained, (*failures, *gate.warnings(relevant)), _missing(gathered))
    if not project.quick:
        plans.record_build(project.report, project.store, planned)
    step("reading results")
    gathered, relevant = judged()
    step("setting pages")
    from reportgen.pipeline.render import Rendering

    rendering = Rendering(project, gathered, draft)
    told = [*failures, *gate.warnings(relevant), *map(str, rendering.page.repairs)]
    contents = {each.out: _written(project, each, rendering, told) for each in stale}
    before = {path for each in stale for path in each.unchanged(project)}
    files = {path: data for each in contents.values() for path, data in each.items()}
    written = write_files.write(files)
    for path in before - files.keys():  # a picture that is no longer shown
        disk.remove(path)
    if project.quick:  # nothing of it is ever taken for what the report says; `clean` knows its files
        for each in stale:
            each.remember(project, contents[each.out], "")
        return Built(tuple(written), trained, tuple(told), _missing(gathered))
    # What was edited meanwhile may be in the pages or not: then nobody can say what they show.
    seen = state if _read(project, all_) == read else ""
    for each in stale:
        each.remember(project, contents[each.out], seen)
    _remember_run(project, gathered)
    _explain(project, gathered, {section.id: section.files for section in rendering.page.sections})
    return Built(tuple(written), trained, tuple(told), _missing(gathered))


def _missing(gathered: Gathered) -> tuple[str, ...]:
    """Return the sections that stand as not built."""
    return tuple(
        section.id
        for section in gathered.facts.report.sections
        if not all(model in gathered.records for model in section.models)
    )


def _needed(project: Project, wanted: Sequence[str], selected: bool) -> tuple[str, ...]:
    """Return the models to be trained: those of the wanted sections, or of the whole report."""
    if not selected:
        return tuple(project.report.models)
    used = {model for section in project.report.sections if section.id in wanted for model in section.models}
    return tuple(name for name in project.report.models if name in used)


def _trained(
    project: Project,
    planned: Plan,
    models: Sequence[str],
    observe: Observe,
    *,
    workers: int,
    threads: int,
    draft: bool,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Train what is stale and return its names; a draft goes on without what can't be, and returns why."""
    try:
        trained = bring_up_to_date(project, planned, models, observe, workers, threads=threads)
    except TrainingError as error:
        if not draft:
            raise
        return (), tuple(map(str, error.problems))
    return tuple(each.name for each in trained), ()


def _opened(project: Project, written: Sequence[Outputs]) -> tuple[Project, str]:
    """Return the project as its files stand, and their digest, taken before they are read."""
    read = _read(project, written)
    return project.reread(), read


def _read(project: Project, written: Sequence[Outputs]) -> str:
    return inputs.files(project, [path for each in written for path in (*each.formats, *each.folders)])


def _as_it_stands(project: Project, planned: Plan) -> Plan:
    """Return the plan by what the files say now: people write while models train.

    Raises
    ------
    UndecidedError
        If a model is another than when training began; its pages would show numbers of the other one.
    """
    again = project.plan(build=False)
    before = {each.name: each.key for each in planned.models}
    edited = [each for each in again.models if each.key is None or each.key != before.get(each.name)]
    if edited:
        remedy = "build again; what was trained is kept"
        raise UndecidedError(
            [
                Problem(
                    shown(each.spec.place.path),
                    each.spec.place.line,
                    f"{each.name} was edited while models were trained",
                    remedy,
                )
                for each in edited
            ]
        )
    return again


def is_last_build(project: Project, of: Outputs) -> bool:
    """Tell whether the files are what a build of the report as it stands has written, and no draft."""
    read = _read(project, [of])
    return of.are_of(project, inputs.state(project, project.plan(), read, draft=False))


def _written(project: Project, of: Outputs, rendering: "Rendering", told: list[str]) -> dict[Path, bytes]:
    """Return the files of an output by their paths, and add to `told` what was noticed on the way."""
    contents: dict[Path, bytes] = {}
    for path, each in of.formats.items():
        made = each.write(rendering, path.name)
        contents |= {path.parent / name: data for name, data in made.files.items()}
        told += made.told
    return contents


def _remember_run(project: Project, gathered: Gathered) -> None:
    """Keep what this run says beside what the run before said."""
    run = gathered.run.to_json().encode()
    last = run_name(project, LAST)
    before = project.store.noted(RUNS, last)
    if before is not None and before != run:
        project.store.note(RUNS, run_name(project, PREVIOUS), before)
    project.store.note(RUNS, last, run)


def _explain(project: Project, gathered: Gathered, opened: Mapping[str, tuple[str, ...]]) -> None:
    """Keep what models and pages were made from, so that a later plan can say what has changed."""
    report = project.report
    built = [
        plans.seen(each, report, opened.get(each.id, ()))
        for each in (*gathered.plan.sections, gathered.plan.title)
        if all(model in gathered.records for model in each.models)
    ]
    fresh = [each for each in gathered.plan.models if each.status == "fresh"]
    plans.record(report, project.store, fresh, built)
