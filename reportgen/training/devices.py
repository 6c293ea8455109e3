"""Divide the graphics processors of this machine among training processes."""

from reportgen.training.tensorflow import tf


def claim(slot: int) -> None:
    """Take one graphics processor, if there are any, and only as much of its memory as is needed.

    TensorFlow takes all of every card otherwise, and a second training beside this one gets none.

    Parameters
    ----------
    slot : int
        Number of this process among those that train at a time; several may share a card.
    """
    cards = tf.config.get_visible_devices("GPU")
    if not cards:
        return
    card = cards[slot % len(cards)]
    try:
        tf.config.set_visible_devices(card, "GPU")
        tf.config.experimental.set_memory_growth(card, True)
    except RuntimeError:
        return  # TensorFlow already uses them: it stays with what it has
