"""Layers that compute what Keras's own do in fewer passes over memory.

They serve training only: the model that is stored and evaluated is the authors' own.
"""

import math
from typing import Any

from reportgen.experiment.backend import keras, tf

_LEVELS = 1 << 16
_FUSED_EPSILON = 1.001e-5  # the smallest that cuDNN takes


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
            and _rank(layer) == 4
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

    There is no kernel for it. Its sums are products with a vector of ones, which read the images
    once, and its gradient is written out, so that no intermediate images are kept.
    """

    @classmethod
    def serves(cls, layer: Any) -> bool:
        """Whether it can stand in for a layer."""
        return (
            type(layer) is keras.layers.BatchNormalization
            and _rank(layer) == 4
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
            return _affine(inputs, factor, offset - self.moving_mean * factor, axis)
        count = _count(inputs, axis)
        mean = tf.stop_gradient(_sums(inputs, axis) / count)
        # What cancels here is no more than what the inputs' own rounding has already lost.
        variance = tf.stop_gradient(_sums(inputs * inputs, axis) / count - mean * mean)
        variance = tf.maximum(variance, 0.0)
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
            to_offset = _sums(gradient, axis)
            to_scale = (_sums(gradient * inputs, axis) - mean * to_offset) * inverse
            slope = -factor * inverse * to_scale / count
            shift = -factor * to_offset / count - slope * mean
            to_inputs = gradient * _along(factor, inputs, axis) + _affine(inputs, slope, shift, axis)
            return to_inputs, to_scale, to_offset

        return _affine(inputs, factor, offset - mean * factor, axis), back

    return apply(inputs, scale, offset)


def _sums(images: Any, axis: int) -> Any:
    """Return float32 sums over all axes but one."""
    inner = math.prod(images.shape[axis + 1 :])
    rows = tf.matmul(tf.reshape(images, [-1, inner]), tf.ones([inner, 1], images.dtype))
    return tf.reduce_sum(tf.reshape(tf.cast(rows, tf.float32), [-1, images.shape[axis]]), 0)


def _count(images: Any, axis: int) -> Any:
    return tf.cast(tf.size(images) // images.shape[axis], tf.float32)


def _affine(images: Any, factor: Any, offset: Any, axis: int) -> Any:
    return images * _along(factor, images, axis) + _along(offset, images, axis)


def _along(values: Any, images: Any, axis: int) -> Any:
    """Return one value for every position on an axis, to be broadcast over images."""
    return tf.reshape(tf.cast(values, images.dtype), [-1] + [1] * (3 - axis))


class FastDropout(keras.layers.Dropout):  # type: ignore[misc]
    """Dropout that spends 16 random bits a value instead of 32 and a conversion.

    The rate is rounded to a multiple of 2**-16, and the scale fits the rounded rate.
    """

    @classmethod
    def serves(cls, layer: Any) -> bool:
        """Whether it can stand in for a layer."""
        return type(layer) is keras.layers.Dropout and layer.noise_shape is None and 0 < layer.rate < 1

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Return the inputs, in training with a share set to 0 and the rest scaled up."""
        if not training:
            return inputs
        dropped = min(round(self.rate * _LEVELS), _LEVELS - 1)
        seed = tf.bitcast(tf.cast(self.seed_generator.next(), tf.uint32), tf.int32)
        shape = tf.shape(inputs)
        count = tf.reduce_prod(shape)
        words = tf.random.stateless_uniform([(count + 1) // 2], seed, None, None, tf.uint32, alg="philox")
        levels = tf.reshape(tf.reshape(tf.bitcast(words, tf.uint16), [-1])[:count], shape)
        kept = tf.cast(levels >= tf.constant(dropped, tf.uint16), inputs.dtype)
        return inputs * (kept * tf.cast(_LEVELS / (_LEVELS - dropped), inputs.dtype))


class BlockedDense(keras.layers.Layer):  # type: ignore[misc]
    """A dense layer whose kernel (inputs, units) is cut into blocks of columns.

    A wide layer's update is bound by memory: a block's gradient is still in the cache when the
    block is updated, a whole kernel's is not.
    """

    width = 256
    smallest = 1 << 20

    def __init__(self, units: int, activation: Any, use_bias: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)
        self.use_bias = use_bias

    @classmethod
    def serves(cls, layer: Any) -> bool:
        """Whether it can stand in for a layer."""
        return (
            type(layer) is keras.layers.Dense
            and _rank(layer) == 2
            and layer.kernel.shape[0] * layer.units >= cls.smallest
            and not any((layer.kernel_regularizer, layer.bias_regularizer, layer.activity_regularizer))
            and not any((layer.kernel_constraint, layer.bias_constraint, layer.lora_enabled))
            and layer.trainable
        )

    @classmethod
    def like(cls, layer: Any, dtype: Any) -> "BlockedDense":
        """Return the stand-in of a dense layer."""
        activation = keras.activations.serialize(layer.activation)
        return cls(layer.units, activation, layer.use_bias, name=layer.name, dtype=dtype)

    def build(self, input_shape: tuple[int, ...]) -> None:
        """Make the blocks and the bias."""
        self.kernels = [
            self.add_weight(shape=(input_shape[-1], min(self.width, self.units - start)), initializer="zeros")
            for start in range(0, self.units, self.width)
        ]
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros") if self.use_bias else None

    def call(self, inputs: Any) -> Any:
        """Return ``activation(inputs @ kernel + bias)``."""
        outputs = tf.concat([tf.matmul(inputs, kernel) for kernel in self.kernels], axis=-1)
        if self.bias is not None:
            outputs = outputs + self.bias
        return self.activation(outputs)

    def compute_output_shape(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape of the outputs."""
        return (*input_shape[:-1], self.units)


def _rank(layer: Any) -> int:
    """Return the number of axes of a layer's input; 0 where it has several or keeps none."""
    try:
        return len(layer.input.shape)
    except (AttributeError, ValueError):
        return 0
