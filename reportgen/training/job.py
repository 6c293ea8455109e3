"""The job that the training process is given, and its progress: values without TensorFlow."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from reportgen.errors import Place
from reportgen.report.dataset_file import DatasetFile
from reportgen.report.training_parameters import Component, Training
from reportgen.report.types import NOTHING, Needs

AUGMENTED = "augmented.npy"
GIVEN = ("mean", "bin_boundaries", "vocabulary")  # in the configuration of a layer that need not ``adapt``
TOML = "report.toml"  # where a problem stands whose line is not known yet
CHECKPOINT = "checkpoint.safetensors"
SEED_PARAMETERS = ("random_state", "random_seed", "seed")
"""Parameters of an estimator that take the job's seed where they are None."""


@dataclass(frozen=True)
class Job:
    """One experiment to run; nothing is read again from the project.

    Attributes
    ----------
    model, builder : str
        The model's name, for messages, and the function that builds it.
    sources : mapping of str to str
        Texts of models.py (always there under its file name) and of the helper modules beside it,
        by relative path, as read when the plan was made.
    models_path : str
        Where models.py stands, for messages and for data files beside it.
    seed : int
        Seeds initial weights, order of the images, dropout and augmentation.
    key : str
        Identity of the result.
    projection : mapping
        What could change the numbers (JSON values).
    dataset_file : DatasetFile or None
        Where the authors' own data set lies, if it is one.
    reads : mapping of str to str
        What models.py reads, see `plan.reads`; empty before it was first built.
    toml : str
        Where report.toml stands, for messages.
    lines : mapping of str to int
        Its lines by training parameter, and the model's own as ``""``.
    threads : int
        How many compute, which changes the last digits; 0: as many as there are cores, or as trained an
        interrupted training's first epochs.
    needs : Needs
        What the machine must have.
    commit : str or None
        Of the authors' repository, where it is not on the machine that trains.
    """

    model: str
    builder: str
    sources: Mapping[str, str]
    models_path: str
    training: Training
    seed: int
    key: str
    projection: Mapping[str, Any]
    dataset_file: DatasetFile | None = None
    reads: Mapping[str, str] = field(default_factory=dict)
    toml: str = TOML
    lines: Mapping[str, int] = field(default_factory=dict)
    threads: int = 0
    needs: Needs = NOTHING
    commit: str | None = None

    @property
    def code(self) -> str:
        """Source of the builder and what it uses, if the plan found it; else all texts."""
        found = self.projection.get("code")
        return found if isinstance(found, str) else "\n".join(self.sources.values())

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Job":
        """Return the job that plain JSON values describe; what it does not know is ignored."""
        known = {name: values[name] for name in cls.__dataclass_fields__ if name in values}
        training = dict(known["training"])
        for name in ("optimizer", "loss"):
            training[name] = Component(**training[name])
        training["metrics"] = tuple(training["metrics"])
        known["training"] = Training(**training)
        if known.get("dataset_file"):
            known["dataset_file"] = dataset_file(known["dataset_file"])
        known["needs"] = Needs(**known.get("needs", {}))
        return cls(**known)


def dataset_file(values: Mapping[str, Any]) -> DatasetFile:
    """Return the data set that plain JSON values describe."""
    place = Place(Path(values["place"]["path"]), values["place"]["line"])
    lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return DatasetFile(**{**values, **lists, "place": place, "path": Path(values["path"])})


@dataclass(frozen=True)
class Progress:
    """How far a training is.

    Attributes
    ----------
    phase : str
        ``loading data``, ``building``, ``training`` or ``evaluating``.
    epoch, epochs, step, steps : int
        Current epoch (from 1) and steps of it that are done.
    loss, accuracy : float or None
        Running means over the epoch so far.
    val_accuracy : float or None
        Of the latest epoch that is complete.
    resumed : bool
        Whether this training goes on from a checkpoint.
    note : str
        Something that the authors should know; mostly empty.
    """

    phase: str
    epoch: int
    epochs: int
    step: int
    steps: int
    loss: float | None = None
    accuracy: float | None = None
    val_accuracy: float | None = None
    resumed: bool = False
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the values as a JSON object."""
        return asdict(self)


Observer = Callable[[Progress], None]


@dataclass(frozen=True)
class Identity:
    """What a builder really built.

    Attributes
    ----------
    config : str
        The model's own configuration: Keras's JSON, keys sorted.
    digest : str
        SHA-256 (hex) of `config`, the initial weights and the code of custom layers.
    reads : mapping of str to str
        What models.py read meanwhile, see `plan.reads`.
    """

    config: str
    digest: str
    reads: Mapping[str, str] = field(default_factory=dict)
