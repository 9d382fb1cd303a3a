"""From what staff downloaded to who handed in what; a directory named by hand is one case of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.lms import canvas, gradescope, moodle, plain
from grader.lms.people import hand_ins
from grader.lms.source import LITTER, Source, folder_source, is_zip, zip_source
from grader.lms.trees import tree_of_folder
from grader.lms.values import HandedIn, HandIn, Layout, Listed, Person, Sorted
from grader.submissions.find import find_students, is_litter
from grader.submissions.labels import readable
from grader.submissions.model import shown
from grader.text import Text

if TYPE_CHECKING:
    from pathlib import Path

_SORTED_BY: dict[Layout, Callable[[Source], Sorted]] = {
    "canvas": lambda source: canvas.sort(source.files),
    "moodle": lambda source: moodle.sort(source.files, source.folders),
    "gradescope": lambda source: gradescope.sort(source.files, source.folders),
    "plain": lambda source: plain.sort(source.files, source.folders),
}
_NO_STUDENT = Text("no student's folder or zip", "不是学生的文件夹或压缩包")


@contextmanager
def opened(path: Path) -> Iterator[HandedIn]:
    """What lies at `path`: a zip, which stays open while this lasts, or a directory.

    Raises UsageError when it can't be read at all, or nobody handed in anything.
    """
    if is_zip(path):
        with zip_source(path) as source:
            yield _handed_in(path, source)
        return
    unpacked = folder_source(path) if path.is_dir() else None
    yield _handed_in(path, unpacked) if unpacked else _by_hand(path)


@contextmanager
def opened_by_hand(path: Path) -> Iterator[HandedIn]:
    """A directory with one directory or zip per student, whatever their names look like.

    Raises UsageError as `opened` does.
    """
    yield _by_hand(path)


def _handed_in(path: Path, source: Source) -> HandedIn:
    found = _SORTED_BY[source.layout](source)
    if not found.owned:
        raise UsageError(f"{path}: {_nobody([*found.loose])}")
    notes = list(found.notes)
    if source.wrapper:
        notes.append(
            Text(
                f"everything lies in the folder `{shown(source.wrapper)}`",
                f"所有文件都在文件夹 `{shown(source.wrapper)}` 里",
            )
        )
    loose = (*source.loose, *found.loose)
    return HandedIn(path, source.layout, hand_ins(path, found.owned), loose, tuple(notes))


def _nobody(loose: list[Listed]) -> str:
    files = sorted(one.path for one in loose if one.state == "unclear")
    if files:
        return (
            f"has no student in it, but loose files such as {shown(files[0])}; put each student's "
            "files into a folder of their own"
        )
    return "has no students; give the zip as the LMS gives it, or one folder or zip per student"


def _by_hand(path: Path) -> HandedIn:
    """A directory with one directory or zip per student."""
    students = [
        replace(one, tree=partial(tree_of_folder, one.path)) if one.kind == "directory" else one
        for one in find_students(path)
    ]
    found = tuple(HandIn(Person(student.name), student) for student in students)
    known = {student.path.name for student in students}
    loose = [
        Listed(readable(name), "ignored", LITTER if is_litter(name) else _NO_STUDENT)
        for name in sorted(os.listdir(path))
        if name not in known
    ]
    return HandedIn(path, "plain", found, tuple(loose))
