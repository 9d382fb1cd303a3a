"""Gradescope's grades file: both kinds of it, whose row is whose, and nothing else changes."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.errors import UsageError
from grader.exports.gradescope_gradebook import fill
from grader.exports.values import Filling, Target
from grader.results import StudentInfo

from .classes import class_of, course_of, differing
from .test_flow import call

if TYPE_CHECKING:
    from grader.results import Results

COURSE = (
    "First Name,Last Name,SID,Email,Sections,section_name,"
    "Lab 1,Lab 1 - Max Points,Lab 1 - Submission Time,Lab 1 - Lateness (H:M:S),"
    "Huber loss,Huber loss - Max Points,Huber loss - Submission Time,"
    "Huber loss - Lateness (H:M:S),Total Lateness (H:M:S)\r\n"
    'Jane,"O\'Doe, Jr.",0123,jane@example.org,A,,4.0,5.0,2026-01-05 03:00:00 -0800,00:00:00,'
    ",10.0,2026-01-12 03:00:00 -0800,01:00:00,01:00:00\r\n"
    "Kim,Lee,124,kim@example.org,A,,,5.0,,,2.5,10.0,2026-01-12 03:00:00 -0800,00:00:00,00:00:00\r\n"
    'Kim,"Lee",126,lee@example.org,,,,5.0,,, 3.50,10.0,,,00:00:00\r\n'
    "小明,王,,wang@example.org,,,,5.0,,,,10.0,,,00:00:00\r\n"
    "Ada,Absent,127,ada@example.org,,,,5.0,,,,10.0,,,\r\n"
)
ASSIGNMENT = (
    "First Name,Last Name,SID,Email,Sections,Total Score,Max Points,Status,Submission ID,"
    "Submission Time,Lateness (H:M:S),View Count,Submission Count,1: Values (6.0 pts)\n"
    "Jane,Doe,0123,jane@example.org,A,,10.0,Ungraded,12,2026-01-12 03:00:00 -0800,0:00:00,0,1,\n"
    "Kim,Lee,124,kim@example.org,A,2.0,10.0,Graded,13,2026-01-12 03:00:00 -0800,0:00:00,0,1,2.0\n"
    "Ada,Absent,127,ada@example.org,A,,10.0,Missing\n"
)
HUBER = Target(("huber",))


def filled(
    folder: Path, results: Results, text: str = COURSE, target: Target = HUBER
) -> tuple[Filling, dict[tuple[int, int], str]]:
    """The filling and the cells that changed."""
    path = folder / "grades.csv"
    path.write_bytes(text.encode())
    done = fill(results, target, path)
    return done, differing(text, done.text)


def with_infos(results: Results, **infos: StudentInfo) -> Results:
    """The results with what Gradescope's list says of students."""
    return dataclasses.replace(results, students=infos)


def listed(sid: str, email: str, number: str = "12") -> StudentInfo:
    """A student of Gradescope's list."""
    return StudentInfo("gradescope", number, sid, email)


def test_a_course_s_file(tmp_path: Path) -> None:
    """By address; a group of one submission has a row each; the rest stays to the byte."""
    results = with_infos(
        class_of({"Jane": 7.5, "Kim Lee (124)": 6.0, "Kim Lee (126)": 4.0}),
        **{
            "Jane": listed("0123", "Jane@Example.org"),
            "Kim Lee (124)": listed("124", "kim@example.org"),
            "Kim Lee (126)": listed("126", "lee@example.org"),
        },
    )
    done, changed = filled(tmp_path, results)
    assert changed == {(1, 10): "7.5", (2, 10): "6", (3, 10): "4"}
    assert done.columns == ("Huber loss",)
    assert done.students == ()
    assert done.notes == ()
    assert [one.who for one in done.rows] == ["小明 王 (line 5)", "Ada Absent (line 6)"]
    assert (
        done.text.replace(",7.5,10.0", ",,10.0")
        .replace(",6,10.0", ",2.5,10.0")
        .replace(",4,10.0", ", 3.50,10.0")
        == COURSE
    )


def test_an_assignment_s_file(tmp_path: Path) -> None:
    """The total is filled in; a row that Gradescope cut short stays so."""
    results = class_of({"Jane Doe": 7.5, "Lee, Kim": 3.0})
    done, changed = filled(tmp_path, results, ASSIGNMENT)
    assert changed == {(1, 5): "7.5", (2, 5): "3"}
    assert done.text.endswith("Ada,Absent,127,ada@example.org,A,,10.0,Missing\n")


