"""What an export says on a terminal: what was filled in, what wasn't and why, and the files."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group
from rich.table import Table
from rich.text import Text as Styled

from grader.defuse import defuse_line
from grader.exports.feedback import Feedback
from grader.exports.flow import Done
from grader.exports.values import Change, Filling, Left

_MOST_LISTED = 40


def shown(done: Done) -> Group:
    """The lines for a terminal; students' names are text in them, never markup."""
    parts: list[Styled | Table] = []
    if done.filling is not None:
        parts += _filling(done.filling, with_changes=done.dry_run)
    if done.feedback is not None:
        parts += _feedback(done.feedback, with_places=done.dry_run)
    verb = "would write" if done.dry_run else "written"
    files = done.files
    if len(files) > 4:
        parts.append(Styled(f"{verb}: {len(files)} files in {_line(str(files[0].parent))}"))
    else:
        parts += [Styled(f"{verb}: {_line(str(file))}") for file in files]
    return Group(*parts)


def _filling(filling: Filling, *, with_changes: bool) -> list[Styled | Table]:
    columns = ", ".join(map(_line, filling.columns))
    parts: list[Styled | Table] = [
        Styled(f"{columns}: {len(filling.changes)} grade(s) entered", "bold")
    ]
    if with_changes:
        parts.append(_changes(filling.changes))
    other = sum(bool(change.old.strip()) and change.old != change.new for change in filling.changes)
    if other and not with_changes:
        parts.append(Styled(f"{other} of them had another value before; --dry-run shows which"))
    parts += [Styled(_line(f"note: {note}"), "yellow") for note in filling.notes]
    if filling.students:
        parts += _list(
            f"students without a grade in the file: {len(filling.students)}", filling.students
        )
    if filling.rows:
        parts += _list(f"rows of the file left as they are: {len(filling.rows)}", filling.rows)
    return parts


def _feedback(feedback: Feedback, *, with_places: bool) -> list[Styled | Table]:
    size = "" if feedback.size is None else f", {_size(feedback.size)}"
    parts: list[Styled | Table] = [
        Styled(f"feedback for {len(feedback.places)} student(s){size}", "bold")
    ]
    if with_places:
        table = Table("student", "in the zip", box=None, pad_edge=False)
        for place in feedback.places:
            table.add_row(Styled(_line(place.student)), Styled(_line(place.path)))
        parts.append(table)
    parts += [Styled(_line(f"note: {note}"), "yellow") for note in feedback.notes]
    if feedback.left:
        parts += _list(f"students without feedback in the zip: {len(feedback.left)}", feedback.left)
    return parts


def _size(count: int) -> str:
    return f"{count / 2**20:.1f} MiB" if count >= 2**20 else f"{count / 2**10:.0f} KiB"


def _changes(changes: Sequence[Change]) -> Table:
    table = Table("student", "row", "column", "was", "becomes", box=None, pad_edge=False)
    for change in changes:
        cells = (change.student, change.row, change.column, change.old, change.new)
        table.add_row(*(Styled(_line(cell)) for cell in cells))
    return table


def _list(title: str, left: Sequence[Left]) -> list[Styled | Table]:
    table = Table.grid(padding=(0, 2))
    for one in left[:_MOST_LISTED]:
        table.add_row("", Styled(_line(one.who)), Styled(_line(one.why)))
    parts: list[Styled | Table] = [Styled(title, "bold"), table]
    if len(left) > _MOST_LISTED:
        parts.append(Styled(f"  and {len(left) - _MOST_LISTED} more"))
    return parts


def _line(text: str) -> str:
    return defuse_line(text, max_chars=300)
