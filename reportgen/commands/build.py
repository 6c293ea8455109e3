"""``build`` from end to end: plan, train, gather, judge, render, write."""

import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportgen import plan as plans
from reportgen.claims import Verdict
from reportgen.commands.check import LAST, PREVIOUS, RUNS, run_name
from reportgen.commands.train import Observe, bring_up_to_date, chosen_sections
from reportgen.errors import InputError, Problem, TrainingError, UndecidedError, shown
from reportgen.files.disk import digest_of
from reportgen.pipeline import extras, gate, inputs, write_files
from reportgen.pipeline.gather import Gathered, gather
from reportgen.pipeline.project import Project
from reportgen.pipeline.validate import validated
from reportgen.plan import Plan

_log = logging.getLogger(__name__)
BUILDS = "builds"


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


def outputs(out: Path) -> dict[str, Path]:
    """Return the files of a build by kind: the PDF, and beside it the HTML and the notebook."""
    if out.suffix != ".pdf":
        raise InputError(Problem(str(out), 0, "the report is a PDF", "give a name that ends in .pdf"))
    return {"pdf": out, "html": out.with_suffix(".html"), "ipynb": out.with_suffix(".ipynb")}


def build(
    project: Project,
    out: Path,
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
    out : Path
        The PDF; HTML and notebook are written beside it.
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
    files = outputs(out)
    write_files.check_writable(files)
    project, read = _opened(project, files)
    wanted = chosen_sections(project.report, sections)
    models = _needed(project, wanted, bool(sections))
    planned = project.plan()
    trained: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    if any(each.status != "fresh" for model in models for each in planned.of(model)):
        # What is wrong in an answer, or missing for its pages, is told before anything trains.
        extras.require("document")
        validated(project, planned)
        plans.record_build(project.report, project.store, planned)
        trained, failures = _trained(
            project, planned, models, observe, workers=workers, threads=threads, draft=draft
        )
        project, read = _opened(project, files)
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

    if _as_noted(project, files, state):
        _log.info("the last build had the same inputs, and its files are as it wrote them")
        gathered, relevant = judged()
        told = (*failures, *gate.warnings(relevant))
        return Built((), trained, told, _missing(gathered))
    plans.record_build(project.report, project.store, planned)
    step("reading results")
    gathered, relevant = judged()
    step("setting pages")
    from reportgen.pipeline.render import render_all

    rendered = render_all(project, gathered, draft=draft)
    contents = {"pdf": rendered.pdf, "html": rendered.html, "ipynb": rendered.ipynb}
    written = write_files.write({files[kind]: data for kind, data in contents.items()})
    # What was edited meanwhile may be in the pages or not: then nobody can say what they show.
    _remember(
        project, gathered, files, contents, state if inputs.files(project, files.values()) == read else ""
    )
    _explain(project, gathered, rendered.opened)
    told = (*failures, *gate.warnings(relevant), *rendered.repairs)
    return Built(tuple(written), trained, told, _missing(gathered))


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


def _opened(project: Project, files: Mapping[str, Path]) -> tuple[Project, str]:
    """Return the project as its files stand, and their digest, taken before they are read."""
    read = inputs.files(project, files.values())
    return project.reread(), read


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


def is_last_build(project: Project, files: dict[str, Path]) -> bool:
    """Tell whether the files are what a build of the report as it stands has written, and no draft."""
    read = inputs.files(project, files.values())
    return _as_noted(project, files, inputs.state(project, project.plan(), read, draft=False))


def unchanged(project: Project, files: dict[str, Path]) -> tuple[Path, ...]:
    """Return those of the files that are, byte for byte, what the last build wrote."""
    last = _noted(project, files).get("files")
    written = last if isinstance(last, dict) else {}
    return tuple(
        path for kind, path in files.items() if path.is_file() and digest_of(path) == written.get(kind)
    )


def _as_noted(project: Project, files: dict[str, Path], state: str) -> bool:
    """Tell whether the files are, byte for byte, what was written when all inputs were what they are now."""
    same = _noted(project, files).get("inputs") == state
    return same and unchanged(project, files) == tuple(files.values())


def _noted(project: Project, files: dict[str, Path]) -> dict[str, object]:
    """Return what the last build of these files noted; empty where that can't be read."""
    try:
        found = json.loads(project.store.noted(BUILDS, _name(project, files)) or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _name(project: Project, files: dict[str, Path]) -> str:
    places = f"{project.report.answers.resolve()}\0{files['pdf'].resolve()}"
    return hashlib.sha256(os.fsencode(places)).hexdigest()


def _remember(
    project: Project, gathered: Gathered, files: dict[str, Path], contents: dict[str, bytes], state: str
) -> None:
    """Keep what was built, so that the next build can say that there is nothing to do."""
    run = gathered.run.to_json().encode()
    digests = {kind: hashlib.sha256(data).hexdigest() for kind, data in contents.items()}
    note = {"inputs": state, "files": digests}
    project.store.note(BUILDS, _name(project, files), json.dumps(note, sort_keys=True).encode())
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
