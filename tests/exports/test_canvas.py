"""Canvas' gradebook filled in: files as its exporter writes them; only the wanted cells differ."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from msgspec import structs

from grader.errors import UsageError
from grader.exports import canvas
from grader.exports.values import Filling, Target
from grader.results import Results, Row, StudentInfo

from ..report.sample import HOSTILE, HUBER, PRECISION, graded, hostile_row, sample
from .classes import class_of, course_of, differing, table, with_rows

FULL = (
    'Student,ID,SIS User ID,SIS Login ID,Integration ID,Root Account,Section,Notes,"Huber, loss '
    '(Week 3) (101)",precision (102),Homework Current Score,Current Score,Final Grade\n'
    ",,,,,,,,Manual Posting,,,,\n"
    "    Points Possible,,,,,,,,10.00,10.00,(read only),(read only),(read only)\n"
    '"Doe, Jane",11,S1,jdoe,,x.edu,"CS ""A"", 1",=1+1,,7.00,70.0,70.0,C\n'
    '"O\'Brien, Pat ""PJ""",12,S2,pob,,x.edu,CS 1,,3.50,,35.0,35.0,F\n'
    '"小明, 王",13,S3,wxm@x.edu,,x.edu,CS 1 and CS 2,,EX,,,,\n'
    '"Lee, Ann",14,S4,ann1,,x.edu,CS 1,,N/A,,,,\n'
    '"Lee, Ann",15,S5,ann2,,x.edu,CS 1,,,,,,\n'
    '"=""=cmd|calc""",16,,evil,,x.edu,CS 1,,,,,,\n'
    '"Student, Test",99,,0f3a,,x.edu,CS 1,,,,,,\n'
)
HUBER_COLUMN = "Huber, loss (Week 3) (101)"


