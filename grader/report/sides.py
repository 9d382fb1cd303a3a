"""Two outputs side by side: rows of lines, with what differs inside a line marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from rapidfuzz.distance import Indel

from grader.defuse import defuse

Parts = tuple[tuple[bool, str], ...]
"""Stretches of a line: whether it differs there, and the text."""

_MOST_LINES = 200
_MOST_CHARS = 20_000
_WIDEST = 400
"""A longer line is not looked into."""
_AROUND = 3
"""Equal lines that are shown before and after those that differ."""
_TOKEN = re.compile(r"\w+|\s+|.", re.DOTALL)
_ALIKE = 0.5
"""Lines less alike than this differ as a whole."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of each; None where one has no such line.

    `left_out` rows stand for so many equal lines; `cut` ones for lines beyond what is compared.
    """

    kind: Literal["same", "changed", "left_out", "cut"]
    left: Parts | None = None
    right: Parts | None = None
    count: int = 0


def sides(left: str, right: str) -> tuple[Row, ...]:
    """The rows of `left` beside `right`; at most a few hundred, whatever they hold."""
    was, now = (
        defuse(text, max_chars=_MOST_CHARS).rstrip("\n").split("\n") for text in (left, right)
    )
    beyond = max(len(was), len(now)) - _MOST_LINES
    was, now = was[:_MOST_LINES], now[:_MOST_LINES]
    rows: list[Row] = []
    codes = [*_blocks(was, now)]
    for place, (equal, i1, i2, j1, j2) in enumerate(codes):
        if equal:
            rows += _equal(was[i1:i2], first=place == 0, last=place == len(codes) - 1)
        else:
            rows += (_changed(*pair) for pair in zip_longest(was[i1:i2], now[j1:j2]))
    if beyond > 0:
        rows.append(Row("cut", count=beyond))
    return tuple(rows)


def _blocks(was: Sequence[str], now: Sequence[str]) -> Iterator[tuple[bool, int, int, int, int]]:
    """(equal, from, to, from, to) of stretches, in turns equal and not.

    RapidFuzz and not difflib, which takes seconds for a line made to be slow.
    """
    i1 = j1 = i2 = j2 = 0  # the stretch that differs and hasn't been told yet
    for code in Indel.opcodes(was, now):
        if code.tag != "equal":
            i2, j2 = code.src_end, code.dest_end
            continue
        if (i1, j1) != (i2, j2):
            yield False, i1, i2, j1, j2
        yield True, code.src_start, code.src_end, code.dest_start, code.dest_end
        i1 = i2 = code.src_end
        j1 = j2 = code.dest_end
    if (i1, j1) != (i2, j2):
        yield False, i1, i2, j1, j2


def _equal(lines: list[str], *, first: bool, last: bool) -> list[Row]:
    rows = [Row("same", _whole(line), _whole(line)) for line in lines]
    head, tail = 0 if first else _AROUND, 0 if last else _AROUND
    hidden = len(rows) - head - tail
    if hidden <= 2:
        return rows
    return [*rows[:head], Row("left_out", count=hidden), *rows[len(rows) - tail :]]


def _whole(line: str, differs: bool = False) -> Parts:
    return ((differs, line),)


def _changed(left: str | None, right: str | None) -> Row:
    if left is None or right is None or max(len(left), len(right)) > _WIDEST:
        return Row(
            "changed",
            None if left is None else _whole(left),
            None if right is None else _whole(right),
        )
    was, now = _TOKEN.findall(left), _TOKEN.findall(right)
    if Indel.normalized_similarity(was, now) < _ALIKE:
        return Row("changed", _whole(left), _whole(right))
    lefts, rights = [], []
    for equal, i1, i2, j1, j2 in _blocks(was, now):
        lefts.append((not equal, "".join(was[i1:i2])))
        rights.append((not equal, "".join(now[j1:j2])))
    return Row("changed", _some(lefts), _some(rights))


def _some(parts: list[tuple[bool, str]]) -> Parts:
    return tuple(part for part in parts if part[1])
