"""The results.json that a Gradescope autograder writes, one for each student: a test per check.

Texts go as `text`, never as Markdown or HTML: what a student's program said stays what it is.
Fields: https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from grader.defuse import defuse, defuse_line
from grader.exports.evidence import as_text, facts
from grader.exports.marked import MOST_CHARS, marked
from grader.report.markup import in_language
from grader.report.scores import counted
from grader.report.strings import OUTCOMES, STATUSES
from grader.report.views import Standing
from grader.results import CheckResult, CheckSpec, ExerciseSpec, Results, Row
from grader.text import Text

_OUTPUT_CHARS = 8000
_NOT_COUNTED = Text(
    "The grader failed here, not you. These points are not counted.",
    "这里是评分系统出了故障，与你无关。这些分数暂不计入。",
)


def gradescope_json(results: Results, student: Standing, lang: str) -> str:
    """The text of the file for `student`, texts in `lang`; `execution_time` is in seconds.

    What the grader failed on has no points to be had, so it costs nobody anything. The tests have
    the checks' points; the score is what counts, and the output says why where that is another sum.
    """
    places = enumerate(zip(results.exercises, student.rows, strict=True), 1)
    triples = [(place, spec, row) for place, (spec, row) in places if row is not None]
    rows = [row for _, _, row in triples]
    tests = [test for triple in triples for test in _tests(*triple, lang)]
    run = results.run
    document = {
        "score": round(sum(counted(row).points for row in rows), 4),
        "execution_time": round(sum(row.seconds for row in rows), 3),
        "output": "\n".join(note for _, spec, row in triples for note in _notes(spec, row, lang)),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
        "leaderboard": [],
        "extra_data": {
            "seed": run.seed,
            "started": run.started,
            "sandbox": run.sandbox,
            "versions": dict(run.versions),
        },
    }
    return msgspec.json.format(msgspec.json.encode(_clean(document)), indent=1).decode() + "\n"


def _notes(spec: ExerciseSpec, row: Row, lang: str) -> list[str]:
    told = [in_language(note, lang) for note in row.notes]
    if row.status != "graded":
        told = [STATUSES[row.status].in_(lang), in_language(row.reason, lang), *told]
    title = in_language(spec.title, lang)
    notes = [defuse_line(f"{title}: {note}", max_chars=400) for note in told if note]
    return notes + [
        defuse_line(f"{title}: {line}", max_chars=MOST_CHARS) for line in marked(row, lang)
    ]


def _tests(place: int, spec: ExerciseSpec, row: Row, lang: str) -> list[dict[str, Any]]:
    by_id = {check.id: check for check in spec.checks}
    places = {check.id: number for number, check in enumerate(spec.checks, 1)}
    found: Sequence[tuple[CheckSpec, CheckResult | None]]
    if row.status == "graded":
        found = [(by_id[check.id], check) for check in row.checks]
    else:
        found = [(check, None) for check in spec.checks]
    tests = []
    scored: set[str] = set()
    for check, result in found:
        test = _test(spec, check, result, row, lang)
        test["number"] = f"{place}.{places[check.id]}"
        if check.id in scored:  # on a second device, where it has no points of its own
            test["score"] = test["max_score"] = 0.0
        scored.add(check.id)
        tests.append(test)
    return tests


def _test(
    spec: ExerciseSpec, check: CheckSpec, result: CheckResult | None, row: Row, lang: str
) -> dict[str, Any]:
    outcome = row.status if result is None else result.outcome
    fault = outcome == "grader_error"
    title = f"{in_language(spec.title, lang)}: {in_language(check.title, lang)}"
    test: dict[str, Any] = {
        "name": defuse_line(title, max_chars=200),
        "name_format": "text",
        "score": 0.0 if fault or result is None else round(result.points, 4),
        "max_score": 0.0 if fault else round(check.max_points, 4),
        "output": _output(result, row, lang),
        "output_format": "text",
        "tags": [spec.id, check.topic],
        "visibility": "visible",
        "extra_data": {"exercise": spec.id, "check": check.id, "outcome": outcome},
    }
    if not fault:
        test["status"] = "passed" if outcome == "passed" else "failed"
    if result is not None:
        test["extra_data"] |= {"seconds": round(result.seconds, 3), "device": result.device}
        if result.diagnosis is not None:
            test["extra_data"]["diagnosis"] = result.diagnosis.variant
    return test


def _output(result: CheckResult | None, row: Row, lang: str) -> str:
    if result is None:
        parts = [STATUSES[row.status].in_(lang), in_language(row.reason, lang)]
    elif result.outcome == "passed":
        parts = []
    elif result.outcome == "grader_error":
        parts = [_NOT_COUNTED.in_(lang)]
    else:
        parts = [OUTCOMES[result.outcome].in_(lang), in_language(result.message, lang)]
        parts += map(as_text, facts(result, lang))
    return defuse("\n".join(filter(None, parts)), max_chars=_OUTPUT_CHARS)


def _clean(value: Any) -> Any:
    """`value` with every text defused, the ids and versions of an edited file too."""
    match value:
        case str():
            return defuse(value, max_chars=2 * _OUTPUT_CHARS)
        case list():
            return [_clean(item) for item in value]
        case dict():
            return {_clean(key): _clean(item) for key, item in value.items()}
        case _:
            return value
