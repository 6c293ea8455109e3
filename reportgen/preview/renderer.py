"""Render the opened project after every edit, and reuse what the edit can't have changed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from reportgen import claims
from reportgen.document.displays import Display
from reportgen.errors import ReportgenError
from reportgen.language import Show
from reportgen.pipeline import render
from reportgen.pipeline.displays import displays
from reportgen.pipeline.gather import Gathered, gather
from reportgen.pipeline.project import Project
from reportgen.pipeline.validate import all_told
from reportgen.preview import evidence, panels
from reportgen.preview.screen import Screens
from reportgen.report import Report
from reportgen.store.names import PARTIAL

Parts = Mapping[str, Any]


@dataclass
class Renderer:
    """Renders one project; what it says of it is in parts, each a JSON value.

    Attributes
    ----------
    project : Project
        As its files stood at the last rendering.
    screens : Screens
        Holds every asset that was shown so far.
    gathered : Gathered or None
        Of the last page that could be shown.
    """

    project: Project
    screens: Screens = field(default_factory=Screens)
    gathered: Gathered | None = None
    _drawn: dict[Show, Display] = field(default_factory=dict)
    _whole: bool = True

    def render(self, *, text_only: bool = False) -> Iterator[Parts]:
        """Render the project as its files stand now; first the page, then what takes longer to say.

        Parameters
        ----------
        text_only : bool
            Nothing but answers and templates has changed since the last time.
        """
        self._whole = self._whole or not text_only
        project = self.project.reread()
        gathered = self._gathered(project)
        folder = project.report.project
        answers = render.answered(project.report, gathered)
        page = render.lay_out(project, gathered, answers, draft=False, draw=self._draw, located=True)
        marks = {each.expression: panels.status(each) for each in gathered.verdicts if each.kind == "claim"}
        screen = self.screens.make(page, marks)
        self.project, self.gathered, self._whole = project, gathered, False
        yield {
            "page": {
                "language": screen.language,
                "title": screen.title,
                "classes": screen.classes,
                "sheets": list(screen.sheets),
                "order": list(screen.blocks),
            },
            "blocks": dict(screen.blocks),
            "sections": [
                {
                    "id": each.id,
                    "number": each.number,
                    "title": each.title,
                    **panels.place(each.path, each.body_line, folder),
                }
                for each in project.report.sections
            ],
            "verdicts": panels.verdicts(gathered, folder),
            "models": panels.models(gathered.plan),
            "measured": list(gathered.records),
            "problems": [],
            "store": str(project.store.root),
            "shared": bool(project.store.url),
            "repairs": panels.problems(page.repairs, folder),
        }
        yield {"typed": panels.typed(project.report, gathered.facts, folder)}

    def _gathered(self, project: Project) -> Gathered:
        """Return what the results say; they are read again where they, or the models, may be others."""
        report, before = project.report, self.gathered
        with all_told(report):
            if before is not None and self._as_before(report, before):
                verdicts = claims.judge(report, before.facts, unsettled=before.unsettled)
                return replace(before, verdicts=verdicts)
            self._drawn.clear()
            return gather(project, project.plan(build=False))

    def _trainings(self) -> Any:
        """Return the rows of what trains, here or elsewhere, and the curves so far, by model and seed."""
        from reportgen.training import checkpoint  # what it reads with comes with the training

        folder = self.project.store.root / PARTIAL
        planned = self.project.plan(build=False)
        running = self.project.seen(planned)
        stale = [each for each in planned.models if each.status == "stale" and each.key]
        curves = {each.name: checkpoint.history(folder / str(each.key)) for each in stale}
        rows = {
            each.name: running[str(each.key)].row(each.model, each.seed).cells
            for each in stale
            if each.key in running and running[each.key].alive
        }
        epochs = {name: asdict(found) for name, found in curves.items() if found is not None}
        return {"epochs": epochs, "rows": rows}

    def _as_before(self, report: Report, before: Gathered) -> bool:
        """Tell whether models are trained by the same; what models.py reads may be a text."""
        same = not self._whole and _trains_the_same(report, self.project.report)
        return same and not any(each.reads for each in before.plan.models)

    def _draw(self, project: Project, gathered: Gathered, shows: Iterable[Show]) -> Mapping[Show, Display]:
        """Return the displays, of which those that were drawn from the same results are kept."""
        wanted = list(shows)
        new = [show for show in wanted if show not in self._drawn]
        self._drawn |= displays(project, gathered, new)
        return {show: self._drawn[show] for show in wanted if show in self._drawn}

    def answer(self, question: Mapping[str, Any]) -> Any:
        """Answer what a panel asks about the last page.

        Raises
        ------
        ReportgenError
            If there is no such thing.
        """
        gathered, project = self.gathered, self.project
        if gathered is None:
            raise ReportgenError("there is no page yet")
        match question.get("about"):
            case "trainings":
                return self._trainings()
            case "facts":
                return panels.facts(gathered)
            case "fact":
                return panels.fact(gathered, str(question["name"]))
            case "matrix":
                return evidence.matrix(project, gathered, str(question["model"]))
            case "items":
                cell = question.get("cell")
                pair = (int(cell[0]), int(cell[1])) if cell else None
                other = str(question.get("other", ""))
                return evidence.items(
                    project, gathered, str(question["model"]), pair, other, self.screens.keep
                )
        raise ReportgenError(f"there is no question about {question.get('about')!r}")


def _trains_the_same(report: Report, before: Report) -> bool:
    """Tell whether two reports differ in the words of their sections alone."""
    sections = [each.id for each in report.sections] == [each.id for each in before.sections]
    return sections and replace(report, sections=()) == replace(before, sections=())
