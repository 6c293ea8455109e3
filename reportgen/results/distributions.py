"""Tails and quantiles of the distributions that the statistics need.

Student's tail is mpmath's, normal quantiles are the standard library's, and the binomial tail is
summed in exact integers. SciPy and statsmodels, to which the tests hold these values, cost 0.2 to
0.7 s of imports at every check, and 140 MB in an install that is to gate on stored results.
"""

from functools import lru_cache
from math import exp, inf, lgamma, log, log1p, pi, pow
from statistics import NormalDist

from mpmath import betainc

# Beyond this many degrees of freedom Student's quantiles are the normal ones to 0.1 %.
MOST_FREEDOM = 1000.0

_NORMAL = NormalDist()


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
    normal = _NORMAL.inv_cdf(1 - tail)
    if freedom == inf:
        return normal
    freedom = min(freedom, MOST_FREEDOM)
    t = normal + (normal**3 + normal) / (4 * freedom)
    for _ in range(50):
        found = _student_tail(t, freedom)
        # Newton's step for the tail raised to a power: so it is nearly a straight line, and three steps do.
        step = (1 - pow(found / tail, 1 / freedom)) * freedom * found / _student_density(t, freedom)
        t -= step
        if abs(step) < 1e-7 * t:  # the next one would be about its square
            return t
    raise ArithmeticError(f"no quantile for {level} with {freedom} degrees of freedom")


def _student_tail(t: float, freedom: float) -> float:
    freedom = min(freedom, MOST_FREEDOM)
    if t < 1:  # the far end of the same integral, where 1 - t² would lose t
        return 0.5 - _incomplete_beta(0.5, freedom / 2, t * t / (freedom + t * t)) / 2
    return _incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t)) / 2


def _student_density(t: float, freedom: float) -> float:
    constant = lgamma((freedom + 1) / 2) - lgamma(freedom / 2) - log(freedom * pi) / 2
    return exp(constant - (freedom + 1) / 2 * log1p(t * t / freedom))


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function."""
    return float(betainc(a, b, 0, x, regularized=True))
