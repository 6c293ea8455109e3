"""Layers that compute what Keras's own do in fewer passes over memory.

They serve training only: the model that is stored and evaluated is the authors' own. Those of batch
normalization are in `normalization`.
"""

from typing import Any

from reportgen.experiment.backend import compiled, keras, rank, tf
from reportgen.experiment.normalization import AxisBatchNormalization

_LEVELS = 1 << 16
_LARGE = 1 << 20  # values for which a compiled pass is worth its call


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
        return _kept(inputs, levels, dropped)


def _kept(inputs: Any, levels: Any, dropped: int) -> Any:
    """Return the inputs scaled up where their level is not below `dropped`, and 0 elsewhere."""
    least = tf.constant(dropped, tf.uint16)
    scale = tf.constant(_LEVELS / (_LEVELS - dropped), inputs.dtype)
    if (inputs.shape.num_elements() or 0) < _LARGE:
        return inputs * (tf.cast(levels >= least, inputs.dtype) * scale)

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def apply(inputs: Any) -> Any:
        return _chosen(inputs, levels, least, scale), lambda slope: _chosen(slope, levels, least, scale)

    return apply(inputs)


@compiled
def _chosen(values: Any, levels: Any, least: Any, scale: Any) -> Any:
    return tf.where(levels >= least, values * scale, tf.zeros_like(values))


class FastRelu(keras.layers.Layer):  # type: ignore[misc]
    """Rectification as one pass forward and one backward.

    It follows batch normalization of another axis than the last; behind any other layer TensorFlow
    makes it part of that layer's pass.
    """

    @classmethod
    def serves(cls, layer: Any) -> bool:
        """Whether it can stand in for a layer."""
        if type(layer) is not keras.layers.Activation or layer.activation is not keras.activations.relu:
            return False
        return rank(layer) == 4 and AxisBatchNormalization.serves(layer.input._keras_history.operation)

    @classmethod
    def like(cls, layer: Any, dtype: Any) -> "FastRelu":
        """Return the stand-in of an activation."""
        return cls(name=layer.name, dtype=dtype)

    def call(self, inputs: Any) -> Any:
        """Return the inputs, 0 where they are negative."""
        return _rectified(inputs)

    def compute_output_shape(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape of the outputs."""
        return input_shape


@tf.custom_gradient  # type: ignore[untyped-decorator]
def _rectified(inputs: Any) -> Any:
    outputs = _relu(inputs)
    return outputs, lambda slope: _relu_slope(slope, outputs)


@compiled
def _relu(inputs: Any) -> Any:
    return tf.nn.relu(inputs)


@compiled
def _relu_slope(slope: Any, outputs: Any) -> Any:
    return tf.where(outputs > 0, slope, tf.zeros_like(slope))


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
            and rank(layer) == 2
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
