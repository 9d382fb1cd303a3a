"""Changes by staff put into results: the checks' points stay, the marks are made anew."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from msgspec import structs

from grader.adjustments import cells
from grader.adjustments.table import Entry
from grader.defuse import defuse_line
from grader.results import Adjustment, Mapped, Mark, Results, Row, brief, mark

_MOST_LISTED = 5
_NEAR_AMONG = 5000
"""Names that are looked through for one that is spelled alike."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of a table.

    Attributes:
        results: with the marks that are due now.
        changed: whether they are others than before.
        count: rows that staff have changed.
        dropped: rows that had a change which the table doesn't have any more.
        warnings: what staff should look at, a line each.
    """

    results: Results
    changed: bool
    count: int
    dropped: int
    warnings: tuple[str, ...]


def apply(results: Results, entries: Iterable[Entry], name: str) -> Applied:
    """`results` with these changes by staff and no others; `name` is the table's in warnings.

    Lateness and attempts stay as the grading found them. An entry whose student or exercise isn't
    in the results changes nothing and is warned of: perhaps it is for another batch.
    """
    by_key = {entry.key: entry for entry in entries}
    rows = brief(results.results)
    often = Counter((cells.key(row.student), row.exercise) for row in rows) if by_key else Counter()
    marks: dict[int, Mark | None] = {}
    met: dict[tuple[str, str], Row] = {}
    dropped = 0
    for place, row in enumerate(rows):
        at = cells.key(row.student), row.exercise
        entry = by_key.get(at) if by_key and often[at] == 1 else None
        new = _mark(row, entry.adjustment if entry else None)
        if entry is None and row.mark is not None and row.mark.adjustment is not None:
            dropped += 1
        if new != row.mark:
            marks[place] = new
        if entry is not None:
            met[at] = structs.replace(row, mark=new)
    warnings = [
        *_listed(_strangers(results, by_key, met, often), name),
        *_listed(_odd(by_key, met), name),
    ]
    if marks:
        results = replace(results, results=_marked(results.results, marks))
    return Applied(results, bool(marks), len(met), dropped, tuple(warnings))


def _marked(rows: Sequence[Row], marks: Mapping[int, Mark | None]) -> Sequence[Row]:
    def made(place: int, row: Row) -> Row:
        if place not in marks:
            return row
        new = marks[place]
        if new is not None and row.mark is not None:  # whose attempts were read without their names
            new = replace(new, late=row.mark.late, attempts=row.mark.attempts)
        return structs.replace(row, mark=new)

    if isinstance(rows, tuple):
        return tuple(map(made, range(len(rows)), rows))
    return Mapped(made, range(len(rows)), rows)


def _mark(row: Row, adjustment: Adjustment | None) -> Mark | None:
    late, attempts = (row.mark.late, row.mark.attempts) if row.mark else (None, ())
    if late is None and adjustment is None and not attempts:
        return None
    return mark(row.points, late, adjustment, attempts)


def _strangers(
    results: Results,
    by_key: dict[tuple[str, str], Entry],
    met: dict[tuple[str, str], Row],
    often: Counter[tuple[str, str]],
) -> list[tuple[int, str]]:
    """Entries that no row is meant by, with what may be wrong with them."""
    students = {cells.key(row.student) for row in brief(results.results)} if by_key else set()
    exercises = {spec.id for spec in results.exercises}
    found = []
    for (student, exercise), entry in by_key.items():
        who, what = _shown(entry.student), _shown(entry.exercise)
        if (student, exercise) in met:
            continue
        if often[student, exercise] > 1:
            why = f"two students are called {who}: rename one of their directories"
        elif student not in students:
            why = f"no student {who} in these results{_near(student, students)}"
        elif exercise not in exercises:
            why = f"no exercise {what} in these results{_near(exercise, exercises)}"
        else:
            why = f"{who} has no row for {what} in these results"
        found.append((entry.line, why))
    return found


def _odd(
    by_key: dict[tuple[str, str], Entry], met: dict[tuple[str, str], Row]
) -> list[tuple[int, str]]:
    """Entries that were put in and may not do what was meant."""
    found = []
    for at, row in met.items():
        entry = by_key[at]
        who, what = _shown(entry.student), _shown(entry.exercise)
        if entry.adjustment.total is None and _failed_on(row):
            found.append(
                (
                    entry.line,
                    f"the grader failed on {what} of {who}, so a change alone is no grade: give a"
                    " total, or grade again",
                )
            )
        elif row.counts > row.max_points:
            points = f"{row.counts:g} of {row.max_points:g} points"
            found.append((entry.line, f"{what} of {who} counts for {points} now"))
    return found


def _failed_on(row: Row) -> bool:
    return row.status == "grader_error" or any(c.outcome == "grader_error" for c in row.checks)


def _near(name: str, known: set[str]) -> str:
    if len(known) > _NEAR_AMONG or len(name) > 200:
        return ""
    near = difflib.get_close_matches(name, known, 1, 0.7)
    return f"; is {_shown(near[0])} meant?" if near else ""


def _shown(name: str) -> str:
    return repr(defuse_line(name, max_chars=60))


def _listed(found: list[tuple[int, str]], name: str) -> list[str]:
    lines = [f"{name}: line {line}: {why}" for line, why in sorted(found)[:_MOST_LISTED]]
    if len(found) > _MOST_LISTED:
        lines.append(f"{name}: and {len(found) - _MOST_LISTED} more lines like these")
    return lines
