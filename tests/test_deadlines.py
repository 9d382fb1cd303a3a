"""Deadlines by their arithmetic: what lateness costs, and what a student reads about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.deadlines import (
    Cost,
    Rule,
    cost_of,
    duration,
    in_short,
    late,
    moment,
    shown,
    units_begun,
)
from grader.results.marks import mark
from grader.text import Text

BERLIN = ZoneInfo("Europe/Berlin")
DEADLINE = datetime(2026, 10, 12, 18, 0, tzinfo=BERLIN)
A_DAY = Cost(10, "day", 50)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)

percents = st.integers(1, 100).map(float)
costs = st.one_of(
    st.just(Cost()),
    percents.map(Cost),
    st.tuples(percents, st.sampled_from(["hour", "day"]), percents).map(
        lambda p: Cost(min(p[0], p[2]), p[1], max(p[0], p[2]))  # type: ignore[arg-type]
    ),
)
zones = st.sampled_from(
    [BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe"), UTC]
) | st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
deadlines = st.builds(
    lambda at, zone: at.replace(tzinfo=zone, fold=1),
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)).map(lambda at: at.replace(second=0)),
    zones,
)
graces = st.integers(0, 200_000).map(lambda seconds: timedelta(seconds=seconds))
lateness = st.integers(-300_000, 3_000_000).map(lambda seconds: timedelta(seconds=seconds))


def at(deadline: datetime, after: timedelta) -> datetime:
    """A moment so long after the deadline, in UTC."""
    return deadline.astimezone(UTC) + after


@settings(max_examples=300, deadline=None)
@given(deadlines, costs, graces, lateness, lateness)
def test_later_never_costs_less(
    deadline: datetime, cost: Cost, grace: timedelta, one: timedelta, other: timedelta
) -> None:
    """The penalty is monotone, never above `at_most`, and nothing within the grace."""
    rule = Rule(deadline, grace, cost)
    sooner, later = sorted((one, other))
    first, second = cost_of(rule, at(deadline, sooner)), cost_of(rule, at(deadline, later))
    assert 0 <= first <= second <= min(cost.at_most, 100)
    if sooner <= grace:
        assert first == 0
    elif cost.percent:
        assert first >= cost.percent


@settings(max_examples=300, deadline=None)
@given(deadlines, costs, lateness, st.integers(0, 40).map(lambda n: n / 4))
def test_points_and_penalty_make_the_mark(
    deadline: datetime, cost: Cost, after: timedelta, points: float
) -> None:
    """What is taken off is never more than there is; what is left is what counts."""
    rule = Rule(deadline, timedelta(), cost)
    found = late(rule, at(deadline, after), points, 10.0)
    assert found is not None
    assert 0 <= found.penalty <= points
    assert mark(points, found).points == pytest.approx(points - found.penalty)
    assert (found.seconds == 0) == (after <= timedelta())
    assert bool(found.note.en) == bool(found.note.zh) == bool(found.seconds)


@settings(max_examples=300, deadline=None)
@given(deadlines, st.integers(1, 3_000_000))
def test_days_are_24_hours_or_the_clocks(deadline: datetime, seconds: int) -> None:
    """A day more or less is only a matter of an hour or two of changed clocks."""
    days = units_begun("day", deadline, at(deadline, timedelta(seconds=seconds)))
    longest = timedelta(seconds=seconds)
    assert (days - 1) * DAY < longest <= days * DAY + 2 * HOUR
    assert units_begun("hour", deadline, at(deadline, longest)) == -(-seconds // 3600)


def test_a_day_late_ends_at_the_same_time_of_day() -> None:
    """Also where clocks are put back that night; and where they skip an hour, after 24 hours."""
    autumn = datetime(2026, 10, 24, 18, 0, tzinfo=BERLIN)
    assert units_begun("day", autumn, at(autumn, 25 * HOUR)) == 1
    assert units_begun("day", autumn, at(autumn, 25 * HOUR + SECOND)) == 2
    twice = datetime(2026, 10, 24, 2, 30, tzinfo=BERLIN)
    assert units_begun("day", twice, at(twice, 25 * HOUR)) == 1
    assert units_begun("day", twice, at(twice, 25 * HOUR + SECOND)) == 2
    spring = datetime(2026, 3, 28, 18, 0, tzinfo=BERLIN)
    assert units_begun("day", spring, at(spring, 24 * HOUR)) == 1
    assert units_begun("day", spring, at(spring, 24 * HOUR + SECOND)) == 2
    assert units_begun("day", spring, at(spring, timedelta())) == 0


def test_days_of_grace_end_at_the_same_time_of_day() -> None:
    """As those do that are counted after them; hours of grace are hours."""
    autumn, cost = datetime(2026, 10, 24, 18, 0, tzinfo=BERLIN), Cost(10, "day")
    days, hours = Rule(autumn, DAY, cost), Rule(autumn, 2 * HOUR, cost)
    assert cost_of(days, at(autumn, 25 * HOUR)) == 0
    assert cost_of(days, at(autumn, 25 * HOUR + SECOND)) == 20
    night = datetime(2026, 10, 25, 1, 30, tzinfo=BERLIN)
    assert cost_of(Rule(night, 2 * HOUR, cost), at(night, 2 * HOUR)) == 0
    assert cost_of(Rule(night, 2 * HOUR, cost), at(night, 2 * HOUR + SECOND)) == 10
    spring = datetime(2026, 3, 28, 18, 0, tzinfo=BERLIN)
    assert cost_of(Rule(spring, DAY, cost), at(spring, DAY)) == 0
    assert cost_of(hours, at(autumn, 2 * HOUR + SECOND)) == 10


@pytest.mark.parametrize(
    ("after", "percent"),
    [
        (timedelta(), 0), (15 * 60 * SECOND, 0), (15 * 60 * SECOND + SECOND, 10), (DAY, 10),
        (DAY + SECOND, 20), (4 * DAY + SECOND, 50), (400 * DAY, 50),
    ],
)  # fmt: skip
def test_each_day_begun(after: timedelta, percent: float) -> None:
    """Grace first, then each day from the deadline on, up to the most."""
    assert cost_of(Rule(DEADLINE, timedelta(minutes=15), A_DAY), at(DEADLINE, after)) == percent


def said(cost: Cost, points: float = 8.0, grace: timedelta = timedelta()) -> Text:
    """What a student reads who was 27 hours late."""
    found = late(Rule(DEADLINE, grace, cost), at(DEADLINE, 27 * HOUR), points, 10.0)
    assert found is not None
    return found.note


BEGIN = "handed in 1 day 3 h after the deadline (2026-10-12 18:00, Europe/Berlin)"
BEGIN_ZH = "在截止时间（2026-10-12 18:00，Europe/Berlin）之后 1 天 3 小时提交"


@pytest.mark.parametrize(
    ("note", "en", "zh"),
    [
        (said(A_DAY), "20 % of 10 points are taken off", "扣除 10 分的 20%"),
        (said(Cost(20)), "20 % of 10 points are taken off", "扣除 10 分的 20%"),
        (said(Cost()), "no points are taken off for that", "不因此扣分"),
        (said(Cost(100)), "it gets no points", "不计分"),
        (said(Cost(50), 1.0), "that costs 50 % of 10 points, which leaves none",
         "应扣 10 分的 50%，扣完为止"),
        (said(Cost(50), 8.0, 2 * DAY), "within the 2 days that cost nothing",
         "在 2 天的宽限之内，不扣分"),
    ],
)  # fmt: skip
def test_what_a_student_reads(note: Text, en: str, zh: str) -> None:
    """How late, which deadline, and what that costs of what."""
    assert note == Text(f"{BEGIN}: {en}", f"{BEGIN_ZH}：{zh}")


def test_what_is_known_of_a_hand_in() -> None:
    """In time, late by a time, late without one, not known; and nothing if nothing is laid down."""
    rule = Rule(DEADLINE, timedelta(), A_DAY)
    found = late(rule, at(DEADLINE, -DAY), 8.0, 10.0)
    assert found is not None
    assert (found.deadline, found.submitted) == ("2026-10-12T16:00:00Z", "2026-10-11T16:00:00Z")
    assert (found.seconds, found.penalty, found.note) == (0.0, 0.0, Text("", ""))
    assert late(rule, None, 8.0, 10.0) is None
    assert late(Rule(), at(DEADLINE, DAY), 8.0, 10.0, flagged=True) is None
    assert late(Rule(cost=Cost(20)), at(DEADLINE, DAY), 8.0, 10.0) is None
    open_ = late(rule, None, 8.0, 10.0, flagged=True)
    assert open_ is not None
    assert (open_.seconds, open_.penalty) == (None, 0.0)
    assert "not by how much: no points are taken off until that is known" in open_.note.en


def test_a_mark_of_lateness_without_a_time() -> None:
    """What is the same however late it is is charged; with a grace or an extension it isn't."""
    flat = Cost(20)
    for rule in (Rule(cost=flat), Rule(DEADLINE, cost=flat)):
        found = late(rule, None, 8.0, 10.0, flagged=True)
        assert found is not None
        assert (found.seconds, found.penalty) == (None, 2.0)
        assert found.note.en == (
            "handed in late, as the learning platform says: 20 % of 10 points are taken off"
        )
        assert not rule.needs_amount
        poor = late(rule, None, 1.0, 10.0, flagged=True)
        assert poor is not None
        assert poor.penalty == 1.0
        assert "20 % of 10 points, which leaves none" in poor.note.en
    for rule in (Rule(DEADLINE, HOUR, flat), Rule(DEADLINE, cost=flat, extended=True)):
        found = late(rule, None, 8.0, 10.0, flagged=True)
        assert found is not None
        assert (found.seconds, found.penalty) == (None, 0.0)
        assert rule.needs_amount
    assert not Rule(DEADLINE, HOUR, Cost()).needs_amount


