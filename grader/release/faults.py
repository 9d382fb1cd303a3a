"""The results.json for Gradescope when there is no mark: one honest sentence for the student."""

from __future__ import annotations

from typing import Any

import msgspec

from grader.defuse import defuse
from grader.text import Text

_MOST_CHARS = 4000

_STOPPED = Text(
    "The grader was stopped before it had a result (out of time, memory or disk space): this is"
    " not a mark for your work. Please tell the course staff, who can run it again.",
    "评分程序在得出结果之前被中止了（时间、内存或磁盘空间不足）：这不是对你作业的评分。请告诉课程人员，他们可以重新运行。",
)
_FAILED = Text(
    "The grader could not run here: this is not a mark for your work. Please tell the course staff,"
    " who find the reason in the autograder's output and can run it again.",
    "评分程序在这里无法运行：这不是对你作业的评分。请告诉课程人员，他们能在自动评分程序的输出中看到原因，并重新运行。",
)


def stopped(lang: str) -> str:
    """The file that stands from the start until there is a real one."""
    return _fault(_STOPPED.in_(lang), "stopped")


def failed(lang: str, reason: str) -> str:
    """The file when the grader can't run; `reason` is for staff."""
    return _fault(_FAILED.in_(lang), reason)


def encoded(document: dict[str, Any]) -> str:
    """`document` as the text of a results.json."""
    return msgspec.json.format(msgspec.json.encode(document), indent=1).decode() + "\n"


def _fault(sentence: str, reason: str) -> str:
    """No test, and 0 points, since Gradescope wants a number."""
    return encoded(
        {
            "score": 0.0,
            "output": sentence,
            "output_format": "text",
            "visibility": "visible",
            "stdout_visibility": "hidden",
            "tests": [],
            "leaderboard": [],
            "extra_data": {"fault": defuse(reason, max_chars=_MOST_CHARS)},
        }
    )
