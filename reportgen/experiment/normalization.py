"""Batch normalization in fewer passes over memory than Keras's; it serves training only."""

import math
from typing import Any

from reportgen.experiment.backend import compiled, compiles, keras, rank, tf

_FUSED_EPSILON = 1.001e-5  # the smallest that cuDNN takes
_LANES = 16  # values that a processor adds at once
_FOLDS = (8, 4, 2)


class FusedBatchNormalization(keras.layers.BatchNormalization):  # type: ignore[misc]
    """Batch normalization of images (n, h, w, c) over all but the channels, as one kernel.

    Keras 3 composes it of a dozen element-wise operations. The moving variance is Keras's, of the
    biased variance.
    """

    @classmethod
    def serves(cls, layer: Any) -> bool:
        """Whether it can stand in for a layer."""
        return (
            type(layer) is keras.layers.BatchNormalization
            and rank(layer) == 4
            and layer.axis in (3, -1, [3], [-1])
            and layer.epsilon >= _FUSED_EPSILON
            and not layer.synchronized
        )

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """Return the normalised images; the batch's own moments are used and remembered in training."""
        learning = bool(training and self.trainable)
        channels = self.moving_mean.shape
        none = tf.zeros([0])
        outputs, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=tf.cast(inputs, self.compute_dtype),
            scale=tf.convert_to_tensor(self.gamma) if self.scale else tf.ones(channels),
            offset=tf.convert_to_tensor(self.beta) if self.center else tf.zeros(channels),
            mean=none if learning else tf.convert_to_tensor(self.moving_mean),
            variance=none if learning else tf.convert_to_tensor(self.moving_variance),
            epsilon=self.epsilon,
            is_training=learning,
        )
        if learning:
            count = tf.cast(tf.size(inputs) // channels[0], tf.float32)
            self._follow(self.moving_mean, mean)
            self._follow(self.moving_variance, variance * ((count - 1) / count))
        return outputs

    def _follow(self, average: Any, value: Any) -> None:
        average.assign(average * self.momentum + value * (1 - self.momentum))


class AxisBatchNormalization(keras.layers.BatchNormalization):  # type: ignore[misc]
    """Batch normalization of images (n, h, w, c) that keeps another axis than the last.

    There is no kernel for it. Its sums are taken in one pass, and its gradient is written out, so that no
    intermediate images are kept.
    """

    @classmethod
    def serves(cls, layer: Any) -> bool:
        """Whether it can stand in for a layer."""
        return (
            type(layer) is keras.layers.BatchNormalization
            and rank(layer) == 4
            and layer.axis in (1, 2, -2, -3)
            and None not in layer.input.shape[1:]
            and not layer.synchronized
        )

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """Return the normalised images; the batch's own moments are used and remembered in training."""
        axis = self.axis % 4
        inputs = tf.cast(inputs, self.compute_dtype)
        size = self.moving_mean.shape
        scale = tf.convert_to_tensor(self.gamma) if self.scale else tf.ones(size)
        offset = tf.convert_to_tensor(self.beta) if self.center else tf.zeros(size)
        if not (training and self.trainable):
            factor = tf.math.rsqrt(tf.convert_to_tensor(self.moving_variance) + self.epsilon) * scale
            return _affine(inputs, _along(factor, axis), _along(offset - self.moving_mean * factor, axis))
        count = _count(inputs, axis)
        mean, square = (tf.stop_gradient(sums / count) for sums in _sums(inputs, None, axis))
        # What cancels here is no more than what rounding has already lost in the mean of a few images.
        variance = tf.maximum(square - mean * mean, 0.0)
        for average, value in ((self.moving_mean, mean), (self.moving_variance, variance)):
            average.assign(average * self.momentum + value * (1 - self.momentum))
        return _normalised(inputs, scale, offset, mean, variance, axis, self.epsilon)


def _normalised(
    inputs: Any, scale: Any, offset: Any, mean: Any, variance: Any, axis: int, epsilon: float
) -> Any:
    inverse = tf.math.rsqrt(variance + epsilon)

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def apply(inputs: Any, scale: Any, offset: Any) -> Any:
        factor = scale * inverse

        def back(gradient: Any) -> tuple[Any, Any, Any]:
            count = _count(inputs, axis)
            to_offset, products = _sums(gradient, inputs, axis)
            to_scale = (products - mean * to_offset) * inverse
            slope = -factor * inverse * to_scale / count
            shift = -factor * to_offset / count - slope * mean
            along = (_along(values, axis) for values in (factor, slope, shift))
            return _blend(gradient, inputs, *along), to_scale, to_offset

        return _affine(inputs, _along(factor, axis), _along(offset - mean * factor, axis)), back

    return apply(inputs, scale, offset)


def _sums(images: Any, others: Any | None, axis: int) -> tuple[Any, Any]:
    """Return float32 sums over all axes but one: of images, and of their products with others.

    Without others, the products are those with themselves.
    """
    rows, inner = images.shape[axis], math.prod(images.shape[axis + 1 :])
    fold = next((fold for fold in _FOLDS if inner % (fold * _LANES) == 0), None)
    if fold is None or not compiles():
        return _sums_by_products(images, others, [-1, rows, inner])
    pair = [images] if others is None else [images, others]
    parts = _folded(*(tf.reshape(each, [-1, fold, _LANES]) for each in pair))
    sums, products = (tf.reshape(part, [-1, rows, inner // fold]) for part in parts)
    return tf.reduce_sum(tf.reduce_sum(sums, 2), 0), tf.reduce_sum(tf.reduce_sum(products, 2), 0)


@compiled
def _folded(images: Any, others: Any | None = None) -> tuple[Any, Any]:
    """Return sums over the middle axis: so short that the compiler writes it out, `_LANES` values at once."""
    left = tf.cast(images, tf.float32)
    right = left if others is None else tf.cast(others, tf.float32)
    return tf.reduce_sum(left, 1), tf.reduce_sum(left * right, 1)


def _sums_by_products(images: Any, others: Any | None, shape: list[int]) -> tuple[Any, Any]:
    """Return the same without the compiler, as products of matrices: fewer passes than single operations.

    The diagonal of all rows with all rows is more arithmetic than the sums of products need, and still
    less time than writing the products of single values to memory.
    """
    images = tf.reshape(images, shape)
    others = images if others is None else tf.reshape(others, shape)
    sums = tf.matmul(tf.reshape(images, [-1, shape[2]]), tf.ones([shape[2], 1], images.dtype))
    pairs = tf.linalg.diag_part(tf.matmul(images, others, transpose_b=True))
    sums = tf.reshape(sums, [-1, shape[1]])
    return tf.reduce_sum(tf.cast(sums, tf.float32), 0), tf.reduce_sum(tf.cast(pairs, tf.float32), 0)


def _count(images: Any, axis: int) -> Any:
    return tf.cast(tf.size(images) // images.shape[axis], tf.float32)


def _along(values: Any, axis: int) -> Any:
    """Return one value for every position on an axis, to be broadcast over images."""
    return tf.reshape(values, [-1] + [1] * (3 - axis))


@compiled
def _affine(images: Any, factor: Any, offset: Any) -> Any:
    return tf.cast(tf.cast(images, tf.float32) * factor + offset, images.dtype)


@compiled
def _blend(gradient: Any, images: Any, factor: Any, slope: Any, shift: Any) -> Any:
    both = tf.cast(gradient, tf.float32) * factor + tf.cast(images, tf.float32) * slope
    return tf.cast(both + shift, images.dtype)
