"""What is watched: files of students, each with the exercise it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course import Course, Exercise
from grader.own_notebook import own_file
from grader.selfcheck import demand, exercises_in


@dataclass(frozen=True, slots=True)
class Target:
    """One file and its exercise."""

    exercise: Exercise
    file: Path

    @property
    def beside(self) -> tuple[Path, ...]:
        """The files of the course whose change is a reason to check this one anew."""
        folder = self.exercise.stub.parent
        return (self.exercise.public_tests, folder / "README.md", folder / "README.zh.md")


def targets_of(course: Course, files: Sequence[Path]) -> tuple[Target, ...]:
    """The files that are named, each once; without any, the course's own in their order.

    Raises:
        UsageError: one isn't there, or belongs to no exercise.
    """
    if not files:
        own = [(exercise, own_file(exercise)) for exercise in course.exercises]
        for _, file in own:
            demand(file)
        return tuple(Target(exercise, file) for exercise, file in own)
    pairs = [pair for file in files for pair in exercises_in(course, file)]
    # Absolute, but not resolved: a link that is saved over stays the file that was named.
    return tuple(dict.fromkeys(Target(exercise, file.absolute()) for exercise, file in pairs))
