"""Dropout in fewer passes over memory than Keras's; it serves training only."""

from typing import Any

from reportgen.experiment.backend import compiled, keras, on_gpu, tf

LARGE = 1 << 20  # values for which a compiled pass is worth its call
_LEVELS = 1 << 16
_WORDS = 1 << 32


class FastDropout(keras.layers.Dropout):  # type: ignore[misc]
    """Dropout that spends less on random bits: 16 a value instead of 32 and a conversion.

    Of many values, each one's bits are a hash of its place and of the layer's state, made in the pass that
    needs them. The rate is rounded to a multiple of 2**-16, or then of 2**-32, and the scale fits it.
    """

    @classmethod
    def serves(cls, layer: Any) -> bool:
        """Whether it can stand in for a layer."""
        return type(layer) is keras.layers.Dropout and layer.noise_shape is None and 0 < layer.rate < 1

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Return the inputs, in training with a share set to 0 and the rest scaled up."""
        if not training:
            return inputs
        if many(inputs):
            return self.sifted(inputs, _kept, _kept_slope)
        dropped = min(round(self.rate * _LEVELS), _LEVELS - 1)
        seed = tf.bitcast(tf.cast(self.seed_generator.next(), tf.uint32), tf.int32)
        shape = tf.shape(inputs)
        count = tf.reduce_prod(shape)
        words = tf.random.stateless_uniform([(count + 1) // 2], seed, None, None, tf.uint32, alg="philox")
        levels = tf.reshape(tf.reshape(tf.bitcast(words, tf.uint16), [-1])[:count], shape)
        kept = tf.cast(levels >= tf.constant(dropped, tf.uint16), inputs.dtype)
        return inputs * (kept * tf.constant(_LEVELS / (_LEVELS - dropped), inputs.dtype))

    def sifted(self, inputs: Any, forward: Any, backward: Any) -> Any:
        """Return what ``forward(inputs, state, least, scale)`` makes of the inputs.

        Their gradient is ``backward(gradient, outputs, state, least, scale)``. A value is kept whose word
        (see `words`) under the layer's state is not below `least`, and is multiplied by `scale`.
        """
        dropped = min(round(self.rate * _WORDS), _WORDS - 1)
        state = tf.cast(self.seed_generator.next(), tf.uint32)
        least, scale = tf.constant(dropped, tf.uint32), tf.constant(_WORDS / (_WORDS - dropped), inputs.dtype)

        @tf.custom_gradient  # type: ignore[untyped-decorator]
        def apply(inputs: Any) -> Any:
            outputs = forward(inputs, state, least, scale)
            return outputs, lambda slope: backward(slope, outputs, state, least, scale)

        return apply(inputs)


def many(values: Any) -> bool:
    """Whether values are so many that a compiled pass over them is worth its call."""
    return (values.shape.num_elements() or 0) >= LARGE and not on_gpu()


def words(shape: Any, state: Any) -> Any:
    """Return 32 random bits, uint32, for each place of a shape: a hash of the place and the state (2,)."""
    places = tf.cast(tf.range(shape.num_elements(), dtype=tf.int32), tf.uint32)
    return tf.reshape(_mixed(_mixed(places * _word(0x9E3779B1) + state[0]) + state[1]), shape)


def _mixed(value: Any) -> Any:
    """Return a value with all its bits spread over all: the last steps of MurmurHash3."""
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        value = (value ^ tf.bitwise.right_shift(value, _word(shift))) * _word(factor)
    return value ^ tf.bitwise.right_shift(value, _word(16))


def _word(value: int) -> Any:
    return tf.constant(value, tf.uint32)


@compiled
def _kept(values: Any, state: Any, least: Any, scale: Any) -> Any:
    return tf.where(words(values.shape, state) >= least, values * scale, tf.zeros_like(values))


def _kept_slope(slope: Any, outputs: Any, state: Any, least: Any, scale: Any) -> Any:
    return _kept(slope, state, least, scale)
