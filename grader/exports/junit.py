"""JUnit XML of a class: a test suite per student and exercise, a test case per check.

- `failed` and `forbidden` are failures; `timeout`, `out_of_memory` and `crashed` are errors, and so
  is every check of a file that could not be read: the program didn't get as far as an answer.
- `not_run`, what wasn't handed in, and what the grader itself failed on are skipped, with the
  reason: nothing is known of that code.

A case is named by the check's id, which is what Artemis and CodeGrade know a test by; the class
name tells students and exercises apart, as Jenkins and GitLab want it.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Mapping

from grader import junit
from grader.exports.evidence import as_text, facts
from grader.report.markup import in_language
from grader.report.scores import change, penalty
from grader.results import CheckResult, CheckSpec, ExerciseSpec, Results, Row
from grader.text import Text

_KINDS = {
    "failed": "failure",
    "forbidden": "failure",
    "timeout": "error",
    "out_of_memory": "error",
    "crashed": "error",
    "not_run": "skipped",
    "grader_error": "skipped",
}
_WHOLE: Mapping[str, tuple[str, Text]] = {
    "missing": ("skipped", Text("not handed in", "未提交")),
    "unreadable": ("error", Text("could not be read", "无法读取")),
    "grader_error": ("skipped", Text("the grader failed, not the student", "评分系统故障")),
}
"""What every check of an exercise is where nothing of it was graded."""


def junit_xml(results: Results, lang: str) -> str:
    """The text of the XML file, with the course's sentences in `lang`; write it as UTF-8."""
    specs = {spec.id: spec for spec in results.exercises}
    suites = [_suite(results, specs[row.exercise], row, lang) for row in results.results]
    return junit.document("grader grade", suites, results.run.seconds)


def _suite(results: Results, spec: ExerciseSpec, row: Row, lang: str) -> ET.Element:
    run = results.run
    properties = [
        ("student", row.student),
        ("exercise", row.exercise),
        ("status", row.status),
        ("points", f"{row.points:g}"),
        ("max_points", f"{row.max_points:g}"),
        *_mark(row),
        ("seed", str(run.seed)),
        ("device", run.device),
        ("sandbox", run.sandbox),
        *((f"version of {name}", version) for name, version in run.versions.items()),
    ]
    return junit.suite(
        f"{row.student}: {row.exercise}",
        list(_cases(spec, row, lang)),
        seconds=row.seconds,
        started=run.started,
        properties=properties,
        file=row.file,
    )


def _mark(row: Row) -> Iterator[tuple[str, str]]:
    """What the exercise counts for, where that isn't what its checks gave."""
    if row.mark is None:
        return
    yield "counts", f"{row.counts:g}"
    if row.mark.late is not None:
        yield "penalty", f"{penalty(row):g}"
    if (hand := row.mark.adjustment) is not None:
        yield "change", f"{change(row):g}"
        yield "reason", hand.reason
        yield "staff", hand.staff


def _cases(spec: ExerciseSpec, row: Row, lang: str) -> Iterator[ET.Element]:
    if row.status in _WHOLE:
        kind, why = _WHOLE[row.status]
        told = f"{why.in_(lang)}: {in_language(row.reason, lang)}".rstrip(": ")
        for name in [check.id for check in spec.checks] or [spec.id]:
            case = _case(row, name, 0.0)
            _outcome(case, kind, row.status, told, "")
            yield case
        return
    often = Counter(check.id for check in row.checks)
    by_id = {check.id: check for check in spec.checks}
    for check in row.checks:
        # On two devices a check has two results.
        name = f"{check.id} ({check.device})" if often[check.id] > 1 else check.id
        case = _case(row, name, check.seconds)
        kind = _KINDS.get(check.outcome, "")
        if kind:
            message = in_language(check.message, lang) or check.outcome
            _outcome(case, kind, check.outcome, message, _told(by_id[check.id], check, lang))
        yield case


def _case(row: Row, name: str, seconds: float) -> ET.Element:
    return ET.Element(
        "testcase",
        name=junit.line(name),
        classname=junit.line(f"{row.student}.{row.exercise}"),
        time=f"{seconds:.3f}",
    )


def _outcome(case: ET.Element, kind: str, way: str, message: str, text: str) -> None:
    element = ET.SubElement(case, kind, message=junit.line(message, 400))
    if kind != "skipped":
        element.set("type", way)
        element.text = junit.text(text or message)


def _told(spec: CheckSpec, check: CheckResult, lang: str) -> str:
    title = f"{in_language(spec.title, lang)}: {check.points:g} / {check.max_points:g}"
    parts = [title, in_language(check.message, lang)]
    parts += map(as_text, facts(check, lang))
    return "\n".join(filter(None, parts))
