"""Classes: each item is of one of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.labels import label_type
from reportgen.report.training_parameters import Component
from reportgen.training.record import Evaluation
from reportgen.training.tasks.task import NOTHING, ROUNDING, Encode, column, finite, improbable, numbers
from reportgen.training.tensorflow import tf

_MOST = 4_000  # made-up items: outputs for all of them grow with the classes


@dataclass(frozen=True)
class Classification:
    """See `Task`; a network has a unit for each of the `classes`, or one for the second of two."""

    classes: int

    probable = True
    reported = ("accuracy",)
    last_layer = "end it with a softmax"
    loss = "binary_crossentropy"

    @property
    def ranked(self) -> bool:
        """With three classes or more: of two, the second likeliest is the last."""
        return self.classes > 2

    @property
    def outputs(self) -> int:
        """One for each class."""
        return self.classes

    @property
    def wanted(self) -> str:
        """What a network gives."""
        return f"probability for each of {self.classes} classes"

    @property
    def takes(self) -> str:
        """What losses and metrics get."""
        return f"probabilities of {self.classes} classes"

    def widths(self) -> frozenset[int]:
        """Return how many units the last layer may have."""
        return frozenset([self.classes, *([1] if self.classes == 2 else [])])

    def ends_wrong(self, activation: str) -> str:
        """Return nothing: that outputs are probabilities is seen by their values."""
        return ""

    def refuses(self, loss: Component, units: int | None) -> str:
        """Refuse categorical losses of one unit, which are always 0 there."""
        if units != 1 or "categorical" not in loss.name.lower():
            return ""
        return f"the model has one output, and loss {loss.name} needs one for each class"

    def refuses_metric(self, name: str) -> str:
        """Refuse none by its name."""
        return ""

    def slow(self, units: int) -> str:
        """Return why the fast path does not serve it."""
        return "it has one output" if units == 1 else ""

    def encoding(self, takes: Callable[[Any, Any], Any], units: int | None) -> Encode:
        """Return one-hot labels or, where it takes no others, integers; for one unit a column of 0 and 1."""
        classes = self.classes

        def one_hot(labels: Any) -> Any:
            return tf.one_hot(tf.cast(labels, tf.int32) if labels.dtype == tf.uint16 else labels, classes)

        def integers(labels: Any) -> Any:
            return tf.cast(labels, tf.int32)

        count = min(2 * classes, _MOST)
        labels = tf.constant(np.arange(count) % classes)
        flat = tf.fill([count, units or classes], 1 / classes)
        if units == 1:
            takes(column(labels), flat)
            return column
        try:
            takes(one_hot(labels), flat)
            return one_hot
        except Exception as error:
            try:
                takes(integers(labels), flat)
                return integers
            except Exception:
                raise error from None

    def made_up(self, generator: np.random.Generator, units: int | None) -> tuple[Any, Any]:
        """Return labels, and outputs that may be probabilities."""
        size, count = self.classes, min(8 * self.classes, _MOST)
        labels = tf.constant(generator.permutation(8 * size)[:count] % size)
        outputs = generator.uniform(0.05, 0.95, (count, units or size))
        return labels, tf.constant(outputs.astype(np.float32))

    def of_logits(self, outputs: Any) -> Any:
        """Return their softmax, of one unit its sigmoid."""
        return tf.sigmoid(outputs) if outputs.shape[-1] == 1 else tf.nn.softmax(outputs)

    def answers(self, outputs: Any) -> tuple[Any, Any]:
        """Return the likeliest class, and its probability."""
        if outputs.shape[-1] == 1:
            outputs = tf.concat([1 - outputs, outputs], 1)
        return tf.argmax(outputs, 1), tf.reduce_max(outputs, 1)

    def room(self, count: int, keep: bool) -> tuple[NDArray[Any], NDArray[np.float16]]:
        """Return empty arrays for predicted classes and their probabilities."""
        return np.empty(count, label_type(self.classes)), np.empty(count if keep else 0, np.float16)

    def right(self, outputs: NDArray[Any], labels: NDArray[Any], edge: float) -> float:
        """Return how many items are classified right."""
        classes = outputs[:, 0] > edge if outputs.shape[1] == 1 else np.argmax(outputs, 1)
        return float(np.sum(classes == labels))

    def for_estimator(self, labels: NDArray[Any]) -> NDArray[Any]:
        """Return integers."""
        return labels.astype(np.int64)

    def for_function(self, labels: NDArray[Any]) -> NDArray[Any]:
        """Return integers."""
        return labels.astype(np.int64)

    def of_estimator(
        self, estimator: Any, inputs: NDArray[Any], labels: NDArray[Any], *, keep: bool
    ) -> Evaluation:
        """Return the evaluation of what it predicts, with its probabilities where it gives any."""
        found, classes = np.asarray(estimator.predict(inputs)), self.classes
        if found.shape != labels.shape or not np.all(np.isin(found, np.arange(classes))):
            shape = f"{found.dtype} of shape {found.shape}"
            raise ValueError(f"it gives {shape}, not a label from 0 to {classes - 1} for each item")
        predicted: NDArray[Any] = found.astype(label_type(classes))
        probabilities = _probabilities(estimator, inputs, classes)
        if probabilities is None:
            return Evaluation(None, labels, predicted, NOTHING, {})
        return self._evaluation(probabilities, predicted, labels, keep=keep)

    def of_predictions(self, given: NDArray[Any], labels: NDArray[Any], *, keep: bool) -> Evaluation:
        """Return the evaluation of probabilities (n, classes); of two classes also of the second's, (n,)."""
        count, classes = len(labels), self.classes
        numbers(given, count)
        single = classes == 2 and given.shape in ((count,), (count, 1))
        if not single and given.shape != (count, classes):
            wanted = f"(n, {classes}), a probability for each class"
            raise ValueError(f"an array of shape {given.shape}, not {wanted}")
        values = finite(given, count)
        if single:
            second = values.reshape(-1)
            values = np.stack([1 - second, second], axis=1)
        odd = improbable(values)
        if odd is not None or not np.allclose(values.sum(axis=1), 1, atol=10 * ROUNDING):
            what = f"{odd:.3g} for a class" if odd is not None else "values that do not add up to 1"
            raise ValueError(f"{what}, which is not a probability")
        predicted = values.argmax(axis=1).astype(labels.dtype)
        return self._evaluation(np.clip(values, 0, 1), predicted, labels, keep=keep)

    def _evaluation(
        self, probabilities: NDArray[np.float64], predicted: NDArray[Any], labels: NDArray[Any], *, keep: bool
    ) -> Evaluation:
        """Return the evaluation of predicted classes by their probabilities, with log loss as loss."""
        rows = np.arange(len(labels))
        loss = float(-np.log(np.clip(probabilities[rows, labels], np.finfo(np.float64).eps, 1)).mean())
        if not keep:
            return Evaluation(loss, labels, predicted, NOTHING, {})
        confidence = probabilities[rows, predicted].astype(np.float16)
        places = np.empty(0, np.uint16)
        if self.ranked:
            places = true_ranks(tf.constant(probabilities), labels).numpy().astype(np.uint16)
        return Evaluation(loss, labels, predicted, confidence, {}, places)


def true_ranks(probabilities: Any, labels: Any) -> Any:
    """Return how many classes are held likelier than the true one; of equal ones it is the first."""
    true = tf.cast(labels, tf.int32)
    its = tf.gather(probabilities, true, axis=1, batch_dims=1)[:, tf.newaxis]
    before = tf.range(tf.shape(probabilities)[1])[tf.newaxis] < true[:, tf.newaxis]
    likelier = (probabilities > its) | ((probabilities == its) & before)
    return tf.reduce_sum(tf.cast(likelier, tf.int32), axis=1)


def _probabilities(estimator: Any, inputs: NDArray[Any], classes: int) -> NDArray[np.float64] | None:
    """Return probabilities, shape (n, classes); None where the estimator gives none."""
    if not callable(getattr(estimator, "predict_proba", None)):
        return None
    given = np.asarray(estimator.predict_proba(inputs), np.float64)
    known = np.asarray(getattr(estimator, "classes_", np.arange(given.shape[-1])), np.int64)
    if given.shape != (len(inputs), len(known)) or not np.isfinite(given).all():
        raise ValueError(f"predict_proba() gives {given.shape}, not a probability for each class")
    found = np.zeros((len(inputs), classes))
    found[:, known] = given
    return found
