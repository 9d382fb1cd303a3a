"""JUnit XML of a check: a test suite per document, a test case per block of code, document lines.

- `passed` and `expected` are tests that pass.
- `failed`, `drifted` and `cascaded` are failures; what a cascade says begins with the line of the
  block that is to be mended. It isn't skipped: a reader who follows the document meets the failure,
  and a root that is mended alone must be seen to have mended all of them.
- `blocked` and `skipped`, and what is cascaded from a blocked block, are skipped, with the reason:
  nothing is known of that code, and a machine without a network is no fault of the document.

The form is the one that Jenkins, GitLab and GitHub's actions read
(https://github.com/testmoapp/junitxml), with `file` and `line` on each case.
"""

from __future__ import annotations

import difflib
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal

from grader.defuse import defuse, defuse_line
from grader.tutorial.fixes import hunks
from grader.tutorial.results import Checked, Report, error_of, fault_line, message_of
from grader.tutorial.values import Verdict

_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no way to write; ElementTree would write them all the same."""
_DIFF_LINES = 120


def to_junit(report: Report) -> str:
    """The text of the XML file, in English; write it as UTF-8."""
    root = ET.Element("testsuites", name="grader tutorial")
    suites = [_suite(report, checked) for checked in report.checked]
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in suites)))
    root.set("time", f"{report.seconds:.3f}")
    root.extend(suites)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(report: Report, checked: Checked) -> ET.Element:
    verdicts = [v for v in checked.verdicts if v.block.kind in ("code", "transcript")]
    outcomes = Counter(_outcome(checked, verdict) for verdict in verdicts)
    suite = ET.Element(
        "testsuite",
        name=_line(checked.path),
        file=_line(checked.path),
        tests=str(len(verdicts)),
        failures=str(outcomes["failure"]),
        errors="0",
        skipped=str(outcomes["skipped"]),
        time=f"{checked.seconds:.3f}",
    )
    if when := _moment(report.started):
        suite.set("timestamp", when)
    facts = [(f"version of {name}", version) for name, version in report.versions.items()]
    facts += [("stand-in", name) for name in checked.stand_ins]
    if facts:
        properties = ET.SubElement(suite, "properties")
        for name, value in facts:
            ET.SubElement(properties, "property", name=_line(name), value=_line(value))
    suite.extend(_case(checked, verdict) for verdict in verdicts)
    return suite


def _case(checked: Checked, verdict: Verdict) -> ET.Element:
    block = verdict.block
    cell = f", cell {block.cell}" if block.cell is not None else ""
    case = ET.Element(
        "testcase",
        # Numbered, since the lines of two cells of a notebook may be the same.
        name=_line(f"line {block.line}{cell}: {block.language or block.kind} #{block.index + 1}"),
        classname=_line(checked.path),
        file=_line(checked.path),
        line=str(block.line),
        time=f"{verdict.seconds:.3f}",
    )
    outcome = _outcome(checked, verdict)
    if outcome == "failure":
        failure = ET.SubElement(case, "failure", type=_kind(verdict))
        failure.set("message", _line(_message(checked, verdict), 400))
        failure.text = _text("\n".join(_details(checked, verdict)))
    elif outcome == "skipped":
        ET.SubElement(case, "skipped", message=_line(_message(checked, verdict), 400))
    return case


def _outcome(checked: Checked, verdict: Verdict) -> Literal["", "failure", "skipped"]:
    match verdict.status:
        case "failed" | "drifted":
            return "failure"
        case "cascaded":
            root = checked.root_of(verdict)
            return "skipped" if root is not None and root.status == "blocked" else "failure"
        case "blocked" | "skipped":
            return "skipped"
        case _:
            return ""


def _kind(verdict: Verdict) -> str:
    if verdict.status == "failed":
        error = error_of(verdict)
        return _line(error.type if error else "failed")
    return verdict.status


def _message(checked: Checked, verdict: Verdict) -> str:
    """One line; `line N` of a cascade is its root's."""
    root = checked.root_of(verdict)
    if root is not None:
        through = f" (through {', '.join(verdict.through)})" if verdict.through else ""
        return f"because of the block at line {root.block.line}{through}: {_what(verdict)}"
    return _what(verdict)


def _what(verdict: Verdict) -> str:
    error = error_of(verdict)
    if error is None or verdict.error is None:
        return verdict.why.en
    message = message_of(error)
    return f"{error.type}: {message}" if message else error.type


def _details(checked: Checked, verdict: Verdict) -> Iterable[str]:
    yield f"{checked.path}:{fault_line(verdict)}: {verdict.status}: {_what(verdict)}"
    if verdict.why.en != _what(verdict):
        yield verdict.why.en
    if root := checked.root_of(verdict):
        yield f"Mend first: {checked.path}:{fault_line(root)}"
    if verdict.claimed and verdict.claimed != verdict.got and verdict.closeness != "exact":
        yield from _diff(verdict)
    for advice in verdict.advice:
        finding = advice.finding
        yield f"{checked.path}:{advice.line}: {finding.rule}: {finding.message.en}"
        for hunk in hunks(verdict.block, advice):
            yield from (f"  - {text}" for text in hunk.removed)
            yield from (f"  + {text}" for text in hunk.added)
    for claim in verdict.claims:
        if claim.holds is False:
            yield f"{checked.path}:{claim.line}: says “{claim.text}”: {claim.why.en}"


def _diff(verdict: Verdict) -> Iterable[str]:
    claimed, got = (
        defuse(text).split("\n")[:_DIFF_LINES] for text in (verdict.claimed, verdict.got)
    )
    yield from difflib.unified_diff(claimed, got, "the document shows", "what came", lineterm="")


def _text(value: str) -> str:
    return _NOT_XML.sub("", defuse(value, max_chars=20_000))


def _line(value: str, most: int = 200) -> str:
    return _NOT_XML.sub("", defuse_line(value, max_chars=most))


def _moment(started: str) -> str:
    """UTC without its zone, as the format's schema has it; "" for what is no time."""
    try:
        when = datetime.fromisoformat(started)
    except ValueError:
        return ""
    if when.tzinfo is not None:
        when = when.astimezone(UTC)
    return when.strftime("%Y-%m-%dT%H:%M:%S")
