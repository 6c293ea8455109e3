"""What answers show → tables, figures and listings; figures come from the store where they are there."""

from collections.abc import Iterable, Mapping, Sequence

from reportgen import datasets, figures
from reportgen.document.displays import Display, Drawing, Listing
from reportgen.document.labels import labels
from reportgen.document.tables import layers, results, training
from reportgen.experiment.record import Record
from reportgen.figures import Compared, Figure, Look
from reportgen.language import Show
from reportgen.pipeline.gathering import Gathered
from reportgen.pipeline.project import Project


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
            return layers(records[0].architecture, spec.title, words, sources)
        case "training":
            title = datasets.title(spec.training.dataset, report.datasets)
            return training(spec, title, words, sources)
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
    first = compared[0]
    dataset = report.models[names[0]].training.dataset
    classes = datasets.class_names(dataset, report.datasets)

    def draw() -> Figure:
        match show.kind:
            case "evaluation_image":
                return figures.evaluation_image(first.title, first.records, classes, look)
            case "per_class":
                return figures.per_class(first.title, first.records, classes, look)
            case "architecture":
                return figures.architecture(first.title, first.records, look)
            case "mistakes":
                images = project.images(first.records[0], dataset)
                return figures.mistakes(first.title, first.records, classes, images, look)
            case "comparison":
                return figures.comparison(compared, look)
        raise ValueError(f"no figure: {show.kind}")

    key = figures.recipe(show.kind, compared, classes, look)
    return Figure.from_bytes(project.store.artifact("figures", key, lambda: draw().to_bytes()))
