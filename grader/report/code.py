"""A student's module as a page shows it: numbered lines, those that matter marked, bounded.

Pygments colours a line at a time, so that what many students share, which is most of a stub, is
coloured once; only texts in triple quotes go over several lines, and those are found before. The
module is never parsed: it may be no Python, or meant to choke whoever reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any, Literal

from markupsafe import Markup

from grader.defuse import defuse
from grader.report.colours import coloured, string
from grader.results import MOST_SOURCE, CheckResult, Row

MOST_LINES = 60
"""Lines that are shown of a module; of a longer one those around the marked lines."""
MOST_MARKED = 24
WIDEST = 300
"""Characters of a line that are shown."""
_BEFORE, _AFTER = 6, 16
"""Lines that are shown around a marked one."""
_SHORT = r"\"(?:[^\"\\\n]|\\.)*+\"?+|'(?:[^'\\\n]|\\.)*+'?+"
_LONG_STRINGS = re.compile(
    rf"(?:[^#\"']++|#[^\n]*+|(?!\"\"\"|''')(?:{_SHORT}))*+"  # in one go up to the next
    r"(?:(\"\"\")(?:[^\"\\]++|\\.|\"(?!\"\"))*+(?:\"\"\"|\\?\Z)"
    r"|(''')(?:[^'\\]++|\\.|'(?!''))*+(?:'''|\\?\Z)"
    rf"|{_SHORT}|\Z)",
    re.DOTALL,
)

Mark = Literal["", "path", "here", "defined"]
"""Why a line matters: it is on the way to an exception, the exception was raised there, or a name
that the check used is defined there."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is marked; `checks` are the places, from 1, of the checks that it matters to."""

    number: int
    label: str
    html: Markup
    mark: Mark
    checks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plain:
    """Lines between the marked ones: (label, markup) each, and all of them as markup."""

    lines: tuple[tuple[str, str], ...]
    html: Markup


@dataclass(frozen=True, slots=True)
class Gap:
    """So many lines that aren't shown."""

    count: int


@dataclass(frozen=True, slots=True)
class Listing:
    """The module; `links` has the marked lines of each check, the one that matters most first."""

    parts: tuple[Line | Plain | Gap, ...]
    links: Mapping[int, tuple[Line, ...]]
    cells: bool


def listing(row: Row) -> Listing | None:
    """What is shown of a row's module; None where no check missed, or there is no module."""
    missed = [
        (place, check)
        for place, check in enumerate(row.checks, 1)
        if check.outcome not in ("passed", "grader_error")
    ]
    if not missed or not row.source.strip():
        return None
    source = _lines(row.source[:MOST_SOURCE])
    marks = _marks(source, missed)
    shown = _shown(len(source), marks)
    texts = _coloured(row.source, source, shown)
    by_number = {
        number: Line(
            number, _label(row, number), Markup(texts[number]), mark, tuple(sorted(set(places)))
        )
        for number, (mark, places) in marks.items()
        if number in texts
    }
    parts = tuple(_parts(row, len(source), texts, by_number))
    return Listing(parts, _links(by_number), bool(row.cells))


def _lines(source: str) -> list[str]:
    return source.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")


def _marks(
    source: Sequence[str], missed: Iterable[tuple[int, CheckResult]]
) -> dict[int, tuple[Mark, list[int]]]:
    """The lines that matter, and to which checks, by number; the first `MOST_MARKED` of them."""
    rank: dict[Mark, int] = {"": 0, "defined": 1, "path": 2, "here": 3}
    found: dict[int, tuple[Mark, list[int]]] = {}
    for place, check in missed:
        for number, mark in _lines_of(source, check.evidence):
            before, places = found.setdefault(number, (mark, []))
            places.append(place)
            found[number] = (max(before, mark, key=rank.__getitem__), places)
    return dict(list(found.items())[:MOST_MARKED])


def _lines_of(source: Sequence[str], evidence: Mapping[str, Any]) -> list[tuple[int, Mark]]:
    numbers = _all(evidence.get("lines"), int)
    known = [n for n in numbers[-8:] if not isinstance(n, bool) and 0 < n <= len(source)]
    if known:
        return [(known[-1], "here"), *((n, "path") for n in reversed(known[:-1]) if n != known[-1])]
    names = {name for name in _all(evidence.get("symbols"), str)[:8] if name.isidentifier()}
    if not names:
        return []
    pattern = re.compile(
        rf"(?:(?:async +)?def|class) +({'|'.join(names)})\b|({'|'.join(names)}) *[:=]"
    )
    begins = ("def ", "class ", "async ", *names)  # tells most lines in a tenth of the time
    return [
        (n, "defined")
        for n, line in enumerate(source, 1)
        if line.startswith(begins) and pattern.match(line[:WIDEST])
    ]


