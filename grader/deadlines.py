"""What lateness costs: deadline, grace, price, and the sentence that a student reads about it.

Nothing here reads a file or a clock. Deadlines know their zone, so that a day late ends at the same
time of the next day; moments of handing in are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from grader.results.marks import Late
from grader.text import Text

Unit = Literal["hour", "day"]
Attempts = Literal["latest", "first", "best"]
FIRST_YEAR, LAST_YEAR = 1970, 2200
"""Years of deadlines and hand-ins; with others a clock or a file is wrong."""

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_UNITS = ((86_400, "day", "天"), (3_600, "h", "小时"), (60, "min", "分钟"), (1, "s", "秒"))


@dataclass(frozen=True, slots=True)
class Cost:
    """What a late hand-in costs, in percent of the exercise's maximum.

    Attributes:
        percent: once; with `per`, for each unit that has begun.
        at_most: however late it is.
    """

    percent: float = 0.0
    per: Unit | None = None
    at_most: float = 100.0

    def after(self, deadline: datetime, submitted: datetime) -> float:
        """Percent for what was handed in at `submitted`; 0 until the deadline."""
        if submitted.astimezone(UTC) <= deadline.astimezone(UTC):
            return 0.0
        units = 1 if self.per is None else units_begun(self.per, deadline, submitted)
        return min(units * self.percent, self.at_most)


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for one exercise, and for one student of it where the deadline was extended.

    Attributes:
        deadline: in the zone in which it was written; None: there is none.
        grace: after the deadline, during which lateness costs nothing; what comes later is late
            from the deadline on.
        extended: whether the deadline is one student's own.
    """

    deadline: datetime | None = None
    grace: timedelta = timedelta()
    cost: Cost = Cost()
    attempts: Attempts = "latest"
    extended: bool = False

    @property
    def is_silent(self) -> bool:
        """Whether the course says nothing of lateness."""
        return self.deadline is None and self.cost == Cost()

    @property
    def needs_amount(self) -> bool:
        """Whether it takes the time of handing in to tell what being late costs."""
        certain = self.cost.per is None and not self.grace and not self.extended
        return self.cost.percent > 0 and not certain


NO_RULE = Rule()


