"""When students handed in, as staff tell it beside a download; and whose own deadlines are whose.

`--times FILE` is Moodle's grading worksheet, whose download of the files has no times, or a table
`student,submitted[,exercise]`. Rows go to students by what fits exactly one of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from grader.attempts import Timed
from grader.course import Course
from grader.defuse import defuse_line
from grader.errors import UsageError
from grader.exports.moodle import FOLDER
from grader.exports.people import Person, match, plain
from grader.exports.sheet import Sheet, read_sheet
from grader.exports.worksheet import NAMES, PARTICIPANT
from grader.lms import HandedIn
from grader.results import StudentInfo
from grader.written_times import moment_of

_HEADERS = "student,submitted or student,submitted,exercise"
_NEVER = re.compile(r"(?!)")
_KNOWN_BETTER = "names can be chosen: write that student’s own id, login or address"


@dataclass(frozen=True, slots=True)
class Told:
    """One row: whose, of which exercise ("": of all), and when (UTC)."""

    person: Person
    exercise: str
    when: datetime


@dataclass(frozen=True, slots=True)
class Times:
    """What a file says; `platform` is "" for a table that somebody made."""

    name: str
    platform: str
    rows: tuple[Told, ...]


def read_times(path: Path, course: Course) -> Times:
    """The file at `path`; raises UsageError, one line, for what can't be read or understood."""
    sheet = read_sheet(path)
    header = [plain(cell.text) for cell in sheet.lines[0].cells]
    for name in ("student", "submitted", "exercise"):
        if header.count(name) > 1:
            raise UsageError(f"{sheet.name}: line 1: the column {name} is there twice: remove one")
    if "student" in header and "submitted" in header:
        return _table(sheet, header, course)
    roles = {
        role: index
        for role, names in NAMES.items()
        for index, text in enumerate(header)
        if text in names
    }
    if "submitted" in roles and "identifier" in roles:
        return _worksheet(sheet, roles, course.zone)
    raise UsageError(
        f"{sheet.name}: line 1 must be {_HEADERS}, or that of Moodle’s grading worksheet, with the"
        " columns “Identifier” and “Last modified (submission)”"
    )


def _table(sheet: Sheet, header: Sequence[str], course: Course) -> Times:
    student, submitted = header.index("student"), header.index("submitted")
    of = header.index("exercise") if "exercise" in header else None
    known = {exercise.id for exercise in course.exercises}
    rows: list[Told] = []
    seen: set[tuple[str, str]] = set()
    for number, line in enumerate(sheet.lines[1:], 1):
        if not any(cell.text.strip() for cell in line.cells):
            continue  # a spreadsheet program's empty row
        where = f"{sheet.name}: line {line.number}"
        who = line[student].strip()
        exercise = line[of].strip() if of is not None else ""
        if not who:
            raise UsageError(f"{where}: names no student")
        if exercise and exercise not in known:
            raise UsageError(f"{where}: the course has no exercise {_quoted(exercise)}")
        if (plain(who), exercise) in seen:
            raise UsageError(f"{where}: {_quoted(who)} has a time further up; remove one")
        seen.add((plain(who), exercise))
        when = moment_of(line[submitted], course.zone, where)
        rows.append(Told(Person(number, f"{who} (line {line.number})", who), exercise, when))
    return Times(sheet.name, "", tuple(rows))


def _worksheet(sheet: Sheet, roles: Mapping[str, int], zone: tzinfo | None) -> Times:
    rows = []
    for number, line in enumerate(sheet.lines[1:], 1):
        told = line[roles["identifier"]].strip()
        found = PARTICIPANT.fullmatch(told)
        said = line[roles["submitted"]].strip()
        if found is None or said in ("", "-"):
            continue
        names = tuple(line[roles[role]] for role in ("full name",) if role in roles)
        exact = tuple(
            line[roles[role]] for role in ("email", "username", "id number") if role in roles
        )
        shown = f"{names[0] if names else told} (line {line.number})"
        person = Person(number, shown, found["id"], exact, names, told)
        rows.append(Told(person, "", moment_of(said, zone, f"{sheet.name}: line {line.number}")))
    return Times(sheet.name, "moodle", tuple(rows))


