"""Which attempt counts, by a course's rule; a student's row is nobody else's business."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs

from grader.attempts import MAX_GRADED, Timed, Tries, counted, tries, unpriced
from grader.course import Exercise
from grader.deadlines import Attempts, Cost, Rule
from grader.lms.values import Person
from grader.results import Row
from grader.submissions import Submission, find_students
from grader.submissions.intake import Taken
from grader.submissions.model import Entry
from grader.submissions.versions import Version
from grader.text import Text

DEADLINE = datetime(2026, 10, 12, 18, 0, tzinfo=UTC)
NAMES = ("huber.py", "huber (1).py", "huber (2).py")


def exercise(attempts: Attempts = "best", cost: Cost | None = None) -> Exercise:
    rule = Rule(DEADLINE, timedelta(), cost or Cost(), attempts)
    return Exercise("huber", Text("Huber", "Huber"), ("huber_fn",), (), (), Path(), rule=rule)


def handed_in(
    folder: Path, of: Exercise, names: tuple[str, ...] = NAMES, timed: Timed | None = None
) -> Tries:
    """The attempts of one student who handed in these files."""
    (folder / "class" / "ada").mkdir(parents=True)
    for name in names:
        (folder / "class" / "ada" / name).write_text(f"name = {name!r}\n")
    (student,) = find_students(folder / "class")
    (found,) = tries(student, [of], [], timed or Timed())
    return found


def rows_of(one: Tries, *points: float | None) -> list[Row]:
    """A row for each submission; None: the grader failed on it."""
    return [
        Row("ada", "huber", "grader_error" if p is None else "graded", p or 0.0, 10.0,
            file=submission.origin)
        for submission, p in zip(one.submissions, points, strict=True)
    ]  # fmt: skip


def only(found: Iterable[Row]) -> Row:
    (row,) = found
    return row


def test_the_best_counts(tmp_path: Path) -> None:
    """Of all, which are listed with their points."""
    one = handed_in(tmp_path, exercise())
    row = only(counted([one], rows_of(one, 3.0, 8.0, 5.0)))
    assert row.mark is not None
    assert (row.points, row.counts, row.file) == (8.0, 8.0, "ada/huber (1).py")
    assert [(a.file, a.points, a.counts) for a in row.mark.attempts] == [
        ("huber.py", 3.0, False), ("huber (1).py", 8.0, True), ("huber (2).py", 5.0, False),
    ]  # fmt: skip


def test_of_equals_the_earlier_counts(tmp_path: Path) -> None:
    one = handed_in(tmp_path, exercise())
    assert only(counted([one], rows_of(one, 3.0, 8.0, 8.0))).file == "ada/huber (1).py"


@pytest.mark.parametrize(
    ("attempts", "graded", "file"), [("first", 1, "huber.py"), ("latest", 1, "huber.py")]
)
def test_one_is_graded(tmp_path: Path, attempts: Attempts, graded: int, file: str) -> None:
    """The first; or what counts without a rule, beside which copies are no attempts."""
    one = handed_in(tmp_path, exercise(attempts))
    assert [submission.origin for submission in one.submissions] == [f"ada/{file}"]
    row = only(counted([one], rows_of(one, 7.0)))
    shown = row.mark.attempts if row.mark else ()
    assert [a.points for a in shown] == ([7.0, None, None] if attempts == "first" else [])
    assert row.counts == 7.0


def test_a_late_better_one_may_count_less(tmp_path: Path) -> None:
    """What counts is what is left after the penalty, whenever it was handed in."""
    of = exercise(cost=Cost(50))
    one = handed_in(tmp_path, of)
    before, after = DEADLINE - timedelta(days=1), DEADLINE + timedelta(days=1)
    stamps = [before, after, after]
    versions = tuple(
        replace(version, earlier=True, submitted=stamp.isoformat())
        for version, stamp in zip(one.all, stamps, strict=True)
    )
    one = replace(one, all=versions)
    row = only(counted([one], rows_of(one, 6.0, 10.0, 4.0)))
    assert row.mark is not None
    assert (row.points, row.counts) == (6.0, 6.0)
    assert [(a.points, a.penalty, a.counts) for a in row.mark.attempts] == [
        (6.0, 0.0, True), (10.0, 5.0, False), (4.0, 4.0, False),
    ]  # fmt: skip
    assert row.mark.attempts[0].submitted == "2026-10-11T18:00:00Z"


def test_a_fault_of_the_grader_hides_which_is_best(tmp_path: Path) -> None:
    """The row is the faulty one, without a mark: what was lost may be what counts."""
    one = handed_in(tmp_path, exercise(cost=Cost(50)))
    row = only(counted([one], rows_of(one, 3.0, None, 5.0)))
    assert (row.status, row.mark) == ("grader_error", None)


def test_so_many_are_graded(tmp_path: Path) -> None:
    """The last ones; a note says so."""
    names = ("huber.py", *(f"huber ({n}).py" for n in range(1, 14)))
    one = handed_in(tmp_path, exercise(), names)
    found = one.submissions
    assert [submission.origin for submission in found] == [
        f"ada/huber ({n}).py" for n in range(14 - MAX_GRADED, 14)
    ]
    assert all("only the last 10 of 14 attempts were graded" in s.notes[-1].en for s in found)
    row = only(counted([one], rows_of(one, *map(float, range(MAX_GRADED)))))
    assert row.mark is not None
    assert len(row.mark.attempts) == 14
    assert [a.points for a in row.mark.attempts][:5] == [None, None, None, None, 0.0]


def test_missing(tmp_path: Path) -> None:
    """Has no mark, however late it would be."""
    late = Timed(Person("ada", "canvas", late=True))
    one = handed_in(tmp_path, exercise(cost=Cost(20)), ("notes.txt",), late)
    (submission,) = one.submissions
    missing = Row("ada", "huber", "missing", 0.0, 10.0)
    assert submission.status == "missing"
    assert list(counted([one], [missing])) == [missing]


def test_missing_in_the_last_hand_in(tmp_path: Path) -> None:
    """What was there before doesn't count with `latest`, and a missing row has no mark."""
    of = exercise("latest", Cost(20))
    before = handed_in(tmp_path / "1", exercise("best"))
    (gone,) = handed_in(tmp_path / "2", of, ("notes.txt",)).all
    missing = Row("ada", "huber", "missing", 0.0, 10.0)
    one = Tries(of, (*before.all, gone), (3,), Timed())
    assert list(counted([one], [missing])) == [missing]


