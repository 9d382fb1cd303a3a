"""The comment on a submission for a platform that shows comments as HTML: short, and only text."""

from __future__ import annotations

from grader.defuse import defuse_cell, defuse_line
from grader.exports.grades import Grade, number
from grader.exports.marked import MOST_CHARS, marked
from grader.report.markup import in_language, sentence
from grader.report.strings import OUTCOMES, STATUSES
from grader.results import CheckResult, ExerciseSpec, Results, Row
from grader.text import Text

_MOST_CHECKS = 12
_LINE_CHARS = 240
_SIGNED = "— grader"
_MORE = Text("and {n} more", "另有 {n} 项")
_ALL = Text("all checks passed", "全部检查项通过")


def comment(results: Results, grade: Grade, lang: str) -> str:
    """For each exercise the points that count, with reasons if they aren't the checks', and what
    is to be known of each check that wasn't passed.

    Everything that isn't markup of this function's own is escaped; as a cell it is no formula.
    """
    specs = {spec.id: spec for spec in results.exercises}
    lines = [line for row in grade.rows for line in _exercise(specs[row.exercise], row, lang)]
    html = "<br>".join((*lines, _SIGNED))
    return defuse_cell(html, max_chars=len(html))


def is_ours(cell: str) -> bool:
    """Whether a comment was made here, and nobody wrote on behind it: it may be made anew."""
    return cell.rstrip().removesuffix("</p>").rstrip().endswith(_SIGNED)


def _exercise(spec: ExerciseSpec, row: Row, lang: str) -> list[str]:
    title = _html(in_language(spec.title, lang))
    head = f"<b>{title}</b>: {number(row.counts)} / {number(row.max_points)}"
    why = [_html(line, MOST_CHARS) for line in marked(row, lang)]
    if row.status != "graded":
        reason = in_language(row.reason, lang)
        told = _html(STATUSES[row.status].in_(lang) + (f": {reason}" if reason else ""))
        return [f"{head} ({told})", *why]
    missed = [check for check in row.checks if check.outcome != "passed"]
    if not missed:
        return [f"{head} ({_ALL.in_(lang)})" if row.checks else head, *why]
    titles = {check.id: check.title for check in spec.checks}
    lines = [head, *why, *(_check(titles[c.id], c, lang) for c in missed[:_MOST_CHECKS])]
    if len(missed) > _MOST_CHECKS:
        lines.append(_MORE.in_(lang).format(n=len(missed) - _MOST_CHECKS))
    return lines


def _check(title: Text, check: CheckResult, lang: str) -> str:
    told = [in_language(title, lang), OUTCOMES[check.outcome].in_(lang)]
    told += filter(None, (in_language(check.message, lang), in_language(check.hint, lang)))
    if check.diagnosis is not None:
        told.append(in_language(check.diagnosis.title, lang))
    return "• " + " — ".join(map(_html, told))


def _html(text: str, most: int = _LINE_CHARS) -> str:
    return str(sentence(defuse_line(text, max_chars=most)))
