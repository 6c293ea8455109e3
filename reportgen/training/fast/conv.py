"""Convolution of a few images, shared out to the cores image by image."""

from typing import Any

from reportgen.training.fast.cores import parts
from reportgen.training.fast.layers import FastCall
from reportgen.training.tensorflow import keras, tf


def serves(layer: Any) -> bool:
    """Tell whether a layer convolves each image by itself, as all settings of Keras's own do."""
    return type(layer) is keras.layers.Conv2D


def call(layer: Any, cuts: int) -> FastCall:
    """Return the call that convolves a minibatch of known size in `cuts` parts, so that every core has one.

    A convolution of 32 images is too small to be shared out well by itself.
    """
    whole = type(layer).call

    def convolve(inputs: Any) -> Any:
        if inputs.shape[0] is None:
            return whole(layer, inputs)
        sizes = [end - begin for begin, end in parts(int(inputs.shape[0]), cuts)]
        return tf.concat([whole(layer, part) for part in tf.split(inputs, sizes)], 0)

    return convolve
