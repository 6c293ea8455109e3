"""Prove that a fast step equals Keras's: both on one minibatch, before and after every training."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from reportgen.training.fast import allowed
from reportgen.training.fast.layers import called_by, own_calls
from reportgen.training.fast.step import FastStep
from reportgen.training.tensorflow import tf

# Of the norm: what another order of sums may change, which a deep network magnifies in its gradients.
_TOLERANCE = 1e-3
_GRADIENT = 1e-2
_SMALL = 1e-2  # a gradient this much smaller than the largest one is noise to the optimizer
_NOTHING = 1e-6
_RATE = 0.01


def difference(step: FastStep, images: Any, labels: Any) -> str:
    """Return in what a fast step differs from Keras's own on a minibatch, in float32; empty if in nothing.

    Compared are, with Dropout at 0: outputs in inference; outputs, loss and gradients in training, and the
    moving averages after it; two updates by the same gradients. The model and the optimizer are left as
    they were.
    """
    model = step.model
    if sum(map(_size, step.variables)) != sum(map(_size, model.trainable_variables)):
        return "other weights are trained"
    kept = [*step.state, *model.variables]
    with _restored(kept), _no_dropout(model):
        before = [_value(variable) for variable in kept]
        with called_by(own_calls(step.calls)):
            plain = _plain(model, images, labels)
        if plain[2].shape.rank:
            return "the loss is not one number"
        averages = [_value(variable) for variable in model.non_trainable_variables]
        _restore(kept, before)
        with step.in_force():
            inference = model(images, training=False)
            loss, outputs, gradients = step.gradients(images, labels)
        found = {
            "outputs in inference": (plain[0], inference),
            "outputs in training": (plain[1], outputs),
            "the loss": (plain[2], loss),
        }
        for what, (theirs, ours) in found.items():
            if not _close(theirs, ours):
                return f"{what} differ"
        for variable, theirs in zip(model.non_trainable_variables, averages, strict=True):
            if "seed_generator" not in variable.path and not _close(theirs, variable):
                return f"{variable.path} differs after a step"
        norms = [0.0 if each is None else float(np.linalg.norm(each)) for each in plain[3]]
        # At the end of a training the images' gradients cancel, and rounding is large beside what is left.
        step.norms = step.norms or norms
        least = [max(pair) for pair in zip(norms, step.norms, strict=True)]
        if uneven := _uneven(model.trainable_variables, plain[3], step.whole(gradients), least):
            return f"the gradient of {uneven} differs"
        return _update_difference(step, gradients)


def _plain(model: Any, images: Any, labels: Any) -> tuple[Any, Any, Any, list[Any]]:
    """Return what Keras's own step computes: outputs in inference and training, loss, gradients."""
    inference = model(images, training=False)
    with tf.GradientTape() as tape:
        outputs = model(images, training=True)
        loss = model.compute_loss(x=images, y=labels, y_pred=outputs, training=True)
        scaled = model.optimizer.scale_loss(loss)
    return inference, outputs, loss, tape.gradient(scaled, model.trainable_variables)


def _uneven(
    weights: Sequence[Any], theirs: Sequence[Any], ours: Sequence[Any], norms: Sequence[float]
) -> str:
    """Return the path of a weight whose two gradients differ; `norms` are what they are measured by."""
    smallest = _SMALL * max(norms, default=0.0)
    for weight, one, other, norm in zip(weights, theirs, ours, norms, strict=True):
        if (one is None) != (other is None):
            return str(weight.path)
        if one is not None and not _close(one, other, _GRADIENT, max(norm, smallest)):
            return str(weight.path)
    return ""


def _update_difference(step: FastStep, gradients: Sequence[Any]) -> str:
    """Return in what two updates differ from the optimizer's own."""
    kept = [*step.variables, *step.optimizer.variables]
    before = [_value(variable) for variable in kept]
    for _ in range(2):
        step.update(gradients, _RATE)
    ours = [_value(variable) for variable in kept]
    _restore(kept, before)
    step.optimizer.learning_rate = _RATE
    for _ in range(2):
        step.optimizer.apply(gradients, step.variables)
    rate = step.optimizer.learning_rate
    for variable, mine, old in zip(kept, ours, before, strict=True):
        moved = float(np.linalg.norm(_value(variable) - old))
        if variable is not rate and not _close(variable, mine, 1e-6, 1e3 * moved):
            return f"the update of {variable.path} differs"
    return ""


def _value(variable: Any) -> Any:
    return np.array(variable.numpy())


def _close(theirs: Any, ours: Any, tolerance: float = _TOLERANCE, least: float = 0.0) -> bool:
    one, other = (np.asarray(tf.cast(value, tf.float32)) for value in (theirs, ours))
    bound = tolerance * max(float(np.linalg.norm(one)), least) + _NOTHING
    return one.shape == other.shape and bool(np.linalg.norm(one - other) <= bound)


def _size(variable: Any) -> int:
    return int(np.prod(variable.shape))


@contextmanager
def _restored(variables: Sequence[Any]) -> Iterator[None]:
    values = [_value(variable) for variable in variables]
    try:
        yield
    finally:
        _restore(variables, values)


def _restore(variables: Sequence[Any], values: Sequence[Any]) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


@contextmanager
def _no_dropout(model: Any) -> Iterator[None]:
    layers = [layer for layer in allowed.layers(model) if hasattr(layer, "rate")]
    rates = [layer.rate for layer in layers]
    try:
        for layer in layers:
            layer.rate = 0
        yield
    finally:
        for layer, rate in zip(layers, rates, strict=True):
            layer.rate = rate
