"""Make the tables of a report from facts."""

import re
from collections.abc import Iterable, Mapping, Sequence

from reportgen.document.displays import Column, Table
from reportgen.document.labels import Labels
from reportgen.language import Quantity
from reportgen.language.numbers import NumberStyle, decimal, shortest, style_of
from reportgen.report.dataset_file import Task
from reportgen.report.training_parameters import SCALES, Component, Training
from reportgen.report.types import ModelSpec
from reportgen.results.layer_groups import in_order, layer_groups
from reportgen.results.model_facts import ModelFacts
from reportgen.training.record import FOLDS, Layer, Record

KEY_DIGITS = 12
MANY_LAYERS = 15  # a layer table with more groups them


def layers(model: ModelFacts, words: Labels) -> Table:
    """Return the layer table of a model: type, output shape, weights; and the totals.

    In a long model, a row is a layer with those that only change the values of its output: a convolution with
    its BatchNormalization and activation, say. Its type is left out where its name says it.
    """
    style, record = style_of(words.language), model.records[0]
    if not record.network:
        return steps(model, words)

    def count(number: float) -> str:
        return decimal(number, 0, style)

    alone = [(layer,) for layer in in_order(record)]
    compact = len(alone) > MANY_LAYERS
    groups = layer_groups(record) if compact else alone
    rows = tuple(
        (
            " + ".join([_named(group[0], compact), *_joined(group[1:])]),
            f"({', '.join('None' if size is None else str(size) for size in group[-1].output_shape)})",
            ", ".join(layer.activation for layer in group if layer.activation not in ("", "linear")),
            " + ".join(count(each.parameters) for each in group if each.parameters) or count(0),
        )
        for group in groups
    )
    totals = tuple(
        (name, "", "", count(number.value))
        for name, number in (
            (words.total, model.parameters.total),
            (words.trainable, model.parameters.trainable),
            (words.non_trainable, model.parameters.non_trainable),
        )
    )
    columns = (
        Column(words.layer),
        Column(words.output_shape),
        Column(words.activation),
        Column(words.parameters, True),
    )
    return Table(words.summary_table.format(model=model.spec.title), columns, rows, totals, model.sources)


def steps(model: ModelFacts, words: Labels) -> Table:
    """Return the steps of an estimator, or a training function, with all their parameters, one a row."""
    rows = tuple(
        (f"{step.name} ({step.type})" if step.name != step.type.lower() else step.type, _spaced(key), value)
        for step in model.records[0].steps
        for key, value in (step.details or {"–": "–"}).items()
    )
    columns = (Column(words.step), Column(words.setting), Column(words.value))
    return Table(words.steps_table.format(model=model.spec.title), columns, rows, (), model.sources)


def _named(layer: Layer, compact: bool) -> str:
    """Return a layer's name and type: ``conv2d_1 (Conv2D)``, where it is to be compact ``conv2d_1``."""
    given = re.sub(r"_\d+$", "", layer.name).replace("_", "")
    return layer.name if compact and given == layer.type.lower() else f"{layer.name} ({layer.type})"


def _joined(group: Sequence[Layer]) -> Iterable[str]:
    """Yield the types of layers that share a row; an activation has a column of its own."""
    return (each.type.replace("Normalization", "Norm") for each in group if each.type != "Activation")


def training(model: ModelFacts, dataset_title: str, words: Labels) -> Table:
    """Return how a model was trained, one parameter a row."""
    spec = model.spec
    rows = tuple(_training_rows(spec, model.records[0], dataset_title, words))
    seeds = (words.seeds if len(spec.seeds) > 1 else words.seed, ", ".join(map(str, spec.seeds)))
    columns = (Column(words.setting), Column(words.value))
    return Table(words.training_table.format(model=spec.title), columns, (*rows, seeds), (), model.sources)


def _training_rows(
    spec: ModelSpec, record: Record, dataset_title: str, words: Labels
) -> Iterable[tuple[str, str]]:
    """Yield the training parameters as (name, value) in print; the record says which arithmetic computed."""
    yield words.dataset, dataset_title
    if spec.training.subset:
        yield words.subset, decimal(len(record.evaluations["train"].labels), 0, style_of(words.language))
    if spec.training.folds:
        found = record.evaluations.get(FOLDS)
        named = words.folds_of_groups if found and found.folds else words.folds
        yield named, decimal(spec.training.folds, 0, style_of(words.language))
    if record.function:
        yield words.training_function, f"{record.function}()"
        style = style_of(words.language)
        yield from ((_spaced(key), _plain(value, style)) for key, value in spec.training.arguments.items())
        return
    if record.estimator:
        yield words.estimator, " → ".join(step.type for step in record.steps)
        return
    shown = parameters(spec, words)
    yield words.epochs, shown["epochs"]
    yield words.batch_size, shown["batch_size"]
    yield words.optimizer, shown["optimizer"]
    yield words.learning_rate, shown["learning_rate"]
    if spec.training.early_stopping:
        yield words.early_stopping, decimal(spec.training.early_stopping, 0, style_of(words.language))
    if plateau := spec.training.reduce_on_plateau:
        yield words.reduce_on_plateau, _arguments(plateau, style_of(words.language))
    yield words.loss, shown["loss"]
    if weights := spec.training.class_weights:
        told = words.balanced if isinstance(weights, str) else _arguments(weights, style_of(words.language))
        yield words.class_weights, told
    yield words.augmentation, spec.training.augmentation or words.none
    yield words.precision, record.precision or spec.training.precision
    if spec.training.scale != Training.scale:
        yield words.scale, "{} – {}".format(*SCALES[spec.training.scale])


