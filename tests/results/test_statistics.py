"""The statistics, held to SciPy and statsmodels."""

from math import inf, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar as reference_mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from reportgen.results.distributions import sign_test, two_sided, upper_tail
from reportgen.results.statistics import (
    accuracy_interval,
    across_seeds,
    compare,
    holm,
    mcnemar,
    unpaired,
    wilson,
)

Correct = NDArray[np.bool_]


def runs(count: int, accuracy: float, *, images: int = 2000, spread: float = 0.01, seed: int = 0) -> Correct:
    """Return `count` networks whose own accuracies scatter by `spread` around `accuracy`."""
    random = np.random.default_rng(seed)
    shares = random.normal(accuracy, spread, (count, 1))
    return random.random((count, images)) < shares


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 20_000), st.floats(0, 1), st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_wilson_is_that_of_statsmodels(total: int, share: float, level: float) -> None:
    successes = round(share * total)
    lower, upper = proportion_confint(successes, total, 1 - level, method="wilson")
    found = wilson(successes, total, level)
    assert (found.lower, found.upper) == pytest.approx((lower, upper), abs=1e-12)
    assert successes / total in found


@pytest.mark.parametrize(("successes", "total"), [(1, 0), (-1, 5), (6, 5)])
def test_wilson_refuses_what_is_no_share(successes: int, total: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(successes, total)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 3000), st.integers(0, 3000))
def test_the_sign_test_is_scipys(wins: int, losses: int) -> None:
    expected = stats.binomtest(wins, wins + losses).pvalue if wins + losses else 1.0
    assert sign_test(wins, losses) == pytest.approx(expected, rel=1e-9)


@settings(max_examples=50, deadline=None)
@given(st.floats(-40, 40), st.floats(1, 1000))
def test_the_tail_is_scipys(t: float, freedom: float) -> None:
    assert upper_tail(t, 1.0, freedom) == pytest.approx(stats.t.sf(t, freedom), rel=1e-8)
    assert upper_tail(t) == pytest.approx(stats.norm.sf(t), rel=1e-8)


@pytest.mark.parametrize("freedom", [1, 2.2, 4, 17.5, 300, 1000, 1e5, 1e9, inf])
@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.99])
def test_the_quantile_is_scipys(level: float, freedom: float) -> None:
    expected = stats.t.ppf((1 + level) / 2, freedom) if freedom < inf else stats.norm.ppf((1 + level) / 2)
    tolerance = 1e-8 if freedom <= 1000 or freedom == inf else 2e-3
    assert two_sided(level, freedom) == pytest.approx(expected, rel=tolerance)


@given(st.floats(0.01, 0.9999), st.floats(1, 1000))
def test_any_quantile_is_scipys(level: float, freedom: float) -> None:
    assert two_sided(level, freedom) == pytest.approx(stats.t.ppf((1 + level) / 2, freedom), rel=1e-8)


@pytest.mark.parametrize(("only_a", "only_b"), [(0, 0), (3, 9), (25, 7), (140, 180), (700, 801)])
def test_mcnemar_is_that_of_statsmodels(only_a: int, only_b: int) -> None:
    both, none = 500, 200
    a = np.repeat([True, True, False, False], [both, only_a, only_b, none])
    b = np.repeat([True, False, True, False], [both, only_a, only_b, none])
    found = mcnemar(a, b)
    expected = reference_mcnemar([[both, only_a], [only_b, none]], exact=True).pvalue
    assert found.p_value == pytest.approx(min(expected, 1.0), rel=1e-9)
    assert found.discordant == (only_a, only_b)
    assert found.difference == pytest.approx((only_a - only_b) / a.size)
    assert found.difference in found.interval


def test_mcnemar_interval_is_agresti_and_mins() -> None:
    """Of the approval of a prime minister by 1,600 who were asked twice (Agresti and Min 2005)."""
    a = np.repeat([True, True, False, False], [794, 150, 86, 570])
    b = np.repeat([True, False, True, False], [794, 150, 86, 570])
    interval = mcnemar(a, b).interval
    n, c, d = 1602, 150.5, 86.5
    error = sqrt((c + d) / n - ((c - d) / n) ** 2) / sqrt(n)
    assert interval.lower == pytest.approx((c - d) / n - 1.959964 * error)
    assert interval.upper == pytest.approx((c - d) / n + 1.959964 * error)


def test_across_seeds_is_exactly_welchs_where_images_add_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = runs(5, 0.62, seed=3), runs(4, 0.60, seed=4)
    monkeypatch.setattr("reportgen.results.statistics.sampling", lambda shares, within: _no_noise())
    found = across_seeds(a, b)
    welch = stats.ttest_ind(a.mean(axis=1), b.mean(axis=1), equal_var=False)
    interval = welch.confidence_interval(0.95)
    assert found.p_value == pytest.approx(welch.pvalue, rel=1e-8)
    assert found.freedom == pytest.approx(welch.df)
    assert (found.interval.lower, found.interval.upper) == pytest.approx((interval.low, interval.high))


