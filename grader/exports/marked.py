"""Why an exercise counts for other points than its checks gave, in lines that know no markup."""

from __future__ import annotations

from grader.exports.grades import number
from grader.report.markup import in_language
from grader.report.scores import counted, penalty, told
from grader.report.strings import STRINGS
from grader.results import Row
from grader.text import Text

MOST_CHARS = 2600
"""Of a line: reasons may have 2000."""
_COLON = Text(": ", "：")
_WHY = Text(" ({})", "（{}）")


def marked(row: Row, lang: str) -> list[str]:
    """A line for each step from the checks' points to those that count; none where it is one step.

    Notes and reasons are as they stand in the results: whoever shows them defuses and escapes.
    """
    mark = told(row)
    if mark is None:
        return []
    lines = []
    note = in_language(mark.late.note, lang) if mark.late else ""
    if note or penalty(row):
        why = _WHY.in_(lang).format(note) if note else ""
        lines.append(_line("late", f"{_signed(-penalty(row))}{why}", lang))
    if (hand := mark.adjustment) is not None:
        signed = f" — {hand.staff}" if hand.staff else ""
        why = _WHY.in_(lang).format(hand.reason + signed)
        if hand.total is not None:
            lines.append(_line("set_by_hand", f"{number(hand.total)}{why}", lang))
        else:
            lines.append(_line("by_hand", f"{_signed(hand.change or 0.0)}{why}", lang))
    if not lines:
        return []
    score = counted(row)
    grade = f"{number(score.points)} / {number(score.max_points)}"
    last = grade if score.max_points > 0 else STRINGS["not_counted"].in_(lang)
    return [_line("by_checks", number(row.points), lang), *lines, _line("counts", last, lang)]


def _line(name: str, told: str, lang: str) -> str:
    return f"{STRINGS[name].in_(lang)}{_COLON.in_(lang)}{told}"


def _signed(points: float) -> str:
    text = number(abs(points))
    return text if text == "0" else f"{'−' if points < 0 else '+'}{text}"
