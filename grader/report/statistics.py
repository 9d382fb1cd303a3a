"""Item analysis: how hard each exercise and check was, and whether it separates strong from weak.

Classical test theory, with its usual terms. An *item* is an exercise or a check; its score is the
part of its points that was reached, 0 to 1. Left out is what nobody judged: faults of the grader,
and what was not handed in. What can't be said of so few, or of scores that don't differ, is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEAST = 10
"""Students without whom no correlation is told: at fewer, one of them can turn its sign."""
_TAIL = 0.27
BINS = 10

Scores = NDArray[np.float64]
Reason = Literal["few", "equal", "alone"]
"""Why a figure isn't told: fewer than `LEAST` students; all scores the same; no other item."""
Verdict = Literal["good", "fair", "low", "negative"]


@dataclass(frozen=True, slots=True)
class Item:
    """The figures of one item.

    Attributes:
        n: students who were judged on it.
        difficulty: the *item difficulty index* p: the mean score, so that 1 is the easiest; the
            share that passed, for an item that is passed or not (Crocker and Algina, Introduction
            to Classical and Modern Test Theory, 1986, chapter 14). None: nobody was judged.
        discrimination: the *corrected item-total correlation*: Pearson's r between the item's score
            and that of all other items, which is the point-biserial correlation for an item that is
            passed or not. Corrected, since an item correlates with a total that holds it
            (Henrysson, "Correction of item-total correlations in item analysis", Psychometrika 28,
            1963).
        upper_lower: the *upper-lower index* D: the difference of the difficulty index between the
            27 % of the students who do best on the rest and the 27 % who do worst (Kelley, "The
            selection of upper and lower groups for the validation of test items", Journal of
            Educational Psychology 30, 1939).
        reason: why the last two are None.
    """

    n: int
    difficulty: float | None
    discrimination: float | None
    upper_lower: float | None
    reason: Reason | None

    @property
    def verdict(self) -> Verdict | None:
        """Ebel's guideline (Essentials of Educational Measurement, 1972): .30 and more is good,
        .20 to .29 wants improvement, less is poor; a negative one misleads."""
        if self.discrimination is None:
            return None
        if self.discrimination < 0:
            return "negative"
        if self.discrimination < 0.2:
            return "low"
        return "fair" if self.discrimination < 0.3 else "good"


@dataclass(frozen=True, slots=True)
class Distribution:
    """Shares of the points, 0 to 1, of `n` students.

    Attributes:
        bins: students in each tenth: the last holds those with every point, too.
        quartiles: lower quartile, median, upper quartile, between the values where they fall
            between two (NumPy's "linear", type 7 of Hyndman and Fan, 1996); None: nobody.
    """

    n: int
    bins: tuple[int, ...]
    quartiles: tuple[float, float, float] | None


def distribution(shares: ArrayLike) -> Distribution:
    """How `shares` are spread; those that aren't known (NaN) are left out."""
    known = np.asarray(shares, dtype=np.float64)
    known = known[~np.isnan(known)]
    # Rounded first: 7 of 10 points are the bin that begins at 0.7, whatever the last bit says.
    places = np.minimum(np.floor(np.round(known * BINS, 9)), BINS - 1).astype(int)
    bins = tuple(int(count) for count in np.bincount(places, minlength=BINS))
    if not len(known):
        return Distribution(0, bins, None)
    low, middle, high = (float(value) for value in np.quantile(known, (0.25, 0.5, 0.75)))
    return Distribution(len(known), bins, (low, middle, high))


def item(scores: ArrayLike, rest: ArrayLike) -> Item:
    """The figures of an item.

    Args:
        scores: of each student, 0 to 1; NaN where nobody judged it.
        rest: of the same students, on all other items; NaN where there is none.
    """
    every = np.asarray(scores, dtype=np.float64)
    judged = ~np.isnan(every)
    n = int(judged.sum())
    difficulty = float(every[judged].mean()) if n else None
    others = np.asarray(rest, dtype=np.float64)
    both = judged & ~np.isnan(others)
    reason: Reason | None = None
    if n >= LEAST and not both.any():
        reason = "alone"
    elif both.sum() < LEAST:
        reason = "few"
    elif _equal(every[both]) or _equal(others[both]):
        reason = "equal"
    if reason is not None:
        return Item(n, difficulty, None, None, reason)
    mine, total = every[both], others[both]
    r = float(np.clip(np.corrcoef(mine, total)[0, 1], -1.0, 1.0))
    return Item(n, difficulty, r, _upper_lower(mine, total), None)


def alpha(scores: ArrayLike) -> tuple[float | None, Reason | None]:
    """Cronbach's alpha of `scores` (a row per student, a column per item), or why there is none.

    The reliability of the total: k / (k - 1) · (1 - Σ var(item) / var(total)), over the students
    who were judged on every item (Cronbach, "Coefficient alpha and the internal structure of
    tests", Psychometrika 16, 1951). It can be negative where items contradict each other.
    """
    table = np.asarray(scores, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] < 2:
        return None, "alone"
    whole = table[~np.isnan(table).any(axis=1)]
    if len(whole) < LEAST:
        return None, "few"
    totals = whole.sum(axis=1)
    if _equal(totals):
        return None, "equal"
    k = table.shape[1]
    parts = float(whole.var(axis=0, ddof=1).sum()) / float(totals.var(ddof=1))
    return k / (k - 1) * (1 - parts), None


def shares(points: Scores, room: Scores) -> Scores:
    """`points` of `room` in each place; NaN where there is no room."""
    found: Scores = np.full(points.shape, np.nan)
    np.divide(points, room, out=found, where=room > 1e-9)
    return found


def _equal(values: Scores) -> bool:
    return float(np.ptp(values)) < 1e-9


def _upper_lower(mine: Scores, total: Scores) -> float:
    order = np.argsort(total, kind="stable")
    size = max(1, round(len(order) * _TAIL))
    # Ties at the border count with their mean, so that the order of the names decides nothing.
    low, high = total[order[size - 1]], total[order[-size]]
    return _group(mine, total, size, high, above=True) - _group(mine, total, size, low, above=False)


def _group(mine: Scores, total: Scores, size: int, border: float, *, above: bool) -> float:
    inside = total > border if above else total < border
    tied = total == border
    missing = size - int(inside.sum())
    return float(mine[inside].sum() + missing * mine[tied].mean()) / size
