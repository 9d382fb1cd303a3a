"""Reads what course.toml says of deadlines, and refuses what contradicts itself.

`[defaults]` and each of `[[exercises]]` may have `deadline`, `grace`, `late` and `attempts`; at the
top there are `time_zone` and `[[extensions]]`.
"""

from __future__ import annotations

import difflib
import re
import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, get_args

from grader.deadlines import FIRST_YEAR, LAST_YEAR, Attempts, Cost, Rule, Unit
from grader.defuse import defuse_line
from grader.errors import GraderError

KEYS = ("deadline", "grace", "late", "attempts")
TOP_KEYS = ("time_zone", "extensions")
_LONGEST_GRACE = timedelta(days=60)
_GRACE = re.compile(r"(\d{1,5}) ?(min|minutes?|h|hours?|days?)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_END_OF_DAY = time(23, 59, 59)
_LATE = {"no penalty": Cost(), "no points": Cost(100.0)}
_LATE_FORMS = (
    'late = { percent = 10, per = "day", at_most = 50 }, late = { percent = 20 },'
    ' late = "no penalty" or late = "no points"'
)


class Wrong(GraderError):
    """A value that can't be; the message says where it stands and what to write instead."""

    def __init__(self, key: str, said: str) -> None:
        super().__init__(f"{key}: {said}")


@dataclass(frozen=True, slots=True)
class Stated:
    """What one table says; None where it says nothing. `without`: `deadline = "none"`."""

    deadline: datetime | None = None
    grace: timedelta | None = None
    cost: Cost | None = None
    attempts: Attempts | None = None
    without: bool = False


@dataclass(frozen=True, slots=True)
class Extension:
    """A student's own deadline; `exercise` is "" where it is that of all."""

    student: str
    exercise: str
    deadline: datetime


@dataclass(frozen=True, slots=True)
class Timetable:
    """What a course.toml says of times; `rules` by exercise."""

    zone: tzinfo | None
    rules: dict[str, Rule]
    extensions: tuple[Extension, ...]


def timetable(course: Mapping[str, Any]) -> Timetable:
    """That of a course.toml whose tables and ids are sound. Raises Wrong."""
    zone = zone_of(course.get("time_zone", ""))
    place = "[defaults], "
    try:
        usual = stated(course.get("defaults", {}), zone)
        rules = {}
        for table in course["exercises"]:
            place = f"[[exercises]] {table['id']!r}, "
            rules[table["id"]] = rule_of(stated(table, zone), usual)
        place = "[defaults], "
        _refuse_idle(usual, list(rules.values()))
        found: dict[tuple[str, str], Extension] = {}
        for number, table in enumerate(course.get("extensions", []), 1):
            place = f"[[extensions]] no. {number}, "
            one = extension_of(table, rules, zone)
            if found.setdefault((one.student, one.exercise), one) is not one:
                raise Wrong("student", f"{one.student!r} has such an extension already; remove one")
    except Wrong as wrong:
        key, _, said = str(wrong).partition(": ")
        raise Wrong(f"{place}{key}", said) from None
    return Timetable(zone, rules, tuple(found.values()))


def zone_of(name: str) -> tzinfo | None:
    """The zone with that IANA name; None for "". Raises Wrong."""
    if not name:
        return None
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        near = difflib.get_close_matches(name[:80], zoneinfo.available_timezones(), 1)
        meant = f"; is {near[0]!r} meant?" if near else ', as "Europe/Berlin" is one'
        raise Wrong("time_zone", f"{name!r} is no time zone{meant}") from None


def stated(table: Mapping[str, Any], zone: tzinfo | None) -> Stated:
    """The four keys of a table, None for those that aren't there. Raises Wrong."""
    deadline, without = table.get("deadline"), table.get("deadline") == "none"
    grace, cost, attempts = table.get("grace"), table.get("late"), table.get("attempts")
    if attempts is not None and attempts not in get_args(Attempts):
        known = ", ".join(f'"{one}"' for one in get_args(Attempts))
        raise Wrong("attempts", f"{attempts!r} must be one of {known}")
    return Stated(
        None if deadline is None or without else deadline_of(deadline, zone),
        None if grace is None else _grace(grace),
        None if cost is None else _cost(cost),
        attempts,
        without,
    )


def rule_of(own: Stated, usual: Stated) -> Rule:
    """What holds for an exercise by its own table and by `[defaults]`. Raises Wrong."""
    deadline = None if own.without else own.deadline or usual.deadline
    if deadline is None:
        mend = "; give it one, or take this away"
        if own.grace:
            raise Wrong("grace", f"there is no deadline after which it could begin{mend}")
        if own.cost is not None and own.cost.per:
            raise Wrong("late", f"without a deadline no {own.cost.per} can be counted{mend}")
    cost = own.cost if own.cost is not None else usual.cost or Cost()
    grace = own.grace if own.grace is not None else usual.grace or timedelta()
    if deadline is None:  # what [defaults] say of others
        grace, cost = timedelta(), Cost() if cost.per or own.without else cost
    return Rule(deadline, grace, cost, own.attempts or usual.attempts or "latest")


def _refuse_idle(usual: Stated, rules: Sequence[Rule]) -> None:
    """Raises Wrong where `[defaults]` have what needs a deadline and no exercise has one."""
    if any(rule.deadline for rule in rules):
        return
    if usual.grace:
        raise Wrong("grace", "no exercise has a deadline; add one, or take this away")
    if usual.cost is not None and usual.cost.per:
        raise Wrong("late", "no exercise has a deadline; add one, or take this away")


def extension_of(
    table: Mapping[str, Any], rules: Mapping[str, Rule], zone: tzinfo | None
) -> Extension:
    """One of `[[extensions]]`; `rules` are the exercises'. Raises Wrong."""
    student, exercise = str(table["student"]).strip(), table.get("exercise") or ""
    if not student:
        raise Wrong("student", "is empty; name a student as in the results, or by login or address")
    if exercise and exercise not in rules:
        raise Wrong("exercise", f"there is no exercise {exercise!r}; there is {', '.join(rules)}")
    deadline = deadline_of(table["deadline"], zone)
    usual = [rule.deadline for name, rule in rules.items() if exercise in ("", name)]
    known = [one.astimezone(UTC) for one in usual if one is not None]
    if not known:
        what = f"exercise {exercise!r} has" if exercise else "no exercise has"
        raise Wrong("deadline", f"{what} {'no' if exercise else 'a'} deadline to be extended")
    if deadline.astimezone(UTC) < min(known):
        raise Wrong("deadline", "is before the deadline that it extends")
    return Extension(student, exercise, deadline)


def extended(rule: Rule, deadline: datetime | None) -> Rule:
    """The rule with a student's own deadline, where that is later than everybody's."""
    if deadline is None or rule.deadline is None:
        return rule
    if deadline.astimezone(UTC) <= rule.deadline.astimezone(UTC):
        return rule
    return replace(rule, deadline=deadline, extended=True)


def deadline_of(said: Any, zone: tzinfo | None) -> datetime:
    """A deadline as TOML has it: with an offset, local, or a day, which ends at 23:59:59."""
    if not isinstance(said, date):
        shown = said.isoformat() if isinstance(said, time) else repr(said)[:60]
        hint = ", without quotes" if isinstance(said, str) else ""
        raise Wrong(
            "deadline",
            f"{shown} must be a date or a time such as 2026-10-12 or 2026-10-12T18:00:00{hint}",
        )
    if not FIRST_YEAR < said.year < LAST_YEAR:
        raise Wrong("deadline", f"the year {said.year} can't be meant")
    at = said if isinstance(said, datetime) else datetime.combine(said, _END_OF_DAY)
    if at.tzinfo is not None:
        return at.replace(microsecond=0)
    if zone is None:
        raise Wrong(
            "deadline",
            f'{said.isoformat()} is of no place: write time_zone = "Europe/Berlin", or whichever'
            f" is yours, at the top of the file, or give an offset: {at.isoformat()}+02:00",
        )
    # Where clocks are put back the later of two such times is meant.
    there = at.replace(tzinfo=zone, fold=1, microsecond=0)
    if there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != at.replace(microsecond=0):
        raise Wrong("deadline", f"{at.isoformat()} doesn't exist in {zone}: clocks skip it")
    return there


def _grace(said: Any) -> timedelta:
    found = _GRACE.fullmatch(said.strip()) if isinstance(said, str) else None
    if found is None:
        raise Wrong("grace", f'{said!r} must be a time such as "15 min", "2 h" or "1 day"')
    grace = timedelta(**{_UNITS[found[2][0]]: int(found[1])})
    if grace > _LONGEST_GRACE:
        raise Wrong("grace", f"{said!r} is more than {_LONGEST_GRACE.days} days")
    return grace


def _cost(said: Any) -> Cost:
    if isinstance(said, str) and said in _LATE:
        return _LATE[said]
    if not isinstance(said, dict):
        raise Wrong("late", f"{said!r} must be one of {_LATE_FORMS}")
    unknown = [key for key in said if key not in ("percent", "per", "at_most")]
    if unknown:
        name = defuse_line(unknown[0], max_chars=60)
        raise Wrong("late", f"has an unknown key `{name}`; write {_LATE_FORMS}")
    if "percent" not in said:
        raise Wrong("late", f"lacks `percent`, of the exercise's points; write {_LATE_FORMS}")
    percent, per = _percent(said, "percent"), said.get("per")
    if per is not None and per not in get_args(Unit):
        raise Wrong("late", f'per = {per!r} must be "day" or "hour"; leave it out for once')
    if "at_most" not in said:
        return Cost(percent, per)
    at_most = _percent(said, "at_most")
    if per is None:
        raise Wrong("late", 'at_most goes with per = "day" or per = "hour" only')
    if at_most < percent:
        raise Wrong("late", f"at_most = {at_most:g} is less than percent = {percent:g}")
    return Cost(percent, per, at_most)


def _percent(table: Mapping[str, Any], key: str) -> float:
    said = table[key]
    number = isinstance(said, int | float) and not isinstance(said, bool)
    if not number or not 0 < said <= 100:
        raise Wrong("late", f"{key} = {said!r} must be a number above 0 and up to 100")
    return float(said)
