"""Pictures that say more than numbers: curves and bars, as plain values in a check's evidence.

A check draws one only when it fails (see `grader.expect`); a report renders it (see
`grader.report.plots`). Between the two lies results.json, which may be edited or forged, so what is
read from there is checked against the same structs and bounded.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec

from grader.text import Text

MOST_POINTS = 240
"""Points of one series: what a drawing of a page's width can show."""
MOST_SERIES = 6
MOST_PICTURES = 4

Role = Literal["yours", "expected", "measured", "before", "after"]
"""Whose numbers they are; `measured`: worked out from the student's own answers, such as finite
differences."""


class Series(msgspec.Struct, frozen=True):
    """One curve, or one row of bars; None where there is no finite number to draw.

    `x` is empty for bars, whose places are the picture's `labels`.
    """

    name: Text
    role: Role
    y: list[float | None]
    x: list[float] = []


class Picture(msgspec.Struct, frozen=True):
    """One drawing; `labels` name the bars and are empty for lines."""

    kind: Literal["lines", "bars"]
    title: Text
    x_label: Text
    y_label: Text
    series: list[Series]
    labels: list[str] = []


def series(name: Text, role: Role, y: Iterable[Any], x: Iterable[Any] = ()) -> Series:
    """A series of numbers of any kind, sorted by `x`, thinned to `MOST_POINTS`.

    Raises:
        ValueError, TypeError: something that is no number, or `x` and `y` of different lengths.
    """
    ys = [_finite(value) for value in y]
    xs = [_finite(value) for value in x]
    if xs:
        pairs = sorted(
            ((a, b) for a, b in zip(xs, ys, strict=True) if a is not None), key=lambda pair: pair[0]
        )
        xs, ys = [a for a, _ in pairs], [b for _, b in pairs]
    step = max(1, math.ceil(len(ys) / MOST_POINTS))
    return Series(name, role, ys[::step], [value for value in xs[::step] if value is not None])


def to_evidence(pictures: Iterable[Picture]) -> list[dict[str, Any]]:
    """As the evidence of a check holds them."""
    made: list[dict[str, Any]] = msgspec.to_builtins(list(pictures)[:MOST_PICTURES])
    return made


def from_evidence(evidence: Mapping[str, Any]) -> tuple[Picture, ...]:
    """The pictures in a check's evidence; one that is malformed or too large isn't there."""
    found = evidence.get("pictures")
    if not isinstance(found, list):
        return ()
    return tuple(p for item in found[:MOST_PICTURES] if (p := _checked(item)) is not None)


def _checked(item: Any) -> Picture | None:
    try:
        picture = msgspec.convert(item, Picture)
    except (msgspec.ValidationError, RecursionError):
        return None
    places = len(picture.labels)
    for one in picture.series:
        numbers = [*one.x, *(value for value in one.y if value is not None)]
        if len(one.y) > MOST_POINTS or not all(map(math.isfinite, numbers)):
            return None
        if len(one.y) != (places if picture.kind == "bars" else len(one.x)):
            return None
    whole = 0 < len(picture.series) <= MOST_SERIES and any(one.y for one in picture.series)
    return picture if whole else None


def _finite(value: Any) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None