def test_a_time_goes_before_a_mark_of_lateness() -> None:
    """Staff's times, or an extension, say that it was in time: then it was."""
    found = late(Rule(DEADLINE, cost=Cost(20)), at(DEADLINE, -SECOND), 8.0, 10.0, flagged=True)
    assert found is not None
    assert (found.seconds, found.penalty) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("cost", "after", "flagged", "words"),
    [
        (A_DAY, 27 * HOUR, False, "late by 1 day 3 h: 20 % off"),
        (A_DAY, -HOUR, False, "in time"),
        (A_DAY, None, False, ""),
        (A_DAY, None, True, "late, by how much isn't known: --times FILE tells"),
        (Cost(20), None, True, "late: 20 % off"),
        (Cost(), 27 * HOUR, True, "late by 1 day 3 h: no penalty"),
        (Cost(100), 27 * HOUR, True, "late by 1 day 3 h: no points"),
    ],
)  # fmt: skip
def test_in_a_few_words(cost: Cost, after: timedelta | None, flagged: bool, words: str) -> None:
    """For staff, before anything is graded."""
    when = None if after is None else at(DEADLINE, after)
    assert in_short(Rule(DEADLINE, cost=cost), when, flagged=flagged) == words


def test_in_a_few_words_within_the_grace() -> None:
    rule = Rule(DEADLINE, HOUR, A_DAY)
    assert in_short(rule, at(DEADLINE, SECOND)) == "late by 1 s: within the grace"


