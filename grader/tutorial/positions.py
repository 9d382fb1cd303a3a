"""Where in a notebook's own text its strings are: JSON parsers don't tell."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from json.decoder import scanstring  # type: ignore[attr-defined]

_TOKEN = re.compile(r'[ \t\n\r]*+([\[\]{},:"]|[^\s\[\]{},:"]++)')


@dataclass(slots=True)
class Place:
    """Lines of one code cell: of each line of its source, and of strings of its outputs."""

    source: str = ""
    lines: list[int] = field(default_factory=list)
    outputs: list[tuple[int, str]] = field(default_factory=list)

    def of_output(self, claimed: str) -> int | None:
        """Where the string stands that the text of the saved outputs begins with."""
        first = claimed.split("\n", 1)[0]
        return next((line for line, text in self.outputs if text.startswith(first)), None)


def cells(text: str) -> dict[tuple[int, int], Place]:
    """Places of the cells, by worksheet (0 in format 4) and number in it (from 0).

    `text` has been parsed before, so it is JSON.
    """
    places: dict[tuple[int, int], Place] = {}
    breaks = [match.start() for match in re.finditer("\n", text)]
    for path, value, offset in _strings(text):
        match path:
            case ("cells", int(number), *rest):
                key = (0, number)
            case ("worksheets", int(sheet), "cells", int(number), *rest):
                key = (sheet, number)
            case _:
                continue
        place = places.setdefault(key, Place())
        line = bisect_right(breaks, offset) + 1
        if rest[0] in ("source", "input") and (len(rest) == 1 or isinstance(rest[1], int)):
            _add(place, value, line)
        elif rest[0] == "outputs" and ("text" in rest or "text/plain" in rest):
            place.outputs.append((line, value.lstrip("\n")))
    return places


def _add(place: Place, value: str, line: int) -> None:
    starts = not place.source or place.source.endswith("\n")
    place.source += value
    parts = value.split("\n")
    # What follows a line end inside one string is in the same line of the file.
    if starts and place.lines:
        place.lines[-1] = line
    elif not place.lines:
        place.lines.append(line)
    place.lines += [line] * (len(parts) - 1)


def _strings(text: str) -> list[tuple[tuple[str | int, ...], str, int]]:
    """Strings that are values near the top: path of keys and numbers, string, offset."""
    found: list[tuple[tuple[str | int, ...], str, int]] = []
    path: list[str | int] = []
    position = 0
    is_key = False
    while (match := _TOKEN.match(text, position)) is not None:
        token, position = match[1], match.end()
        if token == '"':
            value, position = scanstring(text, position, True)
            if is_key:
                path[-1] = value
                is_key = False
            elif len(path) <= _WORTH:
                found.append((tuple(path), value, match.start(1)))
        elif token == "{":
            path.append("")
            is_key = True
        elif token == "[":
            path.append(0)
        elif token in "]}":
            path.pop()
            is_key = False
        elif token == "," and path:
            if isinstance(path[-1], int):
                path[-1] += 1
            else:
                is_key = True
    return found


_WORTH = 9
"""Depth of the deepest string that matters: worksheets, n, cells, n, outputs, n, data, type, n."""
