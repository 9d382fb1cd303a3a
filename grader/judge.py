"""From what a check ended with to what the student is told: outcome, points, sentence, evidence."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

from grader import explain
from grader.advice import advice
from grader.checks import CheckInfo
from grader.defuse import defuse
from grader.errors import (
    CheckFailed,
    Forbidden,
    ImportFailed,
    MissingSymbol,
    NotRun,
    ShortcutUsed,
    StudentError,
    WorkerLost,
)
from grader.results import CheckResult, CheckSpec, Outcome, Topic
from grader.text import Text

_NOTHING = Text("", "")
_HINTED = ("failed", "timeout", "out_of_memory", "crashed")


def spec_of(check_id: str, info: CheckInfo) -> CheckSpec:
    """What the results file says about a check before anybody has taken it."""
    return CheckSpec(
        id=check_id,
        title=info.title,
        max_points=info.points,
        topic=cast("Topic", info.topic),
        reveal=cast("Any", info.reveal),
    )


def judge(
    check_id: str,
    info: CheckInfo,
    error: BaseException | None,
    *,
    file: str,
    evidence: dict[str, Any],
    seconds: float,
    device: str,
    place: Callable[[int], str] | None = None,
    symbols: Sequence[str] = (),
) -> CheckResult:
    """The result of one check.

    Args:
        error: what the check ended with; None when it passed.
        file: name of the student's file, for the sentences.
        evidence: what the comparison noted, kept when the check passed too.
        place: turns a line of the graded module into the student's own place (`cell 3, line 4`).
        symbols: the module's names that the check used.
    """
    outcome, text, found = _outcome(error, file, place)
    evidence = {**{k: v for k, v in evidence.items() if k == "rests_on"}, **found}
    if isinstance(error, CheckFailed | AssertionError):
        text, evidence = _revealed(info, text, evidence)
    passed = outcome == "passed"
    if symbols:
        evidence = {**evidence, "symbols": list(symbols)}
    return CheckResult(
        id=check_id,
        outcome=outcome,
        points=info.points if passed else 0.0,
        max_points=info.points,
        seconds=seconds,
        device=device,
        message=text,
        hint=info.hint if outcome in _HINTED and not _hint_beside_the_point(error) else _NOTHING,
        evidence=evidence,
        diagnosis=None,
    )


def _hint_beside_the_point(error: BaseException | None) -> bool:
    """The code isn't there yet, or its exception has an advice of its own: one is enough."""
    return isinstance(error, MissingSymbol | ImportFailed) or (
        isinstance(error, StudentError)
        and (explain.not_written(error) or advice(error) is not None)
    )


def _outcome(
    error: BaseException | None, file: str, place: Callable[[int], str] | None
) -> tuple[Outcome, Text, dict[str, Any]]:
    match error:
        case None:
            return "passed", _NOTHING, {}
        case CheckFailed():
            return "failed", error.text, error.evidence
        case StudentError():
            return "failed", explain.exception(error, file, place), _traceback(error, file, place)
        case MissingSymbol():
            return "failed", explain.missing(error, file), {}
        case ShortcutUsed():
            return "forbidden", explain.shortcut(error.name, error.line, place), {}
        case Forbidden():
            return "forbidden", error.text, {}
        case WorkerLost():
            return cast("Outcome", error.outcome), error.text, {}
        case NotRun():
            return "not_run", error.text, {}
        case AssertionError():
            said = defuse(str(error), max_chars=1500).partition("\n")[0] or "a check failed"
            return "failed", Text(said, said), {}
    details = "".join(traceback.format_exception(error))[-4000:]
    return (
        "grader_error",
        Text(
            "this check could not be carried out; that is the course's or the grader's fault,"
            " not yours, and the course staff have to look at it",
            "这项检查未能完成；这是课程或评分程序的问题，与你无关，需由课程人员处理",
        ),
        {"internal": details, "raised_in": "check" if _raised_in_check(error) else "grader"},
    )


def _raised_in_check(error: BaseException) -> bool:
    """Whether a check's own code raised, or a library it called, and nothing of the grader's."""
    package = str(Path(__file__).parent)
    files = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    ours = [f for f in files if f.startswith(package) or Path(f).name.startswith("test_")]
    return bool(ours) and not ours[-1].startswith(package)


def _traceback(
    error: StudentError, file: str, place: Callable[[int], str] | None
) -> dict[str, Any]:
    if not error.frames or explain.not_written(error):
        return {}  # the sentence has said it all
    lines = [
        f"{place(f.line) if place else f'{file}, line {f.line}'}, in {f.function}\n    {f.code}"
        for f in error.frames
    ]
    lines.append(explain.said(error))
    return {"traceback": "\n".join(lines), "lines": [f.line for f in error.frames]}


def _revealed(info: CheckInfo, text: Text, evidence: dict[str, Any]) -> tuple[Text, dict[str, Any]]:
    """Leaves out what the check's `reveal` level keeps back.

    Only a comparison can tell something of the hidden questions; the student's own exception,
    a time-out or a missing name is always shown.
    """
    if info.reveal == "full":
        return text, evidence
    kept: dict[str, Any] = {k: v for k, v in evidence.items() if k == "rests_on"}
    if info.reveal == "question" and "asked" in evidence:
        asked = evidence["asked"]
        return (
            Text(
                f"{asked['en']}: the answer isn't the expected one",
                f"{asked['zh']}：结果与预期不符",
            ),
            {**kept, "asked": asked},
        )
    return Text("the answer isn't the expected one", "结果与预期不符"), kept
