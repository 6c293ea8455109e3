"""The report as its authors declared it: frozen, validated values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from reportgen.errors import Place
from reportgen.locales import Locale

Scalar = str | int | float | bool
Argument = Scalar | tuple[Scalar, ...]

Precision = Literal["float32", "bfloat16"]
"""Arithmetic of the forward and backward pass."""
Scale = Literal["unit", "signed", "bytes"]
SCALES: Mapping[Scale, tuple[int, int]] = {"unit": (0, 1), "signed": (-1, 1), "bytes": (0, 255)}
"""The range in which images arrive at a model."""

CLASSES = 10_000
"""How many classes a data set may have."""
TABLES = (".csv", ".parquet")
"""Ends of the names of files that are tables."""
Missing = Literal["error", "drop", "keep"]
"""What becomes of rows without a value."""

TaskKind = Literal["classification", "multilabel", "regression"]
"""What labels are: one of several classes, any of several labels, or numbers."""

ROOTS = ("report", "data", "published")
"""Names with which answers begin besides those of the models."""
PublishedKind = Literal["share", "count", "loss", "seconds", "number"]
"""What a figure from the literature may measure."""
Paper = Literal["a4", "letter"]
VersionPolicy = Literal["exact", "ignore"]
"""How closely the versions of the training libraries must agree with those of a stored result."""


@dataclass(frozen=True)
class Task:
    """What is to be predicted.

    `names` are those of the classes, labels or targets, in order; a single number has none.
    """

    kind: TaskKind
    names: tuple[str, ...] = ()

    @classmethod
    def usual(cls, classes: Sequence[str]) -> "Task":
        """Return the task of data of which only the class names are known: without any, a number."""
        return cls("classification", tuple(classes)) if classes else cls("regression")


@dataclass(frozen=True)
class Component:
    """A Keras object by its name, or a function of the authors' models.py, with keyword arguments.

    ``Component("SGD", {"momentum": 0.9})``; `arguments` holds scalars only.
    """

    name: str
    arguments: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Training:
    """How a model is trained; every field changes its numbers, so every field is part of its key.

    The defaults are those of Keras, and ten epochs.

    Attributes
    ----------
    dataset : str
        Name of a data set (see `reportgen.datasets`).
    validation : int or None
        Number of images at the END of the training images that are held out; None: the data set's own.
    epochs, batch_size : int
    optimizer : Component
        A class of ``keras.optimizers`` with its arguments, the learning rate excepted.
    learning_rate : float or str
        A constant, or the name of a function ``(step, total_steps) -> rate`` in models.py.
    loss : Component
        A loss of Keras by name (snake_case or class name) with its arguments, or a function
        ``(true, predicted)`` in models.py.
    metrics : tuple of str
        ``accuracy`` always; others by their Keras names.
    augmentation : str or None
        Name of a function ``(images, seed) -> images`` in models.py; it sees training batches only.
    precision : {"float32", "bfloat16"}
        Arithmetic of the forward and backward pass; weights are float32 either way.
    fast : bool
        Whether layers may be computed in fewer passes over memory than Keras's own.
    early_stopping : int or None
        Epochs without a lower validation loss after which training ends; the weights of the best epoch are
        kept. None: all epochs are trained, and the last weights kept.
    subset : int or None
        Train on so many of the training items, evenly spread over them, and validate on at most as many;
        None: on all.
    scale : {"unit", "signed", "bytes"}
        The range in which images arrive at the model, and at the augmentation: 0 to 1, -1 to 1, 0 to 255.
    class_weights : "balanced", mapping of str to float, or None
        By which the loss of each training item is multiplied, by the name of its class: so that every class
        counts the same, or as given. None: every item counts the same.
    reduce_on_plateau : mapping of str to float, or None
        Arguments of Keras's ``ReduceLROnPlateau``, which looks at the validation loss. None: the learning
        rate is what `learning_rate` says.
    folds : int or None
        So many further trainings, each without a part of the training items, by which that part is measured.
    train : str or None
        Name of a function of models.py that trains and predicts by itself; what networks are trained by is
        of no concern to it. None: a builder's model is trained.
    arguments : mapping of str to Argument
        What that function gets by name.
    """

    dataset: str
    validation: int | None = None
    epochs: int = 10
    batch_size: int = 32
    optimizer: Component = Component("Adam")
    learning_rate: float | str = 0.001
    loss: Component = Component("categorical_crossentropy")
    metrics: tuple[str, ...] = ("accuracy",)
    augmentation: str | None = None
    precision: Precision = "float32"
    fast: bool = True
    early_stopping: int | None = None
    subset: int | None = None
    scale: Scale = "unit"
    class_weights: Literal["balanced"] | Mapping[str, float] | None = None
    reduce_on_plateau: Mapping[str, float] | None = None
    folds: int | None = None
    train: str | None = None
    arguments: Mapping[str, Argument] = field(default_factory=dict)


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
class DatasetFile:
    """A data set of the authors' own: an ``.npz`` of four arrays, a table, or what a function returns.

    Without classes a number is predicted, or one for each of several `targets`; where it is `multilabel`, an
    item may be of any number of the classes. A file outside answers/, or at a `url`, has a `sha256`; of one
    at a `url`, `path` is only its name; of a `function` it is that of models.py; it may be a `folder` of
    images.
    `items` is what one item is called, and several are.
    Of a table `target` is the column to predict, or `targets` are several, `test` the share of the rows that
    are held out for the test, `seed` what they are drawn by, `group` a column whose rows of one value stay
    together, `time` a column by which the latest rows are the test, `leave_out` the columns that are not
    used, `text` the one column that is, as texts, and `missing` what becomes of rows without a value.
    """

    name: str
    title: str
    path: Path
    classes: tuple[str, ...]
    validation: int
    place: Place
    target: str = ""
    test: float = 0.25
    seed: int = 0
    missing: Missing = "error"
    group: str = ""
    time: str = ""
    leave_out: tuple[str, ...] = ()
    text: str = ""
    items: tuple[str, str] | None = None
    sha256: str = ""
    url: str = ""
    function: str = ""
    targets: tuple[str, ...] = ()
    multilabel: bool = False

    @property
    def table(self) -> bool:
        """Whether the file is a table."""
        return not self.function and self.path.suffix.lower() in TABLES

    @property
    def predicted(self) -> tuple[str, ...]:
        """Of a table, the columns to predict."""
        return self.targets or (self.target,)

    @property
    def task(self) -> Task:
        """What is to be predicted."""
        if self.multilabel:
            return Task("multilabel", self.classes)
        return Task("classification", self.classes) if self.classes else Task("regression", self.targets)

    @property
    def stored(self) -> bool:
        """Whether there is a file that has to be on the machine which trains."""
        return not (self.url or self.function)

    @property
    def folder(self) -> bool:
        """Whether it is a folder of images, one for each class."""
        named_as_file = self.path.suffix.lower() in (".npz", *TABLES)
        return self.stored and not named_as_file and self.path.is_dir()

    @property
    def regression(self) -> bool:
        """Whether numbers are predicted."""
        return not self.classes


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
