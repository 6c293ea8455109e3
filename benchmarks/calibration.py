"""How often each way of comparing two accuracies decides wrongly, on simulated networks.

The true accuracies are known here, because they are chosen: equal, or 1, 2 and 4 points apart. A trained
network gets image i right where

    accuracy level + noise of this training + difficulty of the image (for all, for this architecture,
    for this training)

is above zero, with normal terms. The defaults are near the lab's convolutional networks on CIFAR-10: about
63 % accurate, with a standard deviation of one point between trainings; networks of two architectures
disagree about every fourth image being right.

    python benchmarks/calibration.py [--repeats 1000] [--write docs/claims.md]
"""

import time
from collections.abc import Callable
from functools import cached_property
from statistics import NormalDist

import markdown
import numpy as np
from numpy.typing import NDArray
from scipy import stats

from reportgen.results.statistics import (
    ALPHA,
    MARGIN,
    Comparison,
    accuracy_interval,
    across_seeds,
    holm,
    mcnemar,
)

Correct = NDArray[np.bool_]

IMAGES = 10_000
ACCURACY = 0.63
SPREAD = 0.01
DIFFERENCES = (0.0, 0.01, 0.02, 0.04)
FAMILY = 15
# Shares of the variance of difficulty: common to all networks, of the architecture, of the training.
COMMON, ARCHITECTURE, TRAINING = 0.65, 0.10, 0.25


class World:
    """Draws networks and test sets."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)

    def images(self) -> NDArray[np.float32]:
        """Return how easy each image of a new test set is for all networks, shape (images,)."""
        return self._normal(IMAGES) * np.float32(COMMON**0.5)

    def networks(self, easy: NDArray[np.float32], accuracy: float, runs: int, spread: float) -> Correct:
        """Return what `runs` trainings of a new architecture get right, shape (runs, images).

        `accuracy` is the architecture's own, over all trainings and images.
        """
        level, slope = NormalDist().inv_cdf(accuracy), NormalDist().pdf(NormalDist().inv_cdf(accuracy))
        noise = spread / slope
        level *= (1 + noise**2) ** 0.5
        levels = level + noise * self._normal(runs)
        own = easy + self._normal(IMAGES) * np.float32(ARCHITECTURE**0.5)
        each = self._normal(runs, IMAGES) * np.float32(TRAINING**0.5)
        return np.asarray(levels[:, None] + own + each > 0)

    def _normal(self, *shape: int) -> NDArray[np.float32]:
        return self._random.standard_normal(shape, dtype=np.float32)


class Pair:
    """Two ways of training on the same images, five runs each; each test is made once."""

    def __init__(self, a: Correct, b: Correct) -> None:
        self.a, self.b = a, b
        self.one = mcnemar(a[0], b[0])
        self.three = across_seeds(a[:3], b[:3])
        self.five = across_seeds(a, b)

    @cached_property
    def welch(self) -> tuple[float, float]:
        """Statistic and p-value of Welch's test of five accuracies each, without the noise of the images."""
        found = stats.ttest_ind(self.a.mean(axis=1), self.b.mean(axis=1), equal_var=False)
        return float(found.statistic), float(found.pvalue)


def better(found: Comparison) -> bool:
    """`significantly_better_than`."""
    return found.p_value <= ALPHA and found.difference > 0


def indistinguishable(found: Comparison) -> bool:
    """`indistinguishable_from`, with the default margin."""
    return found.p_value > ALPHA and found.equivalence(MARGIN) <= ALPHA


COMPARISONS: dict[str, Callable[[Pair], bool]] = {
    "`>`, one run each": lambda pair: pair.one.difference > 0,
    "better, McNemar, one run each": lambda pair: better(pair.one),
    "better, Welch's t alone, 5 seeds": lambda pair: pair.welch[1] <= ALPHA and pair.welch[0] > 0,
    "better, across 3 seeds": lambda pair: better(pair.three),
    "better, across 5 seeds": lambda pair: better(pair.five),
    "indistinguishable, one run each": lambda pair: indistinguishable(pair.one),
    "indistinguishable, 3 seeds": lambda pair: indistinguishable(pair.three),
    "indistinguishable, 5 seeds": lambda pair: indistinguishable(pair.five),
    '"no significant difference", 5 seeds': lambda pair: pair.five.p_value > ALPHA,
}


