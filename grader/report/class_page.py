"""The class page: what it needs, and its rendering, with the pages of the exercises before it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from itertools import islice

from jinja2 import Environment
from markupsafe import Markup

from grader.both import NAMES
from grader.report import exercise_page
from grader.report.analysis import Analysis, incidents
from grader.report.class_environment import prepared
from grader.report.device_views import disagreements
from grader.report.names import Names
from grader.report.scores import Score, change, counted, matters, penalty
from grader.report.views import ExerciseTally, Overview, Standing
from grader.results import Results, Row

_MOST_CHECKS = 15
_MOST_DIAGNOSES = 15
_MOST_LISTED = 60
_MOST_CHANGED = 300
_MOST_LINKED = 4_000
"""Cells of a class table that lead to their exercise: a large table would be too heavy for it."""
_AT_ONCE = 2_000  # parts of the text
_DENSE = 8
"""Exercises from which on the columns are narrow and their titles upright."""
_SIGNS = ("timeout", "out_of_memory", "crashed", "forbidden", "grader_error")


@dataclass(frozen=True, slots=True)
class Cell:
    """One exercise of one student; `tenth` (0 to 10) of its points, None where none are counted.

    `kind` is the row's status, "" for a student without one; `signs` are outcomes out of the usual;
    `by_checks` are the checks' points where others count.
    """

    kind: str
    points: float
    tenth: int | None
    signs: tuple[str, ...]
    by_checks: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A student's line in the class table; `states` are the letters that the filter looks for."""

    student: Standing
    score: Score
    tenth: int | None
    states: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A row whose mark staff should look at: `penalty` and `change` are 0 where there is none."""

    student: Standing
    exercise: ExerciseTally
    row: Row
    score: Score
    penalty: float
    change: float


def pages(
    results: Results, view: Overview, analysis: Analysis, lang: str, names: Names
) -> Iterator[tuple[str, str]]:
    """(file name's stem relative to the report, text) of each page in `lang`; "index" is last."""
    made = prepared(lang, view, names)
    yield from exercise_page.pages(made, results, analysis)
    yield "index", "".join(pieces(made, results, view, analysis))


def pieces(
    made: Environment, results: Results, view: Overview, analysis: Analysis
) -> Iterator[str]:
    """The class page, piece by piece: whole, it is larger than all that it is made from.

    Args:
        made: what `prepared` gave.
    """
    script = files("grader.report").joinpath("templates", "class.js").read_text(encoding="utf-8")
    # The page's own script and no other: by the digest of its text (CSP Level 3, section 8.4).
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    checks = [(e.tally, c) for e in analysis.exercises for c in e.checks if c.tally.missed]
    diagnoses = [(e.tally, d) for e in analysis.exercises for d in e.tally.diagnoses]
    told = list(incidents(analysis))
    marked = changed(view)
    differing = list(disagreements(view))
    text = made.get_template("index.html.j2").generate(
        page="index",
        run=results.run,
        analysis=analysis,
        lines=map(line, view.students),
        dense=len(view.exercises) > _DENSE,
        linked=len(view.exercises) * len(view.students) <= _MOST_LINKED,
        faults=view.faults[:_MOST_LISTED],
        checks=sorted(checks, key=lambda pair: -pair[1].tally.missed)[:_MOST_CHECKS],
        diagnoses=sorted(diagnoses, key=lambda pair: -len(pair[1].students))[:_MOST_DIAGNOSES],
        changed=marked[:_MOST_CHANGED],
        changed_count=len(marked),
        incidents=list(islice(told, _MOST_LISTED)),
        incident_count=len(told),
        disagreements=differing[:_MOST_LISTED],
        disagreement_count=len(differing),
        device_names=NAMES,
        script=Markup(script),
        script_policy=f"script-src 'sha256-{digest}'; ",
    )
    while some := "".join(islice(text, _AT_ONCE)):
        yield some


def line(student: Standing) -> Line:
    """`student`'s line in the table."""
    score = student.score
    cells = tuple(_cell(row) for row in student.brief)
    states = {
        "f": any(row is not None and _missed(row) for row in student.brief),
        "m": any(cell.kind == "missing" for cell in cells),
        "c": any(sign in _SIGNS[:3] for cell in cells for sign in cell.signs),
        "h": any(cell.by_checks is not None for cell in cells),
        "g": any(c.kind == "grader_error" or "grader_error" in c.signs for c in cells),
    }
    letters = "".join(letter for letter, holds in states.items() if holds)
    return Line(student, score, _tenth(score), letters, cells)


def _missed(row: Row) -> bool:
    return row.status == "unreadable" or any(
        check.outcome not in ("passed", "grader_error") for check in row.checks
    )


def _cell(row: Row | None) -> Cell:
    if row is None:
        return Cell("", 0.0, None, ())
    score = counted(row)
    other = row.mark is not None and score.max_points > 0 and score.points != row.points
    by_checks = row.points if other else None
    if row.status != "graded":
        return Cell(row.status, score.points, _tenth(score) if other else None, (), by_checks)
    outcomes = {check.outcome for check in row.checks}
    signs = tuple(sign for sign in _SIGNS if sign in outcomes)
    return Cell(row.status, score.points, _tenth(score), signs, by_checks)


def changed(view: Overview) -> list[Changed]:
    """Rows that count for something else, or might: those that staff changed come first."""
    found = [
        Changed(student, exercise, row, counted(row), penalty(row), change(row))
        for student in view.students
        for exercise, row in zip(view.exercises, student.brief, strict=True)
        if row is not None and matters(row)
    ]
    return sorted(found, key=lambda one: not (one.row.mark and one.row.mark.adjustment))


def _tenth(score: Score) -> int | None:
    return None if score.share is None else int(score.share * 10 + 1e-9)
