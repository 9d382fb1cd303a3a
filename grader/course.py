"""Reads a course: `course.toml` and the two trees. The only place that knows the layout on disk."""

from __future__ import annotations

import functools
import keyword
import re
import sys
import tomllib
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Any

import msgspec

from grader.deadlines import NO_RULE, Rule
from grader.errors import UsageError
from grader.text import Text
from grader.timetable import Extension, Wrong, timetable

COURSE_FILE = "course.toml"
VARIANTS = "variants"
"""The folder beside an exercise's solution, of programs that judge its checks."""
# msgspec speaks of Python's and JSON's types.
_WORDS = {
    "Object missing required field": "lacks",
    "Object contains unknown field": "has an unknown key",
    "Expected": "expected",
    "`str`": "text",
    "`int`": "a whole number",
    "`float`": "a number",
    "`bool`": "true or false",
    "`array`": "a list",
    "`object`": "a table",
}
_STATEMENTS = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?/[^\s<>\"'`]*")
_ID = re.compile(r"[a-z][a-z0-9_]*")
_TAKEN = sys.stdlib_module_names | {"grader", "keras", "numpy", "tensorflow"}


class _TextEntry(msgspec.Struct, forbid_unknown_fields=True):
    en: str
    zh: str


@dataclass(frozen=True)  # without slots a field's default can be named: `_Defaults` does
class Limits:
    """What one submission may use.

    Attributes:
        check_seconds: wall clock of one check, unless the check names its own.
        submission_seconds: wall clock of one submission to one exercise as a whole.
        memory_mb: resident memory of a worker, in MiB.
        gpu_memory_mb: of a GPU's memory for a worker, in MiB; several workers share a GPU.
    """

    check_seconds: float = 10.0
    submission_seconds: float = 60.0
    memory_mb: int = 3072
    gpu_memory_mb: int = 1024


