"""The values that the intake hands on, and the one error it uses inside."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from grader.errors import GraderError
from grader.submissions.decode import decode
from grader.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Status = Literal["ready", "missing", "unreadable"]
NOTHING = Text("", "")


class Unreadable(GraderError):
    """A file can't be taken as a submission; `reason` tells the student why and how to mend it."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Student:
    """One entry of the submissions directory.

    Attributes:
        name: unique within the run; the entry's name in NFC, without `.zip`.
        path: the entry.
        kind: `directory`, `zip`, or `link`, which is never followed.
        notes: what was odd about the entry itself.
    """

    name: str
    path: Path
    kind: Literal["directory", "zip", "link"]
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Submission:
    """What one student handed in for one exercise.

    Attributes:
        status: `ready` to be staged, `missing`, or `unreadable`.
        source: the bytes to stage as `<exercise>.py`; empty unless `ready`.
        origin: the path shown to people, relative to the submissions directory.
        reason: why it is missing or unreadable; empty when `ready`.
        notes: what the student should know about how it was read.
        cell_map: for a notebook, (cell, line in the cell) of each line of `source`; both count from
            1, and cells as the notebook shows them, text cells included.
    """

    student: str
    exercise: str
    status: Status
    source: bytes = field(default=b"", repr=False)
    origin: str = ""
    reason: Text = NOTHING
    notes: tuple[Text, ...] = ()
    cell_map: tuple[tuple[int, int], ...] | None = field(default=None, repr=False)

    @property
    def sha256(self) -> str:
        """The hexadecimal digest of `source`."""
        return hashlib.sha256(self.source).hexdigest()

    @property
    def text(self) -> str:
        """`source` as text, in the encoding that it declares."""
        return decode(self.source)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in a student's directory or archive, not read yet.

    Attributes:
        path: relative to the student's root, `/` between the parts, as people may see it.
        read: `read(limit)` gives at most `limit + 1` bytes; raises Unreadable.
        problem: why it must not be read at all (a link that leads outside, …).
    """

    path: str
    read: Callable[[int], bytes] = field(repr=False, compare=False)
    problem: Text | None = None

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def depth(self) -> int:
        """How many folders it lies in."""
        return self.path.count("/")


@dataclass(frozen=True, slots=True)
class Tree:
    """All that lies in a student's directory or archive.

    Attributes:
        entries: sorted by depth, then path.
        problem: why nothing in it can be used; then there are no entries.
    """

    entries: tuple[Entry, ...] = ()
    notes: tuple[Text, ...] = ()
    problem: Text | None = None


def shown(name: str, limit: int = 120) -> str:
    """A file's name or a line of a file, fit for a one-line message.

    Controls, bidi overrides and undecodable bytes become escapes, what is long is cut.
    """
    cut = name[: limit - 1] + "…" if len(name) > limit else name
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut)
