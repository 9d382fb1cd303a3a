"""Grades that aren't the checks' points: what counts is shown, and every step that led there."""

from __future__ import annotations

import csv
import dataclasses
import io
from pathlib import Path

import pytest
from msgspec import structs

from grader.report import write_report
from grader.report.analysis import analyse
from grader.report.marks import TOTAL, marks_csv
from grader.report.scores import Score, change, counted, judged, penalty, told
from grader.report.slugs import slug
from grader.report.strings import STRINGS
from grader.report.views import next_step, overview
from grader.results import Adjustment, Attempt, Late, Mark, Row, mark
from grader.text import Text

from .pages import Node, read
from .sample import HUBER, LATE, MARKS, STUDENTS, graded, marked, sample

PAT = STUDENTS[1]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the report of the class with marks."""
    folder = tmp_path_factory.mktemp("changed")
    write_report(marked(), folder)
    return folder


def page(folder: Path, student: str = "", lang: str = "") -> Node:
    """A student's page, or the class page."""
    stem = f"students/{slug(student)}" if student else "index"
    return read((folder / f"{stem}{lang}.html").read_text("utf-8"))


def steps(node: Node) -> list[list[str]]:
    """The rows of the table that leads from the checks' points to those that count."""
    return [[cell.words for cell in row.all("th") + row.all("td")] for row in node.all("tr")]


def row_of(student: str, exercise: str) -> Row:
    """A row of the class with marks."""
    (row,) = [r for r in marked().results if (r.student, r.exercise) == (student, exercise)]
    return row


# -- points ----------------------------------------------------------------------------------------


def test_what_is_judged_and_what_counts() -> None:
    """The code's points stay; penalty and change are in the grade, a fault's points never."""
    row = row_of(PAT, "huber")
    assert judged(row) == Score(5.0, 10.0)
    assert counted(row) == Score(4.0, 10.0)
    assert (penalty(row), change(row)) == (2.0, 1.0)
    assert counted(row_of("missing-mo", "precision")) == Score(6.5, 10.0)
    assert counted(graded("ada", HUBER)) == judged(graded("ada", HUBER))


def test_only_a_total_settles_what_the_grader_failed_on() -> None:
    """A change of points that nobody knows is no grade."""
    assert counted(row_of("luc-émile", "pipeline")) == Score(4.0, 5.0)
    row = row_of("almost-al", "huber")
    assert counted(row) == Score(row.points + 1, judged(row).max_points)
    failed = Row(
        "x", "huber", "grader_error", 0.0, 10.0, mark=mark(0.0, None, Adjustment("r", 3.0))
    )
    assert counted(failed).share is None


def test_a_change_is_what_it_did() -> None:
    """From the points less the penalty to those that count: also where nothing is below 0, and
    where a penalty is larger than the points, as in a file written by hand."""
    row = Row("x", "huber", "graded", 3.0, 10.0)
    late = Late(penalty=5.0)
    for hand, points, by in (
        (Adjustment("r", change=-9.0), 0.0, 0.0),
        (Adjustment("r", change=2.0), 2.0, 2.0),
        (Adjustment("r", total=7.0), 7.0, 7.0),
    ):
        made = structs.replace(row, mark=mark(3.0, late, hand))
        assert (made.counts, penalty(made), change(made)) == (points, 3.0, by)


def test_nothing_is_told_of_what_came_in_time() -> None:
    """Nor of a single attempt; but of every lateness that has a note, and of several attempts."""
    row = graded("ada", HUBER)
    for quiet in (
        None,
        Mark(10.0),
        Mark(10.0, Late("d", "s", 0.0)),
        Mark(10.0, None, None, ATT[:1]),
    ):
        assert told(structs.replace(row, mark=quiet)) is None
    for loud in (
        Mark(8.0, LATE),
        Mark(10.0, Late(note=Text("late", "迟交"))),
        Mark(10.0, None, None, ATT),
    ):
        assert told(structs.replace(row, mark=loud)) is loud


ATT = (Attempt("a.py", "", 10.0, counts=True), Attempt("b.py"))


def test_sums_are_of_what_counts() -> None:
    """Total, mean, distribution: grades. Difficulty and the checks that were missed: code."""
    view, before = overview(marked()), overview(sample())
    by_name = {one.name: one for one in view.students}
    assert by_name[PAT].score == Score(19.0, 25.0)
    assert by_name["luc-émile"].score == Score(21.0, 25.0)
    assert by_name["ada"].score.points == 24.0
    assert view.share != before.share
    assert [e.share for e in view.exercises] != [e.share for e in before.exercises]
    new, old = analyse(view), analyse(before)
    assert new.distribution != old.distribution
    assert [(e.item, e.checks, e.distribution) for e in new.exercises] == [
        (e.item, e.checks, e.distribution) for e in old.exercises
    ]


