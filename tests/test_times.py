"""`--times FILE`: when students handed in, by whom it fits, and nobody it doesn't fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from grader import course
from grader.course import Course
from grader.deadlines import iso
from grader.errors import UsageError
from grader.lms import HandedIn
from grader.lms.values import HandIn, Person
from grader.results import StudentInfo
from grader.submissions import Student
from grader.times import owners, read_times, timed
from grader.timetable import Extension

TINY = course.load(Path(__file__).parent / "courses" / "tiny")
BERLIN = replace(TINY, zone=ZoneInfo("Europe/Berlin"))
WORKSHEET = (
    '\ufeffIdentifier,"Full name","Email address",Status,Grade,"Maximum Grade",'
    '"Grade can be changed","Last modified (submission)","Last modified (grade)",'
    '"Feedback comments"\r\n'
    '"Participant 101","Jane Doe",jane@x.edu,"Submitted for grading - ",,10.00,Yes,'
    '"Monday, 12 October 2026, 12:30 PM",-,\r\n'
    '"Participant 102","Kim Lee",kim@x.edu,"No submission - ",,10.00,Yes,-,-,\r\n'
    '"Participant 103","Kim Lee",lee@x.edu,"Submitted for grading - ",,10.00,Yes,'
    '"Tuesday, October 13, 2026, 9:05 AM",-,\r\n'
    '"Participant 104","Ann Ek",ann@x.edu,"Submitted for grading - ",,10.00,Yes,'
    '"Tuesday, 13 October 2026, 9:05 AM",-,\r\n'
)


def handed_in(*persons: Person) -> HandedIn:
    """A class of these, with nothing in it."""
    found = tuple(HandIn(one, Student(one.name, Path(), "given")) for one in persons)
    return HandedIn(Path(), "plain", found)


def whose(
    folder: Path, text: str, *persons: Person, of: Course = BERLIN
) -> tuple[dict[str, dict[str, str]], tuple[str, ...]]:
    """The times that each student is told to have, by exercise; and what is warned of."""
    file = folder / "times.csv"
    file.write_text(text, "utf-8")
    found, warnings = timed(handed_in(*persons), of, read_times(file, of))
    told = {
        name: {key: iso(at) for key, at in (one.told or {}).items()} for name, one in found.items()
    }
    return told, tuple(line.replace(str(file), "FILE") for line in warnings)


def complaint(folder: Path, text: str, of: Course = BERLIN) -> str:
    """The one line about a file."""
    file = folder / "times.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(UsageError) as caught:
        read_times(file, of)
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(f"{file}: ")


def test_moodles_worksheet(tmp_path: Path) -> None:
    """By participant's number, namesakes apart; who handed in nothing has no time."""
    people = [
        Person("Jane Doe", "moodle", "101"),
        Person("Kim Lee (102)", "moodle", "102"),
        Person("Kim Lee (103)", "moodle", "103"),
    ]
    told, warnings = whose(tmp_path, WORKSHEET, *people)
    assert told == {
        "Jane Doe": {"": "2026-10-12T10:30:00Z"},
        "Kim Lee (102)": {},
        "Kim Lee (103)": {"": "2026-10-13T07:05:00Z"},
    }
    assert warnings == (
        "FILE: 1 row(s) used for nobody: Ann Ek (line 5): not among the students graded",
    )


def test_moodles_worksheet_and_directories_by_name(tmp_path: Path) -> None:
    """A namesake gets nobody's time."""
    told, warnings = whose(tmp_path, WORKSHEET, Person("Doe, Jane"), Person("Ann Ek"))
    assert told == {
        "Doe, Jane": {"": "2026-10-12T10:30:00Z"},
        "Ann Ek": {"": "2026-10-13T07:05:00Z"},
    }
    assert len(warnings) == 1
    assert "Kim Lee (line 4)" in warnings[0]


