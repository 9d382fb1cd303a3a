"""checks.csv: a row per student and check, for staff who count things in a spreadsheet program."""

from __future__ import annotations

import csv
import io

from grader.defuse import MAX_CHARS, defuse_cell
from grader.results import Results

_COLUMNS = (
    *("student", "exercise", "check", "topic", "outcome", "points", "max_points", "seconds"),
    *("device", "diagnosis"),
)


def checks_csv(results: Results) -> str:
    """The table in the form of marks.csv (see `grader.report.marks`): no cell begins a formula.

    An exercise of which nothing was graded has a row per check, whose outcome is the row's status;
    points and seconds are empty where the grader failed.
    """
    text = io.StringIO("\ufeff")
    text.seek(0, io.SEEK_END)
    table = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    table.writerow(_COLUMNS)
    specs = {spec.id: {check.id: check for check in spec.checks} for spec in results.exercises}
    for row in results.results:
        # Whole: two students whose names begin alike must not have the same rows.
        student = defuse_cell(row.student, max_chars=MAX_CHARS)
        names = (student, defuse_cell(row.exercise))
        checks = specs[row.exercise]
        if row.status != "graded":
            for check in checks.values():
                fault = row.status == "grader_error"
                told = ("", "") if fault else (0, _number(check.max_points))
                one = (defuse_cell(check.id), check.topic, row.status, *told, "", "", "")
                table.writerow((*names, *one))
            continue
        for result in row.checks:
            fault = result.outcome == "grader_error"
            points = (_number(result.points), _number(result.max_points))
            table.writerow(
                (
                    *names,
                    defuse_cell(result.id),
                    checks[result.id].topic,
                    result.outcome,
                    *(("", "") if fault else points),
                    round(result.seconds, 3),
                    defuse_cell(result.device),
                    defuse_cell(result.diagnosis.variant) if result.diagnosis else "",
                )
            )
    return text.getvalue()


def _number(points: float) -> int | float:
    rounded = round(points, 4)
    return int(rounded) if rounded.is_integer() else rounded
