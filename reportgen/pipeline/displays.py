"""Make the tables, figures and listings that answers show; figures are cached in the store."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from reportgen import datasets, executors, figures
from reportgen.artifacts import Addressed, Artifacts
from reportgen.document.displays import Display, Drawing, Listing, Undrawable
from reportgen.document.labels import labels
from reportgen.document.tables import layers, results, training, variants
from reportgen.errors import RenderError, TrainingError
from reportgen.figures import Extent, Figure, Look, ShownModel, extent
from reportgen.language import Show
from reportgen.pipeline.gather import Gathered
from reportgen.pipeline.project import Project
from reportgen.report import Report
from reportgen.report.families import text_of
from reportgen.report.types import Argument
from reportgen.results.family_facts import TABLE
from reportgen.results.required import least_accuracy
from reportgen.training.record import Record

_AUGMENTED = (3, 6)  # images, and versions of each


def displays(project: Project, gathered: Gathered, shows: Iterable[Show]) -> Mapping[Show, Display]:
    """Return a display for each show whose results are there; nothing is drawn that was drawn before."""
    found: dict[Show, Display] = {}
    for show in shows:
        if show in found:
            continue
        models = show.models or tuple(name for name in project.report.models if name in gathered.records)
        if show.dataset or (models and all(model in gathered.records for model in models)):
            found[show] = _display(project, gathered, show)
    return found


def _display(project: Project, gathered: Gathered, show: Show) -> Display:
    report = project.report
    words = labels(report.language)
    if show.kind == "table":
        return results(gathered.facts.models.values(), words)
    if show.kind == TABLE:
        return variants([gathered.facts[model] for model in show.models], words)
    if show.kind not in ("summary", "training", "code"):
        try:
            drawn = figure(project, gathered, show)
        except (RenderError, TrainingError) as error:
            wrong = error.problems[0]
            return Undrawable(wrong.message, wrong.remedy)
        return Drawing(drawn.svg, drawn.alt, drawn.caption, drawn.sources)
    (model,) = show.models
    facts = gathered.facts[model]
    match show.kind:
        case "summary":
            return layers(facts, words)
        case "training":
            title = datasets.title(facts.spec.training.dataset, report.datasets)
            return training(facts, title, words)
        case _:
            return Listing(gathered.plan.of(model)[0].code, facts.spec.title, sources=facts.sources)


def figure(project: Project, gathered: Gathered, show: Show) -> Figure:
    """Return a figure from the store's cache, or draw it."""
    values = _of_data(project, show) if show.dataset else _of_models(project, gathered, show)
    look = Look(
        project.report.language, pictures=_pictures(gathered, show), items=_items(project, gathered, show)
    )
    return Figure.from_bytes(Artifacts(project.store)(_drawn, show.kind, *values, look))


def _pictures(gathered: Gathered, show: Show) -> bool:
    """Tell whether all that a figure is drawn from are images; of a data set nothing else is drawn."""
    if show.dataset:
        return True
    names = show.models or tuple(gathered.records)
    records = (gathered.records[name][0] for name in names if name in gathered.records)
    return all(record.pictures for record in records)


def _items(project: Project, gathered: Gathered, show: Show) -> tuple[str, str] | None:
    """Return what the authors call the items that a figure is drawn from, if it is one thing."""
    report = project.report
    names = show.models or tuple(gathered.records)
    sets = {show.dataset} if show.dataset else {report.models[name].training.dataset for name in names}
    found = {report.datasets[name].items if name in report.datasets else None for name in sets}
    return found.pop() if len(found) == 1 else None


def _of_data(project: Project, show: Show) -> tuple[object, ...]:
    """Return what a figure of a data set is drawn from."""
    name, own = show.dataset, project.report.datasets
    images = Addressed(project.data(name).fingerprint, lambda: project.dataset(name).train)
    return datasets.title(name, own), datasets.class_names(name, own), images


def _of_models(project: Project, gathered: Gathered, show: Show) -> tuple[object, ...]:
    """Return what a figure of models is drawn from."""
    report, records = project.report, gathered.records
    names = show.models or tuple(name for name in report.models if name in records)
    models = [_shown(report, name, records[name]) for name in names]
    if show.kind in figures.OF_CLASSES:
        for each in models:
            if why := figures.unclassed(each.first, show.kind):
                raise RenderError(f"{each.title} {why}, and this figure is of classes")
    spec, model = report.models[names[0]], models[0]
    dataset = spec.training.dataset
    match show.kind:
        case "comparison" | "efficiency" | "learning_curves" | "accuracy_by_seed":
            return (models,)
        case "variation":
            name = ", ".join(key.replace("_", " ") for key in spec.varied)
            values = [_value(report.models[each].varied) for each in names]
            return models, spec.family_title, name, values
        case "confusion_difference":
            return tuple(models)
        case "evaluation_image":
            return model, _shared(report, records, dataset)
        case "mistakes":
            images = Addressed(model.first.dataset, lambda: project.images(model.first, dataset))
            return model, images
        case "filters":
            return model, Addressed(model.first.key, lambda: project.kernel(model.first))
        case "augmented":
            if spec.training.augmentation is None:
                raise RenderError("it is trained without augmentation")
            job = project.job(gathered.plan.of(names[0])[0])
            elsewhere, store = project.elsewhere, project.store
            sheet = Addressed(
                model.first.key,
                lambda: executors.augment(job, *_AUGMENTED, store=store, executor=elsewhere),
            )
            return model, spec.training.augmentation, sheet
        case _:
            return (model,)


def _shown(report: Report, name: str, records: Sequence[Record]) -> ShownModel:
    """Return a model as figures take it."""
    spec, own = report.models[name], report.datasets
    dataset = spec.training.dataset
    names, title = datasets.task(dataset, own).names, datasets.title(dataset, own)
    return ShownModel(spec.title, tuple(records), names, title, least_accuracy(spec))


def _value(varied: Mapping[str, Argument]) -> float | str:
    """Return what varies in a model, of several parameters their values in words."""
    values = list(varied.values())
    first = values[0]
    if len(values) == 1 and isinstance(first, int | float) and not isinstance(first, bool):
        return float(first)
    return ", ".join(map(text_of, values))


def _shared(report: Report, records: Mapping[str, Sequence[Record]], dataset: str) -> Extent | None:
    """Return how far the curves of all models on a data set reach; None where there is only one."""
    alike = [name for name in records if report.models[name].training.dataset == dataset]
    return extent(_shown(report, name, records[name]) for name in alike) if alike[1:] else None


def _drawn(kind: str, *values: object) -> bytes:
    """Draw a figure with the function of its name; the last value is its look."""
    draw: Callable[..., Figure] = getattr(figures, kind)
    *given, look = (each.load() if isinstance(each, Addressed) else each for each in values)
    assert isinstance(look, Look)
    return figures.with_narrow(partial(draw, *given), look).to_bytes()
