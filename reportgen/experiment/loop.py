"""The training loop as a graph: many steps a call, and the data resident as bytes."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.model import Split
from reportgen.errors import Problem, TrainingError
from reportgen.experiment.ahead import Ahead
from reportgen.experiment.backend import tf
from reportgen.experiment.sources import Functions
from reportgen.experiment.threads import parts
from reportgen.experiment.updates import Loss, Update, penalties

Augment = Callable[[Any, Any], Any]

_TELL_SECONDS = 0.5
_WHITE = 255.0


class Loop:
    """Trains a model one epoch at a time.

    Everything random is a function of (seed, epoch, step) or of variables of the model, so that
    an epoch can be gone on with in another process and give the same bits.

    Attributes
    ----------
    state : list of keras.Variable
        All that changes from epoch to epoch.
    steps : int
        Steps an epoch.

    Parameters
    ----------
    model : keras.Model
    update : Update
    loss : callable
        Of one-hot (n, classes) and predicted (n, classes), a scalar.
    split : Split
        The training images; they stay bytes, a batch is scaled as it is gathered.
    classes, batch_size, seed : int
    augment : callable or None
        ``(images, seed) -> images``: images float32 (n, h, w, c) in [0, 1], seed int32 (2,).
    towers : int
        Number of parts of a batch that are computed side by side, see `threads`.
    """

    def __init__(
        self,
        model: Any,
        update: Update,
        loss: Loss,
        split: Split,
        classes: int,
        batch_size: int,
        seed: int,
        augment: Augment | None = None,
        towers: int = 1,
    ) -> None:
        self._model = model
        self._update = update
        self._loss = loss
        self._images = tf.constant(np.ascontiguousarray(split.images))
        self._labels = tf.constant(np.ascontiguousarray(split.labels))
        self._classes = classes
        self._batch = batch_size
        self._seed = seed
        self._augment = augment
        self._towers = towers
        self._ahead = Ahead(model) if towers == 1 and Ahead.serves(model) else None
        self._chunks: dict[int, Any] = {}
        self.state = [*model.variables, *update.optimizer.variables]
        self._per_call = 1
        self.steps = -(-len(split.labels) // batch_size)

    def epoch(
        self,
        index: int,
        rates: NDArray[np.float32],
        tell: Callable[[int, float, float], None],
    ) -> tuple[float, float]:
        """Train one epoch and return its running mean loss and accuracy.

        Parameters
        ----------
        index : int
            Number of the epoch, from 0.
        rates : ndarray of float32, shape (steps,)
            Learning rate of every step.
        tell : callable
            Called about twice a second with steps done, and loss and accuracy so far.

        Raises
        ------
        FloatingPointError
            As soon as the running loss is not finite; its arguments are the step (from 1) and the loss.
        """
        count = len(self._labels)
        order = tf.constant(np.random.default_rng([self._seed, index]).permutation(count).astype(np.int32))
        speeds = tf.constant(rates)
        sums = (tf.constant(0.0, tf.float64), tf.constant(0, tf.int64))
        whole = count // self._batch
        done = 0
        while done < self.steps:
            if done < whole:
                size, end = self._batch, min(done + self._per_call, whole)
            else:
                size, end = count % self._batch, self.steps
            began = time.perf_counter()
            fresh = size not in self._chunks
            sums = self._chunk(size)(
                order, speeds, tf.constant(done), tf.constant(end), tf.constant(index), *sums
            )
            seen = min(end * self._batch, count)
            loss, right = float(sums[0]) / seen, int(sums[1]) / seen
            if not np.isfinite(loss):
                raise FloatingPointError(end, loss)
            if not fresh:
                each = (time.perf_counter() - began) / (end - done)
                self._per_call = max(1, min(round(_TELL_SECONDS / each), 2 * self._per_call + 8))
            done = end
            tell(done, loss, right)
        return loss, right

    def _chunk(self, size: int) -> Any:
        """Return the compiled steps ``first`` to ``last`` of batches of `size` images."""
        if size not in self._chunks:

            def chunk(
                order: Any, rates: Any, first: Any, last: Any, epoch: Any, loss: Any, right: Any
            ) -> Any:
                def chosen(step: Any) -> Any:
                    begin = step * self._batch
                    return tf.ensure_shape(order[begin : begin + size], [size])

                def images(step: Any) -> Any:
                    return self._gather(chosen(step), epoch * self.steps + step)

                def ahead(step: Any) -> tuple[Any, ...]:
                    if self._ahead is None:
                        return ()
                    coming = images(step)
                    return coming, *self._ahead.products(coming)

                def body(step: Any, loss: Any, right: Any, *ready: Any) -> Any:
                    shown, *products = ready or [images(step)]
                    labels = tf.gather(self._labels, chosen(step))
                    more, hits = self._step(shown, products, labels, rates[step])
                    return step + 1, loss + more, right + hits, *ahead(tf.minimum(step + 1, last - 1))

                start = (first, loss, right, *ahead(first))
                return tf.while_loop(lambda step, *_: step < last, body, start)[1:3]

            function = tf.function(chunk, autograph=False)
            number = tf.TensorSpec([], tf.int32)
            concrete = function.get_concrete_function(
                tf.TensorSpec([len(self._labels)], tf.int32),
                tf.TensorSpec([self.steps], tf.float32),
                number,
                number,
                number,
                tf.TensorSpec([], tf.float64),
                tf.TensorSpec([], tf.int64),
            )
            _refuse_hidden_state(concrete, self.state)
            self._chunks[size] = concrete
        return self._chunks[size]

    def _gather(self, chosen: Any, number: Any) -> Any:
        """Return the images with indices `chosen` as step `number` of the training sees them."""
        images = tf.cast(tf.gather(self._images, chosen), tf.float32) / _WHITE
        if self._augment is None:
            return images
        return self._augment(images, tf.stack([tf.constant(self._seed, tf.int32), number]))

    def _step(self, images: Any, products: Sequence[Any], labels: Any, rate: Any) -> tuple[Any, Any]:
        """Train on a minibatch; return the sum of its losses and the hits."""
        true = tf.one_hot(labels, self._classes)
        size = int(images.shape[0])
        with tf.GradientTape() as tape:
            losses, predictions = [], []
            for begin, end in parts(size, self._towers):
                predicted = tf.cast(self._predict(images[begin:end], products), tf.float32)
                losses.append(self._loss(true[begin:end], predicted) * ((end - begin) / size))
                predictions.append(predicted)
            loss = tf.add_n([*losses, *penalties(self._model)])
        self._update(tape.gradient(loss, self._model.trainable_variables), rate)
        hits = tf.equal(tf.argmax(tf.concat(predictions, 0), 1), tf.cast(labels, tf.int64))
        return tf.cast(loss, tf.float64) * size, tf.reduce_sum(tf.cast(hits, tf.int64))

    def _predict(self, images: Any, products: Sequence[Any]) -> Any:
        return self._ahead(images, products) if self._ahead else self._model(images, training=True)


def augmentation(name: str, functions: Functions) -> Augment:
    """Return the function of models.py that changes training images, held to the shape of its input."""
    function = functions.get(name, "the augmentation")

    def augment(images: Any, seed: Any) -> Any:
        with functions.sources.blamed(f"{name}()", function):
            return tf.ensure_shape(tf.cast(function(images, seed), tf.float32), images.shape)

    return augment


def _refuse_hidden_state(concrete: Any, state: Sequence[Any]) -> None:
    """Refuse randomness or variables that a checkpoint does not hold: a resumed run would differ."""
    graph = concrete.graph.as_graph_def()
    nodes = [*graph.node, *(node for function in graph.library.function for node in function.node_def)]
    hidden = sorted({node.op for node in nodes if node.op in _HIDDEN})
    known = {id(variable.value.handle) for variable in state}
    if any(value.dtype == tf.resource and id(value) not in known for value in concrete.captured_inputs):
        hidden.append("a variable outside the model")
    if hidden:
        raise TrainingError(
            Problem(
                "",
                0,
                f"the model or augmentation keeps state that can't be saved: {', '.join(hidden)}",
                "use tf.random.stateless_* with the given seed, or a keras.random.SeedGenerator of the layer",
            )
        )


_HIDDEN = {
    "Multinomial",
    "ParameterizedTruncatedNormal",
    "RandomGamma",
    "RandomPoissonV2",
    "RandomShuffle",
    "RandomStandardNormal",
    "RandomUniform",
    "RandomUniformInt",
    "SampleDistortedBoundingBoxV2",
    "TruncatedNormal",
}
