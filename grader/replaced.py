"""What the results in OUT hold that the next ones won't: staff are told, once they are replaced."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

import msgspec

from grader.defuse import defuse_line

_MOST_NAMED = 3


_TEXT = rb'"(?:[^"\\\n]|\\.){0,10000}+"'
_ROW = re.compile(rb'\n   "student": (' + _TEXT + rb'),\n   "exercise": (' + _TEXT + rb")[,\n]")
_PIECE = 1 << 20
_OVERLAP = 50_000  # bytes, more than what `_ROW` matches


class _Named(msgspec.Struct, frozen=True):
    student: str
    exercise: str


class _Before(msgspec.Struct):
    """A results.json, of which nothing but whose rows it holds is looked at."""

    results: list[_Named]


def left_out(file: Path, now: Collection[tuple[str, str]]) -> tuple[str, ...]:
    """One line if the results.json at `file` has rows of others than `now` names, else none.

    A file that isn't there, or can't be read, has none.

    Args:
        now: a set of (student, exercise).
    """
    try:
        gone = [row for row in _before(file) if (row.student, row.exercise) not in now]
    except (OSError, ValueError, RecursionError):
        return ()
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


def _before(file: Path) -> Iterator[_Named]:
    """Whose rows a results.json holds: by its lines, so that it needn't be in memory.

    Raises:
        OSError, ValueError, RecursionError: it can't be read.
    """
    some, read = False, b""
    with file.open("rb") as data:
        while piece := data.read(_PIECE):
            read += piece
            end = 0
            for row in _ROW.finditer(read):
                some, end = True, row.end() - 1  # its last character may begin the next
                yield _Named(msgspec.json.decode(row[1]), msgspec.json.decode(row[2]))
            read = read[max(end, len(read) - _OVERLAP) :]
    if not some:  # it has no rows, or other lines than the grader writes
        yield from msgspec.json.decode(file.read_bytes(), type=_Before).results
