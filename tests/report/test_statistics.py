"""Item analysis against figures worked out another way, and where it says nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.report.statistics import LEAST, alpha, distribution, item, shares

NAN = math.nan


def test_point_biserial_is_the_textbook_formula() -> None:
    """(M1 - M0) / s · sqrt(pq), which Pearson's r is for an item that is passed or not."""
    passed = np.array([1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0], dtype=float)
    rest = np.array([9, 8, 8, 7, 9, 4, 5, 3, 2, 6, 1, 4], dtype=float)
    wanted = (rest[passed == 1].mean() - rest[passed == 0].mean()) / rest.std() * 0.5
    found = item(passed, rest)
    assert found.discrimination == pytest.approx(wanted)
    assert found.difficulty == 0.5
    assert (found.n, found.reason, found.verdict) == (12, None, "good")


def test_upper_lower_index() -> None:
    """The best and the worst 27 % by the rest: here 3 of 12 on each side."""
    rest = np.arange(12.0)
    passed = (rest >= 10).astype(float)
    assert item(passed, rest).upper_lower == pytest.approx(2 / 3)


def test_ties_at_the_border_count_with_their_mean() -> None:
    """The order in which students stand decides nothing."""
    rest = np.array([0, 5, 5, 5, 5, 5, 5, 5, 5, 9], dtype=float)
    passed = np.array([0, 1, 0, 1, 0, 1, 0, 1, 0, 1], dtype=float)
    shuffled = np.random.default_rng(3).permutation(10)
    assert item(passed, rest).upper_lower == item(passed[shuffled], rest[shuffled]).upper_lower
    assert item(passed, rest).upper_lower == pytest.approx((1 + 2 * 0.5) / 3 - (0 + 2 * 0.5) / 3)


@pytest.mark.parametrize(
    ("r", "verdict"), [(1, "good"), (-1, "negative"), (0.25, "fair"), (0.1, "low")]
)
def test_verdicts(r: float, verdict: str) -> None:
    """Ebel's guideline, at correlations made to measure."""
    rest = np.tile([-1.0, 1.0], 20)
    noise = np.tile([-1.0, -1.0, 1.0, 1.0], 10)  # orthogonal to the rest
    found = item(r * rest + math.sqrt(1 - r * r) * noise, rest)
    assert found.discrimination == pytest.approx(r)
    assert found.verdict == verdict


def test_what_nobody_judged_is_left_out() -> None:
    """NaN on either side changes no figure, but the number of students judged."""
    scores, rest = np.tile([0.0, 1.0, 0.5], 5), np.arange(15.0)
    more = item([*scores, NAN, 1.0], [*rest, 3.0, NAN])
    assert more.discrimination == item(scores, rest).discrimination
    assert more.n == 16


@pytest.mark.parametrize(
    ("scores", "rest", "reason"),
    [
        ([1.0, 0.0] * 4, [1.0, 2.0] * 4, "few"),
        ([1.0] * LEAST, range(LEAST), "equal"),
        ([0.0, 1.0] * LEAST, [0.1 + 0.2, 0.3] * LEAST, "equal"),
        ([0.0, 1.0] * LEAST, [NAN] * 2 * LEAST, "alone"),
        ([], [], "few"),
        ([NAN] * 20, [1.0] * 20, "few"),
    ],
)
def test_what_cannot_be_said(scores: list[float], rest: list[float], reason: str) -> None:
    """Too few, no difference, nothing to compare with: no figure, and why."""
    found = item(scores, list(rest))
    assert (found.discrimination, found.upper_lower, found.verdict) == (None, None, None)
    assert found.reason == reason
    judged = [score for score in scores if not math.isnan(score)]
    assert found.difficulty == (pytest.approx(sum(judged) / len(judged)) if judged else None)


def test_alpha() -> None:
    """1 for items that are copies, 0 for items that have nothing in common, by the formula."""
    column = np.tile([0.0, 1.0], 10)
    other = np.tile([0.0, 0.0, 1.0, 1.0], 5)
    assert alpha(np.stack([column, column, column], axis=1))[0] == pytest.approx(1.0)
    assert alpha(np.stack([column, other], axis=1))[0] == pytest.approx(0.0)
    gaps = np.stack([[*column, NAN], [*column, 1.0]], axis=1)
    assert alpha(gaps)[0] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (np.ones((20, 1)), "alone"),
        (np.ones((0, 0)), "alone"),
        (np.eye(9), "few"),
        (np.full((20, 3), NAN), "few"),
        (np.ones((20, 3)), "equal"),
    ],
)
def test_no_alpha(table: np.ndarray, reason: str) -> None:
    """No figure without two items, students and differences."""
    assert alpha(table) == (None, reason)


def test_distribution() -> None:
    """Bins hold their lower edge, the last one both; quartiles lie between values."""
    found = distribution([0.0, 0.7, 7 / 10, 0.99999, 1.0, NAN, 0.1 + 0.2, 0.05])
    assert found.bins == (2, 0, 0, 1, 0, 0, 0, 2, 0, 2)
    assert found.n == 7
    assert distribution([0.0, 1.0]).quartiles == (0.25, 0.5, 0.75)
    assert distribution([NAN]).quartiles is None
    assert distribution([]).bins == (0,) * 10


@given(st.lists(st.floats(0, 1), max_size=50))
def test_everybody_is_in_one_bin(values: list[float]) -> None:
    """No share falls out of the histogram."""
    assert sum(distribution(values).bins) == len(values)


@given(
    st.lists(st.tuples(st.floats(0, 1) | st.just(NAN), st.floats(0, 1) | st.just(NAN)), max_size=40)
)
def test_figures_stay_in_range(pairs: list[tuple[float, float]]) -> None:
    """Whatever the scores, every figure that is told is a finite one in its range."""
    found = item([a for a, _ in pairs], [b for _, b in pairs])
    for value in (found.discrimination, found.upper_lower):
        assert value is None or -1 <= round(value, 9) <= 1
    assert (found.discrimination is None) == (found.reason is not None)


def test_no_room_is_no_share() -> None:
    """Nothing of nothing isn't known."""
    made = shares(np.array([1.0, 0.0]), np.array([2.0, 0.0]))
    assert made[0] == 0.5
    assert math.isnan(made[1])
