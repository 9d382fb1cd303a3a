"""Pictures on their way from a check to a report: rounded off, and doubted when they are read."""

import json
import math
from typing import Any

import pytest

from grader.results.pictures import (
    MOST_PICTURES,
    MOST_POINTS,
    Picture,
    Series,
    from_evidence,
    series,
    to_evidence,
)
from grader.text import Text

T = Text("a", "甲")


def picture(**more: Any) -> Picture:
    """Two points of one curve."""
    values: dict[str, Any] = {
        "kind": "lines",
        "series": [Series(T, "yours", [1.0, 2.0], [0.0, 1.0])],
    }
    return Picture(title=T, x_label=T, y_label=T, **(values | more))


def test_a_series_is_sorted_and_holds_finite_numbers_or_none() -> None:
    made = series(T, "yours", [3, math.nan, 1], x=[2.0, 0.0, 1.0])
    assert (made.x, made.y) == ([0.0, 1.0, 2.0], [None, 1.0, 3.0])
    assert series(T, "yours", [math.inf, 1]).y == [None, 1.0]


def test_a_series_is_thinned() -> None:
    made = series(T, "yours", range(1000), x=range(1000))
    assert MOST_POINTS / 2 < len(made.x) == len(made.y) <= MOST_POINTS


@pytest.mark.parametrize("y", [["x"], [None], [1.0, 2.0, 3.0]])
def test_a_series_of_anything_else(y: list[Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        series(T, "yours", y, x=[0.0, 1.0])


def test_there_and_back_through_json() -> None:
    bars = picture(kind="bars", labels=["a", "b"], series=[Series(T, "before", [1.0, None])])
    evidence = {"pictures": json.loads(json.dumps(to_evidence([picture(), bars])))}
    assert from_evidence(evidence) == (picture(), bars)
    assert len(to_evidence([picture()] * 9)) == MOST_PICTURES


GOOD = to_evidence([picture()])[0]
CURVE = GOOD["series"][0]


@pytest.mark.parametrize(
    "item",
    [
        None,
        "x",
        GOOD | {"kind": "pie"},
        GOOD | {"series": []},
        GOOD | {"series": [CURVE] * 7},
        GOOD | {"series": [CURVE | {"y": [1.0]}]},
        GOOD | {"series": [CURVE | {"y": [1.0, "nan"]}]},
        GOOD | {"series": [CURVE | {"x": [], "y": []}]},
        GOOD | {"series": [CURVE | {"x": [0.0] * 9999, "y": [0.0] * 9999}]},
        GOOD | {"kind": "bars", "labels": ["a"]},
        GOOD | {"series": [CURVE | {"role": "mine"}]},
    ],
)
def test_what_is_no_picture_is_left_out(item: Any) -> None:
    assert from_evidence({"pictures": [item, GOOD]}) == (picture(),)
    assert from_evidence({"pictures": item}) == ()
