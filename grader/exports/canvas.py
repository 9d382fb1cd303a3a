"""Fills in the gradebook CSV that staff downloaded from Canvas; nothing but the grades changes.

The form, as Canvas' own exporter writes it: a header (`Student` or `LastName, FirstName`, `ID`,
perhaps `SIS User ID`, `SIS Login ID`, …, `Section`, assignments as `Title (id)`, totals), a row
that says `Manual Posting` where an assignment is posted by hand, a row `    Points Possible` in
which the columns that Canvas works out itself say `(read only)`, then the students. `EX` is an
excused student, `N/A` one to whom the assignment isn't given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from grader.errors import UsageError
from grader.exports.grades import grades, has_commas, number, possible, value
from grader.exports.people import Matched, Person, match, plain
from grader.exports.sheet import Line, Sheet, read_sheet
from grader.exports.values import Change, Filling, Left, Target
from grader.results import Results

FOLDER = re.compile(
    r"(?>(?P<name>.*?)_(?:LATE_)?(?P<id>\d+)_(?=\d+(?:_|\Z)))"
    r"(?!(?:[^A-Z\x00-/:-@\[-^`{-\x7f]*_(?:LATE_)?)?\d+_\d+(?:_|\Z))\d+(?:_.*)?",
    re.DOTALL,
)
"""Names in a bulk download: `doejane_LATE_123_456_huber.py`; the first number is the user's.

