"""Divide the graphics processors of this machine among training processes."""

import contextlib

from reportgen.training.tensorflow import tf


def claim(slot: int) -> None:
    """Take one graphics processor, if there are any; of its memory, see `tensorflow`.

    Parameters
    ----------
    slot : int
        Number of this process among those that train at a time; several may share a card.
    """
    cards = tf.config.get_visible_devices("GPU")
    if not cards:
        return
    with contextlib.suppress(RuntimeError):  # TensorFlow already uses them: it stays with what it has
        tf.config.set_visible_devices(cards[slot % len(cards)], "GPU")
