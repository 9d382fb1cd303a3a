"""Two devices, one row: what the same submission did on the CPU and on the GPU.

A check passes when it passes on both. Where the devices disagree that is said, apart from a plain
failure: the program is right on one of them, and what differs is a device's doing (precision, the
order of sums, memory) or the program's own choice of one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import structs

from grader.results import CheckResult, Mapped, Row
from grader.text import Text

NAMES = {"cpu": Text("the CPU", "CPU"), "gpu": Text("the GPU", "GPU")}
_STUDENTS = ("failed", "timeout", "out_of_memory", "crashed", "forbidden")


def merged(first: Sequence[Row], second: Sequence[Row]) -> Sequence[Row]:
    """One row for each pair of rows about the same submission."""
    return Mapped(_row, first, second)


def _row(one: Row, other: Row) -> Row:
    checks = tuple(_check(a, b) for a, b in zip(one.checks, other.checks, strict=True))
    broken = "grader_error" in (one.status, other.status)
    return structs.replace(
        one,
        status="grader_error" if broken else one.status,
        checks=checks,
        notes=tuple(dict.fromkeys((*one.notes, *other.notes))),
        points=sum(check.points for check in checks),
        seconds=one.seconds + other.seconds,
        cached=one.cached and other.cached,
    )


def _check(one: CheckResult, other: CheckResult) -> CheckResult:
    """What is shown of a check, `device` saying whose it is; with both outcomes if they differ."""
    shown = max((one, other), key=_gravity)
    placed = {c.device: c.evidence["device"] for c in (one, other) if "device" in c.evidence}
    evidence: dict[str, Any] = {k: v for k, v in shown.evidence.items() if k != "device"}
    if placed:
        evidence["device"] = placed.get(shown.device) or next(iter(placed.values()))
    if one.outcome != other.outcome:
        evidence["devices"] = {one.device: one.outcome, other.device: other.outcome}
    if disagreement(evidence) is None:
        return structs.replace(shown, evidence=evidence)
    right = one if shown is other else other
    return structs.replace(shown, evidence=evidence, message=_said(right.device, shown))


def _gravity(check: CheckResult) -> int:
    """A fault of the grader's is never hidden, and a pass shown only where both pass."""
    return {"passed": 0, "not_run": 1, "grader_error": 3}.get(check.outcome, 2)


def _said(right: str, shown: CheckResult) -> Text:
    good, bad = NAMES[right], NAMES[shown.device]
    return Text(
        f"passes on {good.en}, not on {bad.en}: {shown.message.en}",
        f"在 {good.zh} 上通过，在 {bad.zh} 上未通过：{shown.message.zh}",
    )


def disagreement(evidence: Mapping[str, Any]) -> tuple[str, str] | None:
    """(device on which it passes, device on which it doesn't), where the program is at odds.

    Not where the grader failed on one of them, or where the check wasn't run there.
    """
    told = evidence.get("devices")
    if not isinstance(told, Mapping) or set(told) != set(NAMES):
        return None
    passing = [name for name, outcome in told.items() if outcome == "passed"]
    failing = [name for name, outcome in told.items() if outcome in _STUDENTS]
    return (passing[0], failing[0]) if len(passing) == len(failing) == 1 else None
