"""Estimate the noise of a measured accuracy or mean error: training again, and testing on other items."""

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

Correct = NDArray[np.bool_]
Scores = Correct | NDArray[np.float64]


@dataclass(frozen=True)
class Noise:
    """A squared standard error and the degrees of freedom of its estimate."""

    square: float
    freedom: float


def total(*noises: Noise) -> Noise:
    """Return the sum of independent noises (Satterthwaite's degrees of freedom)."""
    square = sum(noise.square for noise in noises)
    doubt = sum(noise.square**2 / noise.freedom for noise in noises)
    return Noise(square, square**2 / doubt if doubt else inf)


def training(*sides: Scores) -> tuple[Noise, float]:
    """Return the noise of training, and the variance of one image's difference that is due to it."""
    several = [side for side in sides if len(side) > 1]
    if len(several) < len(sides):  # the one estimate that there is serves both sides
        source, weight = several[0], sum(1 / len(side) for side in sides)
        return Noise(_between(source) * weight, len(source) - 1), _within(source) * weight
    noises = (Noise(_between(side) / len(side), len(side) - 1) for side in sides)
    return total(*noises), sum(_within(side) / len(side) for side in sides)


def _between(runs: Scores) -> float:
    """Return the variance of one run's mean."""
    return float(runs.mean(axis=1).var(ddof=1))


def _within(runs: Scores) -> float:
    """Return the variance between runs of one item's score, averaged over the items."""
    return float(runs.var(axis=0, ddof=1).mean())


def sampling(shares: NDArray[np.float64], within: float = 0.0) -> Noise:
    """Return the noise from the choice of images, whose values are `shares`, training's part taken out."""
    variance = float(shares.var(ddof=1)) if len(shares) > 1 else 0.0
    return Noise(max(variance - within, 0.0) / len(shares), max(len(shares) - 1, 1))
