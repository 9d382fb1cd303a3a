"""A zip of feedback for a learning platform: each student's own page, and nothing of the class.

Where a page lies in the zip says whose it is; that is the platform's business (`canvas_feedback`,
`moodle_feedback`). The zip is written page by page, and the same results make the same zip: the
order is the report's, and every member has the first date that a zip can hold.
"""

from __future__ import annotations

import os
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.defuse import defuse_line
from grader.errors import UsageError
from grader.exports.grades import grades
from grader.exports.values import Left
from grader.report import student_page
from grader.report.names import Names
from grader.report.views import overview
from grader.results import Results, StudentInfo, writing_atomically

PAGE = "feedback.html"
LARGE = 50 * 2**20
"""Bytes of a zip from which on staff are told that their platform may refuse it: Moodle and Canvas
take what their administrators allow, and the usual bounds begin there."""
_FIRST_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the zip the page of a student lies; `head` is put before the page's text."""

    student: str
    path: str
    head: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What is given back.

    Attributes:
        places: of each page in the zip.
        left: students without one, and why.
        notes: what staff should know before they upload it.
        size: bytes of the zip; None where it wasn't written.
    """

    places: tuple[Place, ...]
    left: tuple[Left, ...]
    notes: tuple[str, ...] = ()
    size: int | None = None


def addressed(
    results: Results, platform: str, name: str
) -> tuple[dict[str, StudentInfo], list[Left]]:
    """The students who get a page, by name, with what `platform` knows of them; and who doesn't.

    Whose row isn't judged in full or who handed in nothing waits for a page as for a grade. Whom
    the platform doesn't know, or knows twice under one number, isn't guessed. `name` is the
    platform's in messages.

    Raises UsageError, one line, where nobody comes from the platform.
    """
    infos = results.students
    if results.results and not any(info.lms == platform for info in infos.values()):
        raise UsageError(_nobody(infos, name))
    graded = grades(results, [spec.id for spec in results.exercises])
    often = Counter(info.id for who, info in infos.items() if _known(info, platform))
    found: dict[str, StudentInfo] = {}
    left = []
    for student, grade in graded.items():
        info = infos.get(student)
        if info is None or not _known(info, platform):
            left.append(Left(student, f"isn’t known to {name}: comes from no download of its own"))
        elif often[info.id] > 1:
            left.append(Left(student, f"{often[info.id]} students have its number {info.id}"))
        elif grade.why_not:
            left.append(Left(student, grade.why_not))
        else:
            found[student] = info
    return found, left


def write(results: Results, feedback: Feedback, out: Path, lang: str) -> Feedback:
    """Writes the zip to `out`, pages in `lang`; gives the feedback with its size.

    Raises UsageError, one line, where nobody gets a page or `out` can't be written.
    """
    with writing_atomically(out) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, text in _pages(results, feedback.places, lang):
                # A ZipInfo of its own, or the zip would tell when and on which system it was made.
                member = zipfile.ZipInfo(path, _FIRST_DATE)
                member.compress_type = zipfile.ZIP_DEFLATED
                member.create_system = _UNIX
                member.external_attr = 0o644 << 16
                archive.writestr(member, text)
        size = file.seek(0, os.SEEK_END)
    notes = feedback.notes
    if size > LARGE:
        notes += (
            f"the zip has {size / 2**20:.0f} MiB, more than many a platform takes at once: if "
            "yours refuses it, make several with --student",
        )
    return replace(feedback, notes=notes, size=size)


def _pages(results: Results, places: Sequence[Place], lang: str) -> Iterator[tuple[str, str]]:
    """(path, text) of each page, one at a time."""
    by_name = {place.student: place for place in places}
    view = overview(results)
    chosen = [student for student in view.students if student.name in by_name]
    alone = replace(view, students=tuple(chosen))
    texts = student_page.pages(results, alone, Names((lang,), has_class=False))
    for student, (_, _, text) in zip(chosen, texts, strict=True):
        place = by_name[student.name]
        # Not by `+`: the text is Markup, which would escape what is put before it.
        yield place.path, "".join((place.head, text))


def _known(info: StudentInfo, platform: str) -> bool:
    return info.lms == platform and bool(info.id)


def _nobody(infos: Mapping[str, StudentInfo], name: str) -> str:
    if any(info.lms == "gradescope" for info in infos.values()):
        return (
            "these students come from Gradescope, which takes no feedback files; what it shows to "
            "students is a results.json for each: --format gradescope"
        )
    others = {info.lms for info in infos.values()}
    wrong = f"; these come from {defuse_line(min(others)).capitalize()}" if others else ""
    return (
        f"nobody in these results comes from {name}{wrong}: grade the download as {name} gives it, "
        "for its names say who is who"
    )