def _all(value: Any, kind: type) -> list[Any]:
    return [item for item in value if isinstance(item, kind)] if isinstance(value, list) else []


def _shown(count: int, marked: Iterable[int]) -> list[int]:
    """The numbers of the lines that are shown, in order."""
    if count <= MOST_LINES:
        return list(range(1, count + 1))
    around = {
        n for mark in marked for n in range(max(1, mark - _BEFORE), min(count, mark + _AFTER) + 1)
    }
    wanted = sorted(around or range(1, MOST_LINES + 1))
    if len(wanted) <= MOST_LINES:
        return wanted
    kept = set(marked)  # at most MOST_MARKED; then as much around as there is room for
    return sorted([*kept, *[n for n in wanted if n not in kept][: MOST_LINES - len(kept)]])


def _coloured(whole: str, source: Sequence[str], shown: Sequence[int]) -> dict[int, str]:
    if len(whole) > MOST_SOURCE:
        return {n: escape(_safe(source[n - 1])) for n in shown}
    inside = _long_strings("\n".join(source))
    return {
        n: _line(text, inside.get(n, (0, 0))) if len(text) <= WIDEST else escape(_safe(text))
        for n, text in ((n, source[n - 1]) for n in shown)
    }


@lru_cache(maxsize=50_000)  # most of a module is the stub's, or what everybody writes
def _line(text: str, string_part: tuple[int, int]) -> str:
    """A line whose first and last characters, so many, are those of a text over several lines."""
    first, last = string_part
    clean = _safe(text)
    if clean != text:
        return escape(clean)  # full of what isn't shown: no colours
    end = len(text) - last
    return string(text[:first]) + coloured(text[first:end]) + string(text[end:])


def _safe(text: str) -> str:
    if len(text) <= WIDEST and text.isascii() and text.isprintable():
        return text
    return defuse(text, max_chars=WIDEST).replace("\n", " ")


def _long_strings(source: str) -> dict[int, tuple[int, int]]:
    """Per line that a text in triple quotes crosses: the characters of it that belong to one."""
    found: dict[int, tuple[int, int]] = {}
    number, at = 1, 0
    for match in _LONG_STRINGS.finditer(source):
        begin = match.start(match.lastindex or 0)
        quoted = source[begin : match.end()]
        if not match.lastindex or "\n" not in quoted:
            continue
        number += source.count("\n", at, begin)
        at = begin
        pieces = quoted.split("\n")
        for offset, piece in enumerate(pieces):
            first, last = found.get(number + offset, (0, 0))
            if offset == 0:
                last = len(piece)
            else:
                first = len(piece)
            found[number + offset] = (first, last)
    return found


def _label(row: Row, number: int) -> str:
    """The number of a line as the student counts: of a notebook, cell and line in it."""
    if not row.cells:
        return str(number)
    if number > len(row.cells):
        return ""
    cell, line = row.cells[number - 1]
    return f"{cell}:{line}"


def _parts(
    row: Row, count: int, texts: Mapping[int, str], marked: Mapping[int, Line]
) -> Iterable[Line | Plain | Gap]:
    plain: list[tuple[str, str]] = []
    before = 0
    for number in [*texts, count + 1]:
        line = marked.get(number)
        if plain and (line or number != before + 1):
            yield _plain(plain)
            plain = []
        if number > before + 1:
            yield Gap(number - before - 1)
        if line:
            yield line
        elif number <= count:
            plain.append((_label(row, number), texts[number]))
        before = number
    if plain:
        yield _plain(plain)


def _plain(lines: Sequence[tuple[str, str]]) -> Plain:
    # Labels are digits, the rest is escaped already; `Markup.format` takes ten times as long.
    html = [f'<span class="no">{label:>7}</span> {html}\n' for label, html in lines]
    return Plain(tuple(lines), Markup("".join(html)))


def _links(marked: Mapping[int, Line]) -> dict[int, tuple[Line, ...]]:
    order = ("here", "defined", "path")
    links: dict[int, list[Line]] = {}
    for line in sorted(marked.values(), key=lambda line: order.index(line.mark)):
        for place in line.checks:
            links.setdefault(place, []).append(line)
    return {place: tuple(lines) for place, lines in links.items()}
