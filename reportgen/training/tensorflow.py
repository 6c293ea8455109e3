"""TensorFlow and Keras, set up one way whatever the user's own configuration says.

The other modules of this room take both from here.
"""

import os
import random
from typing import Any

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# Of a GPU's memory no more than is needed: TensorFlow takes all of it otherwise, and what trains, builds or
# measures beside this process gets none.
os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")

import keras
import numpy as np
import tensorflow as tf

__all__ = ["is_keras", "keras", "on_gpu", "operations", "outer_layers", "rank", "reseed", "set_up", "tf"]

_EPSILON = 1e-7


def on_gpu() -> bool:
    """Tell whether TensorFlow computes on a graphics processor here; one that is hidden does not count."""
    return bool(tf.config.get_visible_devices("GPU"))


def set_up(seed: int) -> None:
    """Forget earlier models and settings and seed everything: the same seed then gives the same numbers.

    Layers' automatic names start again too: they are part of a model's configuration. What keras.json in
    the user's home or an earlier builder has set is put back to Keras's defaults.
    """
    keras.utils.clear_session()
    keras.config.set_floatx("float32")
    keras.config.set_epsilon(_EPSILON)
    keras.config.set_image_data_format("channels_last")
    keras.config.set_dtype_policy("float32")
    keras.utils.set_random_seed(seed)
    if on_gpu():
        # On a CPU every kernel in use is deterministic as it is.
        tf.config.experimental.enable_op_determinism()


def reseed(*numbers: int) -> None:
    """Seed the generators of Python and NumPy, so that what is drawn next is a function of these numbers."""
    random.seed(repr(numbers))
    np.random.seed(np.random.SeedSequence(numbers).generate_state(1))


def is_keras(part: Any) -> bool:
    """Tell whether a part of a model is of a class of Keras's."""
    return type(part).__module__.startswith("keras.")


def operations(model: Any) -> list[Any]:
    """Return all that computes in a model: its layers, and of a functional one what stands between them."""
    return list(getattr(model, "operations", model.layers))


def outer_layers(model: Any) -> list[Any]:
    """Return all layers of a model, those of models inside it included, but what a layer keeps for itself.

    That is the lookup of a TextVectorization, which Keras 3 calls ``_lookup_layer``: its words would be
    learned and kept twice. `tests/training/test_texts.py` fails where it is called otherwise.
    """
    layers = list(model._flatten_layers())
    inside = {id(getattr(layer, "_lookup_layer", None)) for layer in layers}
    return [layer for layer in layers if id(layer) not in inside]


def rank(layer: Any) -> int:
    """Return the number of axes of a layer's input; 0 where it has several or keeps none."""
    try:
        return len(layer.input.shape)
    except (AttributeError, ValueError):
        return 0
