"""Small classes for the tests of exports: names as platforms and file systems give them."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Mapping

from grader.results import Results, Row

from ..report.sample import HUBER, PIPELINE, PRECISION, graded, sample

EXERCISES = {spec.id: spec for spec in (HUBER, PRECISION, PIPELINE)}


def class_of(points: Mapping[str, float], exercise: str = "huber") -> Results:
    """One exercise, which each of these students has so many points for."""
    spec = EXERCISES[exercise]
    rows = tuple(Row(name, spec.id, "graded", got, spec.max_points) for name, got in points.items())
    return dataclasses.replace(sample(), exercises=(spec,), results=rows)


def course_of(*students: str) -> Results:
    """All three exercises, of which each of these students has everything: 25 points."""
    rows = tuple(graded(name, spec) for name in students for spec in EXERCISES.values())
    return dataclasses.replace(sample(), results=rows)


def with_rows(*rows: Row) -> Results:
    """The sample with these rows instead of its own."""
    return dataclasses.replace(sample(), results=rows)


def table(text: str, delimiter: str = ",") -> list[list[str]]:
    """The cells of a CSV file as another reader finds them: Python's, in its strict mode."""
    stream = io.StringIO(text.removeprefix("\ufeff"), newline="")
    return list(csv.reader(stream, delimiter=delimiter, strict=True))


def differing(before: str, after: str, delimiter: str = ",") -> dict[tuple[int, int], str]:
    """The cells that changed, by row and column; the tables have the same shape."""
    old, new = table(before, delimiter), table(after, delimiter)
    assert [len(row) for row in old] == [len(row) for row in new]
    return {
        (i, j): cell for i, row in enumerate(new) for j, cell in enumerate(row) if cell != old[i][j]
    }
