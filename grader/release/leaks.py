"""Looks for the reference solution and the hidden checks in what students will get.

Which files are released is decided by their names; this looks at what is in them. Measured on this
project's course of 28 exercises: no statement, stub or public test holds a line of a solution, and
public tests share at most 6 telling lines in a row with hidden ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grader.course import Exercise
from grader.release.files import read_inside
from grader.stubs import cut, regions

_LEAST_CHARS = 24
"""Shorter lines (`return x`, `metric.reset_state()`) say nothing about where they come from."""
_HIDDEN_LINES = 10
"""So many lines of a hidden check in a row aren't there by accident."""
_MOST_OWNERS = 3


@dataclass(frozen=True, slots=True)
class Leak:
    """A place in a released file that quotes what students don't get; `line` is 1-based."""

    path: str
    line: int
    what: str


def find_leaks(exercises: Iterable[Exercise], files: Mapping[str, bytes]) -> list[Leak]:
    """The first quotation in each of `files` (path -> content), of any of the exercises.

    Raises:
        UsageError: a solution or hidden check that isn't there or can't be read.
    """
    chosen = list(exercises)
    secret = _secret_lines(chosen)
    hidden = {line for e in chosen for line in _lines(read_inside(e.root, e.hidden_checks))}
    leaks = []
    for path, data in files.items():
        lines = [_plain(line) for line in _text(data).splitlines()]
        leak = _quoted(path, lines, secret) or _copied(path, lines, hidden)
        if leak is not None:
            leaks.append(leak)
    return leaks


def _secret_lines(exercises: Iterable[Exercise]) -> dict[str, str]:
    """Each telling line of a solution region -> the exercise it belongs to.

    What many solutions hold (`super().__init__(**kwargs)`) is common usage and tells nothing.
    """
    owners: Counter[str] = Counter()
    secret: dict[str, str] = {}
    for exercise in exercises:
        text = _text(read_inside(exercise.root, exercise.solution))
        lines = text.splitlines()
        shown = {_plain(line) for line in cut(text, str(exercise.solution)).splitlines()}
        inside = {_plain(line) for first, last in regions(text) for line in lines[first - 1 : last]}
        for line in inside - shown:
            if len(line) >= _LEAST_CHARS:
                owners[line] += 1
                secret[line] = exercise.id
    return {line: owner for line, owner in secret.items() if owners[line] <= _MOST_OWNERS}


def _quoted(path: str, lines: list[str], secret: Mapping[str, str]) -> Leak | None:
    for number, line in enumerate(lines, 1):
        # Also inside a sentence: `return x * factor`, as a statement would quote it.
        for part in (line, *line.split("`")[1::2]):
            if (owner := secret.get(part.strip())) is not None:
                return Leak(path, number, f"the reference solution of {owner}")
    return None


def _copied(path: str, lines: list[str], hidden: set[str]) -> Leak | None:
    run = 0
    for number, line in enumerate(lines, 1):
        if line in hidden:
            run += len(line) >= _LEAST_CHARS
            if run == _HIDDEN_LINES:
                return Leak(path, number, "a hidden check")
        elif line:
            run = 0
    return None


def _lines(data: bytes) -> list[str]:
    return [_plain(line) for line in _text(data).splitlines()]


def _plain(line: str) -> str:
    """A line without its indentation and with single spaces: quoting changes those."""
    return " ".join(line.split())


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
