"""Convolution of a few images, shared out to the cores image by image; it serves training only."""

from typing import Any

from reportgen.experiment.backend import keras, tf
from reportgen.experiment.threads import parts


class CutConv2D(keras.layers.Conv2D):  # type: ignore[misc]
    """Convolution of each part of a batch by itself, so that every core has one.

    A convolution of 32 images is too small to be shared out well by itself. It is cut where the whole
    model can't be, see `threads`.

    Attributes
    ----------
    cuts : int
        Number of parts.
    """

    cuts = 1

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Return the convolved images, in training part by part."""
        if not training:
            return super().call(inputs)
        sizes = [end - begin for begin, end in parts(int(inputs.shape[0]), self.cuts)]
        convolve = super().call
        return tf.concat([convolve(part) for part in tf.split(inputs, sizes)], 0)
