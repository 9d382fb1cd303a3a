"""The marks as a table for spreadsheet programs: text in the form that they read without asking."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from grader.defuse import MAX_CHARS, defuse_cell
from grader.report.scores import change, counted, judged, penalty, total
from grader.report.views import Overview, overview
from grader.results import Results, Row

TOTAL = "TOTAL"
"""In place of an exercise, whose ids are lower case."""
_COLUMNS = (
    *("student", "exercise", "status", "points", "max_points"),
    *("penalty", "change", "counts"),
)


def marks_csv(results: Results) -> str:
    """The whole table."""
    return "".join(lines(overview(results)))


class _Line:
    """What a writer of CSV has just written."""

    def write(self, text: str) -> None:
        self.text = text


def lines(view: Overview) -> Iterator[str]:
    """A row per student and exercise, then the student's total.

    `points` are the checks', `counts` is the grade, and the two differ by `penalty` and `change`,
    which are empty where there is none. What the grader failed on has no points, and no maximum
    unless staff settled what it counts for. The text begins with a byte order mark,
    without which Excel takes UTF-8 for the system's old encoding and garbles Chinese names; write
    it as UTF-8 and without translating line ends.
    """
    line = _Line()
    # Every text in quotes: programs whose list separator is the semicolon would otherwise begin a
    # new cell in the middle of a name that has one.
    table = csv.writer(line, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    table.writerow(_COLUMNS)
    yield "\ufeff" + line.text
    for student in view.students:
        # Whole: two students whose names begin alike must not have the same rows.
        name = defuse_cell(student.name, max_chars=MAX_CHARS)
        rows = [row for row in student.brief if row is not None]
        for row in rows:
            table.writerow((name, defuse_cell(row.exercise), row.status, *_cells(row)))
            yield line.text
        # A total is the sum of what stands above it.
        points = total([judged(row) for row in rows]).points
        known = [row for row in rows if counted(row).max_points > 0]
        taken, given = sum(map(penalty, known)), sum(map(change, known))
        score = student.score
        told = (points, score.max_points, taken or None, given or None, score.points)
        table.writerow((name, TOTAL, "", *map(_number, told)))
        yield line.text


def _cells(row: Row) -> list[int | float | str]:
    by_checks, grade = judged(row), counted(row)
    points = by_checks.points if by_checks.max_points > 0 else None
    if grade.max_points <= 0:
        return [_number(points), *[""] * 4]
    taken, given = penalty(row) or None, change(row) or None
    told = (points, grade.max_points, taken, given, grade.points)
    return list(map(_number, told))


def _number(points: float | None) -> int | float | str:
    """Points as they are told elsewhere: whole where they are whole."""
    if points is None:
        return ""
    rounded = round(points, 4)
    return int(rounded) if rounded.is_integer() else rounded