@pytest.mark.parametrize(
    ("seconds", "en", "zh"),
    [
        (0, "0 s", "0 秒"), (59, "59 s", "59 秒"), (60, "1 min", "1 分钟"),
        (3_725, "1 h 2 min", "1 小时 2 分钟"), (86_400, "1 day", "1 天"),
        (86_400 * 2 + 59, "2 days", "2 天"), (97_200, "1 day 3 h", "1 天 3 小时"),
    ],
)  # fmt: skip
def test_durations(seconds: int, en: str, zh: str) -> None:
    """The two greatest units."""
    assert duration(seconds) == Text(en, zh)


def test_moments() -> None:
    """With an offset, in a year that can be; anything else is no moment."""
    assert moment("2026-10-12T18:00:00+02:00") == datetime(2026, 10, 12, 16, tzinfo=UTC)
    assert moment("2026-10-12T16:00:00.9Z") == datetime(2026, 10, 12, 16, tzinfo=UTC)
    for text in ("", "2026-10-12T18:00:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "x"):
        assert moment(text) is None


def test_a_deadline_without_a_named_zone() -> None:
    """Is shown with its offset."""
    east = datetime(2026, 10, 12, 18, 0, tzinfo=timezone(2 * HOUR))
    assert shown(east) == "2026-10-12 18:00, UTC+02:00"
