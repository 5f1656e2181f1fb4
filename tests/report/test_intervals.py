"""Intervals, held against SciPy where it has them and against counting where it is small enough to count."""

from __future__ import annotations

import itertools
import math

import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.report.figures.intervals import likely_count, poisson_interval, rates_differ, share_interval


@pytest.mark.parametrize("count", [0, 1, 2, 5, 30, 400])
def test_poisson_is_garwoods(count: int) -> None:
    low, high = poisson_interval(count)
    assert low == pytest.approx(scipy.stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0.0, abs=1e-6)
    assert high == pytest.approx(scipy.stats.chi2.ppf(0.975, 2 * count + 2) / 2, abs=1e-6)


@pytest.mark.parametrize(("count", "of"), [(0, 4), (1, 2), (3, 3), (7, 50)])
def test_share_is_wilsons(count: int, of: int) -> None:
    known = scipy.stats.binomtest(count, of).proportion_ci(method="wilson")
    assert share_interval(count, of) == pytest.approx((known.low, known.high), abs=1e-4)
    assert share_interval(0, 0) == (0.0, 1.0)


@given(st.integers(0, 40), st.integers(0, 40), st.floats(0.1, 9), st.floats(0.1, 9))
def test_two_rates_as_a_binomial_test_and_either_way_round(a: int, b: int, hours_a: float, hours_b: float) -> None:
    p = rates_differ(a, hours_a, b, hours_b)
    assert p == pytest.approx(rates_differ(b, hours_b, a, hours_a), abs=1e-6)
    if a + b:
        known = scipy.stats.binomtest(a, a + b, hours_a / (hours_a + hours_b)).pvalue
        assert p == pytest.approx(known, abs=1e-4)


@given(st.lists(st.sampled_from([0.0, 0.1, 0.5, 0.8, 1.0]), max_size=7))
def test_likely_counts_hold_nine_tenths_of_all_outcomes(chances: list[float]) -> None:
    low, high = likely_count(chances)
    inside = 0.0
    for outcome in itertools.product((0, 1), repeat=len(chances)):
        if low <= sum(outcome) <= high:
            inside += math.prod(p if true else 1 - p for p, true in zip(chances, outcome, strict=True))
    assert inside >= 0.9 - 1e-9
