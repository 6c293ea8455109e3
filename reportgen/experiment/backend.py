"""TensorFlow and Keras, set up one way whatever the user's own configuration says.

The other modules of this room take both from here.
"""

import functools
import os
from collections.abc import Callable
from typing import Any

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import tensorflow as tf

keras.config.set_floatx("float32")
keras.config.set_image_data_format("channels_last")

__all__ = ["compiled", "compiles", "keras", "on_gpu", "operations", "rank", "set_up", "tf"]


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


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function of tensors element by element: one pass over memory, in the processor's own vectors.

    TensorFlow's own operations make a pass each, and are built for old processors. On a GPU, where
    they are fast, and where TensorFlow comes without its compiler, the function stays as it is.
    """
    graph = tf.function(function, jit_compile=True, autograph=False)

    @functools.wraps(function)
    def call(*tensors: Any) -> Any:
        return graph(*tensors) if compiles() else function(*tensors)

    return call


@functools.cache
def compiles() -> bool:
    """Whether `compiled` compiles here."""
    if on_gpu():
        return False
    try:
        with tf.init_scope():
            tf.function(tf.identity, jit_compile=True)(tf.zeros(1))
    except tf.errors.OpError:
        return False
    return True


def operations(model: Any) -> list[Any]:
    """Return all that computes in a model: its layers, and of a functional one what stands between them."""
    return list(getattr(model, "operations", model.layers))


def rank(layer: Any) -> int:
    """Return the number of axes of a layer's input; 0 where it has several or keeps none."""
    try:
        return len(layer.input.shape)
    except (AttributeError, ValueError):
        return 0
