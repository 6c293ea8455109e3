"""Evaluate a model on a whole split."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from reportgen.datasets.inputs import Inputs, given
from reportgen.datasets.types import Split
from reportgen.errors import InputError, Problem
from reportgen.report.training_parameters import Scale
from reportgen.training.components import ACCURACY, metric
from reportgen.training.job import TOML
from reportgen.training.raised import said
from reportgen.training.record import Evaluation
from reportgen.training.scale import scaled
from reportgen.training.step import compute_loss
from reportgen.training.tasks import Encode, Task
from reportgen.training.tasks.classification import true_ranks
from reportgen.training.tasks.task import ROUNDING
from reportgen.training.tasks.task import improbable as improbable_value
from reportgen.training.tensorflow import keras, tf

_LARGEST = 48_000_000  # bytes of one layer's float32 output for a batch
_BATCHES = (32, 2000)


class Evaluator:
    """Measures one model on any split.

    Parameters
    ----------
    model : keras.Model
        Compiled: the loss is its own, penalties included.
    task : Task
    encode : callable
        Labels as the loss takes them.
    batch_size : int or None
        Images at a time where the loss looks at several; None where it is a mean over images.
    towers : int
        Parts of a batch that are computed side by side, see `fast.cores`.
    metrics : mapping of str to (keras.metrics.Metric, callable)
        Further metrics, and how they take labels, see `metrics_of`.
    logits : bool
        Whether the loss takes logits.
    scale : str
        The range of the images, see `Training`.
    """

    def __init__(
        self,
        model: Any,
        task: Task,
        encode: Encode,
        batch_size: int | None = None,
        towers: int = 1,
        metrics: Mapping[str, tuple[Any, Encode]] | None = None,
        logits: bool = False,
        scale: Scale = "unit",
    ) -> None:
        self._model = model
        self._task = task
        self._encode = encode
        self._metrics = metrics or {}
        self._towers = towers if batch_size is None else 1
        self._logits = logits
        self._scale: Scale = scale
        self._batch = batch_size or _batch_size(model)
        # A class with a rule of its own for evaluation reports a mean over the split by itself.
        self._own_rule = type(model).test_step is not keras.Model.test_step
        self._predict = tf.function(self._forward, autograph=False, reduce_retracing=True)

    def measure(self, split: Split, keep_confidence: bool = False) -> Evaluation:
        """Return loss, predicted classes and metrics of a split, in its order.

        Parameters
        ----------
        keep_confidence : bool
            Whether the probabilities of what is predicted are kept.
        """
        count = len(split.labels)
        predicted, confidence = self._task.room(count, keep_confidence)
        ranks = np.empty(count if len(confidence) and self._task.ranked else 0, np.uint16)
        total, loss = 0.0, 0.0
        self._model.reset_metrics()
        for one, _ in self._metrics.values():
            one.reset_state()
        for begin in range(0, count, self._batch):
            end = min(begin + self._batch, count)
            labels = split.labels[begin:end]
            images = tf.nest.map_structure(tf.constant, given(split.inputs[begin:end]))
            answers, sure, ranked, value = self._predict(images, tf.constant(labels))
            predicted[begin:end] = answers
            if len(confidence):
                confidence[begin:end] = sure
            if len(ranks):
                ranks[begin:end] = ranked
            loss = float(value)
            total += loss * (end - begin)
        values = {name: _number(one.result()) for name, (one, _) in self._metrics.items()}
        mean = loss if self._own_rule else total / count
        return Evaluation(mean, np.array(split.labels), predicted, confidence, values, ranks)

    def outlier(self, images: Inputs) -> float | None:
        """Return an output for some inputs that can't be a probability, if there is one."""
        if not self._task.probable:
            return None
        outputs = tf.cast(self._model(scaled(given(images), self._scale), training=False), tf.float32)
        return improbable_value(np.ravel(self._probabilities(outputs)).astype(np.float64))

    def _forward(self, images: Any, labels: Any) -> Any:
        count = tf.shape(labels)[0]
        cuts = [count * part // self._towers for part in range(self._towers + 1)]
        losses, outputs = [], []
        for begin, end in itertools.pairwise(cuts):
            seen = scaled(_cut(images, begin, end), self._scale)
            true = self._encode(labels[begin:end])
            # Keras's losses look for the logits behind these very outputs.
            output = self._model(seen, training=False)
            share = tf.cast((end - begin) / count, tf.float32)
            losses.append(tf.math.multiply_no_nan(self._loss(seen, true, output), share))
            outputs.append(tf.cast(output, tf.float32))
        probabilities = self._probabilities(tf.concat(outputs, 0))
        for one, encode in self._metrics.values():
            one.update_state(encode(labels), probabilities)
        places = true_ranks(probabilities, labels) if self._task.ranked else tf.zeros_like(labels)
        return *self._task.answers(probabilities), places, tf.add_n(losses)

    def _probabilities(self, outputs: Any) -> Any:
        return self._task.of_logits(outputs) if self._logits else outputs

    def _loss(self, images: Any, labels: Any, output: Any) -> Any:
        if self._own_rule:
            logs = self._model.test_step((images, labels))
            if "loss" in logs:
                return tf.cast(logs["loss"], tf.float32)
        loss = compute_loss(self._model, images, labels, output, training=False)
        return tf.reduce_mean(tf.cast(loss, tf.float32))


def metrics_of(names: Sequence[str], task: Task, units: int | None = None) -> dict[str, tuple[Any, Encode]]:
    """Return Keras metrics by name, ``accuracy`` excepted, each tried on made-up predictions.

    A metric that gives a value for each class counts as their mean.

    Raises
    ------
    InputError
        If Keras has no metric of a name, it needs arguments, or it does not fit probabilities of classes.
    """
    found = {}
    for name in names:
        if name == ACCURACY:
            continue
        one = metric(name)
        if message := task.refuses_metric(name):
            raise InputError(Problem(TOML, 0, message, "leave it out"))
        try:
            encode = task.encoding(one, units)
            _number(one.result())
        except Exception as error:
            message = f"metric {name} does not take {task.takes}: {said(error)}"
            raise InputError(Problem(TOML, 0, message, "leave it out")) from None
        one.reset_state()
        found[name] = (one, encode)
    return found


def improbable(evaluation: Evaluation) -> float | None:
    """Return what a model gave for a class that can't be its probability, if it did."""
    sure = evaluation.confidence.astype(np.float64).ravel()
    wrong = sure[(sure < 0) | (sure > 1 + ROUNDING)]
    return float(wrong[0]) if len(wrong) else None


def _cut(images: Any, begin: Any, end: Any) -> Any:
    """Return a part of a batch, of several inputs of each."""
    return tf.nest.map_structure(lambda each: each[begin:end], images)


def _number(result: Any) -> float:
    value = np.asarray(result, np.float64)
    if value.ndim > 1:
        raise ValueError(f"it gives {value.shape} values, not one or one for each class")
    return float(value.mean())


def _batch_size(model: Any) -> int:
    """Return how many images at a time keep the largest layer within bounds: memory is what limits it."""
    widest = max((_values(layer) for layer in model.layers), default=1)
    least, most = _BATCHES
    return int(np.clip(_LARGEST // (4 * widest), least, most))


def _values(layer: Any) -> int:
    shape = getattr(getattr(layer, "output", None), "shape", None) or (None, 1)
    return int(np.prod([length or 1 for length in shape[1:]]))