def comparisons(world: World, repeats: int, spread: float) -> dict[str, list[float]]:
    """Return how often each comparison said yes, by true difference."""
    yes = {name: [0] * len(DIFFERENCES) for name in COMPARISONS}
    for column, difference in enumerate(DIFFERENCES):
        for _ in range(repeats):
            easy = world.images()
            sides = (ACCURACY + difference / 2, ACCURACY - difference / 2)
            pair = Pair(*(world.networks(easy, accuracy, 5, spread) for accuracy in sides))
            for name, decide in COMPARISONS.items():
                yes[name][column] += decide(pair)
    return {name: [count / repeats for count in counts] for name, counts in yes.items()}


GATES: dict[str, Callable[[Correct], bool]] = {
    "`accuracy > 0.62`, one run": lambda runs: float(runs[0].mean()) > 0.62,
    "`accuracy.lower > 0.62`, one run": lambda runs: accuracy_interval(runs[:1]).lower > 0.62,
    "`accuracy > 0.62`, 5 seeds": lambda runs: float(runs.mean()) > 0.62,
    "`accuracy.lower > 0.62`, 5 seeds": lambda runs: accuracy_interval(runs).lower > 0.62,
}


def thresholds(world: World, repeats: int, spread: float) -> dict[str, list[float]]:
    """Return how often a requirement passes, by the true accuracy's distance from it."""
    distances = (*(-distance for distance in reversed(DIFFERENCES[1:])), *DIFFERENCES)
    yes = {name: [0] * len(distances) for name in GATES}
    for column, distance in enumerate(distances):
        for _ in range(repeats):
            runs = world.networks(world.images(), 0.62 + distance, 5, spread)
            for name, passes in GATES.items():
                yes[name][column] += passes(runs)
    return {name: [count / repeats for count in counts] for name, counts in yes.items()}


def families(world: World, repeats: int) -> tuple[float, float]:
    """Return how often any of 15 equal pairs (one run each, no training noise) is called different.

    First with every test at 5 %, then with Holm's adjustment over the report.
    """
    plain = adjusted = 0
    for _ in range(repeats):
        found = []
        for _ in range(FAMILY):
            easy = world.images()
            a, b = (world.networks(easy, ACCURACY, 1, 0.0)[0] for _ in "ab")
            found.append(mcnemar(a, b).p_value)
        plain += min(found) <= ALPHA
        adjusted += min(holm(found)) <= ALPHA
    return plain / repeats, adjusted / repeats


def lines(shares: dict[str, list[float]]) -> list[list[str]]:
    """Return the rows of a table."""
    return [[name, *map(percent, row)] for name, row in shares.items()]


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def report(repeats: int, seed: int) -> str:
    """Return the tables."""
    began = time.perf_counter()
    world = World(seed)
    noisy, still = (comparisons(world, repeats, spread) for spread in (SPREAD, 0.0))
    gates = thresholds(world, repeats, SPREAD)
    plain, adjusted = families(world, max(repeats // 5, 1))
    header = ["how often it says yes when the truth is", "equal", "1 point", "2 points", "4 points"]
    gate_header = [
        "how often it passes when the truth is",
        *(f"{d:+d}" for d in (-4, -2, -1)),
        "at it",
        "+1",
        "+2",
        "+4",
    ]
    blocks = [
        f"With training noise of {100 * SPREAD:.0f} point ({IMAGES:,} images, {repeats} repeats a cell):\n",
        markdown.table(header, lines(noisy)),
        "The same without training noise, which is the question that a test of two trained networks asks:\n",
        markdown.table(header, lines(still)),
        "A requirement, by the distance of the true accuracy from it in points, with training noise:\n",
        markdown.table(gate_header, lines(gates)),
        f"A report with {FAMILY} claims of difference, all of them wrong: at least one passes in "
        f"{percent(plain)} of the reports at 5 % each, in {percent(adjusted)} after Holm's adjustment.\n",
        f"(`benchmarks/calibration.py`, seed {seed}, {time.perf_counter() - began:.0f} s.)\n",
    ]
    return "\n".join(blocks)


def main() -> None:
    parser = markdown.parser(__doc__)
    parser.add_argument("--repeats", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    markdown.publish(report(options.repeats, options.seed), "calibration", options.write)


if __name__ == "__main__":
    main()
