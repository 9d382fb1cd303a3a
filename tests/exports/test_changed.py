"""Exports give what counts as the grade, and say why it isn't the checks' points: as text only."""

from __future__ import annotations

import dataclasses
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from msgspec import structs

from grader.exports import canvas, moodle
from grader.exports.comments import comment
from grader.exports.grades import grades
from grader.exports.gradescope import gradescope_json
from grader.exports.junit import junit_xml
from grader.exports.markdown import summary
from grader.exports.marked import marked as lines_of
from grader.exports.values import Target
from grader.report.views import overview
from grader.results import Adjustment, Late, Results, Row, Status, mark
from grader.text import Text

from ..report.sample import HOSTILE, HUBER, LATE, STUDENTS, check, graded, marked
from .classes import table, with_rows
from .test_markdown import ATTACKS, MARKUP, tokens

PAT = STUDENTS[1]
BY_HAND = Adjustment("explained orally, see `tf.function`", 1.0, None, "Dr. Müller")


def changed(
    student: str = "ada", hand: Adjustment | None = BY_HAND, late: Late | None = LATE
) -> Row:
    """A row of 7 points, of which 2 go for lateness and 1 comes by hand."""
    row = graded(student, HUBER, "failed")
    return structs.replace(row, mark=mark(row.points, late, hand))


def bare(status: Status, hand: Adjustment) -> Row:
    """A row without checks, which staff changed."""
    return Row("ada", "huber", status, 0.0, 10.0, mark=mark(0.0, None, hand))


def standing(results: Results, student: str = "ada"):  # type: ignore[no-untyped-def]
    """A student as exports see them."""
    (found,) = [one for one in overview(results).students if one.name == student]
    return found


# -- grades ----------------------------------------------------------------------------------------


def test_the_grade_is_what_counts() -> None:
    """And its exercises' together."""
    results = with_rows(changed(), structs.replace(changed(), exercise="precision", mark=None))
    assert grades(results, ("huber",))["ada"].points == 6.0
    assert grades(results, ("huber", "precision"))["ada"].points == 13.0


@pytest.mark.parametrize(
    ("row", "points", "why_not"),
    [
        (Row("ada", "huber", "missing", 0.0, 10.0), 0.0, "handed in nothing"),
        (
            bare("missing", Adjustment("oral", None, 6.0)),
            6.0, "",
        ),
        (
            bare("missing", Adjustment("no", None, 0.0)),
            0.0, "",
        ),
        (
            bare("grader_error", Adjustment("r", 6.0)),
            0.0, "not judged in full (huber): the grader’s fault",
        ),
        (
            bare("grader_error", Adjustment("r", None, 6.0)),
            6.0, "",
        ),
        (
            structs.replace(
                graded("ada", HUBER, checks=(check(HUBER.checks[0], "grader_error"),)),
                mark=mark(0.0, None, Adjustment("r", None, 3.0)),
            ),
            3.0, "",
        ),
    ],
    ids=["missing", "oral", "zero", "change of a fault", "total of a fault", "total of a check's"],
)  # fmt: skip
def test_rows_without_points_of_their_own(row: Row, points: float, why_not: str) -> None:
    """What staff gave is entered, also a zero; what nobody knows isn't."""
    grade = grades(with_rows(row), ("huber",))["ada"]
    assert (grade.points, grade.why_not) == (points, why_not)


def test_gradebooks(tmp_path: Path) -> None:
    """Canvas and Moodle get what counts; Moodle's comment says why; oral exams have a grade."""
    oral = Row(
        "bob", "huber", "missing", 0.0, 10.0, mark=mark(0.0, None, Adjustment("oral", None, 6.5))
    )
    results = dataclasses.replace(with_rows(changed(), oral), exercises=(HUBER,))
    gradebook = tmp_path / "canvas.csv"
    gradebook.write_text(
        "Student,ID,SIS Login ID,Section,Huber (9)\n    Points Possible,,,,10\n"
        "A,1,ada,x,\nB,2,bob,x,\nC,3,eve,x,\n"
    )
    filled = canvas.fill(results, [Target(("huber",))], gradebook)
    assert [line[-1] for line in table(filled.text)[2:]] == ["6", "6.5", ""]
    worksheet = tmp_path / "moodle.csv"
    worksheet.write_text(
        "Identifier,Full name,Email address,Grade,Maximum grade,Feedback comments\n"
        "Participant 1,A,ada@x.edu,,10,\nParticipant 2,B,bob@x.edu,,10,\n"
    )
    text = moodle.fill(results, Target(("huber",)), worksheet, "en").text
    (ada, bob) = table(text)[1:]
    assert (ada[3], bob[3]) == ("6", "6.5")
    assert ada[5].startswith(
        "<b>Huber loss</b>: 6 / 10<br>From the checks: 7<br>Late: −2 (handed in 1 day"
    )
    assert (
        "Changed by hand: +1 (explained orally, see <code>tf.function</code> — Dr. Müller)"
        "<br>Counts: 6 / 10<br>• " in ada[5]
    )
    assert bob[5] == (
        "<b>Huber loss</b>: 6.5 / 10 (not handed in)<br>From the checks: 0"
        "<br>Set by hand: 6.5 (oral)<br>Counts: 6.5 / 10<br>— grader"
    )


