"""What filling in a gradebook gives: the new text, what was written, what wasn't and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """What goes into one column: the points of these exercises together.

    `column` is how staff named it, "" where it is to be found out.
    """

    exercises: tuple[str, ...]
    column: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A grade that was written: whose, in which row and column, what stood there before."""

    student: str
    row: str
    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Left:
    """A student or a row that wasn't filled in, and why."""

    who: str
    why: str


@dataclass(frozen=True, slots=True)
class Filling:
    """A gradebook filled in.

    Attributes:
        text: of the whole file.
        columns: the ones that were filled, as their headers say.
        changes: what was written.
        students: those who have no row, or have one that was left as it is.
        rows: of whom nothing is known here.
        notes: what staff should look at.
    """

    text: str
    columns: tuple[str, ...]
    changes: tuple[Change, ...]
    students: tuple[Left, ...]
    rows: tuple[Left, ...]
    notes: tuple[str, ...]
