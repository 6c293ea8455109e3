"""Intervals and tests of accuracies and mean errors, and of their differences.

Which comparison speaks depends on how often the models were trained (`compare` chooses):

- One seed each: the exact paired McNemar test on the same images. It speaks of these two trained
  networks; whether another training would come out the same way it cannot tell.
- One seed each, and numbers predicted: a paired t test of the errors on the same items.
- One seed each, by a metric of all answers such as F1: a permutation test that swaps them item by item
  (`swaps`), which holds its level with few items as well.
- Two seeds or more on a side: a test across seeds, with the noise of training AND of the choice of
  images in its standard error. It speaks of the two ways of training.
- Other images on each side (two data sets, or two splits): the difference of two independent shares,
  for warnings only; no statistical claim may be made of it.

"Not significantly different" is not "the same": an equivalence test (`Comparison.equivalence`) is
what "indistinguishable" rests on. `docs/claims.md` says how often each errs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf, sqrt
from typing import Literal, NamedTuple

import numpy as np

from reportgen.results.distributions import sign_test, two_sided, upper_tail
from reportgen.results.noise import Correct, Noise, Scores, sampling, total, training

LEVEL = 0.95
ALPHA = 0.05
MARGIN = 0.02

Method = Literal["mcnemar", "errors", "swaps", "seeds", "unpaired"]

_SCOPES: dict[Method, str] = {
    "mcnemar": "between these two trained models (one run each can't tell training noise)",
    "errors": "between these two trained models (one run each can't tell training noise)",
    "swaps": "between these two trained models (one run each can't tell training noise)",
    "seeds": "between the two ways of training (over seeds and items)",
    "unpaired": "between models tested on different items",
}


class Interval(NamedTuple):
    """A confidence interval, in the unit of what it encloses."""

    lower: float
    upper: float

    def __contains__(self, value: object) -> bool:
        """Tell whether a number lies in it."""
        return isinstance(value, int | float) and self.lower <= value <= self.upper


@dataclass(frozen=True)
class Comparison:
    """What the measurements say about the accuracy of `a` minus that of `b`.

    Attributes
    ----------
    difference : float
        As measured, a share of 1 (0.01 is one percentage point).
    centre, standard_error : float
        Of the interval; `centre` is `difference`, drawn a little to zero where the method does so.
    freedom : float
        Degrees of freedom of the standard error; ``inf`` for a normal one.
    p_value : float
        Two-sided, of the hypothesis that the accuracies are equal.
    method : {"mcnemar", "errors", "swaps", "seeds", "unpaired"}
    runs : tuple of int
        Trained networks on each side.
    images : int
        On which they were compared; the smaller number where they differ.
    discordant : tuple of int or None
        McNemar only: images that only `a`, and only `b`, got right.
    """

    difference: float
    centre: float
    standard_error: float
    freedom: float
    p_value: float
    method: Method
    runs: tuple[int, int]
    images: int
    discordant: tuple[int, int] | None = None

    @property
    def scope(self) -> str:
        """What the comparison speaks of."""
        return _SCOPES[self.method]

    @cached_property
    def interval(self) -> Interval:
        """The 95 % interval of the difference."""
        reach = two_sided(LEVEL, self.freedom) * self.standard_error
        return Interval(self.centre - reach, self.centre + reach)

    def equivalence(self, margin: float = MARGIN) -> float:
        """Return the p-value of the hypothesis that the accuracies differ by `margin` or more.

        Two one-sided tests (Schuirmann 1987): a small value is evidence FOR equality within the margin.

        Raises
        ------
        ValueError
            If `margin` is not positive.
        """
        if not margin > 0:
            raise ValueError(f"an equivalence margin must be positive, not {margin}")
        return upper_tail(margin - abs(self.centre), self.standard_error, self.freedom)


def wilson(successes: int, total: int, level: float = LEVEL) -> Interval:
    """Return Wilson's score interval of a share.

    Raises
    ------
    ValueError
        If not ``0 <= successes <= total`` and ``total > 0``.
    """
    if total <= 0 or not 0 <= successes <= total:
        raise ValueError(f"no share: {successes} of {total}")
    z = two_sided(level)
    share, pull = successes / total, z * z / total
    centre = (share + pull / 2) / (1 + pull)
    reach = z * sqrt(share * (1 - share) / total + pull / (4 * total)) / (1 + pull)
    # At the ends the exact bound is the share itself, which rounding may miss.
    lower = 0.0 if successes == 0 else centre - reach
    return Interval(lower, 1.0 if successes == total else centre + reach)


def accuracy_interval(correct: Correct, level: float = LEVEL) -> Interval:
    """Return the interval of an accuracy, or of its mean over several runs.

    Parameters
    ----------
    correct : ndarray of bool, shape (runs, images)
        One row a trained network. With one row it is Wilson's interval; with more, Student's, over
        seeds and images.
    """
    if len(correct) == 1:
        return wilson(int(correct.sum()), correct.size, level)
    runs_noise, within = training(correct)
    noise = total(runs_noise, sampling(correct.mean(axis=0), within))
    mean, reach = float(correct.mean()), two_sided(level, noise.freedom) * sqrt(noise.square)
    return Interval(max(mean - reach, 0.0), min(mean + reach, 1.0))


def mcnemar(a: Correct, b: Correct) -> Comparison:
    """Compare two networks on the same images by the exact paired test.

    Parameters
    ----------
    a, b : ndarray of bool, shape (images,)
        Whether each image was classified rightly, in the same order.

    Notes
    -----
    The interval is Agresti and Min's (2005): half an observation is added to each of the four cells.
    """
    if a.shape != b.shape or a.ndim != 1 or not a.size:
        raise ValueError(f"no pairs: shapes {a.shape} and {b.shape}")
    only_a, only_b = int(np.sum(a & ~b)), int(np.sum(b & ~a))
    images, pairs = a.size + 2, only_a + only_b + 1
    centre = (only_a - only_b) / images
    error = sqrt(pairs / images - centre**2) / sqrt(images)
    return Comparison(
        difference=(only_a - only_b) / a.size,
        centre=centre,
        standard_error=error,
        freedom=inf,
        p_value=sign_test(only_a, only_b),
        method="mcnemar",
        runs=(1, 1),
        images=a.size,
        discordant=(only_a, only_b),
    )


def paired_errors(a: Scores, b: Scores) -> Comparison:
    """Compare the mean errors of two models on the same items by the paired t test.

    Parameters
    ----------
    a, b : ndarray of float, shape (items,)
        Error on each item, in the same order.
    """
    if a.shape != b.shape or a.ndim != 1 or not a.size:
        raise ValueError(f"no pairs: shapes {a.shape} and {b.shape}")
    return _student(a[np.newaxis], b[np.newaxis], sampling(a - b), "errors")


def across_seeds(a: Scores, b: Scores) -> Comparison:
    """Compare two ways of training, each run with several seeds, on the same images.

    Parameters
    ----------
    a, b : ndarray of bool or float, shape (runs, images)
        Whether each image was classified rightly, or the error on it. One row a trained network; at least
        one side has two rows.

    Notes
    -----
    Welch's t statistic over the runs' accuracies, whose squared standard error is enlarged by what the
    choice of test images contributes: the variance over images of the difference of the two sides'
    shares right, less its part that is training noise and already counted (as in multi-reader,
    multi-case analysis: Gallas 2006). Welch's statistic alone rejects too often, because all runs share
    one test set. A permutation test over seeds is no substitute: with three runs a side its smallest
    two-sided p-value is 0.1.

    A side with one run borrows the other's variance (Crawford and Howell 1998).
    """
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1] or not a.size or not b.size:
        raise ValueError(f"no runs on the same images: shapes {a.shape} and {b.shape}")
    if len(a) == len(b) == 1:
        raise ValueError("one run a side tells nothing of training noise; use mcnemar")
    runs_noise, within = training(a, b)
    noise = total(runs_noise, sampling(a.mean(axis=0) - b.mean(axis=0), within))
    return _student(a, b, noise, "seeds")


def unpaired(a: Scores, b: Scores) -> Comparison:
    """Compare two accuracies measured on different images.

    Parameters
    ----------
    a, b : ndarray of bool, shape (runs, images)

    Notes
    -----
    One run each: Agresti and Caffo's adjustment (2000), one success and one failure more on each side.
    """
    if a.dtype.kind == "f" and len(a) == len(b) == 1:
        return _student(a, b, total(*(sampling(side[0]) for side in (a, b))), "unpaired")
    if len(a) > 1 or len(b) > 1:
        noise, _ = training(a, b)
        images = (sampling(side.mean(axis=0)) for side in (a, b))
        return _student(a, b, total(noise, *images), "unpaired")
    shares = [(float(side.sum() + 1) / (side.size + 2), side.size + 2) for side in (a, b)]
    error = sqrt(sum(share * (1 - share) / total for share, total in shares))
    centre = shares[0][0] - shares[1][0]
    return Comparison(
        difference=float(a.mean() - b.mean()),
        centre=centre,
        standard_error=error,
        freedom=inf,
        p_value=2 * upper_tail(abs(centre), error),
        method="unpaired",
        runs=(1, 1),
        images=min(a.size, b.size),
    )


def compare(a: Scores, b: Scores, *, paired: bool = True) -> Comparison:
    """Compare two accuracies or mean errors by the method that fits the runs there are.

    Parameters
    ----------
    a, b : ndarray of bool or float, shape (runs, images)
        Whether each image was classified rightly, or the error on it; one row a trained network.
    paired : bool
        Whether the columns of `a` and `b` are the same images.
    """
    if not paired:
        return unpaired(a, b)
    if len(a) == len(b) == 1:
        return paired_errors(a[0], b[0]) if a.dtype.kind == "f" else mcnemar(a[0], b[0])
    return across_seeds(a, b)


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return p-values adjusted for making all these tests at once (Holm 1979), in their order.

    The chance that any true hypothesis among them gets an adjusted value of 0.05 or less is at most
    0.05, however they depend on each other.
    """
    adjusted = [0.0] * len(p_values)
    running = 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        running = max(running, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = running
    return tuple(adjusted)


def _student(a: Scores, b: Scores, noise: Noise, method: Method) -> Comparison:
    difference, error = float(a.mean() - b.mean()), sqrt(noise.square)
    return Comparison(
        difference=difference,
        centre=difference,
        standard_error=error,
        freedom=noise.freedom,
        p_value=2 * upper_tail(abs(difference), error, noise.freedom),
        method=method,
        runs=(len(a), len(b)),
        images=min(a.shape[1], b.shape[1]),
    )
