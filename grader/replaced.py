"""What the results in OUT hold that the next ones won't: staff are told, once they are replaced."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from grader.defuse import defuse_line

_MOST_NAMED = 3


_TEXT = rb'"(?:[^"\\\n]|\\.){0,10000}+"'
_ROW = re.compile(rb'\n   "student": (' + _TEXT + rb'),\n   "exercise": (' + _TEXT + rb")[,\n]")
_PIECE = 1 << 20
_OVERLAP = 50_000  # bytes, more than what `_ROW` matches
_CHANGE = b'"adjustment": {'

Named = tuple[str, str]
"""A student and an exercise."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a results.json holds.

    Attributes:
        rows: whose; none where that can't be read.
        changes: rows that staff changed by hand; by the text, since it may be another grader's.
    """

    rows: tuple[Named, ...] = ()
    changes: int = 0


class _Named(msgspec.Struct, frozen=True):
    student: str
    exercise: str


class _Before(msgspec.Struct):
    """A results.json, of which nothing but whose rows it holds is looked at."""

    results: list[_Named]


def earlier(file: Path) -> Earlier:
    """What the results.json at `file` holds; nothing where there is none, or none can be read."""
    changes = _Count(_CHANGE)
    try:
        return Earlier(tuple(_rows(file, changes)), changes.found)
    except (ValueError, RecursionError):  # a row is amiss: its changes count all the same
        return Earlier(changes=_changes(file))
    except OSError:
        return Earlier()


def left_out(file: Path, rows: Collection[Named], now: Collection[Named]) -> tuple[str, ...]:
    """One line if `rows`, which `file` held, has others than `now`, a set, else none."""
    gone = [name for name in rows if name not in now]
    if not gone:
        return ()
    students = list(dict.fromkeys(student for student, _ in gone))
    named = ", ".join(repr(defuse_line(name, max_chars=40)) for name in students[:_MOST_NAMED])
    more = f" and {len(students) - _MOST_NAMED} more" if len(students) > _MOST_NAMED else ""
    rows_of = f"{len(gone)} row{'s' if len(gone) > 1 else ''} of {named}{more}"
    return (
        f"{defuse_line(str(file))} held {rows_of} that this run doesn't have; they are gone from it"
        " and from the report: grade everybody and every exercise into one folder (finished work is"
        " remembered), or a part into another one with --out",
    )


class _Count:
    """How often a text is among bytes that come in pieces."""

    def __init__(self, text: bytes) -> None:
        self.found = 0
        self._text, self._end = text, b""

    def add(self, piece: bytes) -> None:
        """Looks through the next piece."""
        short = len(self._text) - 1
        self.found += piece.count(self._text)
        self.found += (self._end + piece[:short]).count(self._text)
        self._end = (self._end + piece[-short:])[-short:]


def _changes(file: Path) -> int:
    changes = _Count(_CHANGE)
    with suppress(OSError), file.open("rb", buffering=0) as data:
        while piece := data.read(_PIECE):
            changes.add(piece)
    return changes.found


def _rows(file: Path, changes: _Count) -> Iterator[Named]:
    """Whose rows a results.json holds: by its lines, so that it needn't be in memory.

    Raises:
        OSError, ValueError, RecursionError: it can't be read.
    """
    some, read = False, b""
    with file.open("rb", buffering=0) as data:
        while piece := data.read(_PIECE):
            changes.add(piece)
            read += piece
            end = 0
            for row in _ROW.finditer(read):
                some, end = True, row.end() - 1  # its last character may begin the next
                yield msgspec.json.decode(row[1], type=str), msgspec.json.decode(row[2], type=str)
            read = read[max(end, len(read) - _OVERLAP) :]
    if not some:  # it has no rows, or other lines than the grader writes
        found = msgspec.json.decode(file.read_bytes(), type=_Before).results
        yield from ((row.student, row.exercise) for row in found)
