"""Wide dense layers, in pieces that the cache holds; they serve training only."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from reportgen.experiment.backend import keras, rank, tf


class BlockedDense(keras.layers.Layer):  # type: ignore[misc]
    """A dense layer whose kernel (inputs, units) is cut into blocks of columns.

    A wide layer's update is bound by memory: a block's gradient is still in the cache when the
    block is updated, a whole kernel's is not.
    """

    width = 192
    smallest = 1 << 20
    _given: tuple[Any, ...] = ()

    def __init__(self, units: int, activation: Any, use_bias: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.activation = activation
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
        return cls(layer.units, layer.activation, layer.use_bias, name=layer.name, dtype=dtype)

    def build(self, input_shape: tuple[int, ...]) -> None:
        """Make the blocks and the bias."""
        self.kernels = [
            self.add_weight(shape=(input_shape[-1], min(self.width, self.units - start)), initializer="zeros")
            for start in range(0, self.units, self.width)
        ]
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros") if self.use_bias else None

    def call(self, inputs: Any) -> Any:
        """Return ``activation(inputs @ kernel + bias)``."""
        products = self._given or self.products(inputs)
        pairs = zip(self.kernels, products, strict=True)
        outputs = tf.concat([_product(inputs, self._computed(kernel), known) for kernel, known in pairs], -1)
        if self.bias is not None:
            outputs = outputs + self.bias
        return self.activation(outputs)

    def products(self, inputs: Any) -> list[Any]:
        """Return ``inputs @ kernel`` block by block, each of shape (n, width)."""
        inputs = tf.cast(inputs, self.compute_dtype)
        return [tf.matmul(inputs, self._computed(kernel)) for kernel in self.kernels]

    @contextmanager
    def given(self, products: Sequence[Any]) -> Iterator[None]:
        """Have calls take the products of their inputs as known."""
        self._given = tuple(products)
        try:
            yield
        finally:
            self._given = ()

    def _computed(self, kernel: Any) -> Any:
        return tf.cast(kernel, self.compute_dtype)

    def compute_output_shape(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape of the outputs."""
        return (*input_shape[:-1], self.units)


@tf.custom_gradient  # type: ignore[untyped-decorator]
def _product(inputs: Any, kernel: Any, known: Any) -> Any:
    """Return ``inputs @ kernel``, which is known, with a gradient that reads the kernel along its rows."""

    def gradient(outer: Any) -> tuple[Any, Any, None]:
        to_inputs = tf.transpose(tf.matmul(kernel, outer, transpose_b=True))
        return to_inputs, tf.matmul(inputs, outer, transpose_a=True), None

    return tf.identity(known), gradient
