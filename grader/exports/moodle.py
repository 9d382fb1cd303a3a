"""Fills in the grading worksheet that staff downloaded from a Moodle assignment.

Columns are told by their names in English, German and Chinese, as Moodle's language packs have
them, and where those don't help by their places: the identifier comes first, comments last.
`Identifier` is the word for a participant in the site's language with a number, which stands in the
folder names of a bulk download too. Moodle refuses a grade in a row whose `Grade can be changed`
says no, so such a row is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UsageError
from grader.exports.comments import comment, is_ours
from grader.exports.grades import grades, has_commas, number, possible, value
from grader.exports.people import Person, match, plain
from grader.exports.sheet import Line, Sheet, read_sheet
from grader.exports.values import Change, Filling, Left, Target
from grader.exports.worksheet import NAMES, PARTICIPANT
from grader.results import Results

FOLDER = re.compile(r"(?>.*?_(?P<id>\d+)_assignsubmission_)(?:file|onlinetext)_?", re.DOTALL)
"""Names in a bulk download: `Jane Doe_123_assignsubmission_file_`, a group's name before it.

The first number counts: a student chooses what a file's name says after it.
"""
_NO = {"no", "nein", "否", "不"}


@dataclass(frozen=True, slots=True)
class _Columns:
    identifier: int
    grade: int
    names: tuple[int, ...]
    exact: tuple[int, ...]
    maximum: int | None
    changeable: int | None
    comments: int | None


def fill(results: Results, target: Target, path: Path, lang: str) -> Filling:
    """The worksheet at `path` with the grades of `results` in it and comments in `lang`.

    Raises UsageError, one line, for a file that is no grading worksheet and where no student has a
    row in it.
    """
    sheet = read_sheet(path)
    header = sheet.lines[0]
    columns = _columns(sheet, header, target)
    people = _people(sheet, columns)
    students = list(dict.fromkeys(row.student for row in results.results))
    matched = match(students, people, FOLDER, "moodle", results.students)
    if not matched.by_row:
        raise UsageError(
            f"{sheet.name}: no row of this worksheet is one of the {len(students)} students graded "
            f"(for example {students[0] if students else 'none'!r}): graded directories must be "
            "named as in Moodle’s download of all submissions, or by full name or address"
        )
    body = sheet.lines[1:]
    numeric = [i for i in (columns.grade, columns.maximum) if i is not None]
    comma = has_commas(line[index] for line in body for index in numeric)
    grade_of = grades(results, target.exercises)
    shown = {person.row: person.shown for person in people}
    cells: dict[tuple[int, int], str] = {}
    changes, left, others = [], list(matched.students), 0
    for row, student in sorted(matched.by_row.items()):
        line, grade = sheet.lines[row], grade_of[student]
        locked = columns.changeable is not None and plain(line[columns.changeable]) in _NO
        why_not = "its grade can’t be changed in Moodle" if locked else grade.why_not
        if why_not:
            left.append(Left(student, why_not))
            continue
        new = number(grade.points, comma=comma)
        cells[row, columns.grade] = new
        old = line[columns.grade]
        changes.append(Change(student, shown[row], header[columns.grade], old, new))
        if columns.comments is not None:
            there = line[columns.comments]
            if there.strip() and not is_ours(there):
                others += 1
            else:
                cells[row, columns.comments] = comment(results, grade, lang)
    notes = _differs(results, target, columns, body)
    if columns.comments is None:
        notes.append("the worksheet has no column for comments, so none were written")
    if others:
        notes.append(f"{others} row(s) had a comment of somebody’s own, which was kept")
    filled = (header[columns.grade],)
    return Filling(
        sheet.filled(cells), filled, tuple(changes), tuple(left), matched.rows, tuple(notes)
    )


def _columns(sheet: Sheet, header: Line, target: Target) -> _Columns:
    there: dict[str, int] = {}
    for index, cell in enumerate(header.cells):
        for role, names in NAMES.items():
            if plain(cell.text) in names:
                there.setdefault(role, index)
    grade = there.get("grade")
    if target.column:
        wanted = plain(target.column)
        hits = [i for i, cell in enumerate(header.cells) if plain(cell.text) == wanted]
        grade = hits[0] if len(hits) == 1 else None
    elif grade is None and "maximum" in there:
        grade = there["maximum"] - 1  # where Moodle puts it
    first = [PARTICIPANT.fullmatch(line[0].strip()) for line in sheet.lines[1:]]
    identifier = there.get("identifier", 0 if any(first) else None)
    if identifier is None or grade is None or grade <= identifier:
        named = ", ".join(f"“{cell.text}”" for cell in header.cells[:12])
        what = f"column {target.column!r}" if target.column else "columns of a grading worksheet"
        raise UsageError(
            f"{sheet.name}: has no {what}; give the file that Moodle’s “Download grading "
            f"worksheet” wrote, or name the column of the grades with --column: {named}"
        )
    last = len(header.cells) - 1
    comments = there.get("comments")
    if comments is None and there.get("modified", last) == last - 1:
        comments = last
    return _Columns(
        identifier,
        grade,
        tuple(there[role] for role in ("full name",) if role in there),
        tuple(there[role] for role in ("email", "username", "id number") if role in there),
        there.get("maximum"),
        there.get("changeable"),
        comments,
    )


def _people(sheet: Sheet, columns: _Columns) -> list[Person]:
    people = []
    for row, line in enumerate(sheet.lines[1:], 1):
        told = line[columns.identifier].strip()
        found = PARTICIPANT.fullmatch(told)
        if found is None:
            continue
        names = tuple(line[index] for index in columns.names)
        exact = tuple(line[index] for index in columns.exact)
        shown = f"{names[0] if names else told} (line {line.number})"
        people.append(Person(row, shown, found["id"], exact, names, told))
    return people


def _differs(
    results: Results, target: Target, columns: _Columns, body: Sequence[Line]
) -> list[str]:
    if columns.maximum is None:
        return []
    most = possible(results, target.exercises)
    stated = {value(line[columns.maximum]) for line in body} - {None, most}
    return [
        f"Moodle’s maximum is {number(there)}, that of the exercises {number(most)}; points were "
        "entered as they are"
        for there in sorted(filter(None, stated))[:3]
    ]
