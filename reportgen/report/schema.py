"""Keys of report.toml and of an answer's front matter: the schema is the documentation.

Each class is one table, each field one key with the values that it may have; a key that is not here is an
error that names the nearest one.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic_core import core_schema as values

from reportgen.report import value_types as of
from reportgen.report.dataset_file import Missing, TaskKind
from reportgen.report.tables import Table, key, named, table
from reportgen.report.training_parameters import Component, Precision, Scale
from reportgen.report.types import Paper, PublishedKind, VersionPolicy


@dataclass(frozen=True, kw_only=True)
class ReportTable(Table):
    """``[report]``: the title block, and the keys that only templates read."""

    title: str = key(of.TEXT)
    course: str = key(of.TEXT, "")
    assignment: str = key(of.TEXT, "")
    deadline: str | date = key(of.DATE, "")
    authors: list[str] = key(values.list_schema(of.TEXT, min_length=1, max_length=of.MANY))
    abstract: str = key(of.TEXT, "")
    logo: str = key(of.TEXT, "")
    language: str = key(of.TEXT, "en")
    theme: str = key(of.THEME, "paper")
    paper: Paper = key(of.one_of(Paper), "a4")


@dataclass(frozen=True, kw_only=True)
class PlateauTable(Table):
    """``reduce_on_plateau``: arguments of Keras's ReduceLROnPlateau, which looks at the validation loss."""

    factor: float = key(of.SHARE, 0.1)
    patience: int = key(of.COUNT, 10)
    min_delta: float = key(of.AMOUNT, 0.0001)
    cooldown: int = key(values.int_schema(ge=0, le=1_000_000), 0)
    min_lr: float = key(of.AMOUNT, 0.0)


@dataclass(frozen=True, kw_only=True)
class NeedsTable(Table):
    """``needs``: what the machine that trains a model must have; not in the key of its results."""

    gpus: int = key(values.int_schema(ge=0, le=1_000), 0)
    cores: int = key(of.COUNT, 0)
    memory: int = key(of.SIZE, 0)


@dataclass(frozen=True, kw_only=True)
class TrainingTable(Table):
    """``[training]``: what every model shares unless its own table says otherwise."""

    dataset: str | None = key(of.TEXT, None)
    validation: int | None = key(of.ITEMS, None)
    epochs: int | None = key(of.COUNT, None)
    batch_size: int | None = key(of.COUNT, None)
    optimizer: Component | None = key(of.COMPONENT, None)
    learning_rate: float | str | None = key(of.RATE, None)
    loss: Component | None = key(of.COMPONENT, None)
    metrics: list[str] | None = key(of.TEXTS, None)
    augmentation: str | None = key(of.TEXT, None)
    precision: Precision | None = key(of.one_of(Precision), None)
    fast: bool | None = key(values.bool_schema(), None)
    early_stopping: int | None = key(of.COUNT, None)
    subset: int | None = key(of.ITEMS, None)
    scale: Scale | None = key(of.one_of(Scale), None)
    class_weights: str | dict[str, float] | None = key(of.CLASS_WEIGHTS, None)
    reduce_on_plateau: PlateauTable | None = key(table(PlateauTable), None)
    folds: int | None = key(values.int_schema(ge=2, le=100), None)
    seeds: list[int] | None = key(of.SEEDS, None)
    needs: NeedsTable | None = key(table(NeedsTable), None)


@dataclass(frozen=True, kw_only=True)
class ModelTable(TrainingTable):
    """``[models.NAME]``: a model, its training where it differs, and what it must reach."""

    title: str = key(of.TEXT, "")
    builder: str = key(of.TEXT, "")
    train: str | None = key(of.TEXT, None)
    arguments: dict[str, Any] | None = key(of.ARGUMENTS, None)
    vary: dict[str, list[Any]] | None = key(of.VARIED, None)
    require: list[str] | None = key(of.TEXTS, None)


@dataclass(frozen=True, kw_only=True)
class DatasetTable(Table):
    """``[datasets.NAME]``: a data set of the authors' own: an ``.npz``, a table, or a function's."""

    path: str = key(of.TEXT, "")
    function: str | None = key(of.TEXT, None)
    sha256: str | None = key(of.DIGEST, None)
    classes: list[str] | None = key(of.CLASSES, None)
    task: TaskKind | None = key(of.one_of(TaskKind), None)
    title: str = key(of.TEXT, "")
    items: list[str] | None = key(of.WORDS, None)
    validation: int = key(of.ITEMS)
    target: str | list[str] | None = key(of.TARGET, None)
    test: float | None = key(of.SHARE, None)
    seed: int | None = key(of.SEED, None)
    missing: Missing | None = key(of.one_of(Missing), None)
    group: str | None = key(of.TEXT, None)
    time: str | None = key(of.TEXT, None)
    leave_out: list[str] | None = key(of.TEXTS, None)
    text: str | None = key(of.TEXT, None)


@dataclass(frozen=True, kw_only=True)
class PublishedTable(Table):
    """``[published.NAME]``: a figure from the literature, with its source."""

    value: float = key(of.NUMBER)
    kind: PublishedKind = key(of.one_of(PublishedKind))
    source: str = key(of.TEXT)


@dataclass(frozen=True, kw_only=True)
class OptionsTable(Table):
    """``[options]``: defaults of the command line, below environment and command.

    `versions` is the policy on library versions in a model's key: ``exact`` (any change of
    TensorFlow or Keras retrains) or ``ignore`` (pinned by the authors; the report says so).
    `handin` names the files of ``reportgen bundle``.
    """

    store: str | None = key(of.TEXT, None)
    jobs: int | None = key(of.COUNT, None)
    versions: VersionPolicy | None = key(of.one_of(VersionPolicy), None)
    handin_pdf: str | None = key(of.TEXT, None)
    handin_html: str | None = key(of.TEXT, None)


@dataclass(frozen=True, kw_only=True)
class File(Table):
    """The whole of report.toml."""

    report: ReportTable = key(table(ReportTable))
    training: TrainingTable = key(table(TrainingTable), TrainingTable())
    datasets: dict[str, DatasetTable] = key(named(DatasetTable, of.IDENTIFIER, most=of.MANY), factory=dict)
    models: dict[str, ModelTable] = key(named(ModelTable, of.IDENTIFIER, most=of.MANY, least=1))
    published: dict[str, PublishedTable] = key(
        named(PublishedTable, of.IDENTIFIER, most=of.MANY), factory=dict
    )
    options: OptionsTable = key(table(OptionsTable), OptionsTable())


@dataclass(frozen=True, kw_only=True)
class FrontMatter(Table):
    """The front matter of an answer, between two lines of ``+++``."""

    title: str = key(of.TEXT)
    question: str = key(of.TEXT, "")
    id: str | None = key(of.SECTION, None)
