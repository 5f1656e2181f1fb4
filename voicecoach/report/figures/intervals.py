"""How sure a count can be: intervals, exact where that is simple. Pure arithmetic, the same on every machine."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

LEVEL = 0.95


def poisson_interval(count: int, level: float = LEVEL) -> tuple[float, float]:
    """The exact interval for the mean of a Poisson count (Garwood 1936): both tails hold ``(1 - level) / 2``."""
    tail = (1 - level) / 2
    # P(X >= count | low) = tail and P(X <= count | high) = tail
    low = 0.0 if count == 0 else _where(lambda mean: 1 - _poisson_cdf(count - 1, mean), tail, count)
    high = _where(lambda mean: 1 - _poisson_cdf(count, mean), 1 - tail, count + 4 * math.sqrt(count + 1) + 8)
    return low, high


def share_interval(count: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927), which is right for few and for extreme counts too; 0 to 1 of none."""
    if of == 0:
        return 0.0, 1.0
    z = 1.959964
    p, spread = count / of, z * z / of
    middle = (p + spread / 2) / (1 + spread)
    half = z * math.sqrt(p * (1 - p) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def likely_count(probabilities: Sequence[float], level: float = 0.9) -> tuple[int, int]:
    """How many of independent moments, each true with its own probability, are true: the central interval.

    Exact (Poisson binomial distribution, by adding one moment after another).
    """
    chances = [1.0]
    for p in probabilities:
        chances = [
            (chances[k] * (1 - p) if k < len(chances) else 0.0) + (chances[k - 1] * p if k else 0.0)
            for k in range(len(chances) + 1)
        ]
    tail, total, low, high = (1 - level) / 2, 0.0, 0, len(probabilities)
    for k, chance in enumerate(chances):
        if total <= tail:
            low = k
        total += chance
        if total >= 1 - tail:
            high = k
            break
    return low, high


def rates_differ(count_a: int, hours_a: float, count_b: int, hours_b: float) -> float:
    """The two-sided p that two Poisson rates are the same: exact, given the sum (Przyborowski and Wilenski 1940)."""
    total, share = count_a + count_b, hours_a / (hours_a + hours_b)
    if total == 0:
        return 1.0
    log_a, log_b = math.log(share), math.log1p(-share)
    weights = [math.exp(_log_choose(total, k) + k * log_a + (total - k) * log_b) for k in range(total + 1)]
    seen = weights[count_a] * (1 + 1e-9)
    return min(1.0, math.fsum(w for w in weights if w <= seen))


def shares_differ(count_a: int, of_a: int, count_b: int, of_b: int) -> float:
    """The two-sided p that two shares are the same: exact, given all sums (Fisher 1935)."""
    total, everything = count_a + count_b, of_a + of_b
    least, most = max(0, total - of_b), min(total, of_a)
    whole = _log_choose(everything, total)
    weights = {k: math.exp(_log_choose(of_a, k) + _log_choose(of_b, total - k) - whole) for k in range(least, most + 1)}
    seen = weights[count_a] * (1 + 1e-9)
    return min(1.0, math.fsum(w for w in weights.values() if w <= seen))


def _poisson_cdf(count: int, mean: float) -> float:
    if mean <= 0:
        return 1.0
    return min(1.0, math.fsum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count + 1)))


def _where(rising: Callable[[float], float], value: float, high: float) -> float:
    """Where a rising function on [0, high] takes a value, by halving."""
    low = 0.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < value else (low, middle)
    return (low + high) / 2


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
