"""Which of a student's attempts are graded, which one counts, and what its lateness costs.

Where a course compares attempts (`attempts = "best"`), each is a submission of the one batch; what
counts is decided afterwards, for each student and exercise alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from msgspec import structs

from grader.course import Exercise
from grader.deadlines import Rule, iso, late, moment
from grader.defuse import defuse_line
from grader.lms.values import Person
from grader.results import Row
from grader.results.marks import Attempt, Late, mark
from grader.submissions import Student, Submission
from grader.submissions.intake import Passed, Taken
from grader.submissions.model import Entry, shown
from grader.submissions.versions import Version, versions
from grader.text import Text
from grader.timetable import extended

MAX_GRADED = 10
"""Attempts of a student at an exercise that are graded; the last ones."""


@dataclass(frozen=True, slots=True)
class Timed:
    """What is known of when a student handed in.

    Attributes:
        person: as the platform knows them; None where nobody told.
        told: by exercise, "" for all, what staff told beside.
        deadlines: by exercise, "" for all, the student's own.
    """

    person: Person | None = None
    told: Mapping[str, datetime] | None = None
    deadlines: Mapping[str, datetime] | None = None

    def rule(self, exercise: Exercise) -> Rule:
        """What holds for this student."""
        own = self.deadlines or {}
        return extended(exercise.rule, own.get(exercise.id, own.get("")))

    def submitted(self, version: Version, exercise: Exercise) -> datetime | None:
        """When a version was handed in; None if that isn't known."""
        if version.earlier:
            own = moment(version.submitted)
            if own or not version.late:
                return own
            # Known to be late and no more: as late as the last one, or handing in a copy beside it
            # would save from every penalty that goes by the time.
        told = self.told or {}
        if found := told.get(exercise.id, told.get("")):
            return found
        return moment(self.person.submitted) if self.person else None

    def flagged(self, version: Version) -> bool:
        """Whether the platform marked it as late."""
        if version.earlier:
            return version.late
        return self.person is not None and self.person.late


@dataclass(frozen=True, slots=True)
class Tries:
    """A student's attempts at an exercise, oldest first; `graded` are the places of those graded.

    `all` has one at least, which may be a missing one.
    """

    exercise: Exercise
    all: tuple[Version, ...]
    graded: tuple[int, ...]
    timed: Timed

    @property
    def submissions(self) -> list[Submission]:
        """What the batch gets."""
        found = [self.all[place].taken.submission for place in self.graded]
        over = len(self.all) - len(found)
        if self.exercise.rule.attempts != "best" or not over:
            return found
        note = Text(
            f"only the last {len(found)} of {len(self.all)} attempts were graded",
            f"共提交 {len(self.all)} 次，只评了最后 {len(found)} 次",
        )
        return [replace(one, notes=(*one.notes, note)) for one in found]

    def lean(self) -> Tries:
        """The same without what only the grading needs: the files and their contents."""
        several = len(self.all) > 1
        return replace(self, all=tuple(_lean(version, named=several) for version in self.all))


def _lean(version: Version, *, named: bool) -> Version:
    entry = version.taken.entry
    if entry is not None:
        entry = Entry(entry.path, bytes, origin=entry.origin) if named else _SOME
    return replace(version, taken=Taken(_NONE, entry))


_NONE = Submission("", "", "missing")
_SOME = Entry("", bytes)


def tries(
    student: Student,
    exercises: Sequence[Exercise],
    others: Collection[str],
    timed: Timed,
    passed: Passed | None = None,
) -> list[Tries]:
    """A student's attempts at each exercise, by its rule; `others` and `passed` as for `take`."""
    symbols = {exercise.id: exercise.symbols for exercise in exercises}
    copies = [one.id for one in exercises if one.rule.attempts != "latest"]
    found = versions(student, symbols, others, with_copies=copies, passed=passed)
    return [
        Tries(exercise, tuple(found[exercise.id]), _graded(found[exercise.id], exercise), timed)
        for exercise in exercises
    ]


