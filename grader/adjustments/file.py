"""adjustments.csv on disk: beside results.json, read with it, changed by one person at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from grader import folders
from grader.adjustments.apply import Applied, Changes, apply
from grader.adjustments.table import Entry, Table, parse, to_text
from grader.defuse import defuse_line
from grader.errors import UsageError
from grader.results import (
    Results,
    Row,
    read_results,
    to_json,
    write_atomically,
    write_bytes_atomically,
)

FILE = "adjustments.csv"
_LOCK = ".adjustments.lock"
_MOST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Settled:
    """Results with what staff changed; `told` and `warnings` are lines for a terminal."""

    results: Results
    told: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Where changes by staff are read: `given`, or else the file in `folder`, if there is one."""

    folder: Path
    given: Path | None = None

    @property
    def path(self) -> Path:
        """The file, whether it is there or not."""
        return self.given or self.folder / FILE

    def read(self) -> Table:
        """The table; without entries where the folder holds none.

        Raises:
            UsageError: the file that was named isn't there, or one can't be read or is malformed.
        """
        if self.given is None and not self.path.exists():
            return Table()
        return read_adjustments(self.path)


def read_adjustments(path: Path) -> Table:
    """The table at `path`; raises UsageError, one line, for what can't be read or is none."""
    name = defuse_line(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(
            f"{name}: can't be read ({error.strerror}): `grader adjust` writes such a file"
        ) from None
    if len(data) > _MOST_BYTES:
        raise UsageError(f"{name}: larger than {_MOST_BYTES // 10**6} MB: no table of changes")
    return parse(data, name)


class ByHand:
    """What staff changed, put into the rows of one grading, one after the other.

    Args:
        of: (student, exercise) of all of them.
        before: the table as it was when the grading began.
        had: how many such changes the results had, if it must be told that they are gone.
    """

    def __init__(
        self, source: Source, of: Iterable[tuple[str, str]], before: Table, had: int
    ) -> None:
        self._source, self._had = source, had
        self._warnings: tuple[str, ...] = ()
        table = before
        try:
            table = source.read()
        except UsageError as error:
            self._warnings = (f"{error}; what the file said before the grading was put in",)
        self._changes = Changes(table.entries, of, _name(source))

    def row(self, row: Row) -> Row:
        """The row with what staff changed."""
        return self._changes.row(row)

    def told(self) -> tuple[str, ...]:
        """What was changed, a line for a terminal."""
        return _told(self._source, self._changes.count)

    def warnings(self, exercises: Collection[str]) -> tuple[str, ...]:
        """What to look at, once all rows have been here; `exercises` are the run's."""
        dropped = self._changes.dropped if self._source.path.exists() else self._had
        gone = _gone(self._source, dropped)
        return (*self._warnings, *gone, *self._changes.warnings(exercises))


def for_grading(source: Source) -> Callable[[Iterable[tuple[str, str]], int], ByHand]:
    """Reads the table before grading begins, so that a malformed one is told at once.

    Returns what puts it into the rows in the end, given whose they are and how many such changes
    the results had that are replaced. Somebody may have changed the file meanwhile:
    it is read again, and if it is malformed by then, the first reading counts, with a warning. So
    there is if it is gone, and the results that are there now have such changes.

    Raises:
        UsageError: as `Source.read`.
    """
    before = source.read()
    was_there = source.path.exists()
    return lambda of, had: ByHand(source, of, before, 0 if was_there else had)


def with_adjustments(path: Path, given: Path | None) -> Settled:
    """The results in the file at `path`, with what staff has changed by now; writes nothing.

    Raises:
        UsageError: one of the files can't be read.
    """
    source = Source(path.parent, given)
    return _settled(source, _applied(path, source))


def settle(path: Path, given: Path | None) -> Settled:
    """The same, and writes the results anew if their marks are others now.

    Raises:
        UsageError: one of the files can't be read, or the results can't be written; or a grader is
            writing there just now.
    """
    source = Source(path.parent, given)
    applied = _applied(path, source)
    if applied.changed:
        with folders.alone_in(path.parent):
            applied = _applied(path, source)  # a grading may have ended in between
            write_atomically(path, to_json(applied.results))
    return _settled(source, applied)


def add(path: Path, entry: Entry) -> bool:
    """Puts `entry` into the table at `path`, in place of one for the same student and exercise.

    Whoever else does so at this moment waits, or is waited for. Everything else in the table stays,
    and so does its layout.

    Returns:
        Whether there was one.

    Raises:
        UsageError: the table is malformed, or can't be written.
    """
    if not path.name:
        raise UsageError(f"{defuse_line(str(path))}: isn't a file: name one that can be written")
    if os.path.islink(path):
        path = path.resolve()  # it stays a link: what it leads to is what others read
    with folders.in_turn(path.with_name(_LOCK)):
        # `Path.exists` raises for a name that is too long; writing says so in a line.
        table = read_adjustments(path) if os.path.exists(path) else Table()
        kept = [entry if one.key == entry.key else one for one in table.entries]
        there = entry in kept
        entries = tuple(kept if there else [*kept, entry])
        text = to_text(Table(entries, table.layout))
        write_bytes_atomically(path, text.encode(table.layout.encoding))
    return there


def _applied(path: Path, source: Source) -> Applied:
    return apply(read_results(path), source.read().entries, _name(source))


def _name(source: Source) -> str:
    return defuse_line(str(source.path))


def _settled(source: Source, applied: Applied) -> Settled:
    warnings = (*_gone(source, applied.dropped), *applied.warnings)
    return Settled(applied.results, _told(source, applied.count), warnings)


def _told(source: Source, count: int) -> tuple[str, ...]:
    return (f"changed by hand: {count} result(s), by {_name(source)}",) if count else ()


def _gone(source: Source, count: int) -> tuple[str, ...]:
    if not count:
        return ()
    why = "doesn't name them" if source.path.exists() else "isn't there"
    return (
        f"{count} change(s) by hand that the results had are gone: {_name(source)} {why}; if the"
        " file lies elsewhere, name it with --adjustments",
    )
