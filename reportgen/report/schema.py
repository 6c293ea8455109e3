"""The keys of report.toml and of an answer's front matter: the schema is the documentation.

Each class is one table; a key that is not here is an error that names the nearest one.
"""

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from reportgen.report.model import Component, Scalar


def _component(value: object) -> object:
    """Accept ``"SGD"`` as well as ``{ name = "SGD", momentum = 0.9 }``."""
    if isinstance(value, str):
        return Component(value)
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        return Component(value["name"], {key: item for key, item in value.items() if key != "name"})
    raise ValueError('a name such as "SGD", or a table with a name: { name = "SGD", momentum = 0.9 }')


Named = Annotated[Component, BeforeValidator(_component)]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Table(BaseModel):
    """A table of report.toml: frozen, strict about types, closed to unknown keys."""

    # Built when first used: tables inside others are built with them, not on their own before.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class ReportTable(Table):
    """``[report]``: the title block, and the keys that only templates read."""

    title: str
    course: str = ""
    assignment: str = ""
    deadline: str | datetime.date = ""
    authors: list[str] = Field(min_length=1)
    abstract: str = ""
    language: Literal["en", "sv"] = "en"
    theme: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")] = "paper"
    paper: Literal["a4", "letter"] = "a4"


class TrainingTable(Table):
    """``[training]``: what every model shares unless its own table says otherwise."""

    dataset: str | None = None
    validation: int | None = Field(default=None, ge=1)
    epochs: int | None = Field(default=None, ge=1)
    batch_size: int | None = Field(default=None, ge=1)
    optimizer: Named | None = None
    learning_rate: float | int | str | None = None
    loss: Named | None = None
    metrics: list[str] | None = None
    augmentation: str | None = None
    precision: Literal["float32", "bfloat16"] | None = None
    seeds: list[int] | None = Field(default=None, min_length=1)

    @field_validator("seeds")
    @classmethod
    def _distinct(cls, seeds: list[int] | None) -> list[int] | None:
        if seeds is not None and len(set(seeds)) < len(seeds):
            raise ValueError("each seed once")
        return seeds

    @field_validator("learning_rate")
    @classmethod
    def _positive(cls, rate: float | str | None) -> float | str | None:
        if isinstance(rate, int | float) and not 0 < rate < float("inf"):
            raise ValueError("a learning rate is greater than 0")
        return rate


class ModelTable(TrainingTable):
    """``[models.NAME]``: a model, its training where it differs, and what it must reach."""

    title: str = ""
    builder: str = ""
    require: list[str] = Field(default_factory=list)


class DatasetTable(Table):
    """``[datasets.NAME]``: a data set of the authors' own, an ``.npz`` file below answers/."""

    path: str
    classes: list[str] = Field(min_length=2, max_length=256)
    title: str = ""
    validation: int = Field(ge=1)


class PublishedTable(Table):
    """``[published.NAME]``: a figure of somebody else's, with where it was published."""

    value: float | int
    kind: Literal["share", "count", "loss", "seconds", "number"]
    source: str


class OptionsTable(Table):
    """``[options]``: defaults of the command line, below environment and command.

    `versions` is the policy on library versions in a model's key: ``exact`` (any change of
    TensorFlow or Keras retrains) or ``ignore`` (pinned by the authors; the report says so).
    `handin` names the files of ``reportgen bundle``.
    """

    store: str | None = None
    jobs: int | None = Field(default=None, ge=1)
    versions: Literal["exact", "ignore"] | None = None
    handin_pdf: str | None = None
    handin_html: str | None = None

    def given(self) -> dict[str, Scalar]:
        """Return the options that the file sets."""
        return self.model_dump(exclude_none=True)


class File(Table):
    """The whole of report.toml."""

    report: ReportTable
    training: TrainingTable = Field(default_factory=TrainingTable)
    datasets: dict[Identifier, DatasetTable] = Field(default_factory=dict)
    models: dict[Identifier, ModelTable] = Field(min_length=1)
    published: dict[Identifier, PublishedTable] = Field(default_factory=dict)
    options: OptionsTable = Field(default_factory=OptionsTable)


class FrontMatter(Table):
    """The front matter of an answer, between two lines of ``+++``."""

    title: str
    question: str
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")] | None = None
