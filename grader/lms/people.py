"""Names under which students are shown and kept in results: stable, unique, readable."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from grader.lms.trees import tree_of
from grader.lms.values import HandIn, Owned, Person
from grader.submissions.labels import label, odd_name
from grader.submissions.model import Earlier, Student

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_LONGEST = 120


def hand_ins(path: Path, owned: Sequence[Owned]) -> tuple[HandIn, ...]:
    """The hand-ins of a download, sorted by name.

    Two students of one name are both shown with what tells them apart in brackets, so that neither
    is taken for the other: the school's identifier, the LMS's number, or the address. So is whoever
    has the name that another one would be shown with then: students choose their names.
    """
    plain = [_plain(one.person) for one in owned]
    often = Counter(plain)
    marked = [f"{name} ({_mark(one.person)})" for name, one in zip(plain, owned, strict=True)]
    imitable = frozenset(marked)
    firsts = [
        name if often[name] == 1 and name not in imitable else longer
        for name, longer in zip(plain, marked, strict=True)
    ]
    taken: set[str] = set()
    found = []
    order = sorted(range(len(owned)), key=lambda place: (firsts[place], _key(owned[place].person)))
    for place in order:
        one, name, number = owned[place], firsts[place], 2
        while name in taken:
            name, number = f"{firsts[place]} {number}", number + 1
        taken.add(name)
        person = replace(one.person, name=name)
        notes = (*odd_name(one.person.name[:_LONGEST]), *one.notes)
        earlier = tuple(
            Earlier(partial(tree_of, was), was.person.submitted, was.person.late)
            for was in one.earlier
        )
        student = Student(name, path, "given", notes, partial(tree_of, one), earlier)
        found.append(HandIn(person, student, one))
    return tuple(sorted(found, key=lambda hand_in: hand_in.person.name))


def _plain(person: Person) -> str:
    return label(person.name.strip()[:_LONGEST]) or person.id or "?"


def _mark(person: Person) -> str:
    return label((person.login or person.id or person.email)[:_LONGEST]) or "?"


def _key(person: Person) -> tuple[str, str, str]:
    return person.id, person.login, person.email
