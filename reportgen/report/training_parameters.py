"""How a model is trained: the training parameters of report.toml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Scalar = str | int | float | bool
Argument = Scalar | tuple[Scalar, ...]

Precision = Literal["float32", "bfloat16"]
"""Arithmetic of the forward and backward pass."""
Scale = Literal["unit", "signed", "bytes"]
SCALES: Mapping[Scale, tuple[int, int]] = {"unit": (0, 1), "signed": (-1, 1), "bytes": (0, 255)}
"""The range in which images arrive at a model."""


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
