"""One class as each platform has it: who is in it, what was handed in, and the gradebook.

Everybody's program gives other points, so that a grade on a wrong row shows. The names are those
that go wrong: namesakes, apostrophes, Chinese, particles and commas, underscores and digits.
"""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from .downloads import canvas, metadata, moodle, online, write_zip

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

POSSIBLE = 15
BROKEN = b"def steps(:\n"
_TYPED = (
    "<p>Here it is:</p><pre>def steps():<br>"
    "    return [bit for bit in (1, 2, 4, 8) if bit &amp; {}]</pre>"
)


@dataclass(frozen=True, slots=True)
class Known:
    """A student; `number` is what their program gives, and makes all their ids."""

    number: int
    given: str
    family: str = ""

    @property
    def name(self) -> str:
        """As Moodle and Gradescope write it."""
        return f"{self.given} {self.family}".strip()

    @property
    def sortable(self) -> str:
        """As Canvas writes it."""
        return f"{self.family}, {self.given}" if self.family else self.given

    @property
    def login(self) -> str:
        """What the school calls them."""
        return f"u{self.number:04}"

    @property
    def email(self) -> str:
        """Nobody else's."""
        return f"{self.login}@example.org"


@dataclass(frozen=True, slots=True)
class Gradebook:
    """A CSV file; `first` is the row of the first of `ENROLLED`, `column` that of the grades."""

    text: str
    first: int
    column: int


CLASS = (
    Known(1, "Jane", "Doe"),
    Known(2, "Pat", "O'Brien"),
    Known(3, "王小明"),
    Known(4, "王小明"),
    Known(5, "María José", "de la Cruz"),
    Known(6, "Kim", "Lee"),
    Known(7, "Kim", "Lee"),
    Known(8, "Agent_7b", "Smith_2x"),
    Known(9, "Zoë", "Müller-Lüdenscheidt"),
    Known(10, "Jean-Luc", "Picard"),
    Known(11, "Suharto"),
    Known(12, "Åsa", "Ström"),
    Known(13, "雷", "李"),
    Known(14, "Connor", "D’Arcy"),
)
EMPTY = Known(20, "Nora", "Nofile")
"""Handed in, but nothing that could be graded."""
UNREADABLE = Known(21, "Sina", "Syntax")
ABSENT = (Known(30, "Kim", "Lee"), Known(31, "Ada", "Absent"), Known(32, "王小明"))
"""Handed in nothing; two have names of students who did."""
ENROLLED = (ABSENT[0], *reversed(CLASS), EMPTY, ABSENT[1], UNREADABLE, ABSENT[2])
POINTS = {one.number: one.number for one in CLASS} | {UNREADABLE.number: 0}
"""Whose grade is entered, and which."""


def program(points: int) -> bytes:
    """A program that gets so many points."""
    text = f"def steps():\n    return [bit for bit in (1, 2, 4, 8) if bit & {points}]\n"
    return text.encode()


def typed(points: int) -> bytes:
    """The same, typed into a form."""
    return _TYPED.format(points).encode()


def zipped(data: bytes, name: str = "steps.py") -> bytes:
    """A file in a zip that the student made."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(f"my work/{name}", data)
        archive.writestr("__MACOSX/._steps.py", b"\0")
    return made.getvalue()


def handed_in(one: Known) -> bytes:
    """Their file."""
    return BROKEN if one is UNREADABLE else program(one.number)


def by_canvas(path: Path, *, anonymous: bool = False) -> Path:
    """Late, handed in again, zips of their own, a text typed online, another file's name."""
    members: list[tuple[str, bytes]] = []
    for one in (*CLASS, UNREADABLE):
        user: int | str = f"aB{one.number}xY" if anonymous else 4000 + one.number
        name = partial(canvas, one.sortable, user, late=one.number % 3 == 0)
        first, second = 9000 + 2 * one.number, 9001 + 2 * one.number
        if one.number in (4, 6):
            members += [
                (name(first, "steps.py"), program(15)),
                (name(second, "steps-1.py"), handed_in(one)),
            ]
        elif one.number == 9:
            members += [(name(first, "hw 3.zip"), zipped(program(9)))]
        elif one.number == 11 and not anonymous:
            members += [(name(0, "text.html").replace("_0_text", "_text"), typed(11))]
        elif one.number == 13:
            members += [(name(first, "a.pdf"), b"%PDF"), (name(second, "lab_3_v2.py"), program(13))]
        else:
            members += [(name(first, "steps.py"), handed_in(one))]
    if not anonymous:
        members += [(canvas(EMPTY.sortable, 4000 + EMPTY.number, 9500, "essay.pdf"), b"%PDF")]
    return write_zip(path, members)


