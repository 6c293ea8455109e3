"""One training step by Keras's own rules: the model's `train_step`, its loss and its metrics."""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from reportgen.errors import Problem, TrainingError
from reportgen.training.tensorflow import tf


class Step(Protocol):
    """Trains a model on one minibatch after another."""

    @property
    def way(self) -> str:
        """How the model is trained, for people."""

    @property
    def state(self) -> Sequence[Any]:
        """All variables that a step may change and that the next step reads."""

    @property
    def scratch(self) -> Sequence[Any]:
        """Variables that begin anew with every epoch."""

    def begin(self) -> None:
        """Begin an epoch."""

    def __call__(self, images: Any, labels: Any, rate: Any) -> None:
        """Train on a minibatch with one learning rate; called in a graph."""

    def means(self) -> tuple[float, float]:
        """Return loss and accuracy as running means over the epoch so far."""


class KerasStep:
    """Calls `train_step` of the compiled model, whatever the authors have made of it.

    Parameters
    ----------
    model : keras.Model
        Compiled, see `compiled`.
    images, labels : tensor
        A minibatch as training sees it.
    units : int
        Outputs of the model.
    why : str
        Why it is not the fast path that trains.
    reported : sequence of str
        Metrics that were compiled: accuracy, or none.
    weights : sequence of float
        Of the classes, see `class_weights`; empty where every item counts the same.

    Raises
    ------
    TrainingError
        If `train_step` reports no loss, or not what was compiled.
    """

    def __init__(
        self,
        model: Any,
        images: Any,
        labels: Any,
        units: int,
        why: str = "",
        reported: Sequence[str] = ("accuracy",),
        weights: Sequence[float] = (),
    ) -> None:
        self._weights = tf.constant(weights, tf.float32) if weights else None
        self._why = why
        self._reported = ("loss", *reported)
        self._model = model
        model.optimizer.build(model.trainable_variables)
        flat = tf.fill([len(labels), units], 1 / max(units, 2))
        # Keras makes the variables of losses and metrics when they are first used.
        compute_loss(model, images, labels, flat, training=False)
        model.compute_metrics(images, labels, flat, sample_weight=None)
        model.reset_metrics()
        self._loss, self._accuracy = (tf.Variable(0.0, trainable=False) for _ in range(2))

    @property
    def way(self) -> str:
        """That Keras's own step trains, and why."""
        return "by Keras's own step" + (f": {self._why}" if self._why else "")

    @property
    def state(self) -> Sequence[Any]:
        """Weights, moving averages, states of generators, and the optimizer's variables."""
        return [*self._model.variables, *self._model.optimizer.variables]

    @property
    def scratch(self) -> Sequence[Any]:
        """What the metrics have summed up."""
        metrics = [variable for metric in self._model.metrics for variable in metric.variables]
        return [self._loss, self._accuracy, *metrics]

    def begin(self) -> None:
        """Begin an epoch: its metrics are empty."""
        self._model.reset_metrics()

    def __call__(self, images: Any, labels: Any, rate: Any) -> None:
        """Train on a minibatch."""
        self._model.optimizer.learning_rate = rate
        batch = (images, labels) if self._weights is None else (images, labels, self._weighed(labels))
        logs = _flat(self._model.train_step(batch))
        for name, variable in zip(self._reported, (self._loss, self._accuracy), strict=False):
            if name not in logs:
                kind = type(self._model).__name__
                remedy = "return self.compute_metrics(x, y, y_pred), or update all of self.metrics"
                raise TrainingError(Problem("", 0, f"train_step() of {kind} gives no {name}", remedy))
            variable.assign(tf.cast(logs[name], tf.float32))

    def _weighed(self, labels: Any) -> Any:
        """Return a weight for each item by its label, as Keras's ``fit`` takes ``class_weight``."""
        if len(labels.shape) > 1:
            labels = labels[:, 0] if labels.shape[-1] == 1 else tf.argmax(labels, 1)
        return tf.gather(self._weights, tf.cast(tf.round(tf.cast(labels, tf.float32)), tf.int32))

    def means(self) -> tuple[float, float]:
        """Return what the last step reported, as Keras's ``fit`` does."""
        return float(self._loss), float(self._accuracy)


def compiled(model: Any, optimizer: Any, loss: Any, metrics: Sequence[str] = ("accuracy",)) -> Any:
    """Compile a model with what report.toml declares, in place of what its builder may have compiled.

    Raises
    ------
    TrainingError
        If its class has a ``compile`` of its own that takes something else.
    """
    try:
        model.compile(optimizer=optimizer, loss=loss, metrics=[*metrics], jit_compile=False)
    except TypeError as error:
        kind = type(model).__name__
        remedy = "let it take optimizer, loss and metrics, as Keras's does"
        problem = Problem("", 0, f"compile() of {kind} takes other arguments: {error}", remedy)
        raise TrainingError(problem) from None
    return model


def compute_loss(model: Any, images: Any, labels: Any, outputs: Any, *, training: bool) -> Any:
    """Return the loss of a batch by the model's own rule, penalties included, as a scalar."""
    arguments = {"x": images, "y": labels, "y_pred": outputs, "sample_weight": None}
    if "training" in inspect.signature(model.compute_loss).parameters:
        arguments["training"] = training
    return model.compute_loss(**arguments)


def _flat(logs: Mapping[str, Any]) -> dict[str, Any]:
    """Return logs without the level that some names of metrics add."""
    found: dict[str, Any] = {}
    for name, value in logs.items():
        found.update(_flat(value) if isinstance(value, Mapping) else {name: value})
    return found
