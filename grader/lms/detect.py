"""Which LMS made a download, by the names at its top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.lms import canvas, gradescope, moodle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.lms.values import Layout


@dataclass(frozen=True, slots=True)
class Top:
    """A name at the top of a download, and whether it is a folder's."""

    name: str
    folder: bool


def detect(tops: Sequence[Top]) -> Layout:
    """The layout; `plain` where no LMS's is recognised."""
    files = [top.name for top in tops if not top.folder]
    folders = [top.name for top in tops if top.folder]
    if gradescope.METADATA in files:
        return "gradescope"
    if folders and not files and all(map(gradescope.folder_id, folders)):
        return "gradescope"
    # Students name their files: one that looks like Moodle's says nothing of the others.
    of_moodle = sum(moodle.parse(top.name) is not None for top in tops)
    if of_moodle and 2 * of_moodle >= len(tops):
        return "moodle"
    return "canvas" if _is_canvas([top.name for top in tops]) else "plain"


def recognised(tops: Sequence[Top], layout: Layout) -> int:
    """How many students the names at the top tell apart, as that layout has them."""
    names = [top.name for top in tops]
    if layout == "canvas":
        return len({found[0].user for found in canvas.settled(names) if len(found) == 1})
    if layout == "moodle":
        return len({found.id for found in map(moodle.parse, names) if found})
    return len({top.name for top in tops if top.folder and gradescope.folder_id(top.name)})


def _is_canvas(names: Sequence[str]) -> bool:
    """Half of the names or more are Canvas's, and what they say can be true.

    `hw_3_2024_ada.zip` and `hw_3_2024_zoe.zip` look like Canvas's, but nobody has two files of one
    number; nor has a user two names, as in `week_1_2_ada.zip` and `lab_1_3_zoe.zip`. Names that can
    be read in several ways count for nothing, or one student could spoil a class's download.
    """
    readings = canvas.settled(names)
    parsed = [found[0] for found in readings if len(found) == 1]
    if not parsed or 2 * len(parsed) < sum(len(found) < 2 for found in readings):
        return False
    known: dict[str, str] = {}
    if any(known.setdefault(found.user, found.name) != found.name for found in parsed):
        return False
    # Of a group, though, several users may have the same file.
    files = [(found.user, found.attachment) for found in parsed if found.attachment]
    return len(set(files)) == len(files)