class _Defaults(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    check_seconds: float = Limits.check_seconds
    submission_seconds: float = Limits.submission_seconds
    memory_mb: int = Limits.memory_mb
    gpu_memory_mb: int = Limits.gpu_memory_mb
    # What these four may be is for `timetable` to say.
    deadline: Any = None
    grace: Any = None
    late: Any = None
    attempts: Any = None


class _ExerciseEntry(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    title: _TextEntry
    symbols: list[str]
    shortcuts: list[str] = []
    shortcut_ops: list[str] = []
    deadline: Any = None
    grace: Any = None
    late: Any = None
    attempts: Any = None


class _ExtensionEntry(msgspec.Struct, forbid_unknown_fields=True):
    student: str
    deadline: Any
    exercise: str = ""


class _CourseEntry(msgspec.Struct, forbid_unknown_fields=True):
    name: _TextEntry
    languages: list[str]
    exercises: list[_ExerciseEntry]
    defaults: _Defaults = _Defaults()
    statements: str = ""
    time_zone: str = ""
    extensions: list[_ExtensionEntry] = []


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise and where its files are; `statements` as in `course.toml`.

    `rule` is what holds for handing it in late, or several times.
    """

    id: str
    title: Text
    symbols: tuple[str, ...]
    shortcuts: tuple[str, ...]
    shortcut_ops: tuple[str, ...]
    root: Path
    statements: str = ""
    rule: Rule = NO_RULE

    @property
    def statement(self) -> Text:
        """Where students read it: the address that the course gives, else the course's files."""
        if self.statements:
            address = self.statements.replace("{id}", self.id)
            return Text(address, address)
        folder = f"exercises/{self.id}"
        return Text(f"{folder}/README.md", f"{folder}/README.zh.md")

    @property
    def stub(self) -> Path:
        """The file a student fills in."""
        return self.root / "exercises" / self.id / f"{self.id}.py"

    @property
    def public_tests(self) -> Path:
        """The tests a student has."""
        return self.root / "exercises" / self.id / f"test_{self.id}.py"

    @property
    def solution(self) -> Path:
        """The reference solution."""
        return self.root / "solutions" / self.id / f"{self.id}.py"

    @property
    def hidden_checks(self) -> Path:
        """The checks that marks come from."""
        return self.root / "solutions" / self.id / f"test_{self.id}.py"

    @property
    def variants(self) -> tuple[Path, ...]:
        """The right and wrong variants, sorted."""
        return tuple(sorted((self.root / "solutions" / self.id / VARIANTS).glob("*.py")))


@dataclass(frozen=True, slots=True)
class Course:
    """A course as `course.toml` describes it.

    Attributes:
        zone: of times without an offset; None where the course names none.
        extensions: students' own deadlines.
    """

    name: Text
    languages: tuple[str, ...]
    limits: Limits
    exercises: tuple[Exercise, ...]
    root: Path
    zone: tzinfo | None = None
    extensions: tuple[Extension, ...] = ()

    def pick(self, ids: tuple[str, ...]) -> tuple[Exercise, ...]:
        """The exercises of those ids in the course's order; all of them when none is named.

        Raises:
            UsageError: an id the course doesn't have.
        """
        known = [exercise.id for exercise in self.exercises]
        for wanted in ids:
            if wanted not in known:
                raise UsageError(
                    f"no exercise {wanted!r} in {self.root / COURSE_FILE};"
                    f" it has: {', '.join(known)}"
                )
        return tuple(e for e in self.exercises if not ids or e.id in ids)

    def by_id(self, exercise_id: str) -> Exercise:
        """The exercise of that id.

        Raises:
            UsageError: the course doesn't have it.
        """
        return self.pick((exercise_id,))[0]


def find_root(start: Path) -> Path | None:
    """The nearest directory at or above `start` that holds a `course.toml`."""
    return next((p for p in (start, *start.parents) if (p / COURSE_FILE).is_file()), None)


def load(root: Path) -> Course:
    """The course in the directory `root`.

    Raises:
        UsageError: no course.toml there, one that can't be read, or one that contradicts itself.
    """
    file = root / COURSE_FILE
    data = read(root)
    try:
        entry = msgspec.convert(data, _CourseEntry)
    except msgspec.ValidationError as error:
        raise UsageError(f"{file}: {_readable(error, data)}") from None
    _refuse_contradictions(file, entry)
    try:
        times = timetable(data)
    except Wrong as wrong:
        raise UsageError(f"{file}: {wrong}") from None
    resolved = root.resolve()
    return Course(
        name=Text(entry.name.en, entry.name.zh),
        languages=tuple(entry.languages),
        limits=Limits(
            entry.defaults.check_seconds,
            entry.defaults.submission_seconds,
            entry.defaults.memory_mb,
            entry.defaults.gpu_memory_mb,
        ),
        exercises=tuple(
            _exercise(resolved, item, entry.statements, times.rules[item.id])
            for item in entry.exercises
        ),
        root=resolved,
        zone=times.zone,
        extensions=times.extensions,
    )


def load_again(root: Path) -> Course:
    """`load`, which reads the file only if it has changed since the last call.

    Raises:
        UsageError: as `load`.
    """
    try:
        found = (root / COURSE_FILE).stat()
    except OSError:
        return load(root)
    return _load_once(root, found.st_mtime_ns, found.st_size)


@functools.lru_cache(maxsize=4)
def _load_once(root: Path, _changed: int, _size: int) -> Course:
    return load(root)


def read(root: Path) -> dict[str, Any]:
    """What stands in the course.toml of the directory `root`, whether it makes sense or not.

    Raises:
        UsageError: there is none, or it can't be read.
    """
    file = root / COURSE_FILE
    if not file.is_file():
        where = root if root.name else root.resolve()
        raise UsageError(
            f"{where} holds no {COURSE_FILE}: name the course's directory with --course DIR"
        )
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: not UTF-8 (byte {error.start}); save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file}: not TOML: {error}; mend that line") from None
    except OSError as error:
        raise UsageError(f"{file}: can't be read: {error.strerror}") from None


def _readable(error: msgspec.ValidationError, data: dict[str, Any]) -> str:
    """The complaint with the exercise it is about by its id, not by its number."""
    said, _, at = str(error).partition(" - at `$")
    for word, plain in _WORDS.items():
        said = said.replace(word, plain)
    number = re.match(r"\.exercises\[(\d+)\]\.?", at)
    place = at.rstrip("`").lstrip(".")
    if number:
        exercise = data["exercises"][int(number[1])]
        name = exercise.get("id") if isinstance(exercise, dict) else None
        place = at[number.end() :].rstrip("`")
        table = f"[[exercises]] {name!r}" if name else f"[[exercises]] no. {int(number[1]) + 1}"
        place = f"{table}, {place}" if place else table
    return f"{place}: {said}" if place else f"top level: {said}"


def _exercise(root: Path, entry: _ExerciseEntry, statements: str, rule: Rule) -> Exercise:
    return Exercise(
        id=entry.id,
        title=Text(entry.title.en, entry.title.zh),
        symbols=tuple(entry.symbols),
        shortcuts=tuple(entry.shortcuts),
        shortcut_ops=tuple(entry.shortcut_ops),
        root=root,
        statements=statements,
        rule=rule,
    )


def _refuse_contradictions(file: Path, entry: _CourseEntry) -> None:
    ids = [exercise.id for exercise in entry.exercises]
    for exercise_id in ids:
        if not _ID.fullmatch(exercise_id):
            raise UsageError(
                f"{file}: exercise id {exercise_id!r} must be lower-case letters, digits and _"
            )
        if exercise_id in _TAKEN or keyword.iskeyword(exercise_id):
            raise UsageError(
                f"{file}: exercise id {exercise_id!r} is the name of something else in Python;"
                " submissions are modules of that name, so choose another"
            )
        if ids.count(exercise_id) > 1:
            raise UsageError(f"{file}: exercise {exercise_id!r} is listed twice; remove one")
    said = entry.statements
    if said and not (_STATEMENTS.fullmatch(said) and "{id}" in said):
        raise UsageError(
            f"{file}: statements: {said!r} must be an address that begins with http:// or https://"
            ' and has {id} where the exercise\'s id goes, such as "https://example.org/course/{id}/"'
        )
    if not ids:
        raise UsageError(f"{file}: lists no exercise; add an [[exercises]] table")
    for name in ("check_seconds", "submission_seconds", "memory_mb", "gpu_memory_mb"):
        limit = getattr(entry.defaults, name)
        if not 0 < limit < float("inf"):  # TOML knows nan, which is neither
            raise UsageError(f"{file}: [defaults], {name}: {limit} must be a positive number")
