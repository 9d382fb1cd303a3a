"""The rows of a class on disk, and in memory what tallies of the whole class need of each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from msgspec import structs

from grader.results.marks import Attempt, Mark
from grader.results.shared import shared, shared_text
from grader.results.spilled import Mapped, Spilled, encoded
from grader.results.values import EMPTY, CheckResult, Row

_TOLD = frozenset({"timeout", "out_of_memory", "crashed", "grader_error"})
"""Outcomes whose messages stand on the pages of the class, too."""


class RowsOnDisk(Spilled[Row]):
    """Rows on disk; `brief` has each of them in some hundred bytes.

    A brief row has student, exercise, status, points, seconds and mark, and of each check the id,
    the outcome, points, device, diagnosis and, where it ended without an answer, the message. All
    else is empty, and what rows have in common is there once. `digests` are those of the function.
    """

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self.brief: list[Row] = []
        self.digests: list[bytes] = []
        self._checks: dict[Any, CheckResult] = {}
        self._all: dict[tuple[int, ...], tuple[CheckResult, ...]] = {}
        self._numbers: dict[float, float] = {}
        super().__init__(Row, rows)

    def append(self, value: Row) -> int:
        """Keeps a row, and gives its place."""
        at = super().append(value)
        self.brief.append(self._brief(value))
        self.digests.append(_digest(value))
        return at

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
    return rows.brief if isinstance(rows, RowsOnDisk) else rows


def digests(rows: Sequence[Row]) -> Sequence[bytes]:
    """A digest of each row: of all of it, but for whether it was known from an earlier run."""
    return rows.digests if isinstance(rows, RowsOnDisk) else Mapped(_digest, rows)


def _digest(row: Row) -> bytes:
    return hashlib.sha256(encoded(structs.replace(row, cached=False))).digest()


def _lean(mark: Mark) -> Mark:
    late = mark.late
    if late is not None:
        late = replace(late, deadline=shared(late.deadline), note=shared_text(late.note))
    attempts = tuple(Attempt("", "", a.points, a.penalty, a.counts) for a in mark.attempts)
    return replace(mark, late=late, attempts=attempts)
