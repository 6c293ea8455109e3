"""Numbers: each item has one, or one for each of several targets."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.report.training_parameters import Component
from reportgen.training.record import Evaluation
from reportgen.training.tasks.task import NOTHING, Encode, column, finite, numbers
from reportgen.training.tensorflow import tf

_OF_NUMBERS = frozenset(  # Keras's metrics of predicted numbers, whose names say so only to people
    [
        "cosinesimilarity",
        "huber",
        "logcosh",
        "logcosherror",
        "mae",
        "mape",
        "meanabsoluteerror",
        "meanabsolutepercentageerror",
        "meansquarederror",
        "meansquaredlogarithmicerror",
        "mse",
        "msle",
        "poisson",
        "r2score",
        "rootmeansquarederror",
    ]
)


@dataclass(frozen=True)
class Regression:
    """See `Task`; `targets` is how many numbers an item has, 0 where labels are one each, of shape (n,)."""

    targets: int = 0

    probable = False
    ranked = False
    reported = ()
    takes = "numbers"
    last_layer = ""
    loss = "mean_squared_error"

    @property
    def outputs(self) -> int:
        """One for each target."""
        return self.targets or 1

    @property
    def wanted(self) -> str:
        """What a network gives."""
        return f"number for each of {self.targets} targets" if self.targets else "number"

    def widths(self) -> frozenset[int]:
        """Return how many units the last layer has."""
        return frozenset([self.outputs])

    def ends_wrong(self, activation: str) -> str:
        """Return nothing: numbers may be anything."""
        return ""

    def refuses(self, loss: Component, units: int | None) -> str:
        """Refuse the losses of classes."""
        if "categorical" not in loss.name.lower():
            return ""
        if self.targets:
            return f"loss {loss.name} is of classes, and numbers are predicted"
        return f"the model has one output, and loss {loss.name} needs one for each class"

    def refuses_metric(self, name: str) -> str:
        """Refuse those of classes."""
        known = name.replace("_", "").lower() in _OF_NUMBERS
        return "" if known else f"metric {name} is of classes, and a number is predicted"

    def slow(self, units: int) -> str:
        """Return why the fast path does not serve it."""
        return "it predicts numbers" if self.targets else "it has one output"

    def encoding(self, takes: Callable[[Any, Any], Any], units: int | None) -> Encode:
        """Return numbers as floats, of shape (n, targets)."""
        given = tf.constant(np.linspace(0.5, 2.0, 2 * self.outputs, dtype=np.float32))
        takes(tf.reshape(given, (2, self.outputs)), tf.reshape(given[::-1], (2, self.outputs)))
        return column

    def made_up(self, generator: np.random.Generator, units: int | None) -> tuple[Any, Any]:
        """Return numbers, and outputs."""
        count, size = 32, units or self.outputs
        labels = generator.permutation(count * size) % 4
        outputs = generator.uniform(0.05, 0.95, (count, size))
        shaped = labels.reshape(count, size) if self.targets else labels
        return tf.constant(shaped), tf.constant(outputs.astype(np.float32))

    def of_logits(self, outputs: Any) -> Any:
        """Return them as they are."""
        return outputs

    def answers(self, outputs: Any) -> tuple[Any, Any]:
        """Return the numbers, and no probabilities."""
        return outputs if self.targets else outputs[:, 0], tf.zeros_like(outputs[:, 0])

    def room(self, count: int, keep: bool) -> tuple[NDArray[Any], NDArray[np.float16]]:
        """Return empty arrays for predicted numbers."""
        return np.empty((count, self.targets) if self.targets else count, np.float64), NOTHING

    def right(self, outputs: NDArray[Any], labels: NDArray[Any], edge: float) -> float:
        """Return the mean absolute error."""
        return float(np.mean(np.abs(outputs.reshape(labels.shape) - labels)))

    def for_estimator(self, labels: NDArray[Any]) -> NDArray[Any]:
        """Return the numbers."""
        return labels

    def for_function(self, labels: NDArray[Any]) -> NDArray[Any]:
        """Return the numbers in 32 bits."""
        return labels.astype(np.float32)

    def of_estimator(
        self, estimator: Any, inputs: NDArray[Any], labels: NDArray[Any], *, keep: bool
    ) -> Evaluation:
        """Return the evaluation of what it predicts."""
        found = np.asarray(estimator.predict(inputs))
        whole = not self.targets and found.size == labels.size
        if not (whole or found.shape == labels.shape) or found.dtype.kind not in "iuf":
            told = f"it gives {found.dtype} of shape {found.shape}"
            raise ValueError(
                f"{told}, not a finite {self.wanted if self.targets else 'number for each item'}"
            )
        if not np.isfinite(found).all():
            message = f"it gives {found.dtype} of shape {found.shape}, not a finite number for each item"
            raise ValueError(message)
        return _evaluation(found.reshape(labels.shape).astype(np.float64), labels)

    def of_predictions(self, given: NDArray[Any], labels: NDArray[Any], *, keep: bool) -> Evaluation:
        """Return the evaluation of numbers (n,), or (n, targets)."""
        count = len(labels)
        numbers(given, count)
        allowed = [(count, self.targets)] if self.targets else [(count,), (count, 1)]
        if given.shape not in allowed:
            several = f"(n, {self.targets}), a number for each target"
            wanted = several if self.targets else "(n,), a number for each item"
            raise ValueError(f"an array of shape {given.shape}, not {wanted}")
        return _evaluation(finite(given, count).reshape(labels.shape), labels)


def _evaluation(predicted: NDArray[np.float64], labels: NDArray[np.float64]) -> Evaluation:
    """Return the evaluation of predicted numbers, with the mean squared error as loss."""
    loss = float(np.mean((predicted - labels) ** 2))
    return Evaluation(loss, labels, predicted, NOTHING, {})