def test_in_time_and_nothing_known(tmp_path: Path) -> None:
    """In time has a mark that says so; of whom nothing is known has none."""
    in_time = Timed(told={"": DEADLINE})
    one = handed_in(tmp_path / "1", exercise(cost=Cost(20)), NAMES[:1], in_time)
    row = only(counted([one], rows_of(one, 7.0)))
    assert row.mark is not None
    assert row.mark.late is not None
    assert (row.counts, row.mark.late.seconds, row.mark.late.penalty) == (7.0, 0.0, 0.0)
    one = handed_in(tmp_path / "2", exercise(cost=Cost(20)), NAMES[:1])
    assert only(counted([one], rows_of(one, 7.0))).mark is None


def test_late_by_an_unknown_time(tmp_path: Path) -> None:
    """Nothing is taken off where each day has its price, and staff are told once how to mend it."""
    late = Timed(Person("ada", "canvas", late=True))
    one = handed_in(tmp_path / "1", exercise(cost=Cost(10, "day")), NAMES[:1], late)
    found = list(counted([one] * 5, rows_of(one, 7.0) * 5))
    assert {row.counts for row in found} == {7.0}
    assert unpriced([one] * 5, found) == (
        "5 hand-in(s) are late by an unknown time, so nothing was taken off for that: ada (huber),"
        " ada (huber), ada (huber) and 2 more; give the times with --times FILE",
    )
    one = handed_in(tmp_path / "2", exercise(cost=Cost(20)), NAMES[:1], late)
    found = list(counted([one], rows_of(one, 7.0)))
    assert (only(found).counts, unpriced([one], found)) == (5.0, ())


