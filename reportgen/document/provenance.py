"""The appendix: how the numbers of a report were made, as tables."""

from collections.abc import Mapping, Sequence

from reportgen.document.displays import Column, Table
from reportgen.document.labels import Labels
from reportgen.document.tables import KEY_DIGITS, in_seconds, parameters
from reportgen.language.numbers import decimal, style_of
from reportgen.results import Facts
from reportgen.results.model_facts import ModelFacts
from reportgen.training.record import SPLITS, Record

Runs = Sequence[tuple[str, Record]]


def appendix(
    facts: Facts,
    words: Labels,
    *,
    datasets: Mapping[str, str] | None = None,
    fingerprints: Mapping[str, str] | None = None,
) -> tuple[Table, ...]:
    """Return the tables of "How these numbers were made".

    Parameters
    ----------
    datasets, fingerprints : mapping of str to str
        Titles and SHA-256 of the data sets, by name.
    """
    models = [model for model in facts.models.values() if model.records]
    if not models:
        return ()
    runs = [(model.spec.title, record) for model in models for record in model.records]
    titles = datasets or {}
    return (
        _training_runs(runs, words),
        _settings(models, words, titles),
        _data(runs, words, titles, fingerprints or {}),
        _environments(runs, words),
    )


def _training_runs(runs: Runs, words: Labels) -> Table:
    style = style_of(words.language)
    rows = tuple(
        (
            title,
            str(record.seed),
            record.key[:KEY_DIGITS],
            decimal(len(record.history), 0, style) if len(record.history) else "–",
            decimal(record.environment.seconds, 0, style),
            record.environment.started[:16].replace("T", " "),
            record.environment.commit[:10] or "–",
        )
        for title, record in runs
    )
    columns = (
        Column(words.model),
        Column(words.seed, True),
        Column(words.key, code=True),
        Column(words.epochs, True),
        Column(in_seconds(words.seconds), True),
        Column(words.started),
        Column(words.commit, code=True),
    )
    return Table(words.provenance_table, columns, rows)


def _settings(models: Sequence[ModelFacts], words: Labels, titles: Mapping[str, str]) -> Table:
    own = any(model.spec.training.train for model in models)
    rows = tuple(
        (
            spec.title,
            titles.get(spec.training.dataset, spec.training.dataset),
            *(
                shown[key] if model.records[0].network else "–"
                for key in ("batch_size", "optimizer", "learning_rate", "loss")
            ),
            spec.training.augmentation or "–",
            model.records[0].precision or (spec.training.precision if model.records[0].network else "–"),
            *((f"{spec.builder}()" if spec.training.train else "–",) if own else ()),
        )
        for model in models
        for spec, shown in [(model.spec, parameters(model.spec, words))]
    )
    names = (words.model, words.dataset, words.batch_size, words.optimizer, words.learning_rate, words.loss)
    names += (words.augmentation, words.precision, *((words.training_function,) if own else ()))
    columns = tuple(Column(name, name == words.batch_size) for name in names)
    return Table(words.settings_table, columns, rows)


def _data(runs: Runs, words: Labels, titles: Mapping[str, str], fingerprints: Mapping[str, str]) -> Table:
    style = style_of(words.language)
    rows: dict[str, tuple[str, ...]] = {}
    names = {fingerprint: name for name, fingerprint in fingerprints.items()}
    for _, record in runs:
        sizes = (decimal(len(record.evaluations[split].labels), 0, style) for split in SPLITS)
        rows.setdefault(
            record.dataset, (titles.get(names.get(record.dataset, ""), "–"), *sizes, record.dataset)
        )
    columns = (
        Column(words.dataset),
        *(Column(title, True) for title in (words.train, words.validation, words.test)),
        Column(words.fingerprint, code=True),
    )
    return Table(words.data_table, columns, tuple(rows.values()))


def _environments(runs: Runs, words: Labels) -> Table:
    """Return the machines and libraries; one row for each combination, with the models it trained."""
    trained: dict[tuple[str, str, str], list[str]] = {}
    for title, record in runs:
        here = record.environment
        versions = ", ".join(f"{name} {version}" for name, version in sorted(here.versions.items()))
        names = trained.setdefault((here.processor, str(here.cores), versions), [])
        if title not in names:
            names.append(title)
    rows = tuple((*key[:2], key[2], ", ".join(names)) for key, names in trained.items())
    columns = (
        Column(words.processor),
        Column(words.cores, True),
        Column(words.versions),
        Column(words.models),
    )
    return Table(words.environment_table, columns, rows)
