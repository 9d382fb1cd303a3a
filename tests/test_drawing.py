"""The usual pictures: whose numbers they hold, and how little is asked for them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from grader.checks import by_epoch, curves, measured_slopes, reloaded, updates
from grader.results.pictures import Picture, from_evidence, to_evidence
from grader.text import Text

T = Text("a", "甲")


def rows(picture: Picture) -> dict[str, list[float | None]]:
    """The numbers by role, after a picture has been through the evidence."""
    (read,) = from_evidence({"pictures": to_evidence([picture])})
    assert read == picture
    return {str(one.role): one.y for one in picture.series}


def test_curves_keep_their_roles_and_their_gaps() -> None:
    picture = curves(
        [0, 1], title=T, x_label=T, y_label=T, yours=np.array([1, np.nan]), expected=[1, 2]
    )
    assert rows(picture) == {"yours": [1.0, None], "expected": [1.0, 2.0]}
    assert all(one.x == [0.0, 1.0] for one in picture.series)


@pytest.mark.parametrize("yours", [1.0, [1.0], [[1.0, 2.0]], [[1.0], [2.0]], ["a", "b"], [1j, 2j]])
def test_what_is_no_curve(yours: Any) -> None:
    with pytest.raises(ValueError, match=r"numbers for|real number"):
        curves([0, 1], title=T, x_label=T, y_label=T, yours=yours)


@pytest.mark.parametrize(("dtype", "bound"), [("float32", 2e-3), ("float64", 1e-9)])
def test_slopes_are_measured_in_one_question(dtype: str, bound: float) -> None:
    """The other places hold no number; the dtype asked about is the one given."""
    asked: list[NDArray[Any]] = []

    def square(x: NDArray[Any]) -> NDArray[Any]:
        asked.append(x)
        return x * x

    x = np.linspace(-3, 3, 9, dtype=dtype)
    slopes = measured_slopes(square, x, every=4)
    assert [q.dtype for q in asked] == [np.dtype(dtype)]
    assert np.abs(slopes[::4] - 2 * x[::4]).max() < bound
    assert np.isnan(np.delete(slopes, [0, 4, 8])).all()
    with pytest.raises(ValueError):
        measured_slopes(np.sum, x)


def test_epochs_are_counted_from_one() -> None:
    picture = by_epoch(T, [3.0, 2.0], [3.0, 1.0])
    assert picture.series[0].x == [1.0, 2.0]
    assert rows(picture) == {"yours": [3.0, 2.0], "expected": [3.0, 1.0]}


def test_updates_go_in_the_expected_direction() -> None:
    """Uphill is negative; what should stay where it is moves in any direction."""
    start = {"`kernel`": np.zeros((2, 2)), "bias": np.ones(3), "frozen": np.zeros(4)}
    yours = {"`kernel`": np.full((2, 2), -3.0), "bias": np.ones(3), "frozen": [0, -2, 0, 0]}
    expected = {"`kernel`": [[0.0, 2.0], [0.0, 0.0]], "bias": np.full(3, 1.5), "frozen": [0] * 4}
    picture = updates(T, start, yours, expected)
    assert picture.labels == ["kernel", "bias", "frozen"]
    assert rows(picture) == {"yours": [-1.5, 0.0, 1.0], "expected": [1.0, 0.5, 0.0]}


def test_a_reload_shows_a_few_numbers() -> None:
    picture = reloaded(T, np.arange(40.0).reshape(4, 10), np.zeros(40))
    assert rows(picture) == {"before": [float(n) for n in range(12)], "after": [0.0] * 12}
    assert picture.labels == [str(n) for n in range(1, 13)]
    assert reloaded(T, 1.0, 2.0, labels=["loss"]).labels == ["loss"]
