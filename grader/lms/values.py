"""What a download from an LMS says: who handed in what, and what is settled about each file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from grader.submissions.model import Entry, Student

if TYPE_CHECKING:
    from pathlib import Path

    from grader.text import Text

Layout = Literal["canvas", "moodle", "gradescope", "plain"]
State = Literal["taken", "superseded", "ignored", "unclear"]


@dataclass(frozen=True, slots=True)
class Person:
    """A student as the LMS knows them; what it doesn't tell is "".

    Attributes:
        name: as it is shown and stands in results; unique within a class.
        lms: where it comes from; "" for directories and zips that somebody named by hand.
        id: the LMS's own number: Canvas's user, Moodle's participant, Gradescope's submission.
        login: an identifier that the school gave (Gradescope's SID).
        group: the group that handed in together, as far as the LMS tells.
        submitted: UTC in ISO 8601.
        late: whether the LMS marked it as late.
    """

    name: str
    lms: Literal["canvas", "moodle", "gradescope", ""] = ""
    id: str = ""
    login: str = ""
    email: str = ""
    group: str = ""
    anonymous: bool = False
    submitted: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """A file of the download: the parts of its path there, `..` included, and how to read it."""

    parts: tuple[str, ...]
    entry: Entry


@dataclass(frozen=True, slots=True)
class Listed:
    """What became of a file; `exercise` is what it was taken for, `remark` how late it is."""

    path: str
    state: State
    why: Text
    exercise: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Owned:
    """One hand-in as a layout describes it; the person's name may be somebody else's too.

    Attributes:
        entries: the files that count, by their path below the student's folder.
        page: the text typed online.
        listed: files about which the layout alone decides.
        problem: why nothing of it can be used.
        doubt: what somebody should look at, though it can be graded.
        earlier: the hand-in before files were handed in again, oldest first; each with its own
            time and mark of lateness in `person`.
    """

    person: Person
    entries: tuple[Entry, ...] = ()
    page: Entry | None = None
    listed: tuple[Listed, ...] = ()
    notes: tuple[Text, ...] = ()
    problem: Text | None = None
    doubt: Text | None = None
    earlier: tuple[Owned, ...] = ()


@dataclass(frozen=True, slots=True)
class Sorted:
    """All hand-ins of a download, and the files that are nobody's."""

    owned: tuple[Owned, ...]
    loose: tuple[Listed, ...] = ()
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class HandIn:
    """One student's hand-in; `owned` is None for an entry of a directory that names students."""

    person: Person
    student: Student
    owned: Owned | None = None


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What was handed in, by whom; nothing has been read yet but names and metadata.

    Attributes:
        hand_ins: sorted by name.
        loose: files that are nobody's, ignored or unclear.
        notes: on the download as a whole.
    """

    path: Path
    layout: Layout
    hand_ins: tuple[HandIn, ...]
    loose: tuple[Listed, ...] = ()
    notes: tuple[Text, ...] = ()

    @property
    def students(self) -> list[Student]:
        """What `collect` takes."""
        return [hand_in.student for hand_in in self.hand_ins]
