"""The record of one trained model: frozen values, without TensorFlow.

An experiment is one model specification trained with one seed. Its record holds everything that
the report may ever say about it, so that nothing needs the network or the training library again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.artifacts import Digested
from reportgen.datasets.labels import task_of
from reportgen.report.dataset_file import TaskKind

SPLITS = ("train", "validation", "test")
FOLDS = "folds"  # what cross-validation measured, beside the splits
CURVES = ("loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "seconds")


@dataclass(frozen=True)
class Layer:
    """One row of the layer table, as Keras prints it.

    `type` is the class name, `output_shape` holds None for the batch axis, `activation` is the
    name of the layer's activation or empty. `details` are a few printable settings (kernel size,
    rate, ...) for drawings.
    """

    name: str
    type: str
    output_shape: tuple[int | None, ...]
    parameters: int
    activation: str = ""
    details: Mapping[str, str] | None = None


def input_layers(
    input_shape: tuple[int, ...] | Mapping[str, tuple[int, ...]], name: str = "input", kind: str = "Input"
) -> tuple[Layer, ...]:
    """Return the rows of the inputs of what has no layers for them; several by their names."""
    shapes = input_shape if isinstance(input_shape, Mapping) else {name: input_shape}
    return tuple(Layer(each, kind, (None, *shape), 0) for each, shape in shapes.items())


@dataclass(frozen=True)
class Architecture:
    """The layer table and its totals (numbers of weights)."""

    layers: tuple[Layer, ...]
    total: int
    trainable: int

    @property
    def non_trainable(self) -> int:
        """Weights that training does not change by gradient (moving averages, fixed layers)."""
        return self.total - self.trainable


@dataclass(frozen=True)
class History:
    """Curves of one training, one value an epoch, each of shape (epochs,).

    Where a number is predicted there are no accuracies; of the authors' own training function there is what
    it said, by names of its own in `further`.
    `loss` and `accuracy` are running means over the epoch's batches while the weights move and
    Dropout is on (what Keras's ``fit`` prints); `val_loss` and `val_accuracy` are measured after
    the epoch. Accuracies are shares of 1. `learning_rate` is that of the epoch's last step.
    `seconds` is wall time of the epoch, validation included.
    """

    loss: tuple[float, ...]
    accuracy: tuple[float, ...]
    val_loss: tuple[float, ...]
    val_accuracy: tuple[float, ...]
    learning_rate: tuple[float, ...]
    seconds: tuple[float, ...]
    further: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.seconds)


@dataclass(frozen=True)
class Evaluation:
    """The finished model on one split, evaluated once, with Dropout and augmentation off.

    Attributes
    ----------
    loss : float or None
        Mean loss over the split; of what is no network log loss, None where it gives no probabilities, or the
        mean squared error of numbers.
    labels, predicted : ndarray of uint8, uint16, float64 or bool, shape (n,) or (n, names)
        True and predicted class, or number, of every item, in the data set's order; of several targets or
        labels a column each.
    confidence : ndarray of float16, shape (n,) or (n, labels)
        Probability given to the predicted class, or to each label; length 0 where it was not kept.
    metrics : mapping of str to float
        Further metrics by name.
    ranks : ndarray of uint16, shape (n,)
        How many classes were held likelier than the true one; length 0 where that was not kept.
    folds : tuple of int
        The fold of each item in a cross-validation with whole groups; without, labels say it.
    """

    loss: float | None
    labels: NDArray[Any]
    predicted: NDArray[Any]
    confidence: NDArray[np.float16]
    metrics: Mapping[str, float]
    ranks: NDArray[np.uint16] = field(default_factory=lambda: np.empty(0, np.uint16))
    folds: tuple[int, ...] = ()

    @property
    def task(self) -> TaskKind:
        """What was predicted."""
        return task_of(self.labels)

    @property
    def regression(self) -> bool:
        """Whether numbers were predicted."""
        return self.task == "regression"

    @property
    def correct(self) -> NDArray[np.bool_]:
        """Whether each item was classified correctly, of several labels in all of them, shape (n,).

        Raises
        ------
        TypeError
            Of numbers, which are never quite right.
        """
        if self.regression:
            raise TypeError("numbers were predicted, not classes")
        right: NDArray[np.bool_] = np.equal(self.labels, self.predicted)
        if right.ndim > 1:
            right = np.all(right, axis=1)
        return right

    @property
    def accuracy(self) -> float:
        """Share of images classified correctly."""
        return float(self.correct.mean())


@dataclass(frozen=True)
class Environment:
    """Where and when the experiment ran.

    `cores` is the number of threads that computed: as many as the machine had cores where training began,
    and the same in every sitting. `seconds` is the wall time of training, all sittings added; `settings` are
    switches of TensorFlow that change the last digits; `sittings` says which epochs ran on which processor.
    """

    versions: Mapping[str, str]
    processor: str
    cores: int
    device: str
    commit: str
    started: str
    seconds: float
    settings: Mapping[str, str] = field(default_factory=dict)
    sittings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Record(Digested):
    """One trained experiment.

    Attributes
    ----------
    key : str
        SHA-256 (hex) of the projection: the experiment's identity.
    projection : mapping
        What could change its numbers, as canonical JSON values, taken BEFORE training began.
    dataset : str
        Fingerprint of the data it was trained on (SHA-256, hex).
    code : str
        Source of the builder and what it uses, as read before training.
    config : str
        The built model's own configuration, as Keras's JSON.
    evaluations : mapping of str to Evaluation
        By split: train, validation, test; also `FOLDS`, where there was a cross-validation.
    way : str
        How it was trained: by the fast path, or by Keras's own step and why.
    precision : str
        The arithmetic that computed, such as ``float32``.
    reads : mapping of str to str
        What models.py read, see `plan.reads`.
    estimator : str
        Class of what was fitted by a method of its own; empty for a network. It has no epochs and no
        weights, and its layers are the steps of a pipeline.
    function : str
        Name of the authors' function that trained and predicted by itself. It has no weights, and epochs only
        if it reported them.
    importance : mapping of str to tuple of float
        Of a table's columns, or of several inputs, by how much it got worse each time that one was shuffled,
        see `importance`.
    """

    key: str
    projection: Mapping[str, object]
    seed: int
    dataset: str
    architecture: Architecture
    history: History
    evaluations: Mapping[str, Evaluation]
    environment: Environment
    code: str
    config: str
    way: str = ""
    precision: str = ""
    reads: Mapping[str, str] = field(default_factory=dict)
    estimator: str = ""
    function: str = ""
    importance: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    @property
    def network(self) -> bool:
        """Whether it is a network, with weights and epochs."""
        return not (self.estimator or self.function)

    @property
    def task(self) -> TaskKind:
        """What it predicts."""
        return next((found.task for found in self.evaluations.values()), "classification")

    @property
    def regression(self) -> bool:
        """Whether it predicts numbers."""
        return self.task == "regression"

    @property
    def inputs(self) -> tuple[Layer, ...]:
        """The rows of several inputs in the layer table, named like them; nothing where there is one."""
        found = tuple(layer for layer in self.architecture.layers if layer.type in ("InputLayer", "Input"))
        return found if len(found) > 1 else ()

    @property
    def steps(self) -> tuple[Layer, ...]:
        """The steps of an estimator, or the training function: what is no input."""
        return self.architecture.layers[max(len(self.inputs), 1) :]

    @property
    def pictures(self) -> bool:
        """Whether its only input has height, width and channels."""
        return not self.inputs and len(self.architecture.layers[0].output_shape) == 4