def _no_noise() -> object:
    from reportgen.results.noise import Noise

    return Noise(0.0, 1.0)


def test_images_that_only_one_side_finds_hard_widen_the_interval() -> None:
    """Seeds that agree with each other still stand on one sample of images."""
    a = np.tile(np.arange(1000) % 10 < 6, (3, 1))
    b = np.tile(np.arange(1000) % 7 < 4, (3, 1))
    found = across_seeds(a, b)
    assert found.standard_error == pytest.approx((a[0] * 1.0 - b[0]).std(ddof=1) / sqrt(1000))


def test_a_single_run_borrows_the_others_spread() -> None:
    many, one = runs(5, 0.63, seed=5), runs(1, 0.60, seed=6)
    found, turned = across_seeds(many, one), across_seeds(one, many)
    spread = many.mean(axis=1).var(ddof=1)
    assert found.standard_error**2 >= spread * (1 + 1 / 5)
    assert found.p_value == pytest.approx(turned.p_value)
    assert found.difference == pytest.approx(-turned.difference)
    assert found.runs == (5, 1)


def test_compare_chooses_by_runs_and_images() -> None:
    one, other, three = runs(1, 0.6, seed=1), runs(1, 0.6, seed=2), runs(3, 0.6, seed=3)
    assert compare(one, other).method == "mcnemar"
    assert compare(three, other).method == "seeds"
    assert compare(three, three).method == "seeds"
    assert compare(one, other[:, :100], paired=False).method == "unpaired"
    assert "training noise" in compare(one, other).scope


def test_one_run_each_cannot_be_tested_across_seeds() -> None:
    one = runs(1, 0.6)
    with pytest.raises(ValueError, match="mcnemar"):
        across_seeds(one, one)
    with pytest.raises(ValueError, match="shapes"):
        across_seeds(runs(2, 0.6), runs(2, 0.6, images=5))
    with pytest.raises(ValueError, match="shapes"):
        mcnemar(one[0], one[0][:5])


def test_unpaired_is_agresti_and_caffos() -> None:
    a, b = np.arange(200)[None] < 130, np.arange(100)[None] < 50
    found = unpaired(a, b)
    p, q = 131 / 202, 51 / 102
    assert found.centre == pytest.approx(p - q)
    assert found.standard_error == pytest.approx(sqrt(p * (1 - p) / 202 + q * (1 - q) / 102))
    assert found.p_value == pytest.approx(2 * stats.norm.sf((p - q) / found.standard_error))
    assert unpaired(runs(3, 0.7), b).method == "unpaired"


def test_equivalence_is_two_one_sided_tests() -> None:
    found = mcnemar(runs(1, 0.63, seed=1)[0], runs(1, 0.63, seed=2)[0])
    low = stats.norm.sf((found.centre + 0.05) / found.standard_error)
    high = stats.norm.sf((0.05 - found.centre) / found.standard_error)
    assert found.equivalence(0.05) == pytest.approx(max(low, high))
    with pytest.raises(ValueError, match="positive"):
        found.equivalence(0)


def test_few_images_are_no_evidence_for_equality() -> None:
    """Absence of evidence: no difference is found, and none is excluded."""
    found = mcnemar(runs(1, 0.6, images=50, seed=1)[0], runs(1, 0.6, images=50, seed=2)[0])
    assert found.p_value > 0.05
    assert found.equivalence(0.02) > 0.05


def test_identical_networks_are_equal_given_images_enough() -> None:
    a = runs(1, 0.6, images=2000)[0]
    found = mcnemar(a, a)
    assert (found.p_value, found.difference) == (1.0, 0.0)
    assert found.equivalence(0.02) < 0.05


def test_the_interval_of_one_run_is_wilsons_and_of_several_is_wider_than_their_mean() -> None:
    several = runs(5, 0.6, images=5000, spread=0.03)
    assert accuracy_interval(several[:1]) == wilson(int(several[0].sum()), 5000)
    found = accuracy_interval(several)
    reach = stats.t.ppf(0.975, 4) * several.mean(axis=1).std(ddof=1) / sqrt(5)
    assert several.mean() in found
    assert found.upper - found.lower > 0.9 * 2 * reach
    assert accuracy_interval(np.ones((3, 50), bool)).upper == 1.0


@pytest.mark.parametrize(
    "p_values", [[0.03], [0.01, 0.04, 0.03], [0.5, 0.9], [0.02, 0.02, 0.02], [1.0, 0.0, 0.2, 0.011, 0.04]]
)
def test_holm_is_that_of_statsmodels(p_values: list[float]) -> None:
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


def test_holm_of_nothing_is_nothing() -> None:
    assert holm([]) == ()
