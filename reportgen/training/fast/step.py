"""The fast step: the authors' own model, some of whose layers compute in fewer passes over memory."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from reportgen.training.fast import allowed, batchnorm, dense, dropout, sgd
from reportgen.training.fast.cores import Sharing, parts
from reportgen.training.fast.layers import FastCall, called_by
from reportgen.training.tensorflow import tf


class FastStep:
    """Trains a model of Keras's own layers; it is a `step.Step`.

    Parameters
    ----------
    model : keras.Model
        Compiled, and one that `allowed.why_not` has no word against.
    sharing : Sharing

    Attributes
    ----------
    model : keras.Model
    variables : list of keras.Variable
        What is trained, in the order of the model's trainable weights; of a kernel in blocks, the blocks.
    calls : list of (layer, callable)
        The calls that replace the layers' own.
    norms : list of float
        Norms of the weights' gradients in the first proof.
    """

    def __init__(self, model: Any, sharing: Sharing) -> None:
        self.model = model
        self.optimizer = model.optimizer
        self.norms: list[float] = []
        self._towers = sharing.side_by_side if sharing.towers else 1
        layers = allowed.layers(model)
        wide = [layer for layer in layers if sharing.blocks and dense.serves(layer)]
        self._blocks = [dense.Blocks(layer) for layer in wide]
        self.calls: list[tuple[Any, FastCall]] = [(each.layer, each.call()) for each in self._blocks]
        for layer in layers:
            if batchnorm.serves(layer):
                self.calls.append((layer, batchnorm.call(layer)))
            elif dropout.serves(layer):
                self.calls.append((layer, dropout.call(layer)))
        blocks = {id(each.layer.kernel): each.variables for each in self._blocks}
        self.variables = [
            part for weight in model.trainable_variables for part in blocks.get(id(weight), [weight])
        ]
        self.optimizer.build(self.variables)
        self._fused = sgd.serves(self.optimizer)
        self._sums = tf.Variable(0.0, dtype=tf.float64, trainable=False)
        self._hits, self._seen = (tf.Variable(0, dtype=tf.int64, trainable=False) for _ in range(2))

    @property
    def gains(self) -> bool:
        """Whether anything is trained, and computed otherwise than by Keras's step."""
        return bool(self.variables) and (bool(self.calls) or self._towers > 1 or self._fused)

    @property
    def way(self) -> str:
        """What is made faster, for people."""
        kinds = sorted({type(layer).__name__ for layer, _ in self.calls})
        parts = [", ".join(kinds)] if kinds else []
        if self._towers > 1:
            parts.append(f"minibatches in {self._towers} parts")
        if self._fused:
            parts.append("SGD in one pass")
        return "by the fast path: " + "; ".join(parts)

    @property
    def state(self) -> Sequence[Any]:
        """Weights, blocks of weights, moving averages, states of generators, the optimizer's variables."""
        blocked = {id(each.layer.kernel) for each in self._blocks}
        kept = [variable for variable in self.model.variables if id(variable) not in blocked]
        blocks = [variable for each in self._blocks for variable in each.variables]
        return [*kept, *blocks, *self.optimizer.variables]

    @property
    def scratch(self) -> Sequence[Any]:
        """What is summed up over an epoch."""
        return [self._sums, self._hits, self._seen]

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """Have the model's layers compute by the fast calls."""
        with called_by(self.calls):
            yield

    def give_back(self) -> None:
        """Write the trained weights into the model where they are kept elsewhere meanwhile."""
        for each in self._blocks:
            each.give_back()

    def begin(self) -> None:
        """Begin an epoch."""
        for variable in self.scratch:
            variable.assign(tf.zeros_like(variable))

    def __call__(self, images: Any, labels: Any, rate: Any) -> None:
        """Train on a minibatch."""
        loss, outputs, gradients = self.gradients(images, labels)
        self.update(gradients, rate)
        true = tf.argmax(labels, 1) if labels.shape.rank == 2 else tf.cast(labels, tf.int64)
        size = int(images.shape[0])
        self._sums.assign_add(tf.cast(loss, tf.float64) * size)
        self._hits.assign_add(tf.reduce_sum(tf.cast(tf.argmax(outputs, 1) == true, tf.int64)))
        self._seen.assign_add(size)

    def gradients(self, images: Any, labels: Any) -> tuple[Any, Any, list[Any]]:
        """Return the loss of a minibatch in training, the outputs, and a gradient for each of `variables`."""
        size = int(images.shape[0])
        with tf.GradientTape() as tape:
            losses, outputs = [], []
            for begin, end in parts(size, self._towers):
                output = self.model(images[begin:end], training=True)
                loss = self.model.compute_loss(
                    x=images[begin:end], y=labels[begin:end], y_pred=output, training=True
                )
                losses.append(loss * ((end - begin) / size))
                outputs.append(output)
            loss = tf.add_n(losses)
            scaled = self.optimizer.scale_loss(loss)
        return loss, tf.concat(outputs, 0), tape.gradient(scaled, self.variables)

    def update(self, gradients: Sequence[Any], rate: Any) -> None:
        """Move the variables by one step of a learning rate."""
        if self._fused:
            sgd.apply(self.optimizer, gradients, self.variables, rate)
        else:
            self.optimizer.learning_rate = rate
            self.optimizer.apply(gradients, self.variables)

    def whole(self, gradients: Sequence[Any]) -> list[Any]:
        """Return gradients in the order and shapes of the model's trainable weights."""
        given = dict(zip(map(id, self.variables), gradients, strict=True))
        blocks = {id(each.layer.kernel): each.variables for each in self._blocks}
        return [
            tf.concat([given[id(part)] for part in blocks[id(weight)]], 1)
            if id(weight) in blocks
            else given[id(weight)]
            for weight in self.model.trainable_variables
        ]

    def means(self) -> tuple[float, float]:
        """Return loss and accuracy as running means over the epoch so far."""
        seen = max(int(self._seen), 1)
        return float(self._sums) / seen, int(self._hits) / seen