def parameters(spec: ModelSpec, words: Labels) -> Mapping[str, str]:
    """Return the parameters of every training in print, by their keys; those not set are marked as such."""
    chosen, style = spec.training, style_of(words.language)
    rate = chosen.learning_rate
    shown = {
        "epochs": decimal(chosen.epochs, 0, style),
        "batch_size": decimal(chosen.batch_size, 0, style),
        "optimizer": component(chosen.optimizer, style),
        "learning_rate": rate if isinstance(rate, str) else shortest(rate, style),
        "loss": component(chosen.loss, style),
    }
    return {
        key: f"{value} ({words.default})" if key in spec.assumed else value for key, value in shown.items()
    }


def component(chosen: Component, style: NumberStyle) -> str:
    """Return an optimizer or a loss in print: ``SGD, momentum 0.9, nesterov``."""
    return ", ".join(
        [_spaced(chosen.name), *([_arguments(chosen.arguments, style)] if chosen.arguments else [])]
    )


def _arguments(given: Mapping[str, object], style: NumberStyle) -> str:
    return ", ".join(_argument(name, value, style) for name, value in given.items())


def _argument(name: str, value: object, style: NumberStyle) -> str:
    if isinstance(value, bool):
        return _spaced(name) if value else f"no {_spaced(name)}"
    printed = shortest(value, style) if isinstance(value, int | float) else _spaced(str(value))
    return f"{_spaced(name)} {printed}"


def _plain(value: object, style: NumberStyle) -> str:
    """Return an argument of a training function in print."""
    if isinstance(value, tuple | list):
        return ", ".join(_plain(each, style) for each in value)
    return (
        shortest(value, style) if isinstance(value, int | float) and value is not bool(value) else str(value)
    )


def _spaced(name: str) -> str:
    """Return a name of a program as words."""
    return name.replace("_", " ")


def in_seconds(title: str) -> str:
    """Return the head of a column of times, which are all given in seconds."""
    return f"{title}, s"


def results(models: Iterable[ModelFacts], words: Labels) -> Table:
    """Return every model with its size, its accuracies (mean over its seeds) and its training time."""
    style = style_of(words.language)
    rows: list[tuple[str, ...]] = []
    sources: list[str] = []
    shown = list(models)
    for model in shown:
        splits = (model.train, model.validation, model.test)
        rows.append(
            (
                model.spec.title,
                _number(model.parameters.total, style),
                *("–" if split.measure.missing else str(split.measure) for split in splits),
                _number(model.history.epochs, style),
                _number(model.seconds, style),
            )
        )
        sources += model.sources
    columns = (
        Column(words.model),
        *(
            Column(title, True)
            for title in (
                words.parameters,
                words.train,
                words.validation,
                words.test,
                words.epochs,
                in_seconds(words.seconds),
            )
        ),
    )
    told = list(dict.fromkeys(filter(None, (_measured(model.task, words) for model in shown))))
    caption = "; ".join([*told[:1], *(text.partition("; ")[2] for text in told[1:])]) or words.results_table
    return Table(caption, columns, tuple(rows), (), tuple(sources))


def _measured(task: Task, words: Labels) -> str:
    """Return the caption of a table that says by what a task is measured; of classes it needs no word."""
    several = words.results_of_targets if task.names else words.results_of_numbers
    return {"multilabel": words.results_of_labels, "regression": several}.get(task.kind, "")


def variants(models: Sequence[ModelFacts], words: Labels) -> Table:
    """Return the models of a family with what varies, what they reach and how long they took."""
    style = style_of(words.language)
    keys = tuple(models[0].spec.varied)

    def cells(model: ModelFacts) -> tuple[str, ...]:
        return tuple(_plain(value, style) for value in model.spec.varied.values())

    rows = tuple(
        (
            *cells(model),
            *(str(split.measure) for split in (model.train, model.validation, model.test)),
            _number(model.history.epochs, style),
            _number(model.seconds, style),
        )
        for model in models
    )
    held_out = [model.validation.measure.value for model in models]
    best = models[held_out.index(min(held_out) if models[0].validation.sign < 0 else max(held_out))]
    heads = (words.train, words.validation, words.test, words.epochs, in_seconds(words.seconds))
    columns = (*(Column(_spaced(key)) for key in keys), *(Column(head, True) for head in heads))
    told = ", ".join(cells(best))
    caption = words.variants_table.format(model=models[0].spec.family_title, best=told)
    return Table(caption, columns, rows, (), tuple(key for model in models for key in model.sources))


def _number(quantity: Quantity, style: NumberStyle) -> str:
    """Return a whole number, and a dash for one that is missing."""
    return "–" if quantity.missing else decimal(quantity.value, 0, style)
