"""What was understood of a download, for a terminal and as plain data for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.table import Table
from rich.text import Text as Styled

from grader.submissions.model import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from grader.lms.understand import Intake, Understood
    from grader.lms.values import Listed, Person

_LAYOUTS = {
    "canvas": "a bulk download of Canvas",
    "moodle": "a bulk download of Moodle",
    "gradescope": "a bulk export of Gradescope",
    "plain": "a directory or zip per student",
}
_STYLES = {"taken": "green", "superseded": "dim", "ignored": "dim", "unclear": "bold yellow"}
_MAX_UNCLEAR = 10_000


def tables(intake: Intake) -> Group:
    """Student by student, file by file; then nobody's files, what is unclear, and how many."""
    parts: list[RenderableType] = [Styled(f"understood as {_LAYOUTS[intake.layout]}", "bold")]
    parts += [Styled(f"  note: {note.en}") for note in intake.notes]
    for one in intake.students:
        parts += ["", _student(one)]
    if intake.loose:
        parts += ["", Styled("nobody's files", "bold"), _files(intake.loose)]
    unclear = list(intake.unclear())
    if unclear:
        parts += ["", Styled("unclear, for somebody to look at:", _STYLES["unclear"])]
        table = _grid()
        for who, file in unclear[:_MAX_UNCLEAR]:
            table.add_row(
                Styled(who or "nobody's"), Styled(shown(file.path, 200)), Styled(file.why.en)
            )
        parts.append(table)
    parts += ["", Styled(total(intake), "bold yellow" if unclear else "bold green")]
    return Group(*parts)


def total(intake: Intake) -> str:
    """One line of numbers."""
    answers = [answer.status for one in intake.students for answer in one.answers]
    states = [file.state for one in intake.students for file in one.files]
    states += [file.state for file in intake.loose]
    counts = [f"{len(intake.students)} students"]
    counts += [f"{answers.count('ready')} files to grade"]
    counts += [f"{answers.count('unreadable')} unreadable"]
    counts += [f"{states.count('superseded')} superseded", f"{states.count('ignored')} ignored"]
    return ", ".join([*counts, f"{sum(1 for _ in intake.unclear())} unclear"])


def plain_data(intake: Intake) -> dict[str, Any]:
    """The same for machines; texts in English."""
    return {
        "layout": intake.layout,
        "notes": [note.en for note in intake.notes],
        "students": [
            {
                **_person(one.person),
                "exercises": [
                    {
                        "id": answer.exercise,
                        "status": answer.status,
                        "file": answer.file,
                        "reason": answer.reason.en,
                    }
                    for answer in one.answers
                ],
                "files": [_file(file) for file in one.files],
                "notes": [note.en for note in one.notes],
                "trouble": one.trouble.en if one.trouble else "",
            }
            for one in intake.students
        ],
        "loose": [_file(file) for file in intake.loose],
        "unclear": [
            {"student": who, "file": file.path, "why": file.why.en}
            for who, file in intake.unclear()
        ],
    }


def _person(person: Person) -> dict[str, Any]:
    return {
        "student": person.name,
        "lms": person.lms,
        "id": person.id,
        "login": person.login,
        "email": person.email,
        "group": person.group,
        "anonymous": person.anonymous,
        "submitted": person.submitted,
        "late": person.late,
    }


def _file(file: Listed) -> dict[str, str]:
    return {
        "path": file.path,
        "state": file.state,
        "exercise": file.exercise,
        "why": file.why.en,
        "remark": file.remark,
    }


def _student(one: Understood) -> Group:
    head = Styled(shown(one.person.name), "bold")
    for fact in _facts(one.person):
        head.append(f"  {fact}", "bold yellow" if fact == "late" else "dim")
    rows: list[RenderableType] = [head, *([_files(one.files)] if one.files else [])]
    if one.trouble is not None:
        rows.append(Styled(f"  unclear: {one.trouble.en}", _STYLES["unclear"]))
    rows += [Styled(f"  note: {note.en}", "italic") for note in one.notes if note != one.trouble]
    return Group(*rows)


def _facts(person: Person) -> Iterator[str]:
    if person.lms:
        yield f"{person.lms} {shown(person.id, 40)}"
    for text in (person.login, person.email):
        if text:
            yield shown(text, 80)
    if person.group:
        yield f"group {shown(person.group, 80)}"
    if person.submitted:
        yield person.submitted
    if person.late:
        yield "late"


def _files(files: tuple[Listed, ...]) -> Table:
    table = _grid()
    for file in files:
        said = file.why.en
        if file.state == "taken":
            said = f"for {file.exercise}" + (f", unreadable: {said}" if said else "")
            said += f", {file.remark}" if file.remark else ""
        state = Styled(file.state, _STYLES[file.state])
        table.add_row(Styled(f"  {shown(file.path, 200)}"), state, Styled(said))
    return table


def _grid() -> Table:
    return Table.grid(padding=(0, 2))
