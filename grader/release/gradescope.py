"""The autograder that staff upload to Gradescope: the course, this grader, and two scripts.

Layout: https://gradescope-autograders.readthedocs.io/en/latest/specs/. What happens there when a
submission comes in is in `grader.release.autograder`.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from grader.course import COURSE_FILE, Course, Exercise
from grader.release.archive import Bundle, Member
from grader.release.faults import stopped
from grader.release.files import files_below, read_inside, slug
from grader.release.source import grader_source
from grader.release.students import GRADER

COURSE = "course"
_SCRIPTS = ("run_autograder", "setup.sh")
_TEMPLATES = Environment(  # what it renders is shell
    loader=PackageLoader("grader.release"),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
    autoescape=False,
)


def gradescope_bundle(course: Course, exercises: Sequence[Exercise]) -> Bundle:
    """The autograder's zip, with solutions and hidden checks: for staff alone.

    Raises:
        UsageError: a file that isn't there or is a link; in one line.
    """
    members = {
        name: Member(_script(name, course, exercises).encode("utf-8"), executable=True)
        for name in _SCRIPTS
    }
    for path in (course.root / COURSE_FILE, *_files(course, exercises)):
        name = path.relative_to(course.root).as_posix()
        members[f"{COURSE}/{name}"] = Member(read_inside(course.root, path))
    for name, member in grader_source().items():
        members[f"{GRADER}/{name}"] = member
    return Bundle(f"{slug(course)}-gradescope.zip", members)


def _files(course: Course, exercises: Sequence[Exercise]) -> list[Path]:
    found: list[Path] = []
    for exercise in exercises:
        for needed in (exercise.stub, exercise.solution, exercise.hidden_checks):
            read_inside(course.root, needed)
        for tree in ("exercises", "solutions"):
            found += files_below(course.root / tree / exercise.id)
    return found


def _script(name: str, course: Course, exercises: Sequence[Exercise]) -> str:
    lang = "zh" if course.languages[:1] == ("zh",) else "en"
    return _TEMPLATES.get_template(f"{name}.j2").render(
        tools=GRADER,
        course=COURSE,
        lang=lang,
        arguments=shlex.join([*(e.id for e in exercises), f"--lang={lang}"]),
        stopped=stopped(lang),
    )
