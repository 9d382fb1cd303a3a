"""Moodle's worksheet filled in, in three languages: only grade and comment differ."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.exports import moodle
from grader.exports.comments import comment, is_ours
from grader.exports.grades import grades
from grader.exports.values import Filling, Target
from grader.results import Results, StudentInfo

from ..report.sample import HOSTILE, HUBER, MESSAGES, graded, hostile_row
from .classes import class_of, course_of, differing, table, with_rows

ENGLISH = (
    'Identifier,"Full name","ID number","Email address",Status,Group,Grade,"Maximum Grade",'
    '"Grade can be changed","Last modified (submission)","Last modified (grade)",'
    '"Feedback comments"\n'
    '"Participant 101","Jane Doe",77,jane@x.edu,"Submitted for grading - ",A,,10.00,Yes,'
    '"Sunday, 1 March 2026, 12:30 PM",-,\n'
    '"Participant 102","Pat ""PJ"" O\'Brien",78,pat@x.edu,"No submission - ",A,4.00,10.00,Yes,-,-,'
    '"<p>see me</p>"\n'
    '"Participant 103",王小明,79,wxm@x.cn,"Submitted for grading - ",B,,10.00,No,-,-,\n'
    '"Participant 104","Ann Lee",80,ann@x.edu,"",B,,10.00,Yes,-,-,\n'
    '"Participant 105","Ann Lee",81,lee@x.edu,"",B,,10.00,Yes,-,-,\n'
)
GERMAN = (
    '\ufeffID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,'
    '"Bewertung kann geändert werden","Zuletzt geändert (Abgabe)","Zuletzt geändert (Bewertung)",'
    '"Feedback als Kommentar"\r\n'
    '"Teilnehmer/in101","Jörg Groß",jg@x.de,"Zur Bewertung abgegeben",,"10,00",Ja,-,-,\r\n'
    '"Teilnehmer/in102","Eva Nö",en@x.de,"Zur Bewertung abgegeben",,"10,00",Nein,-,-,\r\n'
)
CHINESE = (
    "识别码,全名,Email地址,状态,成绩,最高成绩,允许更改成绩,最后修改（学生）,最后修改（教师）,评语\n"
    "参与者101,王小明,a@x.cn,已经提交等待评分,,10.00,是,-,-,\n"
    "参与者102,李雯,b@x.cn,已经提交等待评分,,10.00,否,-,-,\n"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the downloaded file is; a name as Moodle gives it."""
    return tmp_path / "Grades-CS 101-Week 3--42.csv"


def fill(path: Path, text: str, results: Results, column: str = "", lang: str = "en") -> Filling:
    """The worksheet with that text, filled in."""
    path.write_bytes(text.encode())
    ids = tuple(spec.id for spec in results.exercises)
    return moodle.fill(results, Target(ids, column), path, lang)


def test_only_grade_and_comment_change(path: Path) -> None:
    """Numbers, a teacher's own comment, a locked row, dates with commas, two of one name."""
    folder = "Jane Doe_101_assignsubmission_file_"
    students = {
        folder: 7.5,
        'Pat "PJ" O\'Brien': 6.0,
        "王小明": 9.0,
        "Ann Lee": 3.0,
        "lee@x.edu": 2.0,
    }
    filling = fill(path, ENGLISH, class_of(students))
    changed = differing(ENGLISH, filling.text)
    assert set(changed) == {(1, 6), (1, 11), (2, 6), (5, 6), (5, 11)}
    assert (changed[1, 6], changed[2, 6], changed[5, 6]) == ("7.5", "6", "2")
    assert changed[1, 11] == "<b>Huber loss</b>: 7.5 / 10<br>— grader"
    assert {left.who: left.why for left in filling.students} == {
        "王小明": "its grade can’t be changed in Moodle",
        "Ann Lee": "fits 2 rows, so none was filled: Ann Lee (line 5) and Ann Lee (line 6)",
    }
    assert [left.who for left in filling.rows] == ["Ann Lee (line 5)"]
    assert filling.notes == ("1 row(s) had a comment of somebody’s own, which was kept",)
    first, last = changed[1, 11], changed[5, 11]
    expected = ENGLISH.replace('A,,10.00,Yes,"Sunday', 'A,7.5,10.00,Yes,"Sunday')
    expected = expected.replace('12:30 PM",-,', f'12:30 PM",-,{first}').replace("A,4.00", "A,6")
    head, _, tail = expected.rpartition("B,,10.00,Yes,-,-,")
    assert filling.text == f"{head}B,2,10.00,Yes,-,-,{last}{tail}"


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("Participant 101", 1),
        ("101", 1),
        ("Participant_101_assignsubmission_file_", 1),
        ("Gruppe 1-Jane Doe_101_assignsubmission_file_", 1),
        ("wrong name_102_assignsubmission_onlinetext_", 2),
        ("jane@x.edu", 1),
        ("78", 2),
        ("Doe, Jane", 1),
    ],
)
def test_names_of_directories(name: str, row: int, path: Path) -> None:
    """Folders of a bulk download, numbers, addresses, names either way round."""
    changed = differing(ENGLISH, fill(path, ENGLISH, class_of({name: 5.0})).text)
    assert changed[row, 6] == "5"


def test_from_the_download_to_the_upload(path: Path) -> None:
    """Two of one name, whom Moodle's download told apart by their ids, each get their own grade."""
    names = {"Ann Lee (104)": "104", "Ann Lee (105)": "105"}
    infos = {name: StudentInfo("moodle", id=number) for name, number in names.items()}
    results = dataclasses.replace(class_of(dict.fromkeys(names, 3.0)), students=infos)
    changed = differing(ENGLISH, fill(path, ENGLISH, results).text)
    assert set(changed) == {(4, 6), (4, 11), (5, 6), (5, 11)}


