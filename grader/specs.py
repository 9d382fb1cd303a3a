"""What an exercise's hidden checks say about themselves, remembered in the store.

To ask them takes a session of pytest that imports them all: a fifth of a second, and more than
twice that with what pytest and the checks import in turn.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from grader.course import Course, Exercise
from grader.keys import asked_of
from grader.results import CheckSpec, Row
from grader.results.plain import writable
from grader.store import Store

Specs = dict[Exercise, tuple[CheckSpec, ...]]


class _Remembered(msgspec.Struct, frozen=True):
    """`of` is a digest of what the checks are made of."""

    of: str
    checks: tuple[CheckSpec, ...]


def known(course: Course, exercises: Sequence[Exercise], store: Store) -> Specs:
    """The hidden checks of each exercise, in their order; from `store` where they are unchanged.

    Raises:
        UsageError: as `shard.collect`.
    """
    there = [exercise for exercise in exercises if exercise.hidden_checks.is_file()]
    made_of = asked_of(course, there)
    found = {exercise: _read(store, exercise, made_of[exercise.id]) for exercise in there}
    new = [exercise for exercise in exercises if not found.get(exercise)]
    if not new:
        return {exercise: found[exercise] for exercise in exercises}
    from grader import shard  # with pytest and numpy: where something is to be asked

    collected = shard.collect(new)
    for exercise, checks in collected.items():
        remembered = writable(msgspec.to_builtins(_Remembered(made_of[exercise.id], checks)))
        store.set_fact(_name(exercise), msgspec.json.encode(remembered).decode())
    return {exercise: collected.get(exercise) or found[exercise] for exercise in exercises}


def renewed(course: Course, exercises: Sequence[Exercise], store: Store) -> Specs:
    """The same, whatever is remembered."""
    for exercise in exercises:
        store.set_fact(_name(exercise), "")
    return known(course, exercises, store)


def fits(specs: Specs, row: Row) -> bool:
    """Whether a row that was graded just now has these checks.

    It hasn't where they are made of what nobody thought of, such as a file outside of the course.
    """
    if row.status != "graded" or row.cached:
        return True
    checks = next(checks for exercise, checks in specs.items() if exercise.id == row.exercise)
    asked = {check.id: check.max_points for check in checks}
    return {check.id: check.max_points for check in row.checks} == asked


def _read(store: Store, exercise: Exercise, made_of: str) -> tuple[CheckSpec, ...]:
    """What is remembered of checks that are made of this; nothing if that were others."""
    try:
        remembered = msgspec.json.decode(store.fact(_name(exercise)) or "", type=_Remembered)
    except msgspec.DecodeError:  # nothing, or another version's
        return ()
    return remembered.checks if remembered.of == made_of else ()


def _name(exercise: Exercise) -> str:
    return f"checks of {exercise.id}"