def test_of_those_worth_nothing_one_that_ran_counts(tmp_path: Path) -> None:
    """Its checks say more than that a file can't be read; staff may give points back, too."""
    one = handed_in(tmp_path, exercise(cost=Cost(100)))
    first, *others = rows_of(one, 0.0, 8.0, 9.0)
    late = replace(one, timed=Timed(told={"": DEADLINE + timedelta(days=1)}))
    row = only(counted([late], [structs.replace(first, status="unreadable"), *others]))
    assert (row.status, row.points, row.counts) == ("graded", 8.0, 0.0)


@pytest.mark.parametrize("attempts", ["first", "best"])
def test_a_late_copy_beside_the_last_one_costs_as_much(attempts: Attempts) -> None:
    """A platform that marks both tells one time at most, and staff as well."""
    of = exercise(attempts, Cost(10, "day"))
    ready = Taken(Submission("ada", "huber", "ready"), Entry("huber.py", bytes))
    both = (Version(ready, late=True, earlier=True), Version(ready))
    known = Timed(Person("ada", "canvas", "1", late=True), {"": DEADLINE + timedelta(hours=30)})
    one = Tries(of, both, (0,) if attempts == "first" else (0, 1), known)
    rows = [Row("ada", "huber", "graded", 8.0, 10.0)] * len(one.graded)
    found = list(counted([one], rows))
    assert (only(found).counts, unpriced([one], found)) == (6.0, ())
    untold = replace(one, timed=replace(known, told=None))
    (said,) = unpriced([untold], counted([untold], rows))
    assert said.startswith("1 hand-in(s) are late by an unknown time")
    assert ": ada (huber); give" in said
    in_time = replace(one, all=(replace(both[0], late=False), both[1]))
    assert only(counted([in_time], rows)).counts == 8.0


def test_whose_time_and_whose_deadline(tmp_path: Path) -> None:
    """An exercise's own time goes before that of all, staff's before the platform's; and so on."""
    of, later = exercise(cost=Cost(20)), DEADLINE + timedelta(days=3)
    person = Person("ada", "gradescope", submitted="2026-10-14T18:00:00Z", late=True)
    told = {"": DEADLINE + timedelta(days=1), "huber": DEADLINE + timedelta(days=2)}
    one = handed_in(tmp_path, of, NAMES[:1], Timed(person))
    (version,) = one.all
    assert Timed(person).submitted(version, of) == DEADLINE + timedelta(days=2)
    assert Timed(person, told).submitted(version, of) == told["huber"]
    assert Timed(person, {"": told[""]}).submitted(version, of) == told[""]
    assert Timed(person, {"dense": later}).submitted(version, of) == DEADLINE + timedelta(days=2)
    before = replace(version, earlier=True, submitted="2026-10-01T00:00:00Z")
    assert Timed(person, told).submitted(before, of) == datetime(2026, 10, 1, tzinfo=UTC)
    assert (Timed(person).flagged(version), Timed(person).flagged(before)) == (True, False)
    assert Timed(deadlines={"": later}).rule(of).deadline == later
    assert Timed(deadlines={"": DEADLINE, "huber": later}).rule(of).extended
    assert Timed(deadlines={"dense": later}).rule(of) is of.rule


def test_nobody_elses_business(tmp_path: Path) -> None:
    """Rows go to their own students, however many attempts each has."""
    one = handed_in(tmp_path / "1", exercise())
    two = handed_in(tmp_path / "2", exercise(), NAMES[:1])
    rows, other = rows_of(one, 1.0, 2.0, 3.0), rows_of(two, 9.0)
    alone = only(counted([one], rows)), only(counted([two], other))
    assert tuple(counted([one, two], rows + other)) == alone
    assert tuple(counted([two, one], other + rows)) == alone[::-1]