def _quoted(text: str) -> str:
    return repr(defuse_line(text, max_chars=60))


# -- whose is whose --------------------------------------------------------------------------------


def timed(
    handed_in: HandedIn, course: Course, times: Times | None
) -> tuple[dict[str, Timed], tuple[str, ...]]:
    """What is known of each student's times, and a line for each thing that fits nobody."""
    persons = {one.student.name: one.person for one in handed_in.hand_ins}
    infos = {
        name: StudentInfo(one.lms, one.id, one.login, one.email)
        for name, one in persons.items()
        if one.lms
    }
    told: dict[str, dict[str, datetime]] = defaultdict(dict)
    warnings = []
    if times is not None:
        if times.platform:
            people = [row.person for row in times.rows]
            matched = match(persons, people, FOLDER, times.platform, infos)
            whose = matched.by_row
            left = [f"{defuse_line(one.who, max_chars=80)}: {one.why}" for one in matched.rows]
        else:
            named, left = owners([row.person.number for row in times.rows], persons, infos)
            whose = {
                row.person.row: named[row.person.number]
                for row in times.rows
                if row.person.number in named
            }
        for row in times.rows:
            if row.person.row in whose:
                told[whose[row.person.row]][row.exercise] = row.when
        if left:
            warnings.append(f"{times.name}: {_some('row(s) used for nobody', left)}")
    own: dict[str, dict[str, datetime]] = defaultdict(dict)
    found, left = owners([one.student for one in course.extensions], persons, infos)
    for one in course.extensions:
        if one.student in found:
            own[found[one.student]][one.exercise] = one.deadline
    if left:
        warnings.append(f"course.toml: {_some('[[extensions]] used for nobody', left)}")
    return {
        name: Timed(person, told.get(name), own.get(name)) for name, person in persons.items()
    }, tuple(warnings)


def owners(
    texts: Iterable[str], students: Iterable[str], infos: Mapping[str, StudentInfo]
) -> tuple[dict[str, str], list[str]]:
    """Whom each text names, by id, login, address or name; and a line for each that names nobody.

    Two students who fit one text, or two texts that fit one student: neither is taken.
    """
    distinct = list(dict.fromkeys(texts))
    everybody = list(students)
    called: dict[str, set[str]] = defaultdict(set)
    for name in everybody:
        info = infos.get(name, StudentInfo(""))
        for text in (name, info.id, info.login, info.email):
            if text:
                called[plain(text)].add(name)
    people = [Person(row, text, "", (), (text,)) for row, text in enumerate(distinct)]
    by_name = match(everybody, people, _NEVER, "by hand", infos).by_row
    candidates = {
        text: called.get(plain(text), set()) | ({by_name[row]} if row in by_name else set())
        for row, text in enumerate(distinct)
    }
    claimed: dict[str, list[str]] = defaultdict(list)
    for text, fitting in candidates.items():
        for name in fitting:
            claimed[name].append(text)
    found, left = {}, []
    for text, fitting in candidates.items():
        only = next(iter(fitting), "")
        chosen = _imitates(text, infos.get(only, StudentInfo("")))
        if len(fitting) == 1 and len(claimed[only]) == 1 and not chosen:
            found[text] = only
        else:
            why = "nobody who handed in is called so"
            if len(fitting) > 1:
                why = f"{len(fitting)} students fit"
            elif fitting and chosen:
                why = f"is the name of {only!r} alone, and {_KNOWN_BETTER}"
            elif fitting:
                why = f"{only!r} is named in other ways, too"
            left.append(f"{_quoted(text)}: {why}")
    return found, left


def _imitates(text: str, info: StudentInfo) -> bool:
    """Whether an address or a number is only a name of somebody whom the platform knows by others.

    Students choose their names; and whoever is meant may not have handed in anything yet.
    """
    known = {plain(one) for one in (info.id, info.login, info.email)}
    return bool(info.lms) and ("@" in text or text.isdecimal()) and plain(text) not in known


def _some(what: str, left: Sequence[str]) -> str:
    more = f" and {len(left) - 3} more" if len(left) > 3 else ""
    return f"{len(left)} {what}: {'; '.join(left[:3])}{more}"