@pytest.mark.parametrize(
    ("header", "identifier", "written"),
    [
        ("ID,Vollständiger Name,Status,Bewertung,Zuletzt geändert (Abgabe)", "Teilnehmer/in7",
         "Montag, 12. Oktober 2026, 15:45"),
        ("识别码,全名,状态,成绩,最后修改（学生）", "参与者7", "2026年10月12日 星期一 15:45"),
        ("识别码,全名,状态,成绩,最后修改（提交）", "参与者7", "2026年10月12日 星期一 下午 3:45"),
        ("Identifier,Full name,Status,Grade,Last modified (submission)", "Participant 7",
         "Monday, 12 October 2026, 3:45\u202fPM"),
        ("Identifier,Full name,Status,Grade,Last modified (submission)", "Participant 7",
         "12 October 2026, 15:45"),
    ],
)  # fmt: skip
def test_moodles_languages(tmp_path: Path, header: str, identifier: str, written: str) -> None:
    """Headers and times as Moodle writes them for an English, a German or a Chinese teacher."""
    text = f'{header}\n{identifier},Jane Doe,,,"{written}"\n'
    told, _ = whose(tmp_path, text, Person("Jane Doe", "moodle", "7"))
    assert told == {"Jane Doe": {"": "2026-10-12T13:45:00Z"}}


def test_empty_rows_are_passed_over(tmp_path: Path) -> None:
    """As spreadsheet programs leave them behind a table."""
    told, _ = whose(tmp_path, "student,submitted\nada,2026-10-12 18:00\n,\n , \n", Person("ada"))
    assert told == {"ada": {"": "2026-10-12T16:00:00Z"}}


def test_noon_and_midnight(tmp_path: Path) -> None:
    """12 PM is noon, 12 AM midnight."""
    for half, utc in (("PM", "2026-10-12T10:10:00Z"), ("AM", "2026-10-11T22:10:00Z")):
        text = WORKSHEET.replace("12:30 PM", f"12:10 {half}")
        told, _ = whose(tmp_path, text, Person("Jane Doe", "moodle", "101"))
        assert told == {"Jane Doe": {"": utc}}


def test_a_table(tmp_path: Path) -> None:
    """By name, id, login or address; of one exercise or of all; with or without an offset."""
    text = (
        "Student;Submitted;Exercise\n"
        "Jane Doe;2026-10-12 18:00;\n"
        "jane doe;2026-10-12T18:00:00-07:00;square\n"
        "4243;2026-10-12 18:00:00 UTC;square\n"
        "wxm@x.cn;2026-10-12 18:00:00 -0700;\n"
        "pat;2026-10-12T18:00:00.25Z;\n"
    )
    people = [
        Person("doejane", "canvas", "4242"),
        Person("kim", "canvas", "4243"),
        Person("王小明", "gradescope", "9", "125", "wxm@x.cn"),
        Person("pat"),
    ]
    told, warnings = whose(tmp_path, text.replace("jane doe", "Jane Doe"), *people)
    assert told == {
        "doejane": {"": "2026-10-12T16:00:00Z", "square": "2026-10-13T01:00:00Z"},
        "kim": {"square": "2026-10-12T18:00:00Z"},
        "王小明": {"": "2026-10-13T01:00:00Z"},
        "pat": {"": "2026-10-12T18:00:00Z"},
    }
    assert warnings == ()


def test_rows_that_fit_nobody_or_several(tmp_path: Path) -> None:
    """Are listed, and nobody gets their times."""
    text = "student,submitted\n" + "".join(
        f"{who},2026-10-12 18:00\n" for who in ("Kim Lee", "eve", "doejane", "4242", "=cmd()")
    )
    people = [
        Person("Kim Lee (1)", "canvas", "1", "kim"),
        Person("leekim", "canvas", "2"),
        Person("kimlee", "canvas", "3"),
        Person("doejane", "canvas", "4242"),
    ]
    told, warnings = whose(tmp_path, text, *people)
    assert not any(told.values())
    (line,) = warnings
    assert line.startswith("FILE: 5 row(s) used for nobody: 'Kim Lee': ")
    assert line.endswith(" and 2 more")
    assert "'eve': nobody who handed in is called so" in line
    assert "'doejane': 'doejane' is named in other ways, too" in line


