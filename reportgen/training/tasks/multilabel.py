"""Labels: each item has any number of them, also none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.report.training_parameters import Component
from reportgen.training.record import Evaluation
from reportgen.training.tasks.task import NOTHING, Encode, column, finite, improbable, numbers
from reportgen.training.tensorflow import tf

THRESHOLD = 0.5
"""A label is predicted where its probability is above it."""
_OF_ONE_CLASS = ("accuracy", "acc", "f1score", "fbetascore")  # of Keras: they take the likeliest class


@dataclass(frozen=True)
class Multilabel:
    """See `Task`; a network has a sigmoid unit for each of the `labels`."""

    labels: int

    probable = True
    ranked = False
    reported = ()
    last_layer = 'end it with activation="sigmoid"'
    loss = "binary_crossentropy"

    @property
    def outputs(self) -> int:
        """One for each label."""
        return self.labels

    @property
    def wanted(self) -> str:
        """What a network gives."""
        return f"probability for each of {self.labels} labels"

    @property
    def takes(self) -> str:
        """What losses and metrics get."""
        return f"probabilities of {self.labels} labels"

    def widths(self) -> frozenset[int]:
        """Return how many units the last layer has."""
        return frozenset([self.labels])

    def ends_wrong(self, activation: str) -> str:
        """Refuse a softmax, whose outputs add up to 1."""
        return "a softmax, which gives each item one label's worth" if activation == "softmax" else ""

    def refuses(self, loss: Component, units: int | None) -> str:
        """Refuse the losses of one class an item."""
        return f"loss {loss.name} is of one class an item" if "categorical" in loss.name.lower() else ""

    def refuses_metric(self, name: str) -> str:
        """Refuse those of one class an item."""
        plain = name.replace("_", "").lower()
        if plain not in _OF_ONE_CLASS and "categorical" not in plain:
            return ""
        return f"metric {name} takes one class an item, and an item has several labels"

    def slow(self, units: int) -> str:
        """Return why the fast path does not serve it."""
        return "its items have several labels"

    def encoding(self, takes: Callable[[Any, Any], Any], units: int | None) -> Encode:
        """Return 0 and 1 as floats, of shape (n, labels)."""
        labels = tf.constant((np.arange(2 * self.labels) % 2).reshape(2, -1))
        takes(column(labels), tf.fill([2, self.labels], 0.5))
        return column

    def made_up(self, generator: np.random.Generator, units: int | None) -> tuple[Any, Any]:
        """Return labels, and probabilities."""
        shape = (32, self.labels)
        labels, outputs = generator.integers(0, 2, shape), generator.uniform(0.05, 0.95, shape)
        return tf.constant(labels), tf.constant(outputs.astype(np.float32))

    def of_logits(self, outputs: Any) -> Any:
        """Return their sigmoid."""
        return tf.sigmoid(outputs)

    def answers(self, outputs: Any) -> tuple[Any, Any]:
        """Return which labels are likelier than not, and the probability of each."""
        return outputs > THRESHOLD, outputs

    def room(self, count: int, keep: bool) -> tuple[NDArray[Any], NDArray[np.float16]]:
        """Return empty arrays for predicted labels and the probabilities of all."""
        shape = (count, self.labels)
        return np.empty(shape, np.bool_), np.empty(shape, np.float16) if keep else NOTHING

    def right(self, outputs: NDArray[Any], labels: NDArray[Any], edge: float) -> float:
        """Return how many items have all labels right."""
        return float(np.sum(((outputs > edge) == labels).all(axis=1)))

    def for_estimator(self, labels: NDArray[Any]) -> NDArray[Any]:
        """Return integers 0 and 1."""
        return labels.astype(np.int64)

    def for_function(self, labels: NDArray[Any]) -> NDArray[Any]:
        """Return floats 0 and 1, as the losses of other libraries take them."""
        return labels.astype(np.float32)

    def of_estimator(
        self, estimator: Any, inputs: NDArray[Any], labels: NDArray[Any], *, keep: bool
    ) -> Evaluation:
        """Return the evaluation of what it predicts, with its probabilities where it gives any."""
        found = estimator.predict(inputs)
        found = np.asarray(found.toarray() if hasattr(found, "toarray") else found)
        if found.shape != labels.shape or not np.all(np.isin(found, (0, 1))):
            shape = f"{found.dtype} of shape {found.shape}"
            raise ValueError(f"it gives {shape}, not 0 or 1 for each of {self.labels} labels of an item")
        predicted = found.astype(np.bool_)
        if not callable(getattr(estimator, "predict_proba", None)):
            return Evaluation(None, labels, predicted, NOTHING, {})
        given = _probabilities(estimator.predict_proba(inputs), getattr(estimator, "classes_", ()))
        if given.shape != labels.shape or not np.isfinite(given).all():
            raise ValueError(f"predict_proba() gives {given.shape}, not a probability for each label")
        return _evaluation(given, predicted, labels, keep=keep)

    def of_predictions(self, given: NDArray[Any], labels: NDArray[Any], *, keep: bool) -> Evaluation:
        """Return the evaluation of probabilities, shape (n, labels)."""
        numbers(given, len(labels))
        if given.shape != labels.shape:
            wanted = f"(n, {self.labels}), a probability for each label"
            raise ValueError(f"an array of shape {given.shape}, not {wanted}")
        values = finite(given, len(labels))
        if (odd := improbable(values)) is not None:
            raise ValueError(f"{odd:.3g} for a label, which is not a probability")
        return _evaluation(np.clip(values, 0, 1), values > THRESHOLD, labels, keep=keep)


def _evaluation(
    probabilities: NDArray[np.float64], predicted: NDArray[np.bool_], labels: NDArray[np.bool_], *, keep: bool
) -> Evaluation:
    """Return the evaluation of predicted labels by their probabilities, with log loss as loss."""
    likely = np.clip(np.where(labels, probabilities, 1 - probabilities), np.finfo(np.float64).eps, 1)
    confidence = probabilities.astype(np.float16) if keep else NOTHING
    return Evaluation(float(-np.log(likely).mean()), labels, predicted, confidence, {})


def _probabilities(given: Any, classes: Sequence[Any]) -> NDArray[np.float64]:
    """Return the probability of each label: scikit-learn gives (n, labels), or a list of (n, 2)."""
    if not isinstance(given, list):
        return np.asarray(given, np.float64)
    found = []
    for at, part in enumerate(given):
        part = np.asarray(part, np.float64)
        # Of a label that no training item had, or all had, there is one column.
        known = [int(each) for each in classes[at]] if len(classes) == len(given) else [0, 1]
        found.append(part[:, known.index(1)] if 1 in known else np.zeros(len(part)))
    return np.stack(found, axis=1)
