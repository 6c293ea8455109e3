"""Wide dense layers, their kernels in pieces that the cache holds."""

from typing import Any

from reportgen.training.fast.layers import FastCall, plain_but_for
from reportgen.training.tensorflow import keras, rank, tf

SMALLEST = 1 << 20  # weights for which it pays
WIDTH = 192
_HONOURED = {"units", "activation", "use_bias", "kernel_initializer", "bias_initializer"}


def serves(layer: Any) -> bool:
    """Tell whether a layer's kernel is wide and plain enough to be cut into blocks of columns."""
    return (
        type(layer) is keras.layers.Dense
        and rank(layer) == 2
        and layer.kernel.shape[0] * layer.units >= SMALLEST
        and layer.kernel.trainable
        and plain_but_for(layer, _HONOURED)
    )


class Blocks:
    """The kernel (inputs, units) of a dense layer as blocks of columns, for the time of a training.

    A wide layer's update is bound by memory: a block's gradient is still in the cache when the block is
    updated, a whole kernel's is not.

    Attributes
    ----------
    variables : list of keras.Variable
        The blocks, to be trained in place of the kernel.
    """

    def __init__(self, layer: Any) -> None:
        self.layer = layer
        self._cuts = list(range(WIDTH, layer.units, WIDTH))
        widths = [
            end - begin for begin, end in zip([0, *self._cuts], [*self._cuts, layer.units], strict=True)
        ]
        parts = tf.split(tf.convert_to_tensor(layer.kernel), widths, axis=1)
        self.variables = [
            keras.Variable(part, dtype=layer.kernel.dtype, name=f"{layer.name}_{index}")
            for index, part in enumerate(parts)
        ]

    def give_back(self) -> None:
        """Write the blocks into the layer's kernel."""
        self.layer.kernel.assign(tf.concat([tf.convert_to_tensor(block) for block in self.variables], 1))

    def call(self) -> FastCall:
        """Return the call that computes ``activation(inputs @ kernel + bias)`` block by block."""
        layer = self.layer

        def dense(inputs: Any, training: bool | None = None) -> Any:
            blocks = [tf.cast(block, layer.compute_dtype) for block in self.variables]
            outputs = tf.concat([_product(inputs, block) for block in blocks], -1)
            if layer.use_bias:
                outputs = outputs + tf.cast(layer.bias, layer.compute_dtype)
            return outputs if layer.activation is None else layer.activation(outputs)

        return dense


@tf.custom_gradient  # type: ignore[untyped-decorator]
def _product(inputs: Any, kernel: Any) -> Any:
    """Return ``inputs @ kernel``, with a gradient that reads the kernel along its rows."""

    def gradient(outer: Any) -> tuple[Any, Any]:
        to_inputs = tf.transpose(tf.matmul(kernel, outer, transpose_b=True))
        return to_inputs, tf.matmul(inputs, outer, transpose_a=True)

    return tf.matmul(inputs, kernel), gradient
