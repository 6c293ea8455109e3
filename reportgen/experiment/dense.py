"""Wide dense layers, in pieces that the cache holds; they serve training only."""

from typing import Any

from reportgen.experiment.backend import keras, rank, tf


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
