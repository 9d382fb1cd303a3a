"""What students get: stubs, statements, public tests, how to start, and the grader itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from grader.course import Course, Exercise
from grader.errors import UsageError
from grader.release.archive import Bundle, Member
from grader.release.files import files_below, read_inside, slug
from grader.release.leaks import find_leaks
from grader.release.manifest import students_manifest
from grader.release.source import grader_source
from grader.stubs import disagreement

GRADER = "tools"
"""The folder of the grader's source; not `grader`, which would stand in the package's way."""
_START = {"en": "START.md", "zh": "START.zh.md"}
_STATEMENTS = {"en": "README.md", "zh": "README.zh.md"}
_TEMPLATES = Environment(  # what it renders is Markdown, and no page
    loader=PackageLoader("grader.release"),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
    autoescape=False,
)
# Titles are anybody's words; in a link's text these would be markup.
_TEMPLATES.filters["plain"] = lambda text: re.sub(r"([\\\[\]<>*_`&])", r"\\\1", text)


def students_bundle(course: Course, exercises: Sequence[Exercise]) -> Bundle:
    """The zip for students, with one folder at its top.

    Raises:
        UsageError: a stub that isn't its solution's, a file that isn't there or is a link, or one
            that quotes the reference or a hidden check; in one line.
    """
    for exercise in exercises:
        if (problem := disagreement(exercise)) is not None:
            raise UsageError(f"nothing is released: {problem}")
    files: dict[str, bytes] = {}
    notes: list[str] = []
    for exercise in exercises:
        for path in _released(course, exercise, notes):
            files[path.relative_to(course.root).as_posix()] = read_inside(course.root, path)
        notes += _left_out(course, exercise, files)
    leaks = find_leaks(exercises, files)
    if leaks:
        more = f" (and {len(leaks) - 1} other file(s))" if len(leaks) > 1 else ""
        raise UsageError(
            f"nothing is released: {leaks[0].path}:{leaks[0].line} quotes {leaks[0].what}{more};"
            " take that line out, or say it in other words"
        )
    files["course.toml"] = students_manifest(course, exercises).encode("utf-8")
    files["pytest.ini"] = _TEMPLATES.get_template("pytest.ini").render().encode("utf-8")
    for lang, start in _START.items():
        text = _TEMPLATES.get_template(f"{start}.j2").render(
            name=course.name.in_(lang),
            exercises=[(e.id, e.title.in_(lang)) for e in exercises],
            statement=_STATEMENTS[lang],
            tools=GRADER,
        )
        files[start] = text.encode("utf-8")
    top = slug(course)
    members = {f"{top}/{path}": Member(data) for path, data in files.items()}
    for name, member in grader_source().items():
        members[f"{top}/{GRADER}/{name}"] = member
    return Bundle(f"{top}-students.zip", members, tuple(notes))


def _released(course: Course, exercise: Exercise, notes: list[str]) -> Iterator[Path]:
    """The files of an exercise that go out, by name: whatever else lies there stays."""
    yield exercise.stub
    yield exercise.public_tests
    for name in _STATEMENTS.values():
        path = exercise.stub.parent / name
        if path.is_symlink() or path.exists():
            yield path
        else:
            notes.append(f"missing: {path.relative_to(course.root).as_posix()}")


def _left_out(course: Course, exercise: Exercise, files: dict[str, bytes]) -> list[str]:
    names = (path.relative_to(course.root).as_posix() for path in files_below(exercise.stub.parent))
    return [f"left out: {name}" for name in names if name not in files]
