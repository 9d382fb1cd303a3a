"""How values become text on a page: numbers, times, and sentences with `code` in them.

Everything printed by a template passes `printable`, so no text reaches a page with control
characters in it, whoever wrote it; escaping is autoescape's job.
"""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup, escape

from grader.defuse import defuse
from grader.text import Text

_CODE = re.compile(r"`([^`\n]+)`")
OUTPUT_CHARS = 4000
"""Characters kept of what a student's program printed: the end, where the error is."""


def printable(value: Any) -> Any:
    """What a template prints for `value`; markup made here passes as it is."""
    kind = type(value)
    if kind is Markup or kind is int:  # most of what is printed
        return value
    return defuse(value) if isinstance(value, str) else value


def sentence(text: str) -> Markup:
    """`text` escaped, with what stands between backticks as `<code>`."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(defuse(text)))))


def in_language(value: Text | Mapping[str, Any] | str | None, lang: str) -> str:
    """The text in `lang`, or in the other language where this one is empty; "" for nothing."""
    match value:
        case None:
            return ""
        case str():
            return value
        case Text():
            return value.in_(lang) or value.en or value.zh
        case Mapping():
            return str(value.get(lang) or value.get("en") or value.get("zh") or "")
        case _:
            return str(value)  # a results.json written by hand: show what it says


def tail(text: str) -> str:
    """The last `OUTPUT_CHARS` characters of `text`, from the start of a line where there is one."""
    clean = defuse(text[-2 * OUTPUT_CHARS :], max_chars=2 * OUTPUT_CHARS)
    if len(clean) <= OUTPUT_CHARS:
        return clean
    kept = clean[-OUTPUT_CHARS:]
    return "…\n" + (kept.partition("\n")[2] or kept)


def decimals(values: Collection[float]) -> int:
    """The digits (0 to 2) that show every value as it is, so that a column can be aligned."""
    return next((d for d in (0, 1) if all(abs(v - round(v, d)) < 5e-5 for v in values)), 2)


def whole_percent(share: float) -> int:
    """`share` (0 to 1) in percent, rounded down: only what is complete shows as 100."""
    return min(100, int(share * 100 + 1e-9))


def moment(started: str) -> str:
    """An ISO 8601 time as "2026-03-01 12:30 UTC"; anything else as it is."""
    try:
        when = datetime.fromisoformat(started)
        if when.tzinfo is None:
            return when.strftime("%Y-%m-%d %H:%M")
        return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError):  # in another zone it may lie before the year 1
        return started


def duration(seconds: float) -> str:
    """Seconds as "12.3 s", "4 min 05 s" or "2 h 03 min"."""
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min"
