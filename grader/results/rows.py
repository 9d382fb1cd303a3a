"""A class's rows in the results.json that holds them, and in memory what tallies need of each."""

from __future__ import annotations

import hashlib
import os
import weakref
import zlib
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from grader.defuse import defuse_line
from grader.errors import UsageError
from grader.results import form
from grader.results.marks import Attempt, Mark
from grader.results.shared import shared, shared_text
from grader.results.spilled import Ahead, Lines, Mapped
from grader.results.values import EMPTY, CheckResult, Row

_TOLD = frozenset({"timeout", "out_of_memory", "crashed", "grader_error"})
"""Outcomes whose messages stand on the pages of the class, too."""
_CACHED = b',"cached":'
_decode = msgspec.json.Decoder(form.Row).decode


class RowsInFile(Lines[Row]):
    """Rows of a results.json that has just been written; `brief` has each in some hundred bytes.

    A brief row has student, exercise, status, points, seconds and mark, and of each check the id,
    the outcome, points, device, diagnosis and, where it ended without an answer, the message. All
    else is empty, and what rows have in common is there once. `digests` are those of the function.

    What is read is what was written, or an error: each row carries a checksum.

    Raises:
        UsageError: from reading, where the file isn't what was written any more.
    """

    def __init__(self, path: Path) -> None:
        self.brief: list[Row] = []
        self.digests: list[bytes] = []
        self._path = path
        self._starts, self._ends, self._sums = array("Q"), array("Q"), array("L")
        self._file = Ahead(-1)
        self._checks: dict[Any, CheckResult] = {}
        self._all: dict[tuple[int, ...], tuple[CheckResult, ...]] = {}
        self._numbers: dict[float, float] = {}

    def __len__(self) -> int:
        return len(self._sums)

    def append(self, row: Row, plain: bytes, start: int, written: bytes) -> None:
        """Notes a row that has been written.

        Args:
            row: as it is read.
            plain: its JSON without any space.
            start: where in the file it begins.
            written: its bytes there.
        """
        self.brief.append(self._brief(row))
        self.digests.append(_of_plain(plain))
        self._starts.append(start)
        self._ends.append(start + len(written))
        self._sums.append(zlib.crc32(written))

    def open(self) -> None:
        """Opens the file, which is complete: it may go, or be replaced, as long as rows are read.

        Raises:
            UsageError: it can't be read.
        """
        try:
            descriptor = os.open(self._path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        except OSError as error:
            raise self._unusable(error) from None
        weakref.finalize(self, os.close, descriptor)
        self._file = Ahead(descriptor)

    def _unusable(self, error: OSError) -> UsageError:
        return UsageError(
            f"{defuse_line(str(self._path))}: can't be read ({error.strerror}) while the report is"
            " made of it: run the same command again (finished work is remembered)"
        )

    def read(self, at: int) -> Row:
        """The row at `at`, counted from 0."""
        try:
            data = self._file.read(self._starts[at], self._ends[at])
        except OSError as error:
            raise self._unusable(error) from None
        if zlib.crc32(data) != self._sums[at]:
            raise UsageError(
                f"{defuse_line(str(self._path))}: was changed while the report was made of it: run"
                " the same command again (finished work is remembered)"
            )
        return form.row_from_form(_decode(data))

    def _brief(self, row: Row) -> Row:
        checks = [self._check(check) for check in row.checks]
        same = self._numbers.setdefault
        return Row(
            shared(row.student),
            shared(row.exercise),
            row.status,
            same(row.points, row.points),
            same(row.max_points, row.max_points),
            row.seconds,
            row.cached,
            self._all.setdefault(tuple(map(id, checks)), tuple(checks)),
            reason=shared_text(row.reason) if row.status == "grader_error" else EMPTY,
            mark=None if row.mark is None else _lean(row.mark),
        )

    def _check(self, check: CheckResult) -> CheckResult:
        message = check.message if check.outcome in _TOLD else EMPTY
        devices = check.evidence.get("devices")
        told = tuple(devices.items()) if isinstance(devices, Mapping) else ()
        if not all(isinstance(outcome, str) for _, outcome in told):
            told = ()
        key = (
            *(check.id, check.outcome, check.points, check.max_points, check.device),
            *(message.en, message.zh, check.diagnosis, told),
        )
        known = self._checks.get(key)
        if known is None:
            known = self._checks[key] = structs.replace(
                check, seconds=0.0, message=message, hint=EMPTY, evidence={}
            )
            if told:
                known = self._checks[key] = structs.replace(known, evidence={"devices": dict(told)})
        return known


def brief(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows without what only a student's own page shows, where that is cheaper to have."""
    return rows.brief if isinstance(rows, RowsInFile) else rows


def digests(rows: Sequence[Row]) -> Sequence[bytes]:
    """A digest of each row: of all of it, but for whether it was known from an earlier run."""
    return rows.digests if isinstance(rows, RowsInFile) else Mapped(_digest, rows)


def _digest(row: Row) -> bytes:
    return _of_plain(form.plain(row)[0])


def _of_plain(data: bytes) -> bytes:
    # The first is the row's own: before it are texts, in which every quote is escaped, and numbers.
    before, _, after = data.partition(_CACHED)
    made = hashlib.sha256(before)
    made.update(after[after.index(b",") :])
    return made.digest()


def _lean(mark: Mark) -> Mark:
    late = mark.late
    if late is not None:
        late = replace(late, deadline=shared(late.deadline), note=shared_text(late.note))
    attempts = tuple(Attempt("", "", a.points, a.penalty, a.counts) for a in mark.attempts)
    return replace(mark, late=late, attempts=attempts)
