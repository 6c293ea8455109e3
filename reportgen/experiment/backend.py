"""TensorFlow and Keras, set up one way whatever the user's own configuration says.

The other modules of this room take both from here.
"""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import tensorflow as tf

keras.config.set_floatx("float32")
keras.config.set_image_data_format("channels_last")

__all__ = ["keras", "on_gpu", "set_up", "tf"]


def on_gpu() -> bool:
    """Whether TensorFlow computes on a graphics processor here."""
    return bool(tf.config.list_physical_devices("GPU"))


def set_up(seed: int) -> None:
    """Forget earlier models and seed everything, so that the same seed gives the same numbers.

    Layers' automatic names start again too: they are part of a model's configuration.
    """
    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)
    if on_gpu():
        # On a CPU every kernel in use is deterministic as it is.
        tf.config.experimental.enable_op_determinism()