Not those that can be read with a later number as the user's too, `doejane_12_34_567_huber.py`: the
name of a student, who chooses it, may be `doejane` or `doejane_12`.
"""
_ASSIGNMENT = re.compile(r"(?P<title>.*\S)\s*\((?P<id>\d+)\)", re.DOTALL)
_POINTS_POSSIBLE = "points possible"
_READ_ONLY = "(read only)"
_HEADER_WITHIN = 10
_EXACT = ("sis user id", "sis login id", "integration id")
_TEST_STUDENT = {"student, test", "test student"}
_KEPT = {"EX": "excused (EX)", "N/A": "the assignment isn’t given to this student (N/A)"}
_MOST_LISTED = 8


def fill(results: Results, targets: Sequence[Target], path: Path) -> Filling:
    """The gradebook at `path` with the grades of `results` in it.

    Raises UsageError, one line, for a file that is no gradebook, a column that isn't there or isn't
    the only one that is meant, and where no student has a row.
    """
    sheet = read_sheet(path)
    at = _header(sheet)
    header = sheet.lines[at]
    points_row = _points_row(sheet, at)
    columns = [_column(sheet, header, points_row, results, target) for target in targets]
    if len(set(columns)) < len(columns):
        raise UsageError(f"{sheet.name}: two exercises would go into one column: name another")
    people = _people(sheet, at)
    students = list(dict.fromkeys(row.student for row in results.results))
    matched = match(students, people, FOLDER, "canvas", results.students)
    if not matched.by_row:
        raise UsageError(
            f"{sheet.name}: no row of this gradebook is one of the {len(students)} students graded "
            f"(for example {students[0] if students else 'none'!r}): graded directories must be "
            "named by login, ID or name"
        )
    cells: dict[tuple[int, int], str] = {}
    changes: list[Change] = []
    left = list(matched.students)
    notes = []
    for target, column in zip(targets, columns, strict=True):
        notes += _differs(results, target, header[column], points_row[column] if points_row else "")
        done, kept = _fill_column(sheet, at, results, target, column, matched)
        cells.update({(row, column): change.new for row, change in done.items()})
        changes += done.values()
        left += kept
    return Filling(
        sheet.filled(cells),
        tuple(header[column] for column in columns),
        tuple(changes),
        tuple(left),
        matched.rows,
        tuple(notes),
    )


def _fill_column(
    sheet: Sheet, at: int, results: Results, target: Target, column: int, matched: Matched
) -> tuple[dict[int, Change], list[Left]]:
    comma = has_commas(line[column] for line in sheet.lines[at + 1 :])
    grade_of = grades(results, target.exercises)
    title = sheet.lines[at][column]
    changes, left = {}, []
    for row, student in sorted(matched.by_row.items()):
        old, grade = sheet.lines[row][column], grade_of[student]
        why_not = _KEPT.get(old.strip().upper()) or grade.why_not
        if why_not:
            left.append(Left(student, f"{title}: {why_not}"))
            continue
        shown = _shown(sheet.lines[at], sheet.lines[row])
        changes[row] = Change(student, shown, title, old, number(grade.points, comma=comma))
    return changes, left


def _header(sheet: Sheet) -> int:
    for index, line in enumerate(sheet.lines[:_HEADER_WITHIN]):
        names = {plain(cell.text) for cell in line.cells}
        if "id" in names and names & {"student", "lastname"}:
            return index
    raise UsageError(
        f"{sheet.name}: has no header with the columns Student and ID, so it is no gradebook of "
        "Canvas: give the file that Grades > Export wrote"
    )


def _points_row(sheet: Sheet, at: int) -> Line | None:
    """The row `    Points Possible`, behind one or two others at most."""
    for line in sheet.lines[at + 1 : at + 4]:
        if plain(line[0]) == _POINTS_POSSIBLE:
            return line
    return None


def _column(
    sheet: Sheet, header: Line, points_row: Line | None, results: Results, target: Target
) -> int:
    """The one column that is meant."""
    there = {
        index: found
        for index, cell in enumerate(header.cells)
        if (found := _ASSIGNMENT.fullmatch(cell.text.strip()))
        and not (points_row and plain(points_row[index]) == _READ_ONLY)
    }
    if not there:
        raise UsageError(
            f"{sheet.name}: has no column of an assignment, “Title (123)”: make the assignment in "
            "Canvas and download the gradebook again"
        )
    if target.column:
        wanted = plain(target.column)
        for part in (0, "id", "title"):
            if hits := [i for i, found in there.items() if plain(found[part]) == wanted]:
                break
        problem = f"there are {len(hits)} columns" if hits else "there is no column"
        problem += f" {target.column!r}"
    else:
        specs = [spec for spec in results.exercises if spec.id in target.exercises]
        names = {plain(name) for s in specs[:1] for name in (s.id, s.title.en, s.title.zh)}
        hits = list(there) if len(there) == 1 else []
        if len(specs) == 1 and not hits:
            hits = [i for i, found in there.items() if plain(found["title"]) in names]
        problem = "which column is meant isn’t plain"
    if len(hits) == 1:
        return hits[0]
    listed = [f"“{there[index][0]}”" for index in (hits or there)]
    more = f" and {len(listed) - _MOST_LISTED} more" if len(listed) > _MOST_LISTED else ""
    raise UsageError(
        f"{sheet.name}: {problem}; choose with --column one of: "
        f"{', '.join(listed[:_MOST_LISTED])}{more}"
    )


def _people(sheet: Sheet, at: int) -> list[Person]:
    header = sheet.lines[at]
    columns = _by_name(header)
    people = []
    for row, line in enumerate(sheet.lines[at + 1 :], at + 1):
        name = _name(header, line)
        if not line[columns["id"]].strip() or plain(name) in _TEST_STUDENT:
            continue
        exact = [line[columns[key]] for key in _EXACT if key in columns]
        shown = _shown(header, line)
        people.append(Person(row, shown, line[columns["id"]], tuple(exact), (name,)))
    return people


def _shown(header: Line, line: Line) -> str:
    return f"{_name(header, line)} (line {line.number})"


def _by_name(header: Line) -> dict[str, int]:
    """Columns by their names; of two with one name the first, for Canvas’ own come first."""
    return {plain(cell.text): index for index, cell in reversed([*enumerate(header.cells)])}


def _name(header: Line, line: Line) -> str:
    """“Doe, Jane”; Canvas writes one that begins with an equals sign as `="…"`."""
    columns = _by_name(header)
    keys = ("student",) if "student" in columns else ("lastname", "firstname")
    parts = [line[columns[key]].strip() for key in keys if key in columns]
    bare = [part[2:-1] if re.fullmatch('="[^"]*"', part) else part for part in parts]
    return ", ".join(part for part in bare if part)


def _differs(results: Results, target: Target, title: str, stated: str) -> list[str]:
    most = possible(results, target.exercises)
    there = value(stated)
    if there is None or abs(there - most) < 1e-6:
        return []
    return [
        f"{title}: Canvas gives {number(there)} points, the exercises {number(most)}; "
        "points were entered as they are"
    ]
