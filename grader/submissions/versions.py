"""Everything that a student handed in for an exercise over time: what came before, and copies.

A learning platform keeps what was there before a file was handed in again; and a file handed in
beside itself has a copy's number (`huber.py`, `huber (1).py`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.submissions.intake import Passed, Taken, take, tree_of
from grader.submissions.model import Entry, Student, Tree

_COPY = re.compile(r"(?P<stem>.+?)(?:[ _.-]*\((?P<copy>\d{1,3})\)|[ _-]+(?P<number>\d{1,3}))?")
MAX_COPIES = 40


@dataclass(frozen=True, slots=True)
class Version:
    """A submission at a time.

    Attributes:
        submitted: UTC in ISO 8601, where an earlier hand-in tells it.
        late: whether the platform marked an earlier hand-in as late.
        earlier: whether it is from an earlier hand-in; the last one's time is the student's.
    """

    taken: Taken
    submitted: str = ""
    late: bool = False
    earlier: bool = False


def versions(
    student: Student,
    symbols: Mapping[str, Sequence[str]],
    others: Collection[str] = (),
    *,
    tree: Tree | None = None,
    with_copies: Collection[str] = (),
    passed: Passed | None = None,
) -> dict[str, list[Version]]:
    """For each exercise what was handed in, oldest first; the last is what `collect` gives.

    Args:
        symbols: as for `collect`; and so is `others`.
        tree: the student's, where it is known already.
        with_copies: exercises of which copies beside the file count as versions, by their numbers.
        passed: as for `take`.
    """
    last = tree_of(student) if tree is None else tree
    found = {
        one.submission.exercise: [Version(one)]
        for one in take(student, last, symbols, others, passed)
    }
    seen = {name: _places(only) for name, only in found.items()}
    for was in reversed(student.earlier):
        for one in take(student, was.tree(), symbols, others, passed):
            exercise = one.submission.exercise
            entry = one.entry
            if entry is None or entry.place in seen[exercise]:
                continue
            seen[exercise].add(entry.place)
            found[exercise].insert(0, Version(one, was.submitted, was.late, True))
    for exercise in with_copies:
        *before, newest = found[exercise]
        found[exercise] = [*before, *_copies(student, last, newest, symbols, others)]
    return {name: _numbered(several) for name, several in found.items()}


def _places(found: Sequence[Version]) -> set[str]:
    return {one.taken.entry.place for one in found if one.taken.entry is not None}


def _numbered(found: Sequence[Version]) -> list[Version]:
    return [
        one
        if one.taken.submission.attempt == number
        else replace(
            one, taken=replace(t := one.taken, submission=replace(t.submission, attempt=number))
        )
        for number, one in enumerate(found)
    ]


def _copies(
    student: Student,
    tree: Tree,
    newest: Version,
    symbols: Mapping[str, Sequence[str]],
    others: Collection[str],
) -> Iterator[Version]:
    """The last hand-in's file and copies of it by their numbers; just itself where there is none.

    Each is read as if it alone had been handed in.
    """
    taken, exercise = newest.taken, newest.taken.submission.exercise
    alike = [*([taken.entry] if taken.entry else []), *taken.rest, *taken.candidates]
    by_number: dict[int, Entry] = {}
    for entry in alike:
        number = _number(entry, exercise)
        if number is None or _kind(entry) != _kind(alike[0]):
            continue
        if number in by_number or len(by_number) == MAX_COPIES:
            yield newest
            return
        by_number[number] = entry
    if len(by_number) < 2:
        yield newest
        return
    beside = {id(entry) for entry in alike}
    for number in sorted(by_number):
        entry = by_number[number]
        alone = tuple(one for one in tree.entries if one is entry or id(one) not in beside)
        asked, known = {exercise: symbols[exercise]}, [*symbols, *others]
        (one,) = take(student, replace(tree, entries=alone), asked, known)
        yield replace(newest, taken=one)


def _kind(entry: Entry) -> tuple[str, str]:
    """The folder and the suffix."""
    folder, _, name = entry.path.rpartition("/")
    return folder, name.rpartition(".")[2].lower()


def _number(entry: Entry, exercise: str) -> int | None:
    """A copy's number, 0 of the file itself; None where it isn't a copy."""
    found = _COPY.fullmatch(entry.name.rpartition(".")[0][:200])
    if found is None or found["stem"].casefold() != exercise.casefold():
        return None
    return int(found["copy"] or found["number"] or 0)
