"""The report as its authors declared it: frozen, validated values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from reportgen.errors import Place
from reportgen.locales import Locale
from reportgen.report.dataset_file import DatasetFile
from reportgen.report.training_parameters import Argument, Scalar, Training

ROOTS = ("report", "data", "published")
"""Names with which answers begin besides those of the models."""
PublishedKind = Literal["share", "count", "loss", "seconds", "number"]
"""What a figure from the literature may measure."""
Paper = Literal["a4", "letter"]
VersionPolicy = Literal["exact", "ignore"]
"""How closely the versions of the training libraries must agree with those of a stored result."""


@dataclass(frozen=True)
class Needs:
    """What the machine that trains a model must have; 0: no matter. `memory` is in bytes."""

    gpus: int = 0
    cores: int = 0
    memory: int = 0

    def __str__(self) -> str:
        parts = (
            f"{self.gpus} GPU" + "s" * (self.gpus > 1) if self.gpus else "",
            f"{self.cores} core" + "s" * (self.cores > 1) if self.cores else "",
            f"{self.memory / 1e9:.3g} GB" if self.memory else "",
        )
        return ", ".join(filter(None, parts)) or "nothing in particular"


NOTHING = Needs()


@dataclass(frozen=True)
class Requirement:
    """One expression that must hold for a model, such as ``test.accuracy > 0.62``."""

    model: str
    expression: str
    place: Place


@dataclass(frozen=True)
class ModelSpec:
    """A model to train: its builder, its training, its seeds and what it must reach.

    `name` is how answers call it; `builder` is the function of models.py that makes it
    (``builder(input_shape, classes) -> keras.Model``), or the one that trains it (`Training.train`). `lines`
    are those of report.toml that give its training parameters, by key, and its table's as ``""``; `assumed`
    are parameters that it leaves out although pages show them; `needs` is what a machine must have. One of
    a family says which, what it is called, what is `varied`, with its value here, and how many `variants`
    there are.
    """

    name: str
    title: str
    builder: str
    training: Training
    seeds: tuple[int, ...]
    requirements: tuple[Requirement, ...]
    place: Place
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)
    assumed: tuple[str, ...] = ()
    needs: Needs = NOTHING
    family: str = ""
    family_title: str = ""
    varied: Mapping[str, Argument] = field(default_factory=dict)
    variants: int = 1


@dataclass(frozen=True)
class Section:
    """One question and its answer.

    Attributes
    ----------
    id : str
        How the command line calls it, such as ``q4``.
    number : int
        Its place in the report, from 1, in file-name order.
    title : str
        A short heading.
    question : str
        The question as set (Markdown, no Jinja); empty for a section without one.
    body : str
        The answer: Jinja, then Markdown. `body_line` is the line of the file where it begins.
    models : tuple of str
        The models whose facts the body names, in the report's order.
    lines : mapping of str to int
        Lines of ``title`` and ``question`` in the file.
    """

    id: str
    number: int
    title: str
    question: str
    body: str
    body_line: int
    path: Path
    models: tuple[str, ...]
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Published:
    """A figure from the literature that answers may name and compare with, such as ``published.lecun98``.

    `kind` is that of a measured quantity; `source` says where it was published.
    """

    name: str
    value: float
    kind: PublishedKind
    source: str
    place: Place


@dataclass(frozen=True)
class TitleBlock:
    """What stands on the title page; `logo` is an image below the answers folder."""

    title: str
    course: str
    assignment: str
    deadline: str
    authors: tuple[str, ...]
    abstract: str = ""
    logo: str = ""


@dataclass(frozen=True)
class Report:
    """Everything the authors said, validated.

    `models_path` is their models.py; `models` and `sections` keep the order of the files.
    `theme`, `paper` and `language` concern templates and labels only. `lines` are those of the title
    block's keys in report.toml, `option_lines` those of the options.
    """

    project: Path
    answers: Path
    templates: Path
    title_block: TitleBlock
    language: Locale
    theme: str
    paper: str
    models_path: Path
    models: Mapping[str, ModelSpec]
    datasets: Mapping[str, DatasetFile]
    sections: tuple[Section, ...]
    published: Mapping[str, Published] = field(default_factory=dict)
    options: Mapping[str, Scalar] = field(default_factory=dict)
    option_lines: Mapping[str, int] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def toml(self) -> Path:
        """Their report.toml."""
        return self.answers / "report.toml"

    @property
    def used_datasets(self) -> tuple[str, ...]:
        """Names of the data sets that models are trained on."""
        return tuple(dict.fromkeys(spec.training.dataset for spec in self.models.values()))