def test_an_address_decides(tmp_path: Path) -> None:
    """Whoever takes another's number or name gets their own row, and takes nobody's."""
    results = with_infos(
        class_of({"Kim Lee": 9.0, "Jane": 1.0}),
        **{
            "Kim Lee": listed("0123", "kim@example.org"),
            "Jane": listed("0123", "jane@example.org"),
        },
    )
    assert filled(tmp_path, results)[1] == {(1, 10): "1", (2, 10): "9"}
    gone = with_infos(
        class_of({"Ada Absent": 9.0, "Jane": 1.0}),
        **{"Ada Absent": listed("1", "a@x.org"), "Jane": listed("0123", "jane@example.org")},
    )
    done, changed = filled(tmp_path, gone)
    assert changed == {(1, 10): "1"}
    assert [(one.who, one.why) for one in done.students] == [
        ("Ada Absent", "no row of the file is this student’s")
    ]


def test_without_an_address(tmp_path: Path) -> None:
    """The school's number tells, or the name of a directory; who fits two rows gets none."""
    results = with_infos(
        class_of({"somebody": 1.0, "王小明": 2.0, "Kim Lee": 3.0, "ada": 4.0}),
        somebody=listed("0123", ""),
    )
    done, changed = filled(tmp_path, results)
    assert changed == {(1, 10): "1", (4, 10): "2", (5, 10): "4"}
    assert [one.why.partition(":")[0] for one in done.students] == [
        "fits 2 rows, so none was filled"
    ]


def test_one_column_of_names(tmp_path: Path) -> None:
    """Some courses' files have `Name` and no number."""
    text = "Name,Email,Lab,Lab - Max Points\nKim Lee,k@x.org,,10.0\n,l@x.org,,10.0\n,,,\n"
    done, changed = filled(tmp_path, class_of({"Lee, Kim": 3.0, "l@x.org": 2.0}), text)
    assert changed == {(1, 2): "3", (2, 2): "2"}
    assert done.rows == ()


def test_names_of_one_part(tmp_path: Path) -> None:
    """A first name alone is the whole name."""
    text = "First Name,Last Name,SID,Lab,Lab - Max Points\nSuharto,,1,,10.0\n,Ng,2,,10.0\n"
    _, changed = filled(tmp_path, class_of({"Suharto": 3.0, "ng": 2.0}), text)
    assert changed == {(1, 3): "3", (2, 3): "2"}


def test_another_maximum_is_told(tmp_path: Path) -> None:
    """And points are entered as they are."""
    done, changed = filled(
        tmp_path, class_of({"jane@example.org": 7.0}), target=Target(("huber",), " lab 1 ")
    )
    assert changed == {(1, 6): "7"}
    assert done.notes == (
        "Gradescope’s maximum is 5, that of the exercises 10; points were entered as they are",
    )


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("a,b\n1,2\n", "", "has no header with SID or Email and a column with its Max Points"),
        ("Name,Lab,Lab - Max Points\nKim,1,2\n", "", "has no header with SID or Email"),
        (COURSE, "Lab 2", "there is no column 'Lab 2'; choose with --column one of: “Lab 1”, “Hub"),
        (COURSE, "Lab 1 - Max Points", "there is no column 'Lab 1 - Max Points'"),
        (
            ASSIGNMENT.replace("jane@", "x@"),
            "",
            "no row of this gradebook is one of the 1 students",
        ),
        ("", "", "the file is empty"),
    ],
)
def test_what_is_refused(text: str, column: str, said: str, tmp_path: Path) -> None:
    """In one line that says how to mend it."""
    with pytest.raises(UsageError) as error:
        filled(tmp_path, class_of({"jane@example.org": 7.0}), text, Target(("huber",), column))
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_which_column_is_asked(tmp_path: Path) -> None:
    """Where the exercises together are meant and there are several."""
    everything = Target(("huber", "precision", "pipeline"))
    with pytest.raises(UsageError, match="which column is meant isn’t plain"):
        filled(tmp_path, course_of("jane@example.org"), target=everything)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Beside the file that was downloaded; one column, one file."""
    from grader.results import to_json

    book, results = tmp_path / "grades.csv", tmp_path / "results.json"
    book.write_bytes(COURSE.encode())
    results.write_text(to_json(class_of({"Jane O'Doe, Jr.": 7.0, "lee@example.org": 2.0})), "utf-8")
    arguments = (results, "--format", "gradescope-gradebook", "--into", book)
    status, out, err = call(*arguments, capsys=capsys)
    assert (status, err) == (0, "")
    assert out.splitlines()[0] == "Huber loss: 2 grade(s) entered"
    after = (tmp_path / "grades-filled.csv").read_bytes().decode()
    assert differing(COURSE, after) == {(1, 10): "7", (3, 10): "2"}
    assert book.read_bytes().decode() == COURSE
    two = ("--column", "a", "--column", "b")
    status, _, err = call(*arguments, *two, capsys=capsys)
    assert (status, err.count("\n")) == (2, 1)
    assert "this gradebook has one column of grades" in err
    status, _, err = call(*arguments[:3], capsys=capsys)
    assert "name the one that you downloaded with --into" in err
