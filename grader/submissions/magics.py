"""Takes IPython's own syntax out of a notebook cell, line for line.

IPython's TransformerManager isn't used: it drops and joins lines (so errors could not name theirs),
tokenizes a whole cell again for every magic it meets, which a hostile cell makes quadratic, and
turns `%%time` cells into a call with a string in it, which hides the definitions in them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_TRANSPARENT = frozenset({"time", "capture", "prun", "memit", "mprun", "lprun"})
"""Cell magics that run the cell in the notebook's own namespace."""

FILE_MAGICS = frozenset({"writefile", "file"})
_CELL = re.compile(r"\s*%%(\w+)")
_WRITTEN = re.compile(
    r"[ \t]*%%(?:writefile|file)[ \t]+(?P<append>(?:-a|--append)[ \t]+)?"
    r"(?P<quote>[\"']?)(?P<path>[^\"'\s]{1,200})(?P=quote)[ \t]*"
)
_TIME = re.compile(r"(\s*)%(?:time|memit|prun)\s+(?=\S)(?!-)")
_MAGIC = re.compile(r"\s*(?:%\s?[A-Za-z_]|!|\?{1,2}\s*[A-Za-z_%])")
_HELP = re.compile(r"\s*%{0,2}[A-Za-z_][\w.\[\]()'\"]*\?{1,2}\s*;?$")
_CAPTURED = re.compile(r"(\s*[A-Za-z_][\w.,\[\]'\" ]*=\s*)(?:!|%[A-Za-z_])")
_STRING = re.compile(r"""(?:"(?!"")(?:[^"\\]|\\.)*+(?:"|$)|'(?!'')(?:[^'\\]|\\.)*+(?:'|$)|\#.*+)""")
_ENDS = {
    '"""': re.compile(r'(?:[^\\"]|\\.|"(?!""))*+"{3}'),
    "'''": re.compile(r"(?:[^\\']|\\.|'(?!''))*+'{3}"),
}


@dataclass(frozen=True, slots=True)
class Stripped:
    """A cell as Python, with as many lines as it had.

    Attributes:
        text: the Python.
        skipped: the name of the cell magic for whose sake the whole cell was left out, else "".
        captured: lines (from 1) like `files = !ls`, whose name is None now.
        dropped: the other lines (from 1) of which nothing is left.
    """

    text: str
    skipped: str = ""
    captured: tuple[int, ...] = ()
    dropped: tuple[int, ...] = ()


def strip_magics(cell: str) -> Stripped:
    """The cell with `%`, `!` and `?` lines replaced by `pass`, blocks and strings left alone.

    `%time x = f()` keeps its statement and `%%time` its cell; cells for another language
    (`%%bash`, `%%html`) or a file (`%%writefile`) become empty.
    """
    lines = cell.split("\n")
    first = _first(lines)
    if first is not None and (match := _CELL.match(lines[first])):
        if match[1] not in _TRANSPARENT:
            return Stripped("\n" * (len(lines) - 1), match[1])
        lines[first] = ""
    out: list[str] = []
    captured: list[int] = []
    dropped: list[int] = []
    state = _State()
    joined = False
    for number, line in enumerate(lines, 1):
        if joined:  # the rest of a magic that goes on after a backslash
            joined = line.endswith("\\")
            out.append("")
            continue
        if state.inside:
            state.feed(line)
            out.append(line)
            continue
        indent = line[: len(line) - len(line.lstrip())]
        if match := _TIME.match(line):
            line = match[1] + line[match.end() :]
        elif _MAGIC.match(line) or _HELP.match(line):
            joined = line.endswith("\\")
            line = indent + "pass"
            dropped.append(number)
        elif match := _CAPTURED.match(line):
            joined = line.endswith("\\")
            line = match[1] + "None"
            captured.append(number)
        state.feed(line)
        out.append(line)
    return Stripped("\n".join(out), captured=tuple(captured), dropped=tuple(dropped))


def _first(lines: Sequence[str]) -> int | None:
    """The place of the first line that says something; Colab's `#@title` may stand before `%%`."""
    said = (n for n, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#"))
    return next(said, None)


def written_file(cell: str) -> tuple[str, bool, str] | None:
    """Of a `%%writefile` cell: the path, whether it appends, and the text on the cell's lines."""
    lines = cell.split("\n")
    first = _first(lines)
    found = None if first is None else _WRITTEN.fullmatch(lines[first])
    if first is None or found is None:
        return None
    text = "\n".join(["" for _ in lines[: first + 1]] + lines[first + 1 :])
    return found["path"], bool(found["append"]), text


class _State:
    """Whether the next line continues a bracket, a string or a backslash of the lines before."""

    def __init__(self) -> None:
        self._depth = 0
        self._quote = ""
        self._backslash = False

    @property
    def inside(self) -> bool:
        return bool(self._quote) or self._depth > 0 or self._backslash

    def feed(self, line: str) -> None:
        position = 0
        while position < len(line):
            if self._quote:
                end = _ENDS[self._quote].match(line, position)
                if end is None:
                    break
                self._quote, position = "", end.end()
            elif line.startswith(('"""', "'''"), position):
                self._quote, position = line[position : position + 3], position + 3
            elif match := _STRING.match(line, position):
                position = match.end()
            else:
                if line[position] in "([{":
                    self._depth += 1
                elif line[position] in ")]}":
                    self._depth = max(0, self._depth - 1)
                position += 1
        self._backslash = not self._quote and line.endswith("\\")
