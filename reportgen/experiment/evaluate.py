"""A model on a whole split: Dropout and augmentation off, averages as they are."""

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from reportgen.datasets.model import Split
from reportgen.errors import InputError, Problem
from reportgen.experiment.backend import keras, tf
from reportgen.experiment.record import Evaluation
from reportgen.experiment.updates import Loss, penalties

_LARGEST = 48_000_000  # bytes of one layer's float32 output for a batch
_BATCHES = (32, 2000)
_WHITE = 255.0
_ROUNDING = 1e-3


class Evaluator:
    """Measures one model on any split.

    Parameters
    ----------
    model : keras.Model
    loss : callable
        Of one-hot (n, classes) and predicted (n, classes), a scalar: the batch's mean.
    classes : int
    towers : int
        Parts of a batch that are computed side by side, see `threads`.
    metrics : sequence of str
        Further metrics by their Keras names, ``accuracy`` excepted.
    logits : bool
        Whether the loss takes logits: then probabilities are their softmax.

    Raises
    ------
    InputError
        If Keras has no metric of a name.
    """

    def __init__(
        self,
        model: Any,
        loss: Loss,
        classes: int,
        towers: int = 1,
        metrics: Sequence[str] = (),
        logits: bool = False,
    ) -> None:
        self._model = model
        self._loss = loss
        self._classes = classes
        self._metrics = {name: _metric(name) for name in metrics if name != "accuracy"}
        self._towers = towers
        self._logits = logits
        self._batch = _batch_size(model)
        self._predict = tf.function(self._forward, autograph=False, reduce_retracing=True)

    def measure(self, split: Split, keep_confidence: bool = False) -> Evaluation:
        """Return loss, predicted classes and metrics of a split, in its order.

        Parameters
        ----------
        keep_confidence : bool
            Whether the probability of each predicted class is kept.
        """
        count = len(split.labels)
        predicted = np.empty(count, np.uint8)
        confidence = np.empty(count if keep_confidence else 0, np.float16)
        total = 0.0
        for metric in self._metrics.values():
            metric.reset_state()
        for begin in range(0, count, self._batch):
            end = min(begin + self._batch, count)
            labels = split.labels[begin:end]
            classes, sure, loss = self._predict(tf.constant(split.images[begin:end]), tf.constant(labels))
            predicted[begin:end] = classes
            if keep_confidence:
                confidence[begin:end] = sure
            total += float(loss) * (end - begin)
        values = {name: float(metric.result()) for name, metric in self._metrics.items()}
        return Evaluation(total / count, np.array(split.labels), predicted, confidence, values)

    def _forward(self, images: Any, labels: Any) -> Any:
        true = tf.one_hot(labels, self._classes)
        cuts = [tf.shape(images)[0] * part // self._towers for part in range(self._towers + 1)]
        parts = [images[begin:end] for begin, end in itertools.pairwise(cuts)]
        outputs = tf.concat(
            [self._model(tf.cast(part, tf.float32) / _WHITE, training=False) for part in parts], 0
        )
        loss = tf.add_n([self._loss(true, outputs), *penalties(self._model)])
        probabilities = tf.nn.softmax(outputs) if self._logits else outputs
        for metric in self._metrics.values():
            metric.update_state(true, probabilities)
        return tf.argmax(probabilities, 1), tf.reduce_max(probabilities, 1), loss


def improbable(evaluation: Evaluation) -> float | None:
    """Return what a model gave for a class that can't be its probability, if it did."""
    sure = evaluation.confidence.astype(np.float64)
    wrong = sure[(sure < 0) | (sure > 1 + _ROUNDING)]
    return float(wrong[0]) if len(wrong) else None


def accuracy(evaluation: Evaluation) -> float:
    """Return the share of right answers."""
    return float(np.mean(evaluation.labels == evaluation.predicted))


def _metric(name: str) -> Any:
    try:
        metric = keras.metrics.get(name)
    except ValueError:
        remedy = "see keras.io for the names"
        raise InputError(Problem("report.toml", 0, f"Keras has no metric called {name}", remedy)) from None
    if isinstance(metric, keras.metrics.Metric):
        return metric
    return keras.metrics.MeanMetricWrapper(metric, name=name)


def _batch_size(model: Any) -> int:
    """Return how many images at a time keep the largest layer within bounds: memory is what limits it."""
    widest = max(_values(layer) for layer in model.layers)
    least, most = _BATCHES
    return int(np.clip(_LARGEST // (4 * widest), least, most))


def _values(layer: Any) -> int:
    shape = getattr(getattr(layer, "output", None), "shape", None) or (None, 1)
    return int(np.prod([length or 1 for length in shape[1:]]))