def fill(
    path: Path, text: str, results: Results, *columns: str, exercises: tuple[str, ...] = ()
) -> Filling:
    """The file with that text filled in; the sum into one column, or an exercise into each."""
    path.write_bytes(text.encode())
    ids = exercises or tuple(spec.id for spec in results.exercises)
    if len(columns) > 1:
        targets = [Target((one,), name) for one, name in zip(ids, columns, strict=True)]
    else:
        targets = [Target(ids, "".join(columns))]
    return canvas.fill(results, targets, path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the downloaded file is; a name as Canvas gives it."""
    return tmp_path / "2026-03-01T1230_Grades-CS 101.csv"


def reasons(filling: Filling) -> dict[str, str]:
    """Why each student has no grade."""
    return {left.who: left.why for left in filling.students}


def test_only_the_grades_change(path: Path) -> None:
    """Status row, points row, muted and read-only columns, quotes, formulas there: untouched."""
    students = {"jdoe": 8.0, 'O\'Brien, Pat "PJ"': 6.25, "wxm@x.edu": 9.0, "ann1": 1.0, "16": 2}
    filling = fill(path, FULL, class_of(students | {"nobody": 1.0}), "101")
    assert differing(FULL, filling.text) == {(3, 8): "8", (4, 8): "6.25", (8, 8): "2"}
    expected = FULL.replace("=1+1,,7.00", "=1+1,8,7.00").replace(",,3.50,,", ",,6.25,,")
    expected = expected.replace("evil,,x.edu,CS 1,,,", "evil,,x.edu,CS 1,,2,")
    assert filling.text == expected
    assert filling.columns == (HUBER_COLUMN,)
    assert reasons(filling) == {
        "nobody": "no row of the file is this student’s",
        "wxm@x.edu": f"{HUBER_COLUMN}: excused (EX)",
        "ann1": f"{HUBER_COLUMN}: the assignment isn’t given to this student (N/A)",
    }
    assert [left.who for left in filling.rows] == ["Lee, Ann (line 8)"]
    assert [(c.student, c.old, c.new) for c in filling.changes][1] == (
        'O\'Brien, Pat "PJ"',
        "3.50",
        "6.25",
    )
    assert filling.notes == ()


def test_from_the_download_to_the_upload(path: Path) -> None:
    """Two of one name, whom Canvas' download told apart by their ids, each get their own grade."""
    students = {
        "leeann (14)": StudentInfo("canvas", id="14"),
        "leeann (15)": StudentInfo("canvas", id="15"),
        "doejane": StudentInfo("canvas", id="999"),
    }
    results = class_of({"leeann (14)": 4.0, "leeann (15)": 5.0, "doejane": 6.0})
    text = FULL.replace("N/A", "")
    filling = fill(path, text, dataclasses.replace(results, students=students), "101")
    assert differing(text, filling.text) == {(6, 8): "4", (7, 8): "5"}
    assert reasons(filling) == {"doejane": "no row of the file is this student’s"}


def test_a_name_that_canvas_disarmed(path: Path) -> None:
    """Canvas writes a name that begins with an equals sign as a text of Excel's."""
    filling = fill(path, FULL, class_of({"=cmd|calc": 3.0}), "101")
    assert differing(FULL, filling.text) == {(8, 8): "3"}
    assert "=cmd|calc (line 9)" in [change.row for change in filling.changes]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_marks_and_line_ends(mark: str, end: str, path: Path) -> None:
    """Stay as they are, whatever system the browser ran on."""
    text = mark + FULL.replace("\n", end)
    filled = fill(path, text, class_of({"jdoe": 8.0}), "101").text
    assert filled == text.replace("=1+1,,7.00", "=1+1,8,7.00")


def test_decimal_commas(path: Path) -> None:
    """A gradebook of a German or French account: semicolons between, commas in numbers."""
    text = (
        "\ufeffStudent;ID;SIS Login ID;Section;Huber (1)\r\n"
        "    Points Possible;;;;10,00\r\n"
        "Doe, Jane;1;jdoe;A;\r\n"
        "Roe, Max;2;max;A;4,50\r\n"
    )
    filling = fill(path, text, class_of({"jdoe": 7.5}))
    assert filling.text == text.replace("jdoe;A;", "jdoe;A;7,5")
    quoted = text.replace(",00", ".00").replace(",50", ".50")
    assert fill(path, quoted, class_of({"jdoe": 7.5})).text.count("jdoe;A;7.5\r\n") == 1
    commas = 'Student,ID,SIS Login ID,Section,H (1)\n    Points Possible,,,,"10,00"\nX,1,x,A,\n'
    assert fill(path, commas, class_of({"x": 7.5})).text.endswith('X,1,x,A,"7,5"\n')


def test_first_and_last_name_in_columns(path: Path) -> None:
    """The header that Canvas writes when names are split, without a status row."""
    text = (
        "LastName,FirstName,ID,SIS Login ID,Section,Huber (1)\n"
        "    Points Possible,,,,,10.00\n"
        "Doe,Jane,1,j1,A,\n"
        "Student,Test,2,t,A,\n"
    )
    filling = fill(path, text, class_of({"Jane Doe": 7.0, "Test Student": 1.0}))
    assert differing(text, filling.text) == {(2, 5): "7"}
    assert [left.who for left in filling.rows] == []
    assert list(reasons(filling)) == ["Test Student"]


def test_the_sum_goes_into_one_column(path: Path) -> None:
    """All exercises together; Canvas' own maximum differs, and that is said."""
    filling = fill(path, FULL, course_of("jdoe"), "precision")
    assert differing(FULL, filling.text) == {(3, 9): "25"}
    assert filling.notes == (
        "precision (102): Canvas gives 10 points, the exercises 25; points were entered as they "
        "are",
    )


def test_an_exercise_for_each_column(path: Path) -> None:
    """Named by id and by title; each student's own points in each."""
    results = with_rows(graded("jdoe", HUBER, "failed"), graded("jdoe", PRECISION))
    both = ("huber", "precision")
    filling = fill(path, FULL, results, HUBER_COLUMN, "PRECISION", exercises=both)
    assert differing(FULL, filling.text) == {(3, 8): "7", (3, 9): "10"}
    with pytest.raises(UsageError, match="two exercises would go into one column"):
        fill(path, FULL, results, "101", HUBER_COLUMN, exercises=both)


def test_the_column_of_an_exercise_is_found(path: Path) -> None:
    """By the exercise's id or title in either language, or as the only one."""
    results = class_of({"jdoe": 4.0}, "precision")
    assert differing(FULL, fill(path, FULL, results).text) == {(3, 9): "4"}
    for title in ("Streaming precision", "流式精确率"):
        text = FULL.replace(",precision (", f",{title} (")
        assert differing(text, fill(path, text, results).text) == {(3, 9): "4"}


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("", "which column is meant isn’t plain; choose with --column one of: “Huber, loss (Week"),
        ("hubr", "there is no column 'hubr'; choose with --column one of: “Huber, loss"),
        ("Current Score", "there is no column 'Current Score'; choose"),
        ("Section", "there is no column 'Section'; choose"),
    ],
)
def test_columns_that_arent_plain(column: str, said: str, path: Path) -> None:
    """One line with the candidates; read-only and other columns are none."""
    with pytest.raises(UsageError) as told:
        fill(path, FULL, class_of({"jdoe": 4.0}), *filter(None, [column]))
    assert said in str(told.value)
    assert "“precision (102)”" in str(told.value)
    assert "Current Score (" not in str(told.value)
    assert "\n" not in str(told.value)


