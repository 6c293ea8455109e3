"""The training loop as a graph: many steps a call, and the data resident as bytes."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.types import Split
from reportgen.report.types import Scale
from reportgen.training import graph
from reportgen.training.resident import resident, taken
from reportgen.training.scale import scaled
from reportgen.training.sources import Functions
from reportgen.training.step import Step
from reportgen.training.tensorflow import reseed, tf

Augment = Callable[[Any, Any], Any]

_TELL_SECONDS = 0.5
_ENOUGH = 128


class Minibatches:
    """The minibatches of a training, as tensors.

    Parameters
    ----------
    split : Split
        The training images; they stay bytes, a batch is scaled as it is gathered.
    batch_size, seed : int
    encode : callable
        Labels, integers (n,), as the loss takes them.
    augment : callable or None
        ``(images, seed) -> images``: images float32 (n, h, w, c) in the range of `scale`, seed int32 (2,). Of
        several inputs it gets and gives a dict of tensors.
    scale : str
        The range of the images, see `Training`.

    Attributes
    ----------
    count : int
        Number of images.
    size : int
        Images a step; the last one of an epoch may have fewer.
    steps : int
        Steps an epoch.
    """

    def __init__(
        self,
        split: Split,
        batch_size: int,
        seed: int,
        encode: Callable[[Any], Any],
        augment: Augment | None = None,
        scale: Scale = "unit",
    ) -> None:
        self._images, self._labels = resident(split.given), resident(split.labels)
        self._seed = seed
        self._encode = encode
        self._augment = augment
        self._scale = scale
        self.count = len(split.labels)
        self.size = batch_size
        self.steps = -(-self.count // batch_size)

    def order(self, epoch: int) -> Any:
        """Return the order in which an epoch takes the images, int32 (count,)."""
        generator = np.random.default_rng([self._seed, epoch])
        return tf.constant(generator.permutation(self.count).astype(np.int32))

    def first(self) -> tuple[Any, Any]:
        """Return the first minibatch of the training, of a large one its first images, not augmented."""
        return self._gather(self.order(0)[: min(self.size, self.count, _ENOUGH)])

    def of(self, chosen: Any, number: Any) -> tuple[Any, Any]:
        """Return images and labels of the indices `chosen`, as step `number` of the training sees them."""
        images, labels = self._gather(chosen)
        if self._augment is not None:
            images = self._augment(images, tf.stack([tf.constant(self._seed, tf.int32), number]))
        return images, labels

    def _gather(self, chosen: Any) -> tuple[Any, Any]:
        images = taken(self._images, chosen)
        return scaled(images, self._scale), self._encode(taken(self._labels, chosen))


class Loop:
    """Trains a model one epoch at a time.

    Everything random is a function of (seed, epoch, step) or of variables that a checkpoint holds, so that
    an epoch can be gone on with in another process and give the same bits.

    Parameters
    ----------
    step : Step
    batches : Minibatches
    seed : int

    Attributes
    ----------
    state : list of variables
        All that changes from epoch to epoch; complete after `prepare`.
    """

    def __init__(self, step: Step, batches: Minibatches, seed: int) -> None:
        self._step = step
        self._batches = batches
        self._seed = seed
        self._chunks: dict[int, Any] = {}
        self.state = list({id(variable): variable for variable in step.state}.values())
        self._per_call = 1

    def prepare(self) -> None:
        """Make the graphs of all sizes of minibatches, so that what can't be trained is known at once.

        Raises
        ------
        TrainingError
            If a graph keeps state that a checkpoint can't hold.
        """
        sizes = {min(self._batches.size, self._batches.count), self._batches.count % self._batches.size}
        for size in sorted(sizes - {0}, reverse=True):
            reseed(self._seed, size)
            self._chunks[size] = self._chunk(size)
            found = graph.hidden_variables(self._chunks[size], [*self.state, *self._step.scratch])
            self.state.extend(found)

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
        count, steps, batch = self._batches.count, self._batches.steps, self._batches.size
        order, speeds = self._batches.order(index), tf.constant(rates)
        whole, done, timed = count // batch, 0, set[int]()
        self._step.begin()
        while done < steps:
            size, end = (batch, min(done + self._per_call, whole)) if done < whole else (count % batch, steps)
            began = time.perf_counter()
            self._chunks[size](order, speeds, tf.constant(done), tf.constant(end), tf.constant(index))
            loss, right = self._step.means()
            if not np.isfinite(loss):
                raise FloatingPointError(end, loss)
            if size in timed:
                each = (time.perf_counter() - began) / (end - done)
                self._per_call = max(1, min(round(_TELL_SECONDS / each), 2 * self._per_call + 8))
            timed.add(size)
            done = end
            tell(done, loss, right)
        return loss, right

    def _chunk(self, size: int) -> Any:
        """Return the compiled steps ``first`` to ``last`` of an epoch, of minibatches of `size` images."""

        def chunk(order: Any, rates: Any, first: Any, last: Any, epoch: Any) -> Any:
            def body(number: Any) -> Any:
                begin = number * self._batches.size
                chosen = tf.ensure_shape(order[begin : begin + size], [size])
                images, labels = self._batches.of(chosen, epoch * self._batches.steps + number)
                self._step(images, labels, rates[number])
                return number + 1

            return tf.while_loop(lambda number: number < last, body, [first])

        number = tf.TensorSpec([], tf.int32)
        return tf.function(chunk, autograph=False).get_concrete_function(
            tf.TensorSpec([self._batches.count], tf.int32),
            tf.TensorSpec([self._batches.steps], tf.float32),
            number,
            number,
            number,
        )


def augmentation(name: str, functions: Functions) -> Augment:
    """Return the function of models.py that changes training images, held to the shape of its input."""
    function = functions.get(name, "the augmentation")

    def augment(images: Any, seed: Any) -> Any:
        made = function(images, seed)
        if isinstance(images, Mapping) and not (isinstance(made, Mapping) and made.keys() == images.keys()):
            told = ", ".join(map(str, made)) if isinstance(made, Mapping) else f"a {type(made).__name__}"
            message = f"{name}() gets {', '.join(images)} in a dict, and returns {told}"
            remedy = f"return all of them: {{**inputs, {next(iter(images))!r}: …}}"
            raise functions.sources.problem(functions.value(name), message, remedy)
        with functions.sources.blamed(f"{name}()", function):
            if isinstance(images, Mapping):
                return {each: _in_shape(made[each], part) for each, part in images.items()}
            return _in_shape(made, images)

    return augment


def _in_shape(changed: Any, before: Any) -> Any:
    """Return changed inputs in the shape and type that they had."""
    return tf.ensure_shape(tf.cast(changed, before.dtype), before.shape)