def test_a_missing_exercise_with_points_is_nothing_to_do() -> None:
    """Who was examined orally isn't told to hand it in; who got no points is."""
    spec = HUBER
    exercises = overview(dataclasses.replace(sample(), exercises=(spec,), results=())).exercises
    for hand, kind in (
        (Adjustment("oral", total=6.0), "done"),
        (Adjustment("no", total=0.0), "missing"),
    ):
        row = Row("x", "huber", "missing", 0.0, 10.0, mark=mark(0.0, None, hand))
        (student,) = overview(
            dataclasses.replace(sample(), exercises=(spec,), results=(row,))
        ).students
        assert next_step(list(zip(exercises, student.rows, strict=True))).kind == kind


# -- the student's page ----------------------------------------------------------------------------


def test_every_step_is_on_the_page(written: Path) -> None:
    """The checks' points, the penalty with its note, the change with its reason, what counts."""
    section = page(written, PAT).id(slug("huber"))
    assert section.one("p", "sum").words == "4.0 / 10.0"
    assert steps(section.one("table", "mark")) == [
        ["From the checks", "5.0", ""],
        ["Late", "−2.0", LATE.note.en],
        [
            "Changed by hand",
            "+1.0",
            "The gradient was explained orally, see tf.function. — Dr. Müller",
        ],
        ["Counts", "4.0 / 10.0", ""],
    ]


def test_every_step_in_chinese(written: Path) -> None:
    """All but what staff wrote."""
    table = page(written, PAT, ".zh").id(slug("huber")).one("table", "mark")
    assert [row[0] for row in steps(table)] == ["检查项得分", "迟交", "人工调整", "最终得分"]
    assert LATE.note.zh in table.words


def test_attempts_are_listed(written: Path) -> None:
    """In their order: when, what they got and what lateness took, which one counts."""
    section = page(written, PAT).id(slug("huber"))
    (notes,) = [n for n in section.all("div", "notes") if n.one("h3").words == "What you handed in"]
    assert [item.words for item in notes.all("li")] == [
        "huber.py 2026-03-01 10:00 UTC · 4.0 points",
        "huber-1.ipynb 2026-03-02 12:30 UTC · 5.0 points −2.0 · this one counts",
        "huber-2.py · not graded",
    ]


def test_where_one_stands_has_both_numbers(written: Path) -> None:
    """What counts in the table, the checks' points beside it, the total of what counts."""
    stand = page(written, PAT).one("table", "stand")
    cells = {row.one("th").words: row.all("td")[-1].words for row in stand.all("tr")[1:]}
    assert cells["Huber loss"] == "4.0 / 10.0checks: 5.0"
    assert cells["Streaming precision"] == "10.0 / 10.0"
    assert cells["Total"] == "19.0 / 25.0"


def test_points_without_a_file(written: Path) -> None:
    """Not handed in, said so; and what it counts for, set by hand."""
    section = page(written, "missing-mo").id(slug("precision"))
    assert section.one("p", "sum").words == "6.5 / 10.0"
    assert "not handed in" in section.one("div", "notice").words
    assert steps(section.one("table", "mark"))[1:] == [
        ["Set by hand", "= 6.5", "oral exam"],
        ["Counts", "6.5 / 10.0", ""],
    ]


def test_a_settled_fault_is_not_said_to_be_left_out(written: Path) -> None:
    """The grader failed there, and it counts all the same."""
    section = page(written, "luc-émile").id(slug("pipeline"))
    assert section.one("p", "sum").words == "4.0 / 5.0"
    assert STRINGS["fault_settled"].en in section.words
    assert STRINGS["fault_row"].en not in section.words


def test_pages_without_marks_say_nothing_of_them(written: Path) -> None:
    """Neither of an exercise that came in time."""
    for student in ("Ada", "cheat-chi"):
        assert page(written, student).id(slug("precision")).all("table", "mark") == []
    assert page(written, "Ada").id(slug("huber")).one("table", "mark")


def test_students_with_other_marks_dont_share_a_section(tmp_path: Path) -> None:
    """Pieces of pages are kept by what they show: marks are part of it."""
    rows = [
        structs.replace(graded(name, HUBER), mark=mark(10.0, None, Adjustment(why, -1.0)))
        for name, why in (("ada", "copied"), ("bob", "late talk"))
    ]
    rows.append(graded("eve", HUBER))
    write_report(dataclasses.replace(sample(), exercises=(HUBER,), results=tuple(rows)), tmp_path)
    assert "copied" in page(tmp_path, "ada").words
    assert "copied" not in page(tmp_path, "bob").words
    assert "late talk" in page(tmp_path, "bob").words
    assert page(tmp_path, "eve").all("table", "mark") == []