def test_two_columns_of_one_title(path: Path) -> None:
    """Are told apart by their ids only."""
    text = FULL.replace("precision (102)", '"Huber, loss (Week 3) (102)"')
    with pytest.raises(UsageError, match=r"there are 2 columns .*\(101\)”, .*\(102\)”"):
        fill(path, text, class_of({"jdoe": 4.0}), "Huber, loss (Week 3)")
    filled = fill(path, text, class_of({"jdoe": 4.0}), "102").text
    assert differing(text, filled) == {(3, 9): "4"}


def test_many_candidates_are_one_short_line(path: Path) -> None:
    """Eight are named, the rest counted."""
    text = "Student,ID," + ",".join(f"Task {n} ({n})" for n in range(300)) + "\nX,1" + "," * 300
    with pytest.raises(UsageError, match=r"“Task 7 \(7\)” and 292 more$"):
        fill(path, text, class_of({"x": 1.0}))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "has no header with the columns Student and ID"),
        ("Student,Section\nX,A\n", "has no header with the columns Student and ID"),
        ("Student,ID,Section\nX,1,A\n", "has no column of an assignment"),
        ("Student,ID,Total (1)\n    Points Possible,,(read only)\nX,1,\n", "has no column of an"),
        ("Student,ID,Huber (1)\nX,1,\n", "is one of the 1 students graded (for example 'jdoe')"),
        ("Student,ID,Huber (1)\njdoe,1\n", "line 2 has 2 cells, and the one to fill in is number"),
        ('Student,ID,Huber (1)\n"jdoe,1,\n', "a quote that isn't closed"),
    ],
)
def test_files_that_are_no_gradebook(text: str, said: str, path: Path) -> None:
    """One line that names the file and what to do."""
    with pytest.raises(UsageError) as told:
        fill(path, text, class_of({"jdoe": 4.0}))
    assert str(told.value).startswith(str(path))
    assert said in str(told.value)
    assert "\n" not in str(told.value)


def test_no_grade_without_a_judgement(path: Path) -> None:
    """Nothing handed in, or a fault of the grader: the cell keeps what it says."""
    fault = graded("pob", HUBER, "passed", "grader_error")
    missing = Row("jdoe", "huber", "missing", 0.0, 10.0)
    unreadable = Row("ann2", "huber", "unreadable", 0.0, 10.0)
    whole = Row("evil", "huber", "grader_error", 0.0, 10.0)
    results = with_rows(fault, missing, unreadable, whole)
    filling = fill(path, FULL, results, "101", exercises=("huber",))
    assert differing(FULL, filling.text) == {(7, 8): "0"}
    assert reasons(filling) == {
        "jdoe": f"{HUBER_COLUMN}: handed in nothing",
        "pob": f"{HUBER_COLUMN}: not judged in full (huber): the grader’s fault",
        "evil": f"{HUBER_COLUMN}: not judged in full (huber): the grader’s fault",
    }


def test_a_part_that_is_missing_counts_nothing(path: Path) -> None:
    """Who handed in some of the exercises has the points of those."""
    results = with_rows(graded("jdoe", HUBER), Row("jdoe", "precision", "missing", 0.0, 10.0))
    assert differing(FULL, fill(path, FULL, results, "101").text) == {(3, 8): "10"}


def test_hostile_names_write_nothing(path: Path) -> None:
    """No text of a student gets into the file: only numbers are entered."""
    rows = [graded(name, HUBER) for name in ("=1+1", HOSTILE, "a\nb", '"', "EX", "Student, Test")]
    results = with_rows(*rows, structs.replace(hostile_row("jdoe"), points=10.0))
    results = dataclasses.replace(results, exercises=(HUBER,))
    filling = fill(path, FULL, results, "101")
    assert differing(FULL, filling.text) == {(3, 8): "10"}
    assert len(filling.students) == len(rows)


def test_the_sample(path: Path) -> None:
    """The tests' sample class against a gradebook with a row for each of its students."""
    results = sample()
    names = list(dict.fromkeys(row.student for row in results.results))
    head = 'Student,ID,SIS Login ID,Section,"Course (7)"\r\n    Points Possible,,,,25.00\r\n'
    body = [
        ",".join(('"' + n.replace('"', '""') + '"', str(i), f"login{i}", "A", ""))
        for i, n in enumerate(names, 500)
    ]
    text = head + "\r\n".join([*body, ""])
    filling = fill(path, text, results)
    changed = differing(text, filling.text)
    assert {column for _, column in changed} == {4}
    by_name = {row[0]: row[4] for row in table(filling.text)[2:]}
    assert by_name["王小明"] == "11"
    assert by_name["missing-mo"] == "10"
    assert by_name["ada"] == by_name["Ada"] == ""  # one login in two ways: never guessed
    assert by_name["luc-émile"] == by_name["almost-al"] == ""  # the grader's faults
    assert len(changed) == len(names) - 4
