"""Points of a row: `judged` is what the code did, by its checks; `counted` is what makes the grade.

The two differ by a penalty for lateness and a change by staff, which `told` has for people. What
the grader failed on was never up for judgement, and is in neither.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.results import Mark, Row


@dataclass(frozen=True, slots=True)
class Score:
    """Points of points; `share` is None where nothing was up for judgement."""

    points: float
    max_points: float

    @property
    def share(self) -> float | None:
        """The part reached, 0 to 1."""
        if self.max_points <= 0:
            return None
        return min(1.0, self.points / self.max_points)


def judged(row: Row) -> Score:
    """What of `row` was up for judgement: without the points that a fault of the grader withholds.

    A row whose `max_points` already leaves those out is taken as it is.
    """
    if row.status == "grader_error":
        return Score(0.0, 0.0)
    if all(check.outcome != "grader_error" for check in row.checks):  # nearly every row
        return Score(row.points, row.max_points)
    # By id: on two devices a check has two results and its points once.
    whole = {check.id: check.max_points for check in row.checks}
    at_fault = {c.id: c.max_points - c.points for c in row.checks if c.outcome == "grader_error"}
    withheld = sum(at_fault.values())
    room = row.max_points - sum(whole.values()) + withheld
    return Score(row.points, row.max_points - max(0.0, min(withheld, room)))


def counted(row: Row) -> Score:
    """What of `row` makes the grade: the points that count, of those that were up for judgement.

    A total that staff gave settles also what the grader failed on; a mere change of points that
    nobody knows doesn't.
    """
    if row.mark is None:
        return judged(row)
    if settled(row):
        return Score(row.mark.points, row.max_points)
    if row.status == "grader_error":
        return Score(0.0, 0.0)
    return Score(row.mark.points, judged(row).max_points)


def settled(row: Row) -> bool:
    """Whether staff said what it counts for, whatever the checks give and the grader failed on."""
    hand = row.mark.adjustment if row.mark else None
    return hand is not None and hand.total is not None


def total(scores: Sequence[Score]) -> Score:
    """The sum of some."""
    return Score(sum(s.points for s in scores), sum(s.max_points for s in scores))


def penalty(row: Row) -> float:
    """Points that lateness takes off: no more than there are."""
    late = row.mark.late if row.mark else None
    return min(late.penalty, row.points) if late else 0.0


def change(row: Row) -> float:
    """Points that staff added by hand, or took off: the checks' less the penalty and this count."""
    if row.mark is None or row.mark.adjustment is None:
        return 0.0
    return round(row.counts - (row.points - penalty(row)), 4) + 0.0


def told(row: Row) -> Mark | None:
    """The mark if there is something in it that people should read; not of what came in time."""
    mark = row.mark
    if mark is None or mark.adjustment is not None or len(mark.attempts) > 1:
        return mark
    late = mark.late
    return mark if late and (late.penalty or late.note.en or late.note.zh) else None


def matters(row: Row) -> bool:
    """Whether staff should look at its mark: a penalty, a change, a lateness that isn't known."""
    mark = row.mark
    if mark is None:
        return False
    late = mark.late
    return mark.adjustment is not None or (
        late is not None and (late.penalty > 0 or late.seconds is None)
    )


def amounts(mark: Mark) -> Iterator[float]:
    """Every number of points that a page shows of a mark."""
    yield mark.points
    if mark.late is not None:
        yield mark.late.penalty
    if mark.adjustment is not None:
        yield mark.adjustment.change or 0.0
    for attempt in mark.attempts:
        yield attempt.points or 0.0
        yield attempt.penalty