# -- the class page --------------------------------------------------------------------------------


def test_cells_show_what_counts_and_say_so(written: Path) -> None:
    """An asterisk, which is no colour, and for screen readers the checks' points."""
    matrix = page(written).id("matrix")
    (line,) = [r for r in matrix.all("tr") if r.all("th") and r.all("th")[0].words == PAT]
    total, huber, precision, _ = (cell.words for cell in line.all("td"))
    assert total == "19.0 / 25.0"
    assert huber.startswith("4.0*checks: 5.0")
    assert "*" not in precision
    (line,) = [r for r in matrix.all("tr") if r.all("th") and r.all("th")[0].words == "missing-mo"]
    assert line.all("td")[2].words == "not handed in 6.5*checks: 0.0"
    assert "h" in line.attrs["data-s"]


def test_changes_are_listed_with_their_reasons(written: Path) -> None:
    """Those by hand first; and every lateness that cost something or isn't known."""
    (section,) = [
        n for n in page(written).all("section") if n.attrs.get("aria-labelledby") == "changed"
    ]
    rows = [[c.words for c in r.all("th") + r.all("td")] for r in section.all("tr")][1:]
    by_hand = [(s, e) for (s, e), (_, hand, _) in MARKS.items() if hand is not None]
    assert len(rows) == len(by_hand) + 2
    assert {row[0] for row in rows[: len(by_hand)]} == {student for student, _ in by_hand}
    found = {(row[0], row[1]): row[2:] for row in rows}
    assert found[PAT, "Huber loss"] == [
        "5.0", "−2.0", "+1.0", "4.0 of 10.0",
        f"{LATE.note.en}The gradient was explained orally, see tf.function.", "Dr. Müller",
    ]  # fmt: skip
    assert found["missing-mo", "Streaming precision"][:4] == [
        "not handed in", "–", "+6.5", "6.5 of 10.0",
    ]  # fmt: skip
    assert found["王小明", "Streaming precision"][1:3] == ["−2.0", "–"]
    assert found["Ada", "Huber loss"][1:3] == ["–", "–"]


def test_a_class_without_marks_has_no_such_table(tmp_path: Path) -> None:
    """Nothing about asterisks either."""
    write_report(sample(), tmp_path)
    assert STRINGS["changed_title"].en not in (tmp_path / "index.html").read_text("utf-8")
    assert STRINGS["asterisk"].en not in (tmp_path / "index.html").read_text("utf-8")


def test_many_changes_are_cut_with_a_word(tmp_path: Path) -> None:
    """A class of which everybody was late stays a page that opens."""
    rows = tuple(
        structs.replace(graded(f"s{n:03}", HUBER), mark=mark(10.0, LATE)) for n in range(320)
    )
    write_report(dataclasses.replace(sample(), exercises=(HUBER,), results=rows), tmp_path)
    (section,) = [
        n for n in page(tmp_path).all("section") if n.attrs.get("aria-labelledby") == "changed"
    ]
    assert len(section.all("tr")) == 301
    assert "and 20 more; marks.csv has them all" in section.words


# -- marks.csv -------------------------------------------------------------------------------------


def test_marks_csv_adds_up() -> None:
    """points − penalty + change = counts, in each row and in the totals."""
    text = marks_csv(marked()).removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    by = {(row["student"], row["exercise"]): row for row in rows}
    for row in rows:
        if row["counts"]:
            points, taken, given = (float(row[key] or 0) for key in ("points", "penalty", "change"))
            assert float(row["counts"]) == pytest.approx(points - taken + given), row
    assert list(by[PAT, "huber"].values())[3:] == ["5", "10", "2", "1", "4"]
    assert list(by[PAT, TOTAL].values())[3:] == ["20", "25", "2", "1", "19"]
    assert list(by["luc-émile", "pipeline"].values())[3:] == ["", "5", "", "4", "4"]
    assert list(by["missing-mo", "precision"].values())[3:] == ["0", "10", "", "6.5", "6.5"]


def test_what_isnt_counted_is_in_no_sum_of_marks_csv() -> None:
    """A change where the grader failed: neither the row nor the total has it."""
    fault = Row("x", "huber", "grader_error", 0.0, 10.0, mark=mark(0.0, LATE, Adjustment("r", 3.0)))
    results = dataclasses.replace(sample(), exercises=(HUBER,), results=(fault,))
    _, row, total = csv.reader(io.StringIO(marks_csv(results).removeprefix("\ufeff"), newline=""))
    assert row == ["x", "huber", "grader_error", "", "", "", "", ""]
    assert total == ["x", TOTAL, "", "0", "0", "", "", "0"]
