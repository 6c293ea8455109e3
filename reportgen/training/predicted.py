"""Evaluate what was predicted elsewhere: probabilities of classes, or numbers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.training.record import Evaluation

_ROUNDING = 1e-3


def evaluation_of(given: NDArray[Any], labels: NDArray[Any], classes: int, *, keep: bool) -> Evaluation:
    """Return the evaluation of predictions: of numbers, where there are no classes, else of probabilities.

    Parameters
    ----------
    given : ndarray, shape (n, classes)
        Of two classes also (n,) or (n, 1): the probability of the second; of numbers the same shapes.
    keep : bool
        Whether the probability of each predicted class is kept.

    Raises
    ------
    ValueError
        Says what was given in place of predictions.
    """
    if given.dtype.kind not in "iuf":
        raise ValueError(f"{given.dtype}, not numbers")
    if given.ndim and len(given) != len(labels):
        raise ValueError(f"{len(given):,} predictions for {len(labels):,} items")
    shape = (len(labels),)
    single = given.shape in (shape, (*shape, 1))
    if not (single and classes in (0, 2)) and given.shape != (*shape, classes):
        wanted = (
            f"(n, {classes}), a probability for each class" if classes else "(n,), a number for each item"
        )
        raise ValueError(f"an array of shape {given.shape}, not {wanted}")
    values = given.astype(np.float64)
    if wrong := int(np.count_nonzero(~np.isfinite(values).reshape(len(labels), -1).all(axis=1))):
        raise ValueError(f"NaN or infinity for {wrong:,} of {len(labels):,} items")
    if not classes:
        return of_numbers(values.reshape(-1), labels)
    if single:
        second = values.reshape(-1)
        values = np.stack([1 - second, second], axis=1)
    outliers = values[(values < -_ROUNDING) | (values > 1 + _ROUNDING)]
    if len(outliers) or not np.allclose(values.sum(axis=1), 1, atol=10 * _ROUNDING):
        what = f"{outliers[0]:.3g} for a class" if len(outliers) else "values that do not add up to 1"
        raise ValueError(f"{what}, which is not a probability")
    return of_probabilities(
        np.clip(values, 0, 1), values.argmax(axis=1).astype(labels.dtype), labels, keep=keep
    )


def of_numbers(predicted: NDArray[np.float64], labels: NDArray[np.float64]) -> Evaluation:
    """Return the evaluation of predicted numbers, with the mean squared error as loss."""
    loss = float(np.mean((predicted - labels) ** 2))
    return Evaluation(loss, labels, predicted, np.empty(0, np.float16), {})


def of_probabilities(
    probabilities: NDArray[np.float64], predicted: NDArray[Any], labels: NDArray[Any], *, keep: bool
) -> Evaluation:
    """Return the evaluation of predicted classes by their probabilities, with log loss as loss."""
    rows = np.arange(len(labels))
    likely = np.clip(probabilities[rows, labels], np.finfo(np.float64).eps, 1)
    confidence = probabilities[rows, predicted].astype(np.float16) if keep else np.empty(0, np.float16)
    return Evaluation(float(-np.log(likely).mean()), labels, predicted, confidence, {})