# -- the other forms -------------------------------------------------------------------------------


def test_gradescope_has_the_score_that_counts() -> None:
    """The tests keep the checks' points; the output says what lies between."""
    found = json.loads(gradescope_json(with_rows(changed()), standing(with_rows(changed())), "en"))
    assert found["score"] == 6.0
    assert sum(test["score"] for test in found["tests"]) == 7.0
    assert found["output"].splitlines() == [
        "Huber loss: From the checks: 7",
        f"Huber loss: Late: −2 ({LATE.note.en})",
        "Huber loss: Changed by hand: +1 (explained orally, see `tf.function` — Dr. Müller)",
        "Huber loss: Counts: 6 / 10",
    ]


def test_markdown_has_both() -> None:
    """What counts in the table, the steps under the exercise."""
    text = summary(with_rows(changed()), standing(with_rows(changed())), "zh")
    assert "| Huber 损失 | 6 / 10 | 已评分 |" in text
    assert "**得分 6，满分 10**" in text
    assert (
        "- 检查项得分：7\n- 迟交：−2（在截止时间之后 1 天 30 分钟提交：扣除 10 分的 20%）\n"
        "- 人工调整：+1（explained orally, see `tf.function` — Dr. Müller）\n- 最终得分：6 / 10\n"
        in text
    )


def test_junit_has_properties() -> None:
    """Beside the checks' points; none where there is no mark."""

    def properties(results: Results) -> list[dict[str, str]]:
        root = ET.fromstring(junit_xml(results, "en").encode())
        return [{p.get("name", ""): p.get("value", "") for p in s.iter("property")} for s in root]

    made, plain = properties(with_rows(changed(), graded("bob", HUBER)))
    assert (made["points"], made["counts"], made["penalty"], made["change"]) == ("7", "6", "2", "1")
    assert (made["reason"], made["staff"]) == (BY_HAND.reason, BY_HAND.staff)
    assert not {"counts", "penalty", "change", "reason", "staff"} & plain.keys()


def test_lines_are_for_what_people_should_read() -> None:
    """None without a mark or for what came in time; a lateness that costs nothing has its note."""
    assert lines_of(graded("ada", HUBER), "en") == []
    assert lines_of(changed(hand=None, late=Late("d", "s", 0.0)), "en") == []
    free = Late(note=Text("within the grace", "宽限之内"))
    assert lines_of(changed(hand=None, late=free), "en") == [
        "From the checks: 7", "Late: 0 (within the grace)", "Counts: 7 / 10",
    ]  # fmt: skip
    fault = Row("x", "huber", "grader_error", 0.0, 10.0, mark=mark(0.0, None, Adjustment("r", 3.0)))
    assert lines_of(fault, "en")[-1] == "Counts: not counted"


# -- whatever staff, or somebody who edits the file, writes ----------------------------------------

HOSTILE_TEXTS = (
    *ATTACKS,
    HOSTILE,
    "=HYPERLINK(1)",
    "@SUM(1)",
    "\u202e\x00\x1b[31m",
    "<b>" * 400_000,
)


@pytest.mark.parametrize("text", HOSTILE_TEXTS, ids=range(len(HOSTILE_TEXTS)))
def test_reasons_and_names_are_text(text: str) -> None:
    """No tag, no markup, no formula, no control character, and never endless."""
    row = changed(
        hand=Adjustment(text, 1.0, None, text),
        late=dataclasses.replace(LATE, note=Text(text, text)),
    )
    results = dataclasses.replace(with_rows(row), exercises=(HUBER,))
    html = comment(results, grades(results, ("huber",))["ada"], "en")
    assert set(re.findall(r"<[^>]*>", html)) <= {"<b>", "</b>", "<br>", "<code>", "</code>"}
    assert html[0] not in "=+-@"
    kinds = {token.type for token in tokens(summary(results, standing(results), "en"))}
    assert not kinds & MARKUP
    output = json.loads(gradescope_json(results, standing(results), "en"))["output"]
    xml = junit_xml(results, "en")
    ET.fromstring(xml.encode())
    for made in (html, output, xml, summary(results, standing(results), "en")):
        assert not re.search("[\x00\x1b\u202e]", made)
        assert len(made) < 60_000


def test_the_sample_with_marks_exports() -> None:
    """Every student of it, in both languages: nothing that a mark may hold is forgotten."""
    results = marked()
    for lang in ("en", "zh"):
        for student in overview(results).students:
            assert gradescope_json(results, student, lang)
            assert summary(results, student, lang)
        assert junit_xml(results, lang)
        for grade in grades(results, ("huber", "precision", "pipeline")).values():
            assert comment(results, grade, lang)
    assert grades(results, ("huber",))[PAT].points == 4.0
