"""The few kinds of error; each is turned into an outcome or an exit status once, at the edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grader.text import Text


class GraderError(Exception):
    """Something the grader noticed and can say in one line."""


class UsageError(GraderError):
    """The call or its input is wrong; the message says what, where and how to mend it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One line of the student's own code on the way to an exception."""

    line: int
    function: str
    code: str


class StudentError(GraderError):
    """The student's code raised.

    Attributes:
        type_name: the exception's class, unqualified.
        message: its text, capped and stripped of control characters.
        frames: the lines of the student's module on the way there, outermost first.
        bases: names of the exception's classes, for `expect.raises`.
    """

    def __init__(
        self,
        type_name: str,
        message: str,
        frames: tuple[Frame, ...] = (),
        bases: tuple[str, ...] = (),
    ) -> None:
        super().__init__(f"{type_name}: {message}")
        self.type_name = type_name
        self.message = message
        self.frames = frames
        self.bases = bases or (type_name,)


class ImportFailed(StudentError):
    """The student's module could not be imported, so no check of it can run."""


class MissingSymbol(GraderError):
    """The module has no such name.

    Attributes:
        name: the name asked for.
        near: names the module does have which look like it.
    """

    def __init__(self, name: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(f"the module has no {name!r}")
        self.name = name
        self.near = near


class Forbidden(GraderError):
    """The submission uses what the exercise rules out, or tried what the wall stops."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class ShortcutUsed(Forbidden):
    """A tripwire: the submission called what the exercise rules out, in `line` (0: unknown)."""

    def __init__(self, name: str, line: int) -> None:
        super().__init__(Text(f"`{name}` is used", f"使用了 `{name}`"))
        self.name = name
        self.line = line


class CheckFailed(GraderError):
    """An answer isn't what was asked for.

    Attributes:
        text: the sentence for the student.
        evidence: plain values for the report (`asked`, `expected`, `got`, …).
    """

    def __init__(self, text: Text, evidence: dict[str, Any]) -> None:
        super().__init__(text.en)
        self.text = text
        self.evidence = evidence


class WorkerLost(GraderError):
    """A worker was ended before it answered.

    Attributes:
        outcome: `timeout`, `out_of_memory`, `crashed` or `forbidden`.
        text: what happened, for the student.
    """

    def __init__(self, outcome: str, text: Text) -> None:
        super().__init__(text.en)
        self.outcome = outcome
        self.text = text


class NotRun(GraderError):
    """A check isn't run: the budget is used up, or the module can't be imported anyway."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class EngineError(GraderError):
    """The grader's own machinery failed: never the student's fault."""


class WorkerKilled(EngineError):
    """A worker was killed, neither by itself nor by the grader."""
