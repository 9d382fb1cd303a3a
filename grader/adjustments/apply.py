"""Changes by staff put into results: the checks' points stay, the marks are made anew."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from msgspec import structs

from grader.adjustments import cells
from grader.adjustments.table import Entry
from grader.defuse import defuse_line
from grader.results import Adjustment, Mark, Results, Row, mark

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


class Changes:
    """Changes by staff on their way into rows, one row after the other.

    Lateness and attempts stay as the grading found them. An entry whose student or exercise isn't
    among the rows changes nothing and is warned of: perhaps it is for another batch.

    Args:
        of: (student, exercise) of all rows.
        name: the table's in warnings.

    Attributes:
        changed: whether a mark is another than before.
        dropped: rows that had a change which the table doesn't have any more.
    """

    def __init__(self, entries: Iterable[Entry], of: Iterable[tuple[str, str]], name: str) -> None:
        self._by_key = {entry.key: entry for entry in entries}
        self._name = name
        self._often: Counter[tuple[str, str]] = Counter()
        if self._by_key:
            self._often.update((cells.key(student), exercise) for student, exercise in of)
        self._met: dict[tuple[str, str], Row] = {}
        self.changed, self.dropped = False, 0

    @property
    def count(self) -> int:
        """Rows that staff have changed."""
        return len(self._met)

    def row(self, row: Row) -> Row:
        """The row with the mark that is due now."""
        entry, at = None, ("", "")
        if self._by_key:
            at = cells.key(row.student), row.exercise
            entry = self._by_key.get(at) if self._often[at] == 1 else None
        elif row.mark is None:
            return row
        new = _mark(row, entry.adjustment if entry else None)
        if entry is None and row.mark is not None and row.mark.adjustment is not None:
            self.dropped += 1
        if new != row.mark:
            self.changed = True
            row = structs.replace(row, mark=new)
        if entry is not None:
            self._met[at] = _without_checks(row)
        return row

    def warnings(self, exercises: Collection[str]) -> tuple[str, ...]:
        """What staff should look at, once all rows have been here; `exercises` are the run's."""
        return (
            *_listed(self._strangers(exercises), self._name),
            *_listed(_odd(self._by_key, self._met), self._name),
        )

    def _strangers(self, exercises: Collection[str]) -> list[tuple[int, str]]:
        """Entries that no row is meant by, with what may be wrong with them."""
        students = {student for student, _ in self._often}
        found = []
        for (student, exercise), entry in self._by_key.items():
            who, what = _shown(entry.student), _shown(entry.exercise)
            if (student, exercise) in self._met:
                continue
            if self._often[student, exercise] > 1:
                why = f"two students are called {who}: rename one of their directories"
            elif student not in students:
                why = f"no student {who} in these results{_near(student, students)}"
            elif exercise not in exercises:
                why = f"no exercise {what} in these results{_near(exercise, exercises)}"
            else:
                why = f"{who} has no row for {what} in these results"
            found.append((entry.line, why))
        return found


def apply(results: Results, entries: Iterable[Entry], name: str) -> Applied:
    """`results`, which are in memory, with these changes by staff and no others; see `Changes`."""
    changes = Changes(entries, ((row.student, row.exercise) for row in results.results), name)
    rows = tuple(map(changes.row, results.results))
    warnings = changes.warnings({spec.id for spec in results.exercises})
    if changes.changed:
        results = replace(results, results=rows)
    return Applied(results, changes.changed, changes.count, changes.dropped, warnings)


def _without_checks(row: Row) -> Row:
    """What is kept of a row until the end: of a check no more than that the grader failed."""
    return structs.replace(
        row,
        status="grader_error" if _failed_on(row) else row.status,
        checks=(),
        source="",
        cells=(),
    )


def _mark(row: Row, adjustment: Adjustment | None) -> Mark | None:
    late, attempts = (row.mark.late, row.mark.attempts) if row.mark else (None, ())
    if late is None and adjustment is None and not attempts:
        return None
    return mark(row.points, late, adjustment, attempts)


def _odd(
    by_key: dict[tuple[str, str], Entry], met: dict[tuple[str, str], Row]
) -> list[tuple[int, str]]:
    """Entries that were put in and may not do what was meant."""
    found = []
    for at, row in met.items():
        entry = by_key[at]
        who, what = _shown(entry.student), _shown(entry.exercise)
        if entry.adjustment.total is None and row.status == "grader_error":
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


def _near(name: str, known: Collection[str]) -> str:
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
