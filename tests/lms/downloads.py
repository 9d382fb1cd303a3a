"""Writes downloads in exactly the layouts of Canvas, Moodle and Gradescope, and unpacks them."""

from __future__ import annotations

import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from grader.lms import opened, understand
from grader.submissions import collect

from ..submissions.handins import SYMBOLS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.lms import HandedIn, Intake
    from grader.submissions import Submission

CODE = b"x = 1\n"
ONE = {"huber": SYMBOLS["huber"]}


def canvas(
    name: str,
    user: int | str,
    attachment: int,
    file: str = "huber.py",
    *,
    late: bool = False,
) -> str:
    """A member's name as Canvas's content zipper makes it; `user` a text: anonymous."""
    if isinstance(user, str):
        parts = ["LATE" if late else None, f"anon_{user}"]
    else:
        squashed = "".join(char for char in name.lower() if char.isalnum() or char == "_")
        parts = [squashed, "LATE" if late else None, str(user)]
    return "_".join([*(part for part in parts if part), str(attachment), file])


def moodle(name: str, number: int, path: str = "huber.py", *, team: str = "") -> str:
    """A member's path as Moodle's assignment makes it, with a folder for each student."""
    who = f"{team}-{name}" if team else name
    return f"{who.replace('_', ' ')}_{number}_assignsubmission_file_/{path}"


def online(name: str, number: int) -> str:
    """The path of a text typed online."""
    return f"{name}_{number}_assignsubmission_onlinetext_/onlinetext.html"


def metadata(submissions: Mapping[str, Sequence[tuple[str, str, str]]], **times: str) -> bytes:
    """Gradescope's list: folder to (name, SID, e-mail) of each submitter."""
    lines = ["---"]
    for folder, people in submissions.items():
        lines += [f"{folder}:", "  :submitters:"]
        for name, sid, email in people:
            lines += [f'  - :name: "{name}"', f"    :sid: '{sid}'", f"    :email: {email}"]
        if folder in times:
            lines += ["  :created_at: !ruby/object:ActiveSupport::TimeWithZone"]
            lines += [f"    utc: &1 {times[folder]}", "    time: *1"]
        lines += ["  :score: 0.0", "  :status: processed"]
    return "\n".join(lines).encode()


def write_zip(
    path: Path,
    members: Mapping[str, bytes] | Sequence[tuple[str, bytes]],
    packed: int = zipfile.ZIP_DEFLATED,
) -> Path:
    """A zip with these members, in this order; a list may name one twice."""
    items = members.items() if hasattr(members, "items") else members
    with zipfile.ZipFile(path, "w", packed) as archive:
        for name, data in items:
            archive.writestr(name, data)
    return path


def unpacked(archive: Path, root: Path) -> Path:
    """The folder that an unpacker makes of a zip."""
    with zipfile.ZipFile(archive) as opened_zip:
        opened_zip.extractall(root)
    return root


@contextmanager
def reading(path: Path) -> Iterator[HandedIn]:
    """The hand-ins of a download, as long as this lasts."""
    with opened(path) as found:
        yield found


def understood(
    path: Path, symbols: Mapping[str, Sequence[str]] = SYMBOLS, others: Sequence[str] = ()
) -> Intake:
    """What `grader intake` would show."""
    with opened(path) as found:
        return understand(found, symbols, others)


def collected(
    path: Path, symbols: Mapping[str, Sequence[str]] = ONE
) -> dict[tuple[str, str], Submission]:
    """(student, exercise) to what `grader grade` would grade."""
    with opened(path) as found:
        return {
            (one.student, one.exercise): one
            for student in found.students
            for one in collect(student, symbols)
        }


def states(intake: Intake) -> dict[str, tuple[str, str, str]]:
    """Path to (student, state, exercise), of every file."""
    listed = {
        file.path: (one.person.name, file.state, file.exercise)
        for one in intake.students
        for file in one.files
    }
    return listed | {file.path: ("", file.state, file.exercise) for file in intake.loose}