def by_moodle(path: Path, *, blind: bool = False, team: str = "") -> Path:
    """Files in folders, a text typed online, a folder as Moodle names it since 4.1."""
    members: list[tuple[str, bytes]] = []
    for one in (*CLASS, UNREADABLE):
        who = "Participant" if blind else one.name
        where = moodle(who, 100 + one.number, "work/steps.py", team=team and f"{team} {_of(one)}")
        if one.number == 11:
            members += [(online(where.split("_")[0], 111), typed(11))]
        elif one.number == 12:
            members += [(where.replace("_file_/", "_file/"), program(12))]
        else:
            members += [(where, handed_in(one))]
    where = moodle(
        "Participant" if blind else EMPTY.name, 120, "essay.pdf", team=team and f"{team} 1"
    )
    return write_zip(path, [*members, (where, b"%PDF")])


def _of(one: Known) -> int:
    return 1 + one.number % 3


PAIR = (CLASS[5], CLASS[11])
"""Handed in together on Gradescope: both have the points of the first."""


def by_gradescope(path: Path) -> Path:
    """The list of who handed in what, a pair, a second submission that counts."""
    folders: dict[str, list[tuple[str, str, str]]] = {}
    times, files = {}, {}
    alone = [one for one in (*CLASS, UNREADABLE, EMPTY) if one not in PAIR]
    for people in (PAIR, *((one,) for one in alone)):
        folder = f"submission_{7000 + people[0].number}"
        folders[folder] = [(one.name, one.login, one.email) for one in people]
        times[folder] = "2026-01-12 02:31:25.474203000 Z"
        empty = people[0] is EMPTY
        files[f"{folder}/{'essay.pdf' if empty else 'src/steps.py'}"] = handed_in(people[0])
    jane = CLASS[0]
    folders["submission_6999"] = [(jane.name, jane.login, jane.email)]
    times["submission_6999"] = "2026-01-11 23:00:00 Z"
    files["submission_6999/steps.py"] = program(15)
    root = "assignment_77_export"
    members = {f"{root}/submission_metadata.yml": metadata(folders, **times)}
    return write_zip(path, members | {f"{root}/{name}": data for name, data in files.items()})


def table(rows: Iterable[Sequence[object]], end: str = "\n") -> str:
    """A CSV file with quotes where they must be."""
    text = io.StringIO()
    csv.writer(text, lineterminator=end).writerows(rows)
    return text.getvalue()


def canvas_gradebook() -> Gradebook:
    """Grades > Export: two rows that are nobody's, and earlier grades of those who are absent."""
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Quiz (76)", "Steps (77)"]
    rows: list[list[object]] = [header, ["    Points Possible", "", "", "", "", "5.00", "15.00"]]
    for one in ENROLLED:
        old = "3.50" if one in ABSENT else ""
        ids = [4000 + one.number, f"S{one.number}", one.login]
        rows.append([one.sortable, *ids, "Monday, 9 o'clock", "1.00", old])
    return Gradebook(table([*rows, ["Student, Test", "9", "", "test", "", "", ""]]), 2, 6)


def moodle_worksheet(*, blind: bool = False) -> Gradebook:
    """Download grading worksheet, with a byte order mark as Moodle writes it."""
    who = [] if blind else ["Full name", "Email address"]
    header = ["Identifier", *who, "Status", "Grade", "Maximum Grade", "Grade can be changed"]
    rows: list[list[object]] = [[*header, "Last modified (grade)", "Feedback comments"]]
    for one in ENROLLED:
        known = [] if blind else [one.name, one.email]
        status = "No submission" if one in ABSENT else "Submitted for grading"
        old = ["3.50", "15.00", "Yes", "-", "<p>see, me</p>"] if one in ABSENT else None
        rows.append(
            [
                f"Participant {100 + one.number}",
                *known,
                status,
                *(old or ["", "15.00", "Yes", "-", ""]),
            ]
        )
    return Gradebook("\ufeff" + table(rows, "\r\n"), 1, 2 if blind else 4)


def gradescope_gradebook() -> Gradebook:
    """A course's Download Grades: four columns for each assignment."""
    header = ["First Name", "Last Name", "SID", "Email", "Sections"]
    for title in ("Lab 0", "Steps"):
        parts = ("Max Points", "Submission Time", "Lateness (H:M:S)")
        header += [title, *(f"{title} - {part}" for part in parts)]
    rows: list[list[object]] = [[*header, "Total Lateness (H:M:S)"]]
    for one in ENROLLED:
        absent = one in ABSENT
        mine = (
            ["", "15.0", "", ""]
            if absent
            else ["", "15.0", "2026-01-12 03:00:00 -0800", "00:00:00"]
        )
        who = [one.given, one.family, one.login, one.email, "A, B"]
        rows.append(
            [*who, "4.0", "5.0", "2026-01-05 03:00:00 -0800", "00:00:00", *mine, "00:00:00"]
        )
    return Gradebook(table(rows), 1, 9)