def test_german(path: Path) -> None:
    """Names of columns, a decimal comma, a byte order mark, line ends, a locked row."""
    results = class_of({"Jörg Groß_101_assignsubmission_file_": 7.25, "Eva Nö": 4.0})
    filling = fill(path, GERMAN, results)
    changed = differing(GERMAN, filling.text)
    assert set(changed) == {(1, 4), (1, 9)}
    assert changed[1, 4] == "7,25"
    assert filling.text.startswith("\ufeffID,")
    assert '"Zur Bewertung abgegeben","7,25","10,00",Ja' in filling.text
    assert [left.why for left in filling.students] == ["its grade can’t be changed in Moodle"]
    assert filling.notes == ()


def test_chinese(path: Path) -> None:
    """Names of columns; comments, by their place behind the last change, in Chinese."""
    filling = fill(path, CHINESE, class_of({"王小明": 8.0, "李雯": 1.0}), lang="zh")
    changed = differing(CHINESE, filling.text)
    assert set(changed) == {(1, 4), (1, 9)}
    assert changed[1, 9] == "<b>Huber 损失</b>: 8 / 10<br>— grader"


def test_other_languages_by_their_places(path: Path) -> None:
    """Columns of which only the maximum is known, or whose name staff give."""
    text = "Numéro,Nom complet,Note,Maximum Grade\nParticipant 101,Jane Doe,,10.00\n"
    filling = fill(path, text, class_of({"101": 5.0}))
    assert differing(text, filling.text) == {(1, 2): "5"}
    assert filling.notes == ("the worksheet has no column for comments, so none were written",)
    french = text.replace("Maximum Grade", "Note maximale")
    with pytest.raises(UsageError, match=r"name the column .* --column: “Numéro”, “Nom complet”"):
        fill(path, french, class_of({"101": 5.0}))
    filled = fill(path, french, class_of({"101": 5.0}), "note").text
    assert differing(french, filled) == {(1, 2): "5"}


def test_another_maximum_is_told(path: Path) -> None:
    """Points are entered as they are, and staff are told."""
    filling = fill(path, ENGLISH, course_of("101"))
    assert differing(ENGLISH, filling.text)[1, 6] == "25"
    assert filling.notes == (
        "Moodle’s maximum is 10, that of the exercises 25; points were entered as they are",
    )


def test_a_comment_of_ours_is_made_anew(path: Path) -> None:
    """Filled in once more, the file says what the newer results say; others' words stay."""
    once = fill(path, ENGLISH, class_of({"101": 5.0})).text
    again = fill(path, once, class_of({"101": 6.0})).text
    assert set(differing(once, again)) == {(1, 6), (1, 11)}
    edited = once.replace("— grader", "— grader. Come and see me")
    kept = fill(path, edited, class_of({"101": 6.0})).text
    assert set(differing(edited, kept)) == {(1, 6)}
    assert is_ours("<p>x<br>— grader</p> ")
    assert not is_ours("<" * 200_000)


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("a,b\n1x,2\n", "", "has no columns of a grading worksheet; give the file"),
        (ENGLISH, "Gradee", "has no column 'Gradee'; give the file"),
        (ENGLISH, "Identifier", "has no column 'Identifier'"),
        (ENGLISH, "", "(for example 'nobody'): graded directories must be named as in Moodle’s"),
        (ENGLISH.replace("101", "1x"), "", "no row of this worksheet"),
        ("", "", "the file is empty"),
        (ENGLISH.partition("\n")[0], "", "no row of this worksheet"),
    ],
)
def test_files_that_are_no_worksheet(text: str, column: str, said: str, path: Path) -> None:
    """One line that names the file and what to do."""
    with pytest.raises(UsageError) as told:
        fill(path, text, class_of({"nobody": 4.0}), column)
    assert str(told.value).startswith(str(path))
    assert said in str(told.value)
    assert "\n" not in str(told.value)


def test_comments_say_what_was_missed() -> None:
    """The checks that weren't passed with message and hint; the course's code as code."""
    results = with_rows(graded("ada", HUBER, "passed", "failed", "timeout"))
    told = comment(results, grades(results, ("huber",))["ada"], "en")
    assert told.startswith("<b>Huber loss</b>: 5 / 10<br>• A threshold other than <code>1.0</code>")
    assert "— failed — That is the loss with threshold 1: <code>threshold</code>" in told
    assert "— out of time — No answer within 10 s." in told
    assert "Survives" not in told
    chinese = comment(results, grades(results, ("huber",))["ada"], "zh")
    assert MESSAGES["timeout"].zh in chinese
    assert "threshold 1:" not in chinese
    results = with_rows(graded("ada", HUBER))
    told = comment(results, grades(results, ("huber",))["ada"], "zh")
    assert told == "<b>Huber 损失</b>: 10 / 10 (全部检查项通过)<br>— grader"


def test_comments_are_text_whoever_wrote_them(path: Path) -> None:
    """No tag but this grader's own, no control character, no formula, and never endless."""
    results = with_rows(hostile_row("101"))
    changed = differing(ENGLISH, fill(path, ENGLISH, results).text)
    html = changed[1, 11]
    assert set(re.findall(r"<[^>]*>", html)) <= {"<b>", "</b>", "<br>", "<code>", "</code>"}
    assert "&lt;script&gt;" in html
    assert "\x1b" not in html
    assert "\u202e" not in html
    assert HOSTILE not in html
    assert html[0] not in "=+-@"
    assert len(html) < 5000
    assert table(fill(path, ENGLISH, results).text)[1][11] == html
