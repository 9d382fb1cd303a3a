"""When students handed in, as staff tell it beside a download; and whose own deadlines are whose.

`--times FILE` is Moodle's grading worksheet, whose download of the files has no times, or a table
`student,submitted[,exercise]`. Rows go to students by what fits exactly one of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from grader.attempts import Timed
from grader.course import Course
from grader.deadlines import FIRST_YEAR, LAST_YEAR
from grader.defuse import defuse_line
from grader.errors import UsageError
from grader.exports.moodle import FOLDER
from grader.exports.people import Person, match, plain
from grader.exports.sheet import Sheet, read_sheet
from grader.exports.worksheet import NAMES, PARTICIPANT
from grader.lms import HandedIn
from grader.results import StudentInfo

_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d{1,9})? ?(Z|UTC|[+-]\d\d:?\d\d)?"
)
_MONTHS = (
    ("january", "januar"), ("february", "februar"), ("march", "märz"), ("april",), ("may", "mai"),
    ("june", "juni"), ("july", "juli"), ("august",), ("september",), ("october", "oktober"),
    ("november",), ("december", "dezember"),
)  # fmt: skip
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
# As Moodle writes them: "Monday, 12 October 2026, 3:45 PM", "Monday, October 12, 2026, 3:45 PM",
# "Montag, 12. Oktober 2026, 15:45", "2026年10月12日 星期一 15:45".
_DAY_FIRST = r"(?P<day>\d{1,2})\.? (?P<month>[^\W\d_]{3,9})"
_MONTH_FIRST = r"(?P<month2>[^\W\d_]{3,9}) (?P<day2>\d{1,2})"
_WRITTEN = re.compile(
    rf"(?:[^\W\d_]{{3,12}}, ?)?(?:{_DAY_FIRST}|{_MONTH_FIRST}),? (?P<year>\d{{4}}),? "
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?: ?(?P<half>[AaPp])[Mm])?"
)
_CHINESE = re.compile(
    r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日[, ，]{0,2}(?:星期.)?[, ，]{0,2}"
    r"(?P<noon>上午|下午)? ?(?P<hour>\d{1,2}):(?P<minute>\d\d)"
)
_HEADERS = "student,submitted or student,submitted,exercise"
_MOST_TEXT = 80
_NEVER = re.compile(r"(?!)")


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
        when = _moment(line[submitted], course.zone, where)
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
        rows.append(Told(person, "", _moment(said, zone, f"{sheet.name}: line {line.number}")))
    return Times(sheet.name, "moodle", tuple(rows))


def _moment(said: str, zone: tzinfo | None, where: str) -> datetime:
    """A time as tables and Moodle write it, in UTC; raises UsageError."""
    text = " ".join(said.replace("\u202f", " ").split())
    try:
        found = _parsed(text) if len(text) <= _MOST_TEXT else None
    except ValueError:  # the 31st of February
        found = None
    if found is None or not FIRST_YEAR < found.year < LAST_YEAR:
        raise UsageError(
            f"{where}: {_quoted(said)} is no time; write 2026-10-12 18:00 or, with an offset,"
            " 2026-10-12T18:00:00+02:00"
        )
    if found.tzinfo is None:
        if zone is None:
            raise UsageError(
                f'{where}: {_quoted(said)} is of no place: write time_zone = "Europe/Berlin", or'
                " whichever is yours, at the top of course.toml"
            )
        found = found.replace(tzinfo=zone)  # where clocks are put back: the earlier one
    return found.astimezone(UTC)


def _parsed(text: str) -> datetime | None:
    if found := _ISO.fullmatch(text):
        day, time, offset = found.groups()
        east = {"Z": "+00:00", "UTC": "+00:00", None: ""}.get(offset, offset)
        return datetime.fromisoformat(f"{day}T{time}{east}")
    if found := _CHINESE.fullmatch(text):
        hour = _hour(int(found["hour"]), {"上午": "a", "下午": "p"}.get(found["noon"], ""))
        year, month, day = (int(found[part]) for part in ("year", "month", "day"))
        return datetime(year, month, day, hour, int(found["minute"]))
    if found := _WRITTEN.fullmatch(text):
        name = (found["month"] or found["month2"]).casefold()
        if name not in _MONTH:
            return None
        hour = _hour(int(found["hour"]), (found["half"] or "").lower())
        day = int(found["day"] or found["day2"])
        return datetime(int(found["year"]), _MONTH[name], day, hour, int(found["minute"]))
    return None


def _hour(hour: int, half: str) -> int:
    """An hour of the day from one of a half, where one is told; raises ValueError."""
    if half and not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + 12 * (half == "p") if half else hour


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
        if len(fitting) == 1 and len(claimed[only]) == 1:
            found[text] = only
        else:
            why = "nobody who handed in is called so"
            if len(fitting) > 1:
                why = f"{len(fitting)} students fit"
            elif fitting:
                why = f"{only!r} is named in other ways, too"
            left.append(f"{_quoted(text)}: {why}")
    return found, left


def _some(what: str, left: Sequence[str]) -> str:
    more = f" and {len(left) - 3} more" if len(left) > 3 else ""
    return f"{len(left)} {what}: {'; '.join(left[:3])}{more}"
