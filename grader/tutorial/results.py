"""What a check of tutorials found, and tutorial.json: written, read back, refused in one line.

The contract's keys are English text; what else the file carries is in `form`. Texts are as they
came, but for lone surrogates, which JSON can't hold, and for outputs of endless length.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from grader.defuse import defuse_line
from grader.errors import UsageError
from grader.tutorial import form
from grader.tutorial.fixes import fix
from grader.tutorial.values import Advice, Claim, Document, Raised, Verdict

SCHEMA = 1
OUTPUT_CHARS = 20_000
"""Characters kept of what a document shows and of what came instead."""

_AGAIN = "run `grader tutorial` again"
_Kind = TypeVar("_Kind")


class TutorialFileError(UsageError):
    """A tutorial.json that can't be used; one line says file, place and how to mend."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One document and what was found out about it.

    Attributes:
        path: as it was given, to be shown.
        verdicts: one per block, in the document's order.
        stand_ins: data sets that didn't come from where the document says.
        mended: unified diff from the document to its mended copy; None where none was asked for.
        still_failing: indices of the blocks that fail in the mended copy too.
        rot: block index → whether it passes on Keras 2; None where that wasn't asked.
    """

    path: str
    title: str
    document: Document
    verdicts: tuple[Verdict, ...]
    seconds: float = 0.0
    stand_ins: tuple[str, ...] = ()
    mended: str | None = None
    still_failing: tuple[int, ...] = ()
    rot: Mapping[int, bool] | None = None

    def root_of(self, verdict: Verdict) -> Verdict | None:
        """The verdict on the block whose fault a cascade comes from; None for what is no cascade.

        Follows the way back where a cascade names another cascade.
        """
        by_index = {other.block.index: other for other in self.verdicts}
        root, seen = verdict, {verdict.block.index}
        while root.status == "cascaded" and root.root in by_index and root.root not in seen:
            root = by_index[root.root]
            seen.add(root.block.index)
        return root if root is not verdict else None


@dataclass(frozen=True, slots=True)
class Report:
    """One run over some documents; `started` is UTC in ISO 8601, `seconds` wall clock.

    `unchecked` are the paths of documents that weren't finished when something ended the run.
    """

    checked: tuple[Checked, ...]
    started: str
    seconds: float
    versions: Mapping[str, str] = field(default_factory=dict)
    unchecked: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every block that can be run did, and showed what it says."""
        return not self.unchecked and not any(
            verdict.status in ("failed", "drifted", "blocked", "cascaded")
            for checked in self.checked
            for verdict in checked.verdicts
        )


def error_of(verdict: Verdict) -> Raised | None:
    """What went wrong with a block: its exception, or in its place how it ended and why.

    None for what passed, was skipped, or merely printed something else.
    """
    if verdict.error is not None:
        return verdict.error
    if verdict.status not in ("failed", "blocked", "cascaded"):
        return None
    ended = {run.ended for run in verdict.runs}
    kind = "Timeout" if "timeout" in ended else "KernelDied" if "died" in ended else "NotRun"
    if verdict.status == "failed" and kind == "NotRun":
        kind = "Failed"
    return Raised(kind, verdict.why.en, verdict.block.line)


def message_of(error: Raised) -> str:
    """Its message, and what isn't there where the message doesn't say that itself."""
    if error.missing and error.missing not in error.message:
        return f"{error.message} (not there: {error.missing})".strip()
    return error.message


def fault_line(verdict: Verdict) -> int:
    """The document's line that a fault is on: of the error, else of the output that didn't come."""
    if verdict.error is not None and verdict.error.line:
        return verdict.error.line
    if verdict.status == "drifted":
        for piece in verdict.block.pieces:
            if piece.claimed_line and piece.claimed == verdict.claimed:
                return piece.claimed_line
    return verdict.block.line


def to_json(report: Report) -> bytes:
    """`report` as the bytes of tutorial.json, seconds to 3 decimals.

    Raises:
        ValueError: seconds are negative, NaN or infinite: no such number is ever written.
    """
    file = form.File(
        schema=SCHEMA,
        run=form.Run(report.started, _seconds(report.seconds), dict(report.versions)),
        documents=tuple(_document(checked) for checked in report.checked),
        unchecked=report.unchecked,
    )
    encoded = msgspec.json.encode(_writable(msgspec.to_builtins(file)))
    return msgspec.json.format(encoded, indent=1) + b"\n"


