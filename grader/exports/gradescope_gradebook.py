"""Fills in the grades CSV that staff downloaded from Gradescope; nothing but grades changes.

Two files have this name there. A course's has four columns for each assignment, `Lab 1`, `Lab 1 -
Max Points`, `Lab 1 - Submission Time`, `Lab 1 - Lateness (H:M:S)`; an assignment's has `Total
Score` and `Max Points`, then `Status`, `Submission ID`, …, and perhaps a column per question. Both
begin with who it is: `First Name`, `Last Name` (or `Name`), `SID`, `Email`, `Sections`.

An address is in a Gradescope course once, and it says who a student is; the school's number (SID)
students may enter themselves. (Sources: the files as programs that read them describe them, and
https://help.gradescope.com/article/w59nl02vyt-instructor-course-add-members.)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from grader.errors import UsageError
from grader.exports.grades import grades, has_commas, number, possible, value
from grader.exports.people import Person, match, plain
from grader.exports.sheet import Line, Sheet, read_sheet
from grader.exports.values import Change, Filling, Left, Target
from grader.results import Results, StudentInfo

_MAX = " - max points"
_ONE = {"total score": "max points"}
_NO_FOLDER = re.compile(r"(?!)")
"""A submission's number is a group's, and not in a course's file: it names no row."""
_MOST_LISTED = 8


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where things stand; `grades` has the column of the maximum for each column of grades."""

    first: int | None
    last: int | None
    name: int | None
    sid: int | None
    email: int | None
    grades: Mapping[int, int]


def fill(results: Results, target: Target, path: Path) -> Filling:
    """The gradebook at `path` with the grades of `results` in it.

    Raises UsageError, one line, for a file that is no gradebook of Gradescope, a column that isn't
    there or isn't the only one that is meant, and where no student has a row.
    """
    sheet = read_sheet(path)
    columns = _columns(sheet)
    column = _column(sheet, columns, results, target)
    people = _people(sheet, columns)
    students = list(dict.fromkeys(row.student for row in results.results))
    matched = match(students, people, _NO_FOLDER, "gradescope", _by_address(results.students))
    if not matched.by_row:
        raise UsageError(
            f"{sheet.name}: no row of this gradebook is one of the {len(students)} students graded "
            f"(for example {students[0] if students else 'none'!r}): graded directories must be "
            "named by SID, address or name"
        )
    title, body = sheet.lines[0][column], sheet.lines[1:]
    numeric = (column, columns.grades[column])
    comma = has_commas(line[index] for line in body for index in numeric)
    grade_of = grades(results, target.exercises)
    shown = {person.row: person.shown for person in people}
    cells: dict[tuple[int, int], str] = {}
    changes, left = [], list(matched.students)
    for row, student in sorted(matched.by_row.items()):
        grade = grade_of[student]
        if grade.why_not:
            left.append(Left(student, grade.why_not))
            continue
        old, new = sheet.lines[row][column], number(grade.points, comma=comma)
        cells[row, column] = new
        changes.append(Change(student, shown[row], title, old, new))
    return Filling(
        sheet.filled(cells),
        (title,),
        tuple(changes),
        tuple(left),
        matched.rows,
        tuple(_differs(sheet, results, target, columns.grades[column])),
    )


def _by_address(infos: Mapping[str, StudentInfo]) -> dict[str, StudentInfo]:
    """What is known of students, with Gradescope's own told by their addresses."""
    return {
        name: replace(info, id=info.email) if info.lms == "gradescope" else info
        for name, info in infos.items()
    }


def _columns(sheet: Sheet) -> _Columns:
    header = sheet.lines[0]
    there: dict[str, int] = {}
    for index, cell in enumerate(header.cells):
        there.setdefault(plain(cell.text), index)
    maxima = {title: there[title + _MAX] for title in there if title + _MAX in there}
    maxima |= {title: there[most] for title, most in _ONE.items() if {title, most} <= set(there)}
    if not maxima or not {"sid", "email"} & set(there):
        raise UsageError(
            f"{sheet.name}: has no header with SID or Email and a column with its Max Points, so "
            "it is no gradebook of Gradescope: give the CSV file that “Download Grades” wrote"
        )
    return _Columns(
        there.get("first name"),
        there.get("last name"),
        there.get("name"),
        there.get("sid"),
        there.get("email"),
        {there[title]: most for title, most in maxima.items()},
    )


def _column(sheet: Sheet, columns: _Columns, results: Results, target: Target) -> int:
    """The one column that is meant."""
    titles = {index: plain(sheet.lines[0][index]) for index in columns.grades}
    if target.column:
        hits = [index for index, title in titles.items() if title == plain(target.column)]
        problem = f"there is no column {target.column!r}"
    else:
        specs = [spec for spec in results.exercises if spec.id in target.exercises]
        names = {plain(name) for s in specs for name in (s.id, s.title.en, s.title.zh)}
        hits = list(titles) if len(titles) == 1 else []
        if len(specs) == 1 and not hits:
            hits = [index for index, title in titles.items() if title in names]
        problem = "which column is meant isn’t plain"
    if len(hits) == 1:
        return hits[0]
    listed = [f"“{sheet.lines[0][index].strip()}”" for index in hits or titles]
    more = f" and {len(listed) - _MOST_LISTED} more" if len(listed) > _MOST_LISTED else ""
    raise UsageError(
        f"{sheet.name}: {problem}; choose with --column one of: "
        f"{', '.join(listed[:_MOST_LISTED])}{more}"
    )


def _people(sheet: Sheet, columns: _Columns) -> list[Person]:
    people = []
    for row, line in enumerate(sheet.lines[1:], 1):
        names = _names(line, columns)
        email = "" if columns.email is None else line[columns.email].strip()
        sid = "" if columns.sid is None else line[columns.sid].strip()
        if not (email or sid or names):
            continue
        exact = tuple(one for one in (sid, email) if one)
        shown = f"{(names or exact)[0]} (line {line.number})"
        people.append(Person(row, shown, email, exact, names))
    return people


def _names(line: Line, columns: _Columns) -> tuple[str, ...]:
    if columns.first is not None and columns.last is not None:
        first, last = line[columns.first].strip(), line[columns.last].strip()
        if first and last:
            return f"{first} {last}", f"{last}, {first}"
        name = first or last
    else:
        name = "" if columns.name is None else line[columns.name].strip()
    return (name,) if name else ()


def _differs(sheet: Sheet, results: Results, target: Target, column: int) -> list[str]:
    most = possible(results, target.exercises)
    stated = {value(line[column]) for line in sheet.lines[1:]} - {None, most}
    return [
        f"Gradescope’s maximum is {number(there)}, that of the exercises {number(most)}; points "
        "were entered as they are"
        for there in sorted(filter(None, stated))[:3]
    ]
