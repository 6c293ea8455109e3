"""Read the curves of a training: which epoch to keep, and what to warn about."""

from collections.abc import Sequence

from reportgen.training.record import History


def at_chance(history: History, classes: int) -> str:
    """Return a warning where training learns and validation stays at chance; mostly empty."""
    if not history.val_accuracy:
        return ""
    chance, learned, held = 1 / classes, max(history.accuracy), max(history.val_accuracy)
    if held > 1.3 * chance or learned < 2 * chance or learned < held + 0.2:
        return ""
    return (
        f"training accuracy reaches {learned:.0%}, but validation stays at chance ({held:.0%}): are inputs"
        " scaled twice, does BatchNormalization see few batches, or is the data sorted by class?"
    )


def kept_epoch(losses: Sequence[float]) -> int:
    """Return the place of the lowest validation loss, of equal ones the first."""
    return min(range(len(losses)), key=losses.__getitem__)