def from_json(data: bytes | str, *, source: str = "tutorial.json") -> form.File:
    """What `data` says, checked; `source` names the file in errors.

    Raises:
        TutorialFileError: it is no tutorial.json of this schema.
    """
    schema = _decode(data, form.Schema, source).schema
    if schema != SCHEMA:
        raise TutorialFileError(
            f"{source}: $.schema is {schema}, this grader reads {SCHEMA}: "
            f"use the grader that wrote the file, or {_AGAIN}"
        )
    return _decode(data, form.File, source)


def read_tutorial(path: Path) -> form.File:
    """What the file at `path` says.

    Raises:
        TutorialFileError: it can't be read, or is no tutorial.json of this schema.
    """
    source = defuse_line(str(path))
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TutorialFileError(
            f"{source}: can't be read ({error.strerror}): "
            "give the path of the tutorial.json that `grader tutorial` wrote"
        ) from None
    return from_json(data, source=source)


def _document(checked: Checked) -> form.Document:
    lines = {verdict.block.index: verdict.block.line for verdict in checked.verdicts}
    return form.Document(
        path=checked.path,
        title=checked.title,
        blocks=tuple(_block(checked, verdict) for verdict in checked.verdicts),
        seconds=_seconds(checked.seconds),
        stand_ins=checked.stand_ins,
        mended=checked.mended,
        still_failing=tuple(lines[index] for index in checked.still_failing if index in lines),
    )


def _block(checked: Checked, verdict: Verdict) -> form.Block:
    block = verdict.block
    root = checked.root_of(verdict)
    root_line = root.block.line if root else None
    return form.Block(
        line=block.line,
        language=block.language,
        kind=block.kind,
        status=verdict.status,
        seconds=_seconds(verdict.seconds),
        error=_error(verdict, root_line),
        advice=tuple(_advice(verdict, advice) for advice in verdict.advice),
        claimed=_cut(verdict.claimed),
        got=_cut(verdict.got),
        why=verdict.why,
        closeness=verdict.closeness,
        root_line=root_line,
        through=verdict.through,
        claims=tuple(_claim(claim) for claim in verdict.claims),
        stand_ins=verdict.stand_ins,
        passes_on_keras2=(checked.rot or {}).get(block.index),
        cell=block.cell,
        note=block.reason,
    )


def _error(verdict: Verdict, root_line: int | None) -> form.Error | None:
    error = error_of(verdict)
    if error is None:
        return None
    # Whoever reads no more than the contract's three keys must learn which, too.
    message = message_of(error)
    if root_line is not None:
        message += f" (because of the block at line {root_line})"
    return form.Error(
        type=error.type,
        message=message,
        line=error.line or verdict.block.line,
        missing=error.missing,
        missing_kind=error.missing_kind,
        root_line=root_line,
    )


def _advice(verdict: Verdict, advice: Advice) -> form.Advice:
    finding = advice.finding
    return form.Advice(
        rule=finding.rule,
        line=advice.line,
        message=finding.message.en,
        fix=fix(verdict.block, advice),
        message_zh=finding.message.zh,
        severity=finding.severity,
        source=finding.source,
    )


def _claim(claim: Claim) -> form.Claim:
    return form.Claim(claim.line, claim.text, claim.says, claim.holds, claim.why)


def _cut(text: str) -> str:
    rest = len(text) - OUTPUT_CHARS
    return f"{text[:OUTPUT_CHARS]}… (+{rest})" if rest > 0 else text


def _seconds(value: float) -> float:
    if not math.isfinite(value) or not 0 <= value <= 1e9:
        raise ValueError(f"seconds are finite and not negative, not {value!r}")
    return round(float(value), 3) + 0.0  # + 0.0: no "-0.0" in the file


def _writable(value: Any) -> Any:
    """The same without lone surrogates, which stand for bytes that weren't UTF-8."""
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode("utf-8")
        case list() | tuple():
            return [_writable(item) for item in value]
        case dict():
            return {_writable(key): _writable(item) for key, item in value.items()}
        case _:
            return value


def _decode(data: bytes | str, kind: type[_Kind], source: str) -> _Kind:
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        what, _, where = str(error).replace("`", "").partition(" - at ")
        what, where = defuse_line(what), defuse_line(where) or "$"
        raise TutorialFileError(
            f"{source}: {where}: {what[:1].lower()}{what[1:]}: mend that value, or {_AGAIN}"
        ) from None
    except msgspec.DecodeError as error:
        cut = "truncated" in str(error)
        said = defuse_line(str(error)).removeprefix("JSON is malformed: ")
        what = "the file ends too early" if cut else f"not JSON: {said}"
    except UnicodeError as error:
        what = (
            f"not UTF-8 ({error.reason})" if isinstance(error, UnicodeDecodeError) else "not JSON"
        )
    except RecursionError:
        what = "nested too deeply"
    raise TutorialFileError(f"{source}: {what}: {_AGAIN}")
