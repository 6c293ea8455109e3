"""Estimates with their sampling error: by the influence of each item, or by resampling the items.

A metric that is a smooth function of means over items has an error that follows from what each item
contributes (the delta method; Casella and Berger, 2002, section 5.5.4). Over several seeds the noise of
training is added, as for accuracies. Where there is no such function, items are drawn again (Efron and
Tibshirani 1993), by a fixed seed, so that the same predictions give the same interval.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
from numpy.typing import NDArray

from reportgen.results.distributions import two_sided
from reportgen.results.noise import sampling, total, training
from reportgen.results.statistics import LEVEL, Interval

Numbers = NDArray[np.float64]
_ROUNDS = 500


@dataclass(frozen=True)
class Estimate:
    """A metric of one run, and the influence of each item on it, shape (n,), whose mean is 0."""

    value: float
    influence: Numbers


def mean_of(values: Numbers) -> Estimate:
    """Return the mean of what each item has."""
    mean = float(values.mean())
    return Estimate(mean, values - mean)


def interval(runs: Sequence[Estimate], lowest: float = -inf, highest: float = inf) -> Interval:
    """Return the 95 % interval of a metric, or of its mean over several runs on the same items."""
    influences = np.stack([run.influence for run in runs])
    mean = float(np.mean([run.value for run in runs]))
    if len(runs) == 1:
        noise = sampling(influences[0])
    else:
        values = np.array([[run.value] for run in runs]) + influences
        runs_noise, within = training(values)
        noise = total(runs_noise, sampling(influences.mean(axis=0), within))
    reach = two_sided(LEVEL, noise.freedom) * sqrt(noise.square)
    return Interval(max(mean - reach, lowest), min(mean + reach, highest))


def resampled(metric: Callable[[NDArray[np.intp]], float], size: int) -> Interval:
    """Return the percentile interval of a metric of chosen items, drawn from `size` with replacement."""
    generator = np.random.default_rng(size)
    values = [metric(generator.integers(0, size, size)) for _ in range(_ROUNDS)]
    tail = 50 * (1 - LEVEL)
    lower, upper = np.nanpercentile(values, [tail, 100 - tail])
    return Interval(float(lower), float(upper))
