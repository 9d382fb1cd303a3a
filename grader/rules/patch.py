"""Puts the edits of findings into the source that they were found in."""

from __future__ import annotations

import re
from collections.abc import Iterable

from grader.rules.values import Edit

_NEWLINE = re.compile(r"\r\n|\r|\n")


def apply(source: str, edits: Iterable[Edit]) -> str:
    """`source` with all `edits` made; the same edit twice counts once.

    Raises:
        ValueError: two edits overlap, or one lies outside of the source.
    """
    starts = [0, *(match.end() for match in _NEWLINE.finditer(source))]
    spans = sorted(
        {
            (
                _offset(source, starts, edit.line, edit.column),
                _offset(source, starts, edit.end_line, edit.end_column),
                edit.text,
            )
            for edit in edits
        }
    )
    parts: list[str] = []
    reached, last = 0, (-1, -1)
    for start, end, text in spans:
        if end < start:
            raise ValueError(f"an edit ends before it begins, at character {start}")
        # Two insertions at one place would depend on their order.
        if start < reached or (start, end) == last:
            raise ValueError(f"two edits overlap at character {start}")
        parts += [source[reached:start], text]
        reached, last = end, (start, end)
    return "".join([*parts, source[reached:]])


def _offset(source: str, starts: list[int], line: int, column: int) -> int:
    if not 1 <= line <= len(starts) or column < 0:
        raise ValueError(f"an edit names line {line}, column {column}: the source has none")
    offset = starts[line - 1] + column
    end = starts[line] if line < len(starts) else len(source)
    if offset > end:
        raise ValueError(f"an edit names column {column} of line {line}, which is shorter")
    return offset
