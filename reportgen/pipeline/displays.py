"""Make the tables, figures and listings that answers show; figures are cached in the store."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from reportgen import datasets, figures
from reportgen.artifacts import Addressed, Artifacts
from reportgen.document.displays import Display, Drawing, Listing
from reportgen.document.labels import labels
from reportgen.document.tables import layers, results, training
from reportgen.figures import Compared, Figure, Look
from reportgen.language import Show
from reportgen.pipeline.gather import Gathered
from reportgen.pipeline.project import Project
from reportgen.training.record import Record


def displays(project: Project, gathered: Gathered, shows: Iterable[Show]) -> Mapping[Show, Display]:
    """Return a display for each show whose results are there; nothing is drawn that was drawn before."""
    found: dict[Show, Display] = {}
    for show in shows:
        models = show.models or tuple(name for name in project.report.models if name in gathered.records)
        if show not in found and models and all(model in gathered.records for model in models):
            found[show] = _display(project, gathered, show)
    return found


def _display(project: Project, gathered: Gathered, show: Show) -> Display:
    report = project.report
    words = labels(report.language)
    if not show.models and show.kind == "table":
        return results(report.models.values(), gathered.records, words)
    if show.kind not in ("summary", "training", "code"):
        drawn = figure(project, gathered.records, show)
        return Drawing(drawn.svg, drawn.alt, drawn.caption, drawn.sources)
    (model,) = show.models
    spec, records = report.models[model], gathered.records[model]
    sources = [record.key for record in records]
    match show.kind:
        case "summary":
            return layers(records[0], spec.title, words, sources)
        case "training":
            title = datasets.title(spec.training.dataset, report.datasets)
            return training(spec, records, title, words)
        case _:
            return Listing(gathered.plan.of(model)[0].code, spec.title, sources=tuple(sources))


def figure(project: Project, records: Mapping[str, Sequence[Record]], show: Show) -> Figure:
    """Return a figure from the store's cache, or draw it."""
    report = project.report
    look = Look(report.language)
    names = show.models or tuple(name for name in report.models if name in records)
    compared = [
        Compared(
            report.models[name].title,
            tuple(records[name]),
            datasets.title(report.models[name].training.dataset, report.datasets),
        )
        for name in names
    ]
    title, records_, dataset = (
        compared[0].title,
        compared[0].records,
        report.models[names[0]].training.dataset,
    )
    classes = datasets.class_names(dataset, report.datasets)
    values: tuple[object, ...] = (title, records_, classes)
    match show.kind:
        case "comparison":
            values = (compared,)
        case "architecture":
            values = (title, records_)
        case "mistakes":
            first = records_[0]
            images = Addressed(first.dataset, lambda: project.images(first, dataset))
            values = (title, records_, classes, images)
    return Figure.from_bytes(Artifacts(project.store)(_drawn, show.kind, *values, look))


def _drawn(kind: str, *values: object) -> bytes:
    """Draw a figure with the function of its name."""
    draw: Callable[..., Figure] = getattr(figures, kind)
    return draw(*(each.load() if isinstance(each, Addressed) else each for each in values)).to_bytes()
