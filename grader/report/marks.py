"""The marks as a table for spreadsheet programs: text in the form that they read without asking."""

from __future__ import annotations

import csv
import io

from grader.defuse import MAX_CHARS, defuse_cell
from grader.report.views import judged, overview
from grader.results import Results

TOTAL = "TOTAL"
"""In place of an exercise, whose ids are lower case."""
_COLUMNS = ("student", "exercise", "status", "points", "max_points")


def marks_csv(results: Results) -> str:
    """A row per student and exercise, then the student's total, as the class page counts them.

    What the grader failed on has no points and no maximum. The text begins with a byte order mark,
    without which Excel takes UTF-8 for the system's old encoding and garbles Chinese names; write
    it as UTF-8 and without translating line ends.
    """
    text = io.StringIO("\ufeff")
    text.seek(0, io.SEEK_END)
    # Every text in quotes: programs whose list separator is the semicolon would otherwise begin a
    # new cell in the middle of a name that has one.
    table = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    table.writerow(_COLUMNS)
    for student in overview(results).students:
        # Whole: two students whose names begin alike must not have the same rows.
        name = defuse_cell(student.name, max_chars=MAX_CHARS)
        for row in student.rows:
            if row is not None:
                score = judged(row)
                marks = _numbers(score.points, score.max_points) if score.max_points > 0 else ()
                table.writerow((name, defuse_cell(row.exercise), row.status, *(marks or ("", ""))))
        total = student.score
        table.writerow((name, TOTAL, "", *_numbers(total.points, total.max_points)))
    return text.getvalue()


def _numbers(*values: float) -> list[int | float]:
    """Points as they are told elsewhere: whole where they are whole."""
    rounded = [round(value, 4) for value in values]
    return [int(value) if value.is_integer() else value for value in rounded]