def test_a_name_that_is_somebodys_number() -> None:
    """Students choose their names: of two whom a text fits neither is taken."""
    infos = {"ada": StudentInfo("canvas", "7"), "7": StudentInfo("canvas", "8")}
    found, left = owners(["7"], ["ada", "7"], infos)
    assert (found, left) == ({}, ["'7': 2 students fit"])


@pytest.mark.parametrize("text", ["ada@example.org", "7"])
def test_nobody_takes_the_place_of_who_is_absent(text: str) -> None:
    """A name like an address or a number isn't one: whoever is meant hasn't handed in yet."""
    infos = {text: StudentInfo("gradescope", "9", "mal", "mal@example.org")}
    found, left = owners([text], [text], infos)
    assert found == {}
    assert [line.partition(", ")[0] for line in left] == [
        f"{text!r}: is the name of {text!r} alone"
    ]
    assert owners([text], [text], {text: StudentInfo("gradescope", "9", "", text)})[0]
    assert owners([text], [text], {text: StudentInfo("canvas", text)})[0]
    assert owners([text], [text], {})[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,when\n", "line 1 must be student,submitted or student,submitted,exercise, or that"
         " of Moodle’s grading worksheet, with the columns “Identifier” and “Last modified"
         " (submission)”"),
        ("student,submitted\n,2026-10-12 18:00\n", "line 2: names no student"),
        (
            "student,submitted,Submitted\nada,2026-10-12 18:00,2026-10-13 18:00\n",
            "line 1: the column submitted is there twice: remove one",
        ),
        ("student,submitted,exercise\nada,2026-10-12 18:00,cube\n",
         "line 2: the course has no exercise 'cube'"),
        ("student,submitted\nada,2026-10-12 18:00\nAda,2026-10-12 18:00\n",
         "line 3: 'Ada' has a time further up; remove one"),
        *((f"student,submitted\nada,{bad}\n", f"line 2: {bad!r} is no time; write 2026-10-12 18:00"
           " or, with an offset, 2026-10-12T18:00:00+02:00")
          for bad in ("", "12/10/2026 18:00", "2026-10-12", "2026-02-30 18:00", "0001-01-01 00:00",
                      "2026-10-12 25:00", "12 Brumaire 2026 18:00", "1 May 2026 13:00 PM",
                      "32. Mai 2026 13:00")),
        ("student,submitted\nada," + "9" * 100, f"line 2: '{'9' * 60}… (+40)' is no time"),
    ],
)  # fmt: skip
def test_what_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """In one line that says which line of the file, and what to write."""
    assert complaint(tmp_path, text).startswith(said)


def test_times_of_no_place(tmp_path: Path) -> None:
    """Without an offset they need the course's zone."""
    text = "student,submitted\nada,2026-10-12 18:00\n"
    assert complaint(tmp_path, text, TINY) == (
        "line 2: '2026-10-12 18:00' is of no place: write time_zone = \"Europe/Berlin\", or"
        " whichever is yours, at the top of course.toml"
    )
    told, _ = whose(tmp_path, text.replace(":00\n", ":00Z\n"), Person("ada"), of=TINY)
    assert told == {"ada": {"": "2026-10-12T18:00:00Z"}}


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't be read"):
        read_times(tmp_path / "none.csv", BERLIN)


def test_extensions_find_their_students() -> None:
    """By whatever names them; those who didn't hand in, or can't be told, are listed."""
    until = datetime(2026, 10, 20, tzinfo=UTC)
    of = replace(
        BERLIN,
        extensions=(
            Extension("Jane Doe", "", until),
            Extension("Jane Doe", "square", until),
            Extension("125", "square", until),
            Extension("eve", "", until),
        ),
    )
    persons = (Person("doejane"), Person("王小明", "gradescope", "9", "125"), Person("pat"))
    found, warnings = timed(handed_in(*persons), of, None)
    assert {name: one.deadlines for name, one in found.items()} == {
        "doejane": {"": until, "square": until},
        "王小明": {"square": until},
        "pat": None,
    }
    assert warnings == (
        "course.toml: 1 [[extensions]] used for nobody: 'eve': nobody who handed in is called so",
    )
