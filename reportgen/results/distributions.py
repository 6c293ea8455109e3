"""Tails and quantiles of the distributions that the statistics need, without SciPy's start-up.

Student's tail is a continued fraction, normal quantiles are the standard library's, and the binomial tail
is summed in exact integers. SciPy and statsmodels, to which the tests hold these values, cost 0.2 to 0.7 s
of imports and 140 MB in an install that is to gate on stored results.
"""

from functools import lru_cache
from itertools import count
from math import exp, inf, lgamma, log, log1p, pi, sqrt
from statistics import NormalDist

# Beyond this many degrees of freedom Student's quantiles are the normal ones to 0.1 %.
MOST_FREEDOM = 1000.0

_NORMAL = NormalDist()
_PRECISION = 1e-15


def sign_test(wins: int, losses: int) -> float:
    """Return the exact two-sided p-value of `wins` against `losses` under a fair coin."""
    trials = wins + losses
    tail = term = 1
    for i in range(min(wins, losses)):
        term = term * (trials - i) // (i + 1)
        tail += term
    return min(1.0, tail / 2 ** (trials - 1)) if trials else 1.0


def upper_tail(value: float, scale: float = 1.0, freedom: float = inf) -> float:
    """Return the chance that a Student variable with this scale exceeds `value`.

    A scale of zero is a variable that is always zero; `freedom` of ``inf`` is the normal distribution.
    """
    if scale == 0:
        return 0.0 if value > 0 else 0.5 if value == 0 else 1.0
    t = value / scale
    if freedom == inf:
        return _NORMAL.cdf(-t)
    tail = _student_tail(abs(t), freedom)
    return tail if t >= 0 else 1 - tail


@lru_cache(maxsize=256)
def two_sided(level: float, freedom: float = inf) -> float:
    """Return how many standard errors to each side hold a share `level` of Student's distribution."""
    tail = (1 - level) / 2
    t = _NORMAL.inv_cdf(1 - tail)
    if freedom == inf:
        return t
    # Newton's method: the tail is convex, so that from the normal quantile, which is smaller, every step
    # goes to the right and none too far.
    step = inf
    while step > 1e-10 * t:
        step = (_student_tail(t, freedom) - tail) / _student_density(t, freedom)
        t += step
    return t


def _student_tail(t: float, freedom: float) -> float:
    freedom = min(freedom, MOST_FREEDOM)
    if t < 1:  # the far end of the same integral, where 1 - t² would lose t
        return 0.5 - _incomplete_beta(0.5, freedom / 2, t * t / (freedom + t * t)) / 2
    return _incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t)) / 2


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function by its continued fraction (Lentz's method)."""
    if x == 0:
        return 0.0
    if x > (a + 1) / (a + b + 2):  # it converges fast up to here, and from here on for the other end
        return 1 - _incomplete_beta(b, a, 1 - x)
    upper, lower = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    value = lower
    for m in count(1):
        even, odd = a + 2 * m, a + 2 * m + 1
        for term in (m * (b - m) * x / ((even - 1) * even), -(a + m) * (a + b + m) * x / (even * odd)):
            upper, lower = 1 + term / upper, 1 / (1 + term * lower)
            value *= upper * lower
        if abs(upper * lower - 1) < _PRECISION:
            break
    return value * exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a


def _student_density(t: float, freedom: float) -> float:
    freedom = min(freedom, MOST_FREEDOM)
    scale = exp(lgamma((freedom + 1) / 2) - lgamma(freedom / 2)) / sqrt(freedom * pi)
    return float(scale * (1 + t * t / freedom) ** (-(freedom + 1) / 2))