def units_begun(unit: Unit, deadline: datetime, submitted: datetime) -> int:
    """Hours or days of lateness, one that has begun as a whole one; 0 until the deadline.

    A day is 24 hours, or lasts until the same time of the next day where clocks were put back or
    forward: whichever is longer.
    """
    late = submitted.astimezone(UTC) - deadline.astimezone(UTC)
    if late <= timedelta():
        return 0
    if unit == "hour":
        return -(-late // _HOUR)
    days = -(-late // _DAY)
    # Arithmetic within a zone is by its clocks.
    ends = _by_the_clock(deadline + (days - 1) * _DAY)
    return days - 1 if days > 1 and submitted.astimezone(UTC) <= ends else days


def _by_the_clock(local: datetime) -> datetime:
    """In UTC, the later of two where clocks show that time twice."""
    return max(local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def late(
    rule: Rule, submitted: datetime | None, points: float, most: float, *, flagged: bool = False
) -> Late | None:
    """How a hand-in stands to its deadline; None where nothing is known or nothing was laid down.

    Args:
        submitted: None where that isn't known.
        points: what the checks gave; no penalty takes more.
        most: the exercise's maximum, of which penalties are percents.
        flagged: whether the learning platform marked it as late.
    """
    if rule.is_silent or (rule.deadline is None and not flagged):
        return None
    known = iso(submitted) if submitted else ""
    if rule.deadline is None or submitted is None:
        return _flagged(rule, known, points, most) if flagged else None
    deadline = rule.deadline.astimezone(UTC)
    seconds = max(0.0, (submitted.astimezone(UTC) - deadline).total_seconds())
    percent = cost_of(rule, submitted)
    penalty = min(percent / 100 * most, points)
    note = _note(rule, rule.deadline, seconds, percent, points, most) if seconds else Text("", "")
    return Late(iso(rule.deadline), known, seconds, round(penalty, 4), note)


def cost_of(rule: Rule, submitted: datetime) -> float:
    """Percent that a hand-in at `submitted` costs, its grace regarded."""
    if rule.deadline is None or submitted.astimezone(UTC) <= _until(rule.deadline, rule.grace):
        return 0.0
    return rule.cost.after(rule.deadline, submitted)


def _until(deadline: datetime, grace: timedelta) -> datetime:
    """The grace's end; its days are as long as those that are counted afterwards."""
    after = deadline.astimezone(UTC) + grace
    return after if grace % _DAY else max(after, _by_the_clock(deadline + grace))


def _flagged(rule: Rule, submitted: str, points: float, most: float) -> Late:
    deadline = iso(rule.deadline) if rule.deadline else ""
    en, zh = "handed in late, as the learning platform says", "学习平台标记为迟交"
    if rule.needs_amount:
        note = Text(
            f"{en}, but not by how much: no points are taken off until that is known",
            f"{zh}，但没有说明迟了多久：在确定之前不扣分",
        )
        return Late(deadline, submitted, note=note)
    percent = rule.cost.percent
    penalty = min(percent / 100 * most, points)
    note = _costing(Text(en, zh), percent, points, most)
    return Late(deadline, submitted, None, round(penalty, 4), note)


def _note(
    rule: Rule, deadline: datetime, seconds: float, percent: float, points: float, most: float
) -> Text:
    length, when = duration(seconds), shown(deadline)
    yours = "your own deadline" if rule.extended else "the deadline"
    yours_zh = "为你延长的截止时间" if rule.extended else "截止时间"
    said = Text(
        f"handed in {length.en} after {yours} ({when})",
        f"在{yours_zh}（{when.replace(', ', '，')}）之后 {length.zh}提交",
    )
    if not percent and rule.grace and rule.cost.percent:
        grace = duration(rule.grace.total_seconds())
        return Text(
            f"{said.en}: within the {grace.en} that cost nothing",
            f"{said.zh}：在 {grace.zh}的宽限之内，不扣分",
        )
    return _costing(said, percent, points, most)


def _costing(said: Text, percent: float, points: float, most: float) -> Text:
    """`said` with what it costs."""
    if not percent:
        return Text(f"{said.en}: no points are taken off for that", f"{said.zh}：不因此扣分")
    if percent >= 100:
        return Text(f"{said.en}: it gets no points", f"{said.zh}：不计分")
    share, share_zh = f"{percent:g} % of {most:g} points", f"{most:g} 分的 {percent:g}%"
    if percent / 100 * most > points:
        return Text(
            f"{said.en}: that costs {share}, which leaves none",
            f"{said.zh}：应扣 {share_zh}，扣完为止",
        )
    return Text(f"{said.en}: {share} are taken off", f"{said.zh}：扣除 {share_zh}")


def in_short(rule: Rule, submitted: datetime | None, *, flagged: bool = False) -> str:
    """For staff, in a few words: how late, and what it costs; "" where nothing is known."""
    known = late(rule, submitted, 100.0, 100.0, flagged=flagged)
    if known is None:
        return ""
    if known.seconds == 0:
        return "in time"
    if known.seconds is None:
        if rule.needs_amount:
            return "late, by how much isn't known: --times FILE tells"
        return f"late: {_price(known.penalty)}"
    length = duration(known.seconds).en
    within = rule.cost.percent and not known.penalty
    return f"late by {length}: {'within the grace' if within else _price(known.penalty)}"


def _price(percent: float) -> str:
    if not percent:
        return "no penalty"
    return "no points" if percent >= 100 else f"{percent:g} % off"


# -- moments and durations -------------------------------------------------------------------------


def iso(moment: datetime) -> str:
    """A moment in UTC, as results have it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> datetime | None:
    """A moment from ISO 8601 with its offset; None for anything else, and for impossible years."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if found.tzinfo is None or not FIRST_YEAR < found.year < LAST_YEAR:
        return None
    return found.astimezone(UTC).replace(microsecond=0)


def shown(deadline: datetime) -> str:
    """A deadline as people read it: date, time, and of which place."""
    zone = getattr(deadline.tzinfo, "key", None) or deadline.tzname() or "UTC"
    return f"{deadline:%Y-%m-%d %H:%M}, {zone}"


def duration(seconds: float) -> Text:
    """The two greatest units of a time: “1 day 3 h”; less than a second is none."""
    left = int(seconds)
    parts: list[tuple[int, str, str]] = []
    for size, en, zh in _UNITS:
        count, left = divmod(left, size)
        if count or parts:
            parts.append((count, en, zh))
    told = [part for part in parts[:2] if part[0]] or [(0, "s", "秒")]
    return Text(
        " ".join(f"{n} {en}{'s' if en == 'day' and n > 1 else ''}" for n, en, _ in told),
        " ".join(f"{n} {zh}" for n, _, zh in told),
    )
