"""Looks for the reference solution and the hidden checks in what students will get.

Which files are released is decided by their names; this looks at what is in them. A quotation may
be decorated (quoted, numbered, commented out, in a table), spaced or broken otherwise: texts are
compared without white space and without the decoration of lines. Measured on this project's course
of 28 exercises: no statement, stub or public test holds one of the 332 telling lines of solutions,
and public tests share at most 6 telling lines close together with hidden ones.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from grader.course import Exercise
from grader.errors import UsageError
from grader.release.files import read_inside
from grader.stubs import cut, regions

_LEAST_CHARS = 24
"""Shorter lines (`return x`, `metric.reset_state()`) say nothing about where they come from."""
_HIDDEN_LINES = 10
"""So many lines of a hidden check close together aren't there by accident."""
_MOST_OWNERS = 3
_BLANK = re.compile(r"[\s\xad\u200b-\u200f\u2060-\u2064\ufeff]+")
_HEAD = re.compile(r"(?:>>>|\.\.\.(?!\w)|\d{1,4}[.)](?=\s)|[#>\-+*|`\"'\s])+")
_TAIL = ";|\\`\"'"
_DECORATOR = re.compile(r"@[\w.]+(?:\(\))?")
_COMMENT = re.compile(r"\s#[^\"'#]*$")


@dataclass(frozen=True, slots=True)
class Leak:
    """A place in a released file that quotes what students don't get; `line` is 1-based."""

    path: str
    line: int
    what: str


def find_leaks(exercises: Iterable[Exercise], files: Mapping[str, bytes]) -> list[Leak]:
    """The first quotation in each of `files` (path -> content), of any of the exercises.

    Raises:
        UsageError: a solution or hidden check that isn't there or can't be read, or a file that
            isn't text in UTF-8, in which nothing would be found.
    """
    chosen = list(exercises)
    secret = _secret_lines(chosen)
    hidden = set()
    for one in chosen:
        text = _text(str(one.hidden_checks), read_inside(one.root, one.hidden_checks))
        hidden |= {bare for line in text.splitlines() if (bare := _bare(line))}
    leaks = []
    for path, data in files.items():
        lines = _text(path, data).splitlines()
        leak = _quoted(path, lines, secret) or _copied(path, lines, hidden)
        if leak is not None:
            leaks.append(leak)
    return leaks


def _secret_lines(exercises: Iterable[Exercise]) -> dict[str, str]:
    """Each telling line of a solution region, bare -> the exercise it belongs to.

    What many solutions hold (`super().__init__(**kwargs)`) is common usage and tells nothing; nor
    does a decorator without arguments, which hints may recommend.
    """
    owners: Counter[str] = Counter()
    secret: dict[str, str] = {}
    for exercise in exercises:
        text = _text(str(exercise.solution), read_inside(exercise.root, exercise.solution))
        lines = text.splitlines()
        shown = _joined(cut(text, str(exercise.solution)).splitlines(), _tight)[0]
        inside = {
            _tight(_COMMENT.sub("", line))
            for first, last in regions(text)
            for line in lines[first - 1 : last]
            if len(" ".join(_COMMENT.sub("", line).split())) >= _LEAST_CHARS
        }
        for line in inside:
            if line not in shown and not _DECORATOR.fullmatch(line):
                owners[line] += 1
                secret[line] = exercise.id
    return {line: owner for line, owner in secret.items() if owners[line] <= _MOST_OWNERS}


def _quoted(path: str, lines: list[str], secret: Mapping[str, str]) -> Leak | None:
    """A secret line anywhere in the text, as it stands or broken over decorated lines."""
    found: list[tuple[int, str]] = []
    for form in (_tight, _bare):
        text, starts = _joined(lines, form)
        for line, owner in secret.items():
            at = text.find(line)
            if at >= 0:
                found.append((bisect_right(starts, at), owner))
    if not found:
        return None
    number, owner = min(found)
    return Leak(path, number, f"the reference solution of {owner}")


def _copied(path: str, lines: list[str], hidden: set[str]) -> Leak | None:
    """So many lines of hidden checks that what is between them, line by line, is less."""
    run = 0
    for number, line in enumerate(lines, 1):
        bare = _bare(line)
        if bare in hidden:
            run += len(bare) >= _LEAST_CHARS
            if run >= _HIDDEN_LINES:
                return Leak(path, number, "a hidden check")
        elif bare:
            run = max(0, run - 1)
    return None


def _joined(lines: list[str], form: Callable[[str], str]) -> tuple[str, list[int]]:
    """All lines in that form, one behind the other, and where each begins."""
    parts = [form(line) for line in lines]
    return "".join(parts), [0, *accumulate(map(len, parts))][:-1]


def _tight(line: str) -> str:
    """A line without white space, and without characters that nobody sees."""
    return _BLANK.sub("", line)


def _bare(line: str) -> str:
    """The same without what quotes, numbers or comments it, and without a comment behind it."""
    head = _HEAD.match(line)
    inner = line[head.end() :] if head else line
    return _tight(_COMMENT.sub("", inner)).rstrip(_TAIL)


def _text(name: str, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{name}: not UTF-8 (byte {error.start}); save it as UTF-8") from None
    if "\0" in text:
        raise UsageError(f"{name}: it holds a NUL, so it isn't text in UTF-8; save it as UTF-8")
    return text