def _graded(found: Sequence[Version], exercise: Exercise) -> tuple[int, ...]:
    last = len(found) - 1
    there = [n for n, one in enumerate(found) if one.taken.submission.status != "missing"] or [last]
    if exercise.rule.attempts == "first":
        return (there[0],)
    return tuple(there[-MAX_GRADED:]) if exercise.rule.attempts == "best" else (last,)


def counted(handed_in: Iterable[Tries], rows: Iterable[Row]) -> Iterator[Row]:
    """One row for each of `handed_in`, of those that the batch made of all its submissions.

    Args:
        rows: in the order of the submissions; each is read once.
    """
    every = iter(rows)
    for one in handed_in:
        yield _counted(one, list(islice(every, len(one.graded))))


def unpriced(handed_in: Iterable[Tries], rows: Iterable[Row]) -> tuple[str, ...]:
    """The line that says of whom a penalty is open, and how to settle it; none where none is.

    Args:
        rows: of each of `handed_in` the one that counts; brief ones will do.
    """
    unknown = [
        f"{row.student} ({row.exercise})"
        for one, row in zip(handed_in, rows, strict=True)
        if row.mark is not None
        and row.mark.late is not None
        and row.mark.late.seconds is None
        and one.timed.rule(one.exercise).needs_amount
    ]
    if not unknown:
        return ()
    names = ", ".join(defuse_line(name, max_chars=80) for name in unknown[:3])
    more = f" and {len(unknown) - 3} more" if len(unknown) > 3 else ""
    return (
        f"{len(unknown)} hand-in(s) are late by an unknown time, so nothing was taken off for"
        f" that: {names}{more}; give the times with --times FILE",
    )


def _counted(one: Tries, rows: Sequence[Row]) -> Row:
    """The row that counts, with its mark."""
    rule = one.timed.rule(one.exercise)
    by_place = dict(zip(one.graded, rows, strict=True))
    lates = {place: _late(one, rule, place, row) for place, row in by_place.items()}
    marks = [mark(row.points, lates[place]) for place, row in by_place.items()]
    faults = [number for number, row in enumerate(rows) if row.status == "grader_error"]
    if faults:  # it may be the one that counts: nothing can be said yet
        return rows[faults[0]]
    worth = [(mark.points, row.status == "graded") for mark, row in zip(marks, rows, strict=True)]
    best = max(range(len(rows)), key=lambda number: (*worth[number], -number))
    row, place = rows[best], one.graded[best]
    if row.status == "missing":
        return row
    found = lates[place]
    attempts = _attempts(one, place, by_place, lates)
    if found is None and not attempts:
        return row
    return structs.replace(row, mark=replace(marks[best], attempts=attempts))


def _late(one: Tries, rule: Rule, place: int, row: Row) -> Late | None:
    version = one.all[place]
    submitted = one.timed.submitted(version, one.exercise)
    flagged = one.timed.flagged(version)
    if row.status in ("missing", "grader_error"):
        return None
    return late(rule, submitted, row.points, row.max_points, flagged=flagged)


def _attempts(
    one: Tries, counts: int, rows: Mapping[int, Row], lates: Mapping[int, Late | None]
) -> tuple[Attempt, ...]:
    """Every attempt, where there is more than one."""
    there = [n for n, version in enumerate(one.all) if version.taken.entry is not None]
    if len(there) < 2:
        return ()
    places = [one.all[n].taken.entry for n in there]
    names = [entry.path.rsplit("/", 1)[-1] for entry in places if entry]
    if len(set(names)) < len(names):
        names = [entry.place for entry in places if entry]
    found = []
    for n, name in zip(there, names, strict=True):
        submitted = one.timed.submitted(one.all[n], one.exercise)
        known = lates.get(n)
        found.append(
            Attempt(
                shown(name, 200),
                iso(submitted) if submitted else "",
                round(rows[n].points, 4) if n in rows else None,
                known.penalty if known else 0.0,
                n == counts,
            )
        )
    return tuple(found)
