"""What a row counts for where that isn't its points: a penalty for lateness, a change by staff.

The points say what the code does and never change here; a mark stands beside them, with reasons.
"""

from dataclasses import dataclass
from typing import Annotated

import msgspec

from grader.text import Text

_NOTHING = Text("", "")
MOST = 1e9
"""Points and seconds are at most this: so few that no sum of them is infinite."""
Amount = Annotated[float, msgspec.Meta(ge=0, le=MOST)]
Change = Annotated[float, msgspec.Meta(ge=-MOST, le=MOST)]


@dataclass(frozen=True, slots=True)
class Late:
    """How a hand-in stands to its deadline, and what that costs.

    Attributes:
        deadline: UTC in ISO 8601.
        submitted: the same, "" where the learning platform only says that it was late.
        seconds: after the deadline; None where that isn't known, 0 for what came in time.
        penalty: points taken off.
        note: why it costs what it costs, for the student.
    """

    deadline: str = ""
    submitted: str = ""
    seconds: Amount | None = None
    penalty: Amount = 0.0
    note: Text = _NOTHING


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What staff changed by hand; one of `change` and `total` is given.

    Attributes:
        change: points added, or taken off if negative, after the penalty.
        total: what it counts for instead, penalty or not.
        reason: as staff wrote it; students read it.
        staff: who changed it, "" if not told.
    """

    reason: str
    change: Change | None = None
    total: Amount | None = None
    staff: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One of several hand-ins of a student; `points` is None for one that wasn't graded.

    Attributes:
        file: as people are shown it.
        submitted: UTC in ISO 8601, "" if not known.
        counts: whether this is the one that the row is about.
    """

    file: str
    submitted: str = ""
    points: Amount | None = None
    penalty: Amount = 0.0
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """What a row counts for, in `points`, and why that may not be what the checks gave."""

    points: Amount
    late: Late | None = None
    adjustment: Adjustment | None = None
    attempts: tuple[Attempt, ...] = ()


def mark(
    points: float,
    late: Late | None = None,
    adjustment: Adjustment | None = None,
    attempts: tuple[Attempt, ...] = (),
) -> Mark:
    """The mark of a row whose checks gave `points`.

    Never below 0, whatever the penalty; staff may go above the maximum.
    """
    counts = round(points, 4)  # as results.json has them: what is read there makes the same mark
    if late is not None:
        counts -= late.penalty
    if adjustment is not None:
        if adjustment.total is not None:
            counts = adjustment.total
        else:
            counts = max(0.0, counts) + (adjustment.change or 0.0)
    return Mark(round(min(max(0.0, counts), MOST), 4), late, adjustment, attempts)
