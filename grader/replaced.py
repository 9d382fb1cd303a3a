"""What the results in OUT hold that the next ones won't: staff are told, once they are replaced."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from grader.defuse import defuse_line
from grader.results import Row

_MOST_NAMED = 3


class _Named(msgspec.Struct):
    student: str
    exercise: str


class _Before(msgspec.Struct):
    """A results.json, of which nothing but whose rows it holds is looked at."""

    results: list[_Named]


def left_out(file: Path, rows: Sequence[Row]) -> tuple[str, ...]:
    """One line if the results.json at `file` has rows that aren't among `rows`, else none.

    A file that isn't there, or can't be read, has none.
    """
    try:
        before = msgspec.json.decode(file.read_bytes(), type=_Before).results
    except (OSError, ValueError, RecursionError):
        return ()
    now = {(row.student, row.exercise) for row in rows}
    gone = [row for row in before if (row.student, row.exercise) not in now]
    if not gone:
        return ()
    students = list(dict.fromkeys(row.student for row in gone))
    named = ", ".join(repr(defuse_line(name, max_chars=40)) for name in students[:_MOST_NAMED])
    more = f" and {len(students) - _MOST_NAMED} more" if len(students) > _MOST_NAMED else ""
    rows_of = f"{len(gone)} row{'s' if len(gone) > 1 else ''} of {named}{more}"
    return (
        f"{defuse_line(str(file))} held {rows_of} that this run doesn't have; they are gone from it"
        " and from the report: grade everybody and every exercise into one folder (finished work is"
        " remembered), or a part into another one with --out",
    )
