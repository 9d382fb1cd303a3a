"""What whoever grades a download should know of it, a line each: nobody is left out in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.submissions.model import shown

if TYPE_CHECKING:
    from grader.lms.values import HandedIn

_MOST = 3


def warnings(handed_in: HandedIn) -> tuple[str, ...]:
    """Notes on the download as a whole, and how many files are nobody's, with the first names."""
    notes = [note.en for note in handed_in.notes]
    unclear = [file.path for file in handed_in.loose if file.state == "unclear"]
    if unclear:
        names = ", ".join(shown(path, 80) for path in unclear[:_MOST])
        more = f" and {len(unclear) - _MOST} more" if len(unclear) > _MOST else ""
        notes.append(
            f"{len(unclear)} file(s) are unclear and weren't graded, since whose they are isn't "
            f"known: {names}{more}; `grader intake` says why"
        )
    return tuple(notes)
