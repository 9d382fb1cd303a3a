"""Which row is whose: by login, id, address and every form of a name, and never by a guess."""

from __future__ import annotations

import pytest

from grader.exports.canvas import FOLDER as CANVAS
from grader.exports.moodle import FOLDER as MOODLE
from grader.exports.people import Matched, Person, match
from grader.results import StudentInfo

PEOPLE = (
    Person(0, "Doe, Jane", "101", ("jdoe1", "S77", "jane@x.edu"), ("Doe, Jane",)),
    Person(1, "O'Brien, Pat", "102", ("pob",), ("O'Brien, Pat",)),
    Person(2, "王小明", "103", ("wxm",), ("王小明",)),
    Person(3, "Li, Wen", "104", ("li1",), ("Li, Wen",)),
    Person(4, "Wen, Li", "105", ("li2",), ("Wen, Li",)),
    Person(5, "Lee, Ann", "106", ("ann1", "ann@x.edu"), ("Lee, Ann",)),
    Person(6, "Lee, Ann", "107", ("ann2", "ann@y.edu"), ("Lee, Ann",)),
    Person(7, "Émile", "108", (), ("Émile",)),
    Person(8, "", "", ("",), ("",)),
)


def found_in(students: list[str], **infos: StudentInfo) -> Matched:
    """The rows of these students in Canvas' file."""
    return match(students, PEOPLE, CANVAS, "canvas", infos)


def row_of(student: str) -> int | None:
    """The row that is found for a student alone."""
    return next(iter(found_in([student]).by_row), None)


@pytest.mark.parametrize(
    ("student", "row"),
    [
        ("jdoe1", 0),
        ("JDOE1", 0),
        ("S77", 0),
        ("101", 0),
        ("jane@x.edu", 0),
        ("jane", None),
        ("Doe, Jane", 0),
        ("doe,  jane", 0),
        ("Jane Doe", 0),
        ("Doe Jane", 0),
        ("doejane", 0),
        ("doejane_101_9001_huber.py", 0),
        ("doejane_LATE_101_9001", 0),
        ("whoever_101_9001", None),
        ("doejane_102_101_9001", None),
        ("doejane_101_106_701_huber.py", None),
        ("doejane_101_9001_x_106_701_huber.py", None),
        ("doejane_101_9001_LATE_106_701_huber.py", None),
        ("doejane_101_9001_my ex_1_2_huber.py", 0),
        ("_103_9001_huber.py", None),
        ("mile_LATE_108_9001", 7),
        ("obrienpat_102_9001_huber-1.py", 1),
        ("O'Brien, Pat", 1),
        ("O’Brien, Pat", 1),
        ("obrienpat", 1),
        ("Pat O'Brien", 1),
        ("王小明", 2),
        ("王 小明", 2),
        ("E\u0301mile", 7),
        ("Li, Wen", None),
        ("wen, li", None),
        ("wenli", None),
        ("ann1", 5),
        ("ann@y.edu", 6),
        ("ann", None),
        ("Lee, Ann", None),
        ("leeann", None),
        ("leeann_999_1", None),
        ("小偷_103_9001", None),
        ("王小明_103_9001", 2),
        ("ÉMILE_LATE_108_9001", 7),
        ("Jane", None),
        ("Doe", None),
        ("doe, jan", None),
        ("", None),
        ("...", None),
    ],
)
def test_one_student(student: str, row: int | None) -> None:
    """Found where exactly one row fits, whatever the student's name is read as."""
    assert row_of(student) == row


@pytest.mark.parametrize(
    ("info", "row"),
    [
        (StudentInfo("canvas", id="107"), 6),
        (StudentInfo("canvas", id="999", login="pob"), None),
        (StudentInfo("moodle", id="107", login="WXM"), 2),
        (StudentInfo("moodle", id="107", login="wxm", email="nobody@x.edu"), 2),
        (StudentInfo("moodle", id="107", login="pob"), 1),
        (StudentInfo("moodle", id="107", email="ANN@x.edu"), None),
        (StudentInfo("gradescope", id="107", login="S77", email="ann@x.edu"), None),
        (StudentInfo("gradescope", login="S99", email="nobody@x.edu"), None),
        (StudentInfo("gradescope", email="nobody@x.edu"), 2),
        (StudentInfo("canvas"), 2),
    ],
)
def test_what_a_platform_told_comes_first(info: StudentInfo, row: int | None) -> None:
    """Its own number decides alone; a login or an address rules out who has another."""
    by_row = found_in(["王小明"], 王小明=info).by_row
    assert next(iter(by_row), None) == row


def why(found: Matched, student: str) -> str:
    """What is said of a student who has no row."""
    (left,) = [left for left in found.students if left.who == student]
    return left.why


def test_what_fits_twice_is_told() -> None:
    """The student with the rows, the rows with the student; nobody gets a grade."""
    found = found_in(["Lee, Ann", "nobody"])
    assert found.by_row == {}
    assert why(found, "Lee, Ann") == "fits 2 rows, so none was filled: Lee, Ann and Lee, Ann"
    assert why(found, "nobody") == "no row of the file is this student’s"
    rows = {left.who: left.why for left in found.rows}
    assert rows["Lee, Ann"] == "Lee, Ann fits this row and others"
    assert rows["Doe, Jane"] == "not among the students graded"
    assert len(found.rows) == len(PEOPLE)


