"""Which row of a gradebook is which student: by what fits exactly one of them, and never a guess.

Of a class that was graded from a platform's download, the results know each student's id there; and
that decides. Otherwise there are the school's login or an address, if another platform told them,
and the name of the directory that was graded, which a script or a teacher chose: a login, an id,
"Doe, Jane", "Jane Doe" or what the platform makes of them in a download ("doejane"). Students can
set names and addresses that imitate somebody else's, so no reading goes before another: the rows
that fit in any of them are collected, and when there are two, or two students fit one row, nobody
gets it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.exports.values import Left
from grader.results import StudentInfo

_NOBODY = StudentInfo(lms="")
_NO_ROW = "no row of the file is this student’s"


@dataclass(frozen=True, slots=True)
class Person:
    """A row of the file: its index, how it is told to staff, and what is known of the student.

    `number` is the platform's own id of the student, `exact` whatever else names one (logins,
    addresses), `names` the ways in which the platform writes the name, the usual one first, `label`
    what it calls a student who is to stay unnamed.
    """

    row: int
    shown: str
    number: str
    exact: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Matched:
    """Students by row; students and rows that could not be told, or have nobody, and why."""

    by_row: dict[int, str]
    students: tuple[Left, ...]
    rows: tuple[Left, ...]


def match(
    students: Iterable[str],
    people: Sequence[Person],
    pattern: re.Pattern[str],
    platform: str,
    infos: Mapping[str, StudentInfo],
) -> Matched:
    """Finds the row of each student in a file of `platform`; `infos` are those of the results.

    `pattern` reads the folder names of the platform's bulk downloads; its group `id` is the
    student's id there. It is one reading among others, and none where a group `name` beside it is
    not that student's (the platform may leave out what isn't ASCII in it), or where the student
    comes from another platform.
    """
    known = {person.row: person for person in people}
    claims: dict[int, list[str]] = defaultdict(list)
    unsure: dict[int, str] = {}
    left: list[Left] = []
    for student, rows, why_none in _fitting(students, people, pattern, platform, infos):
        if len(rows) == 1:
            claims[rows[0]].append(student)
        elif rows:
            who = " and ".join(known[row].shown for row in rows[:3])
            left.append(Left(student, f"fits {len(rows)} rows, so none was filled: {who}"))
            unsure |= dict.fromkeys(rows, f"{student} fits this row and others")
        else:
            left.append(Left(student, why_none))
    by_row = {}
    for row, claimed in claims.items():
        if len(claimed) == 1:
            by_row[row] = claimed[0]
            continue
        everyone = ", ".join(sorted(claimed)[:5])
        unsure[row] = f"{len(claimed)} students fit it: {everyone}"
        why = f"{len(claimed)} students fit one row, {known[row].shown}: {everyone}"
        left += (Left(student, why) for student in claimed)
    rows_left = [
        Left(person.shown, unsure.get(person.row, "not among the students graded"))
        for person in people
        if person.row not in by_row
    ]
    return Matched(by_row, tuple(left), tuple(rows_left))


def _fitting(
    students: Iterable[str],
    people: Sequence[Person],
    pattern: re.Pattern[str],
    platform: str,
    infos: Mapping[str, StudentInfo],
) -> Iterator[tuple[str, list[int], str]]:
    """Each student with the rows that fit, and why there is none if there is none."""
    known = {person.row: person for person in people}
    numbers = _index(people, lambda person: [person.number])
    exact = _index(people, lambda person: person.exact)
    written = _index(people, lambda one: [one.number, one.label, *one.exact, *one.names])
    turned = _index(people, lambda person: [one for n in person.names for one in _turned(n)])
    squashed = _index(people, lambda person: [one for n in person.names for one in _squashed(n)])
    addresses = [(p.row, at) for p in people for at in map(plain, p.exact) if "@" in at]
    domains = {address.rpartition("@")[2] for _, address in addresses}
    local: dict[str, list[int]] = defaultdict(list)
    for row, address in addresses:
        local[address.rpartition("@")[0]].append(row)
    for student in students:
        info = infos.get(student, _NOBODY)
        if info.lms == platform and info.id:
            # Also where no row has it: a namesake in another course's file is somebody else.
            yield student, numbers.get(plain(info.id), []), _NO_ROW
            continue
        folder = pattern.fullmatch(student) if info.lms in ("", platform) else None
        rows = numbers.get(folder["id"], []) if folder else []
        if folder and "name" in folder.groupdict():
            rows = [row for row in rows if _agrees(folder["name"], known[row].names)]
        name = plain(student)
        tried = [(exact, plain(info.login)), (exact, plain(info.email))]
        tried += [(written, name), (turned, name), (squashed, _letters(student))]
        sure = {*rows, *(row for index, key in tried for row in index.get(key, ()))}
        fitting = sorted(sure | {*local.get(name, ())})
        others = [row for row in fitting if _is_another(info, known[row])]
        fitting = [row for row in fitting if row not in others]
        why = _NO_ROW
        if others:
            why = f"{known[others[0]].shown} has another login or address, so it isn’t this student"
        if len(fitting) == 1 and fitting[0] not in sure and len(domains) > 1:
            # Anybody can have an address with that beginning, at a domain of their own.
            shown = known[fitting.pop()].shown
            why = f"only the beginning of an address fits, of several domains in the file: {shown}"
        yield student, fitting, why


def _is_another(info: StudentInfo, person: Person) -> bool:
    """Whether what is known of a student is known of the row's, too, and nothing of it the same."""
    ours = {plain(one) for one in (info.login, info.email)} - {""}
    theirs = {plain(one) for one in person.exact} - {""}
    kinds = {"@" in one for one in ours} & {"@" in one for one in theirs}
    return bool(kinds) and not ours & theirs


def plain(text: str) -> str:
    """`text` in NFC, without case and with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _index(
    people: Sequence[Person], keys: Callable[[Person], Iterable[str]]
) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for person in people:
        for key in dict.fromkeys(map(plain, keys(person))):
            if key:
                found.setdefault(key, []).append(person.row)
    return found


def _agrees(part: str, names: Iterable[str]) -> bool:
    """Whether the name in a folder's name can be one of `names`: by all letters of it.

    Where the platform left out what isn't ASCII, by the rest; of which nothing at all says nothing.
    """
    forms = {form for name in names for form in _squashed(name)}
    letters = _letters(part)
    if not letters:
        return False
    return letters in forms or (letters.isascii() and letters in map(_ascii, forms))


def _ascii(letters: str) -> str:
    return "".join(filter(str.isascii, letters))


def _turned(name: str) -> list[str]:
    """“Doe, Jane” as “Jane Doe”, and “Jane Doe” as “Doe, Jane”."""
    last, comma, first = (part.strip() for part in name.partition(","))
    if comma:
        return [f"{first} {last}", f"{last} {first}"]
    *given, family = name.split() or [""]
    return [f"{family}, {' '.join(given)}"] if given else []


def _squashed(name: str) -> list[str]:
    return [_letters(name), *(_letters(one) for one in _turned(name))]


def _letters(text: str) -> str:
    return "".join(char for char in plain(text) if char.isalnum())
