"""Dropout from 16 random bits a value instead of 32 and a conversion."""

from typing import Any

from reportgen.training.fast.layers import FastCall, plain_but_for
from reportgen.training.tensorflow import keras, tf

_LEVELS = 1 << 16


def serves(layer: Any) -> bool:
    """Tell whether a layer is plain dropout, each value by itself."""
    return (
        type(layer) is keras.layers.Dropout
        and 0 < layer.rate < 1
        and plain_but_for(layer, {"rate", "seed", "trainable"})
    )


def call(layer: Any) -> FastCall:
    """Return the call that drops values: its rate is a multiple of 2**-16, and its scale fits that rate."""

    def dropout(inputs: Any, training: bool = False) -> Any:
        if not training or layer.rate == 0:
            return inputs
        dropped = min(round(layer.rate * _LEVELS), _LEVELS - 1)
        seed = tf.bitcast(tf.cast(layer.seed_generator.next(), tf.uint32), tf.int32)
        shape = tf.shape(inputs)
        count = tf.reduce_prod(shape)
        words = tf.random.stateless_uniform([(count + 1) // 2], seed, None, None, tf.uint32, alg="philox")
        levels = tf.reshape(tf.reshape(tf.bitcast(words, tf.uint16), [-1])[:count], shape)
        kept = tf.cast(levels >= tf.constant(dropped, tf.uint16), inputs.dtype)
        return inputs * (kept * tf.constant(_LEVELS / (_LEVELS - dropped), inputs.dtype))

    return dropout
