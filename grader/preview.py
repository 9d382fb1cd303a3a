"""What `grader intake` adds to a download where the course has deadlines or compares attempts.

Which of a student's files will be graded, how late each is, and what that costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from grader.attempts import Tries, tries
from grader.course import Course, Exercise
from grader.deadlines import in_short
from grader.lms import HandedIn, Intake, understand
from grader.lms.understand import Answer, Understood
from grader.lms.values import Listed, State
from grader.text import Text
from grader.times import read_times, timed

_FIRST = Text("the first attempt counts", "以第一次提交为准")
_TOO_MANY = Text("more attempts than are graded", "提交次数超过评分上限")
_LATER = Text("a later attempt counts", "以之后的提交为准")


def preview(
    handed_in: HandedIn, course: Course, ids: tuple[str, ...], times: Path | None
) -> tuple[Intake, tuple[str, ...]]:
    """What is understood, for the exercises `ids` (all if none), and lines on what fits nobody.

    Raises UsageError for an exercise that isn't there and a file of times that can't be used.
    """
    exercises = course.pick(ids)
    others = [exercise.id for exercise in course.exercises]
    symbols = {exercise.id: exercise.symbols for exercise in exercises}
    told = read_times(times, course) if times else None
    found = understand(handed_in, symbols, others)
    if all(one.rule.is_silent and one.rule.attempts == "latest" for one in exercises):
        return found, ()
    when, strays = timed(handed_in, course, told)
    students = tuple(
        _with_tries(one, tries(hand_in.student, exercises, others, when[hand_in.student.name]))
        for one, hand_in in zip(found.students, handed_in.hand_ins, strict=True)
    )
    return replace(found, students=students), strays


def _with_tries(one: Understood, found: Sequence[Tries]) -> Understood:
    files = {file.path: file for file in one.files}
    answers: list[Answer] = []
    for each in found:
        files |= _files(each)
        answers += _answers(each)
    notes = dict.fromkeys(
        note for each in found for submission in each.submissions for note in submission.notes
    )
    settled = tuple(sorted(files.values(), key=lambda file: file.path))
    return replace(one, files=settled, answers=tuple(answers), notes=tuple(notes))


def _files(one: Tries) -> dict[str, Listed]:
    """The files of one exercise that are graded, and those that would be by another rule."""
    found: dict[str, Listed] = {}
    rule, exercise = one.timed.rule(one.exercise), one.exercise
    for place, version in enumerate(one.all):
        entry = version.taken.entry
        if entry is None:
            continue
        if place not in one.graded:
            found[entry.place] = Listed(entry.place, "superseded", _why(exercise), exercise.id)
            continue
        submitted = one.timed.submitted(version, exercise)
        remark = in_short(rule, submitted, flagged=one.timed.flagged(version))
        reason = version.taken.submission.reason
        state: State = "unclear" if entry.problem else "taken"
        found[entry.place] = Listed(entry.place, state, reason, exercise.id, remark)
    return found


def _why(exercise: Exercise) -> Text:
    return {"first": _FIRST, "best": _TOO_MANY, "latest": _LATER}[exercise.rule.attempts]


def _answers(one: Tries) -> list[Answer]:
    found = []
    for place in one.graded:
        taken = one.all[place].taken
        submission = taken.submission
        file = taken.entry.place if taken.entry else ""
        found.append(Answer(submission.exercise, submission.status, file, submission.reason))
    return found
