"""Batch normalization over channels as one kernel."""

from typing import Any

from reportgen.training.fast.layers import FastCall, plain_but_for
from reportgen.training.tensorflow import keras, rank, tf

_SMALLEST_EPSILON = 1.001e-5  # of the kernel
# Settings that the kernel honours, and those that only say how the weights begin and are penalised.
_HONOURED = {"axis", "momentum", "epsilon", "center", "scale", "trainable"}
_OF_WEIGHTS = {
    f"{weight}_{what}"
    for weight, whats in {
        "beta": ("initializer", "regularizer", "constraint"),
        "gamma": ("initializer", "regularizer", "constraint"),
        "moving_mean": ("initializer",),
        "moving_variance": ("initializer",),
    }.items()
    for what in whats
}


def serves(layer: Any) -> bool:
    """Tell whether the kernel computes what a layer does: images (n, h, w, c), moments of each channel."""
    return (
        type(layer) is keras.layers.BatchNormalization
        and rank(layer) == 4
        and layer.axis in (3, -1, [3], [-1])
        and layer.epsilon >= _SMALLEST_EPSILON
        and plain_but_for(layer, _HONOURED | _OF_WEIGHTS)
    )


def call(layer: Any) -> FastCall:
    """Return the call that normalises by `FusedBatchNormV3`; Keras composes it of a dozen operations."""

    def fused(inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        learning = bool(training and layer.trainable)
        channels = layer.moving_mean.shape
        none = tf.zeros([0])
        outputs, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=tf.cast(inputs, layer.compute_dtype),
            scale=tf.convert_to_tensor(layer.gamma) if layer.scale else tf.ones(channels),
            offset=tf.convert_to_tensor(layer.beta) if layer.center else tf.zeros(channels),
            mean=none if learning else tf.convert_to_tensor(layer.moving_mean),
            variance=none if learning else tf.convert_to_tensor(layer.moving_variance),
            epsilon=layer.epsilon,
            is_training=learning,
        )
        if learning:
            # The kernel gives the unbiased variance, Keras remembers the biased one.
            count = tf.cast(tf.size(inputs) // channels[0], tf.float32)
            _follow(layer.moving_mean, mean, layer.momentum)
            _follow(layer.moving_variance, variance * ((count - 1) / count), layer.momentum)
        return outputs

    return fused


def _follow(average: Any, value: Any, momentum: float) -> None:
    average.assign(average * momentum + value * (1 - momentum))
