"""How well what was judged agrees with what people said, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from corpora import bare

DRAWS = 400
"""How often data are drawn again for an interval."""


def errors_in(pairs: Iterable[tuple[str, str]]) -> tuple[int, int]:
    """Words wrong, and words said: Levenshtein over lower-case words."""
    wrong = of = 0
    for (said, _, _), (heard, _, _) in ((bare([(a, "", "")])[0], bare([(b, "", "")])[0]) for a, b in pairs):
        a, b = said.replace("-", " ").split(), heard.replace("-", " ").split()
        row = list(range(len(b) + 1))
        for i, word in enumerate(a, 1):
            row, last = [i], row
            for j, other in enumerate(b, 1):
                row.append(min(row[-1] + 1, last[j] + 1, last[j - 1] + (word != other)))
        wrong, of = wrong + row[-1], of + len(a)
    return wrong, of


def f1(truth: np.ndarray, said: np.ndarray) -> float:
    return float(2 * (said & truth).sum() / max(1, said.sum() + truth.sum()))


def macro_f1(truth: np.ndarray, said: np.ndarray) -> float:
    return float(np.mean([f1(truth[:, i], said[:, i]) for i in range(truth.shape[1])]))


def auc(label: np.ndarray, value: np.ndarray) -> float:
    """Area under the ROC curve; ties count half."""
    _, inverse, counts = np.unique(value, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    ones = int(label.sum())
    return float((rank[label].sum() - ones * (ones + 1) / 2) / max(1, ones * (len(label) - ones)))


def interval(
    size: int, measure: Callable[[np.ndarray], float], groups: np.ndarray | None = None
) -> tuple[float, float]:
    """Bounds that hold 95 % of what the measure is on data drawn again, group by group."""
    random = np.random.default_rng(0)
    names = np.arange(size) if groups is None else np.unique(groups)
    members = [np.array([i]) for i in names] if groups is None else [np.flatnonzero(groups == g) for g in names]
    drawn = []
    for _ in range(DRAWS):
        rows = np.concatenate([members[i] for i in random.integers(len(names), size=len(names))])
        drawn.append(measure(rows))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)
