"""Times as people and Moodle write them into tables: ISO 8601, and Moodle's in three languages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

from grader.deadlines import FIRST_YEAR, LAST_YEAR
from grader.defuse import defuse_line
from grader.errors import UsageError

_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d{1,9})? ?(Z|UTC|[+-]\d\d:?\d\d)?"
)
_MONTHS = (
    ("january", "januar"), ("february", "februar"), ("march", "märz"), ("april",), ("may", "mai"),
    ("june", "juni"), ("july", "juli"), ("august",), ("september",), ("october", "oktober"),
    ("november",), ("december", "dezember"),
)  # fmt: skip
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
# As Moodle writes them: "Monday, 12 October 2026, 3:45 PM", "Monday, October 12, 2026, 3:45 PM",
# "Montag, 12. Oktober 2026, 15:45", "2026年10月12日 星期一 15:45".
_DAY_FIRST = r"(?P<day>\d{1,2})\.? (?P<month>[^\W\d_]{3,9})"
_MONTH_FIRST = r"(?P<month2>[^\W\d_]{3,9}) (?P<day2>\d{1,2})"
_WRITTEN = re.compile(
    rf"(?:[^\W\d_]{{3,12}}, ?)?(?:{_DAY_FIRST}|{_MONTH_FIRST}),? (?P<year>\d{{4}}),? "
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?: ?(?P<half>[AaPp])[Mm])?"
)
_CHINESE = re.compile(
    r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日[, ，]{0,2}(?:星期.)?[, ，]{0,2}"
    r"(?P<noon>上午|下午)? ?(?P<hour>\d{1,2}):(?P<minute>\d\d)"
)
_MOST_TEXT = 80


def moment_of(said: str, zone: tzinfo | None, where: str) -> datetime:
    """A time as tables and Moodle write it, in UTC; raises UsageError."""
    shown = repr(defuse_line(said, max_chars=60))
    text = " ".join(said.replace("\u202f", " ").split())
    try:
        found = _parsed(text) if len(text) <= _MOST_TEXT else None
    except ValueError:  # the 31st of February
        found = None
    if found is None or not FIRST_YEAR < found.year < LAST_YEAR:
        raise UsageError(
            f"{where}: {shown} is no time; write 2026-10-12 18:00 or, with an offset,"
            " 2026-10-12T18:00:00+02:00"
        )
    if found.tzinfo is None:
        if zone is None:
            raise UsageError(
                f'{where}: {shown} is of no place: write time_zone = "Europe/Berlin", or'
                " whichever is yours, at the top of course.toml"
            )
        found = found.replace(tzinfo=zone)  # where clocks are put back: the earlier one
    return found.astimezone(UTC)


def _parsed(text: str) -> datetime | None:
    if found := _ISO.fullmatch(text):
        day, time, offset = found.groups()
        east = {"Z": "+00:00", "UTC": "+00:00", None: ""}.get(offset, offset)
        return datetime.fromisoformat(f"{day}T{time}{east}")
    if found := _CHINESE.fullmatch(text):
        hour = _hour(int(found["hour"]), {"上午": "a", "下午": "p"}.get(found["noon"], ""))
        year, month, day = (int(found[part]) for part in ("year", "month", "day"))
        return datetime(year, month, day, hour, int(found["minute"]))
    if found := _WRITTEN.fullmatch(text):
        name = (found["month"] or found["month2"]).casefold()
        if name not in _MONTH:
            return None
        hour = _hour(int(found["hour"]), (found["half"] or "").lower())
        day = int(found["day"] or found["day2"])
        return datetime(int(found["year"]), _MONTH[name], day, hour, int(found["minute"]))
    return None


def _hour(hour: int, half: str) -> int:
    """An hour of the day from one of a half, where one is told; raises ValueError."""
    if half and not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + 12 * (half == "p") if half else hour
