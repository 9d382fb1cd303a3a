"""From a platform's download to its gradebook: everybody lands on their own row."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING

from msgspec import structs

from grader.exports import canvas as canvas_gradebook
from grader.exports import moodle as moodle_worksheet
from grader.exports.values import Target
from grader.grading import known_students
from grader.lms import opened
from grader.results import from_json, to_json

from ..report.sample import EXERCISES, graded, sample
from .downloads import CODE, canvas, moodle, write_zip

if TYPE_CHECKING:
    from pathlib import Path

    from grader.results import Results


def results_of(archive: Path) -> Results:
    """Results of a download in which everybody has other points, as the file brings them back."""
    with opened(archive) as found:
        infos = known_students(found, found.students)
        names = [student.name for student in found.students]
    rows = [graded(name, EXERCISES[0], "passed") for name in names]
    rows = [structs.replace(row, points=float(number)) for number, row in enumerate(rows, 1)]
    made = replace(sample(), results=tuple(rows), exercises=(EXERCISES[0],), students=infos)
    return from_json(to_json(made))


def filled(text: str, key: str, grade: str) -> dict[str, str]:
    """A column of a CSV by another one."""
    return {
        row[key]: row[grade] for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    }


def test_canvas(tmp_path: Path) -> None:
    """By user id, whatever became of the name in the zip; nobody else's row changes."""
    archive = write_zip(
        tmp_path / "s.zip",
        {
            canvas("Doe, Jane", 4242, 1): CODE,
            canvas("O'Neil, Zoë", 17, 2, late=True): CODE,
            canvas("王小明", 18, 3): CODE,
            canvas("王小明", 19, 4): CODE,
            canvas("王小明", 19, 5, "huber-1.py"): CODE,
        },
    )
    results = results_of(archive)
    by_id = {results.students[row.student].id: f"{row.points:g}" for row in results.results}
    gradebook = tmp_path / "grades.csv"
    gradebook.write_text(
        "Student,ID,SIS Login ID,Section,Huber (77)\n"
        "    Points Possible,,,,10\n"
        '"王小明",19,w19,A,\n"Absent, Ada",99,aada,A,3\n"Doe, Jane",4242,jdoe,A,\n'
        '"O\'Neil, Zoë",17,zo,A,\n"王小明",18,w18,A,\n',
        "utf-8",
    )
    done = canvas_gradebook.fill(results, [Target((EXERCISES[0].id,))], gradebook)
    grades = filled(done.text, "ID", "Huber (77)")
    assert {who: grades[who] for who in by_id} == by_id
    assert len(set(by_id.values())) == 4
    assert grades["99"] == "3"
    assert done.students == ()


def test_moodle(tmp_path: Path) -> None:
    """By participant's number, for namesakes and under blind marking."""
    for word in ("Kim Lee", "Participant"):
        archive = write_zip(
            tmp_path / f"{word}.zip", {moodle(word, number): CODE for number in (104, 105, 106)}
        )
        results = results_of(archive)
        by_id = {results.students[row.student].id: f"{row.points:g}" for row in results.results}
        worksheet = tmp_path / "Grades.csv"
        lines = ["Identifier,Full name,Email address,Status,Grade,Maximum Grade"]
        lines += [
            f"Participant {n},Kim Lee,k{n}@example.org,Submitted,,10" for n in range(103, 107)
        ]
        worksheet.write_text("\ufeff" + "\r\n".join([*lines, ""]), "utf-8")
        done = moodle_worksheet.fill(results, Target((EXERCISES[0].id,)), worksheet, "en")
        grades = filled(done.text, "Identifier", "Grade")
        assert {number: grades[f"Participant {number}"] for number in by_id} == by_id
        assert len(set(by_id.values())) == 3
        assert grades["Participant 103"] == ""