def test_a_namesake_with_other_identifiers_is_somebody_else() -> None:
    """Logins are compared with logins, addresses with addresses; what rules a row out is told."""
    told = StudentInfo("gradescope", login="s99", email="pat@x.edu")
    found = found_in(["O'Brien, Pat"], **{"O'Brien, Pat": told})
    assert found.by_row == {}
    said = "O'Brien, Pat has another login or address, so it isn’t this student"
    assert why(found, "O'Brien, Pat") == said
    ann = found_in(["Lee, Ann"], **{"Lee, Ann": StudentInfo("gradescope", email="ann@y.edu")})
    assert ann.by_row == {6: "Lee, Ann"}


ADA = Person(1, "Ada Lovelace", "1", ("ada.lovelace@uni.edu",), ("Ada Lovelace",), "Participant 1")


@pytest.mark.parametrize(
    ("student", "mallory"),
    [
        ("ada.lovelace", Person(2, "M", "2", ("mal@evil.org",), ("ada.lovelace",))),
        ("ada.lovelace", Person(2, "M", "2", ("mal@uni.edu",), ("ada.lovelace",))),
        ("ada.lovelace", Person(2, "M", "2", ("ada.lovelace@evil.org",), ("Mallory",))),
        ("Ada Lovelace", Person(2, "M", "2", ("mal@evil.org",), ("Lovelace, Ada",))),
        ("Lovelace, Ada", Person(2, "M", "2", ("mal@evil.org",), ("Lovelace, Ada",))),
        ("ada.lovelace@uni.edu", Person(2, "M", "2", (), ("ada.lovelace@uni.edu",))),
        ("1", Person(2, "M", "2", (), ("1",))),
        ("Participant 1", Person(2, "M", "2", (), ("Participant 1",))),
        (
            "Ada_1_assignsubmission_file_",
            Person(2, "M", "2", (), ("Ada_1_assignsubmission_file_",)),
        ),
        ("adalovelace", Person(2, "M", "2", ("adalovelace@uni.edu",), ("Mallory",))),
    ],
)
def test_nobody_gets_a_row_by_imitation(student: str, mallory: Person) -> None:
    """A name or an address that students set themselves only makes the other row unsure."""
    alone = match([student], [ADA], MOODLE, "moodle", {})
    assert alone.by_row == {1: student}
    found = match([student], [ADA, mallory], MOODLE, "moodle", {})
    assert found.by_row == {}
    assert why(found, student) == "fits 2 rows, so none was filled: Ada Lovelace and M"


def test_the_beginning_of_an_address() -> None:
    """Counts where all addresses are of one domain: others may be anybody's."""
    mallory = Person(2, "M", "2", ("ada@evil.org",), ("Mallory",))
    found = match(["ada"], [ADA, mallory], MOODLE, "moodle", {})
    assert found.by_row == {}
    said = "only the beginning of an address fits, of several domains in the file: M"
    assert why(found, "ada") == said
    assert match(["ada"], [mallory], MOODLE, "moodle", {}).by_row == {2: "ada"}
    assert match(["Mallory"], [ADA, mallory], MOODLE, "moodle", {}).by_row == {2: "Mallory"}


def test_folder_names_of_another_platform() -> None:
    """A number counts as the platform's own only where nothing says that it is another's."""
    info = StudentInfo("gradescope", id="7")
    assert found_in(["doejane_101_9001"], doejane_101_9001=info).by_row == {}


def test_two_students_for_one_row() -> None:
    """Neither gets it, though one fits better: which of them it is can't be known."""
    found = found_in(["jdoe1", "Jane Doe", "pob"])
    assert found.by_row == {1: "pob"}
    assert why(found, "jdoe1") == "2 students fit one row, Doe, Jane: Jane Doe, jdoe1"
    assert "2 students fit it: Jane Doe, jdoe1" in [left.why for left in found.rows]


@pytest.mark.parametrize(
    ("student", "number"),
    [
        ("Jane Doe_101_assignsubmission_file_", "101"),
        ("Jane Doe_101_assignsubmission_file", "101"),
        ("Gruppe A-Jane Doe_101_assignsubmission_file_", "101"),
        ("Teilnehmer_in_101_assignsubmission_onlinetext", "101"),
        ("参与者_101_assignsubmission_file_", "101"),
        ("a_b_1_c_101_assignsubmission_file_", "101"),
        ("Mallory_66_assignsubmission_file_Jane Doe_101_assignsubmission_file_", None),
        ("Jane Doe_101", None),
    ],
)
def test_folders_of_moodle(student: str, number: str | None) -> None:
    """Name and number, with a group's name in front or without a name at all."""
    found = MOODLE.fullmatch(student)
    assert (found and found["id"]) == number


def test_long_names_take_no_time() -> None:
    """Names made to keep a pattern or a loop busy end like any other."""
    long = ["_1" * 100_000, "_" + "1" * 200_000, ", " * 50_000, "=" * 1_000_000]
    long += ["_1_1_x" + "_" * 200_000, "_1_1_" + "_x1" * 100_000, "a_1_1_" + "1" * 200_000]
    found = found_in(long)
    assert found.by_row == {}
    assert len(match(long, PEOPLE, MOODLE, "moodle", {}).students) == len(long)
