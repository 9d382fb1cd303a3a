"""The values that the intake hands on, and the one error it uses inside."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from grader.errors import GraderError
from grader.submissions.decode import decode
from grader.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Status = Literal["ready", "missing", "unreadable"]
Kind = Literal["directory", "zip", "link", "special", "archive", "given"]
NOTHING = Text("", "")
_MAX_NORMAL = 1_000
_MAX_MARKS = 3
# Printable by Unicode's tables, blank on every screen: fillers of Hangul, joiners, selectors.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(code)
    for start, end in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
    for code in range(start, end + 1)
}


class Unreadable(GraderError):
    """A file can't be taken as a submission; `reason` tells the student why and how to mend it."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Student:
    """One entry of the submissions directory.

    Attributes:
        name: unique within the run; the entry's name in NFC, without `.zip`, and with an escape for
            whatever can't be seen in it.
        path: the entry.
        kind: `directory`, `zip`, `link`, which is never followed, `special` (a pipe, a device) or
            `archive` (one that isn't a zip), which are never opened; `given`: the files are what
            `tree` gives, a part of what lies at `path`.
        notes: what was odd about the entry itself.
        earlier: the hand-in as it was before files were handed in again, oldest first.
    """

    name: str
    path: Path
    kind: Kind
    notes: tuple[Text, ...] = ()
    tree: Callable[[], Tree] | None = field(default=None, repr=False, compare=False)
    earlier: tuple[Earlier, ...] = field(default=(), repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A hand-in as it was once; `submitted` is UTC in ISO 8601, "" if not known."""

    tree: Callable[[], Tree] = field(repr=False, compare=False)
    submitted: str = ""
    late: bool = False


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
        attempt: tells several submissions of one student to one exercise apart.
    """

    student: str
    exercise: str
    status: Status
    source: bytes = field(default=b"", repr=False)
    origin: str = ""
    reason: Text = NOTHING
    notes: tuple[Text, ...] = ()
    cell_map: tuple[tuple[int, int], ...] | None = field(default=None, repr=False)
    attempt: int = 0

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
        origin: the path that people are shown, where it is another than `path`.
    """

    path: str
    read: Callable[[int], bytes] = field(repr=False, compare=False)
    problem: Text | None = None
    origin: str = ""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def depth(self) -> int:
        """How many folders it lies in."""
        return self.path.count("/")

    @property
    def place(self) -> str:
        """The path that people are shown."""
        return self.origin or self.path


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

    Controls, bidi overrides, invisible characters, towers of accents and undecodable bytes become
    escapes, what is long is cut.
    """
    cut = name[: limit - 1] + "…" if len(name) > limit else name
    if cut.isascii() and cut.isprintable():
        return cut
    return "".join(escaped(c) if hidden else c for c, hidden in zip(cut, hides(cut), strict=True))


def hides(text: str) -> list[bool]:
    """Of each character, whether it can't be seen or acts on the text around it."""
    if text.isascii() and text.isprintable():
        return [False] * len(text)
    found, marks = [], 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        found.append(not char.isprintable() or char in _BLANK or marks > _MAX_MARKS)
    return found


def escaped(char: str) -> str:
    """A character as a Python string would name it: `\\u202e`."""
    return char.encode("unicode_escape").decode()


def normal(name: str) -> str:
    """`name` in NFC; one longer than any path in use stays as it is.

    Normalising sorts combining marks in quadratic time, and the name of a zip's member may have
    30,000 of them.
    """
    return unicodedata.normalize("NFC", name) if len(name) <= _MAX_NORMAL else name
