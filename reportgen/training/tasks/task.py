"""What every task answers, and what tasks share."""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from reportgen.report.training_parameters import Component
from reportgen.training.record import Evaluation
from reportgen.training.tensorflow import tf

Encode = Callable[[Any], Any]
ROUNDING = 1e-3
NOTHING: NDArray[np.float16] = np.empty(0, np.float16)


class Task(Protocol):
    """What is predicted, for training.

    Attributes
    ----------
    outputs : int
        Units of a network's last layer; the builder is told so.
    probable : bool
        Whether outputs are probabilities.
    ranked : bool
        Whether it is kept how many classes are held likelier than the true one.
    reported : tuple of str
        Metrics that are reported while it trains.
    wanted, takes : str
        What a network gives, and what losses and metrics get, for messages.
    last_layer : str
        How a network whose outputs are no probabilities should end.
    loss : str
        A loss that fits a network with `outputs` units.
    """

    @property
    def outputs(self) -> int:
        """Units of a network's last layer."""

    @property
    def probable(self) -> bool:
        """Whether outputs are probabilities."""

    @property
    def ranked(self) -> bool:
        """Whether it is kept how many classes are held likelier than the true one."""

    @property
    def reported(self) -> tuple[str, ...]:
        """Metrics that are reported while it trains."""

    @property
    def wanted(self) -> str:
        """What a network gives."""

    @property
    def takes(self) -> str:
        """What losses and metrics get."""

    @property
    def last_layer(self) -> str:
        """How a network whose outputs are no probabilities should end."""

    @property
    def loss(self) -> str:
        """A loss that fits a network with one unit, or whose loss does not fit."""

    def widths(self) -> frozenset[int]:
        """Return how many units the last layer may have."""

    def ends_wrong(self, activation: str) -> str:
        """Return why the activation of the last layer does not fit; mostly empty."""

    def refuses(self, loss: Component, units: int | None) -> str:
        """Return why a loss does not fit, by its name; mostly empty."""

    def refuses_metric(self, name: str) -> str:
        """Return why a metric does not fit, by its name; mostly empty."""

    def slow(self, units: int) -> str:
        """Return why the fast path does not serve it; mostly empty."""

    def encoding(self, takes: Callable[[Any, Any], Any], units: int | None) -> Encode:
        """Return how labels are given to a loss or metric; raise what it says of made-up ones."""

    def made_up(self, generator: np.random.Generator, units: int | None) -> tuple[Any, Any]:
        """Return labels, and outputs, on which to try a loss: eight items for each output, four at least."""

    def of_logits(self, outputs: Any) -> Any:
        """Return the probabilities of logits."""

    def answers(self, outputs: Any) -> tuple[Any, Any]:
        """Return what is predicted, and the probabilities that are kept, of a network's outputs."""

    def room(self, count: int, keep: bool) -> tuple[NDArray[Any], NDArray[np.float16]]:
        """Return empty arrays for the predictions of so many items, and for the probabilities kept."""

    def right(self, outputs: NDArray[Any], labels: NDArray[Any], edge: float) -> float:
        """Return how many items a network's outputs get right, or the mean absolute error of numbers."""

    def for_estimator(self, labels: NDArray[Any]) -> NDArray[Any]:
        """Return labels as estimators are fitted to them."""

    def for_function(self, labels: NDArray[Any]) -> NDArray[Any]:
        """Return labels as a training function gets them."""

    def of_estimator(
        self, estimator: Any, inputs: NDArray[Any], labels: NDArray[Any], *, keep: bool
    ) -> Evaluation:
        """Return the evaluation of a fitted estimator; raise a ValueError for what are no predictions."""

    def of_predictions(self, given: NDArray[Any], labels: NDArray[Any], *, keep: bool) -> Evaluation:
        """Return the evaluation of predictions; raise a ValueError that says what they are instead."""


def column(labels: Any) -> Any:
    """Return labels as floats, those of a single unit as a column."""
    values = tf.cast(labels, tf.float32)
    return values[:, tf.newaxis] if len(values.shape) == 1 else values


def numbers(given: NDArray[Any], items: int) -> None:
    """Refuse what are no numbers, or not as many as items."""
    if given.dtype.kind not in "iuf":
        raise ValueError(f"{given.dtype}, not numbers")
    if given.ndim and len(given) != items:
        raise ValueError(f"{len(given):,} predictions for {items:,} items")


def finite(given: NDArray[Any], items: int) -> NDArray[np.float64]:
    """Return predictions as floats; refuse what is not finite."""
    values = given.astype(np.float64)
    if wrong := int(np.count_nonzero(~np.isfinite(values).reshape(items, -1).all(axis=1))):
        raise ValueError(f"NaN or infinity for {wrong:,} of {items:,} items")
    return values


def improbable(values: NDArray[np.float64]) -> float | None:
    """Return a value that can't be a probability, if there is one."""
    outliers = values[(values < -ROUNDING) | (values > 1 + ROUNDING)]
    return float(outliers[0]) if len(outliers) else None
