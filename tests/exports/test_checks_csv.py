"""checks.csv: a row for every check of every student, numbers, and no formula."""

from __future__ import annotations

import dataclasses

import pytest
from msgspec import structs

from grader.exports.checks_csv import checks_csv
from grader.results import Diagnosis, Results
from grader.text import Text

from ..report.sample import HUBER, check, graded, sample
from .classes import table, with_rows

COLUMNS = [
    *("student", "exercise", "check", "topic", "outcome", "points", "max_points", "seconds"),
    *("device", "diagnosis"),
]


def rows(results: Results) -> list[list[str]]:
    """Without the header, which is right."""
    header, *rest = table(checks_csv(results))
    assert header == COLUMNS
    assert all(len(row) == len(COLUMNS) for row in rest)
    return rest


def test_every_check_has_a_row() -> None:
    """Graded or not; points of what the grader failed on are empty."""
    found = {(row[0], row[1], row[2]): row[3:] for row in rows(sample())}
    specs = {spec.id: spec for spec in sample().exercises}
    assert len(found) == sum(len(specs[row.exercise].checks) for row in sample().results)
    assert found["loop-lee", "huber", "test_values"] == [
        *("values", "timeout", "0", "3", "0.031", "cpu", "")
    ]
    assert found["ada", "precision", "test_two_batches"][-1] == "wrong_mean_of_batches"
    assert found["almost-al", "huber", "test_reload"][1:4] == ["grader_error", "", ""]
    assert found["luc-émile", "pipeline", "test_fit"][1:] == ["grader_error", "", "", "", "", ""]
    assert found["missing-mo", "pipeline", "test_fit"][1:4] == ["missing", "0", "2.5"]
    assert found["syntax-sam", "precision", "test_reset"][1:4] == ["unreadable", "0", "2"]


def test_spreadsheets_read_it_without_asking() -> None:
    """The form of marks.csv: a byte order mark, CRLF, texts in quotes and numbers without."""
    text = checks_csv(sample())
    assert text.startswith('\ufeff"student","exercise"')
    assert text.count("\n") == text.count("\r\n") == len(rows(sample())) + 1
    assert '"王小明"' in text
    assert ',"passed",3,3,0.031,"cpu",""\r\n' in text


def test_long_names_are_whole() -> None:
    """Two whose names differ far behind aren't one student twice."""
    names = [f"{'Ada ' * 80}{last}" for last in ("Byron", "Lovelace")]
    found = rows(with_rows(*(graded(name, HUBER) for name in names)))
    assert {row[0] for row in found} == set(names)


@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "\x00=1"])
def test_formulas_are_text(sign: str) -> None:
    """Whoever wrote them: a student's name, a variant's name, ids in a file that was edited."""
    spec = dataclasses.replace(HUBER.checks[0], id=sign)
    exercise = dataclasses.replace(HUBER, id=sign, checks=(spec,))
    one = check(spec, "failed", diagnosis=Diagnosis(sign, Text(sign, sign)), device=sign)
    row = structs.replace(graded(sign, HUBER, checks=(one,)), exercise=sign)
    results = dataclasses.replace(with_rows(row), exercises=(exercise,))
    (cells,) = rows(results)
    assert sum(cell.startswith("'") for cell in cells) == 5
    assert not [cell for cell in cells if cell.startswith(tuple("=+-@＝\t"))]
