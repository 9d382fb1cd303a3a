"""JUnit XML of a check: a test suite per document, a test case per block of code, document lines.

- `passed` and `expected` are tests that pass.
- `failed`, `drifted` and `cascaded` are failures; what a cascade says begins with the line of the
  block that is to be mended. It isn't skipped: a reader who follows the document meets the failure,
  and a root that is mended alone must be seen to have mended all of them.
- `blocked` and `skipped`, and what is cascaded from a blocked block, are skipped, with the reason:
  nothing is known of that code, and a machine without a network is no fault of the document.

Each case has `file` and `line`.
"""

from __future__ import annotations

import difflib
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from typing import Literal

from grader import junit
from grader.defuse import defuse
from grader.tutorial.fixes import hunks
from grader.tutorial.results import Checked, Report, error_of, fault_line, message_of
from grader.tutorial.values import Verdict

_DIFF_LINES = 120


def to_junit(report: Report) -> str:
    """The text of the XML file, in English; write it as UTF-8."""
    suites = [_suite(report, checked) for checked in report.checked]
    suites += [_not_run(report, path) for path in report.unchecked]
    return junit.document("grader tutorial", suites, report.seconds)


def _suite(report: Report, checked: Checked) -> ET.Element:
    facts = [(f"version of {name}", version) for name, version in report.versions.items()]
    facts += [("stand-in", name) for name in checked.stand_ins]
    code = [v for v in checked.verdicts if v.block.kind in ("code", "transcript")]
    return junit.suite(
        checked.path,
        [_case(checked, verdict) for verdict in code],
        seconds=checked.seconds,
        started=report.started,
        properties=facts,
        file=checked.path,
    )


def _not_run(report: Report, path: str) -> ET.Element:
    """A document that the run didn't come to."""
    case = ET.Element(
        "testcase", name="not checked", classname=junit.line(path), file=junit.line(path), time="0"
    )
    ET.SubElement(case, "skipped", message="the run was ended before this document was checked")
    return junit.suite(path, [case], seconds=0.0, started=report.started, file=path)


def _case(checked: Checked, verdict: Verdict) -> ET.Element:
    block = verdict.block
    cell = f", cell {block.cell}" if block.cell is not None else ""
    case = ET.Element(
        "testcase",
        # Numbered, since the lines of two cells of a notebook may be the same.
        name=junit.line(
            f"line {block.line}{cell}: {block.language or block.kind} #{block.index + 1}"
        ),
        classname=junit.line(checked.path),
        file=junit.line(checked.path),
        line=str(block.line),
        time=f"{verdict.seconds:.3f}",
    )
    outcome = _outcome(checked, verdict)
    if outcome == "failure":
        failure = ET.SubElement(case, "failure", type=_kind(verdict))
        failure.set("message", junit.line(_message(checked, verdict), 400))
        failure.text = junit.text("\n".join(_details(checked, verdict)))
    elif outcome == "skipped":
        ET.SubElement(case, "skipped", message=junit.line(_message(checked, verdict), 400))
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
        return junit.line(error.type if error else "failed")
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
