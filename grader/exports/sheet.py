"""A CSV file that is filled in: only the cells that are written change, every other byte stays.

The csv module forgets how a cell was written (in quotes or not, and where), and a learning platform
that gets its own file back may care. So cells are found here with their places in the text, by the
grammar of RFC 4180, and changes are put in at those places.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.defuse import defuse_line
from grader.errors import UsageError

MAX_BYTES = 32 * 2**20
"""A gradebook of 2,000 students and 300 columns has a fifth of it."""
MAX_CELL_CHARS = 200_000
MAX_CELLS = 3_000_000
"""A cell takes a hundred times the memory of the comma that is all an empty one has in the file."""
_DELIMITERS = (",", ";", "\t")
_BOM = "\ufeff"
_AGAIN = "download the file again and don't change it in between"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: what it says, and where it stands in the text, its quotes included."""

    text: str
    start: int
    end: int
    quoted: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A row of cells; `number` is the line of the file on which it begins, from 1."""

    number: int
    cells: tuple[Cell, ...]

    def __getitem__(self, column: int) -> str:
        """What the cell says; "" where the row is too short to have it."""
        return self.cells[column].text if column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's text, byte order mark included, and the cells in it; blank lines are no rows."""

    name: str
    text: str
    delimiter: str
    lines: tuple[Line, ...]

    def filled(self, changes: Mapping[tuple[int, int], str]) -> str:
        """The text with other cells at some (index of the row in `lines`, column).

        Raises UsageError where a row has no such cell.
        """
        spans = []
        for (row, column), new in changes.items():
            line = self.lines[row]
            if column >= len(line.cells):
                raise UsageError(
                    f"{self.name}: line {line.number} has {len(line.cells)} cells, and the one to "
                    f"fill in is number {column + 1}: {_AGAIN}"
                )
            cell = line.cells[column]
            spans.append((cell.start, cell.end, self._written(new, quoted=cell.quoted)))
        parts, at = [], 0
        for start, end, new in sorted(spans):
            parts += [self.text[at:start], new]
            at = end
        return "".join((*parts, self.text[at:]))

    def _written(self, value: str, *, quoted: bool) -> str:
        """A cell's text as the file holds it; in quotes where it must be, or where it was."""
        if quoted or any(sign in value for sign in (self.delimiter, '"', "\r", "\n")):
            return '"' + value.replace('"', '""') + '"'
        return value


def read_sheet(path: Path) -> Sheet:
    """The file at `path`; raises UsageError, one line, for what is no CSV file in UTF-8."""
    name = defuse_line(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(
            f"{name}: can't be read ({error.strerror}): give the CSV file that you downloaded"
        ) from None
    if len(data) > MAX_BYTES:
        raise UsageError(f"{name}: is larger than {MAX_BYTES >> 20} MiB, so no gradebook: {_AGAIN}")
    try:
        return parse(data.decode("utf-8"), name)
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{name}: byte {error.start} is not UTF-8: {_AGAIN} (a spreadsheet program may have "
            "saved it in another encoding; choose “CSV UTF-8” there)"
        ) from None


def parse(text: str, name: str) -> Sheet:
    """The cells of `text`; `name` is the file's in errors, which are UsageErrors of one line."""
    start = len(_BOM) if text.startswith(_BOM) else 0
    if not text[start:].strip():
        raise UsageError(f"{name}: the file is empty: {_AGAIN}")
    head = re.match(r"[^\r\n]*", text[start:].lstrip())
    first = head[0] if head else ""
    if len(first) > MAX_CELL_CHARS:
        raise UsageError(f"{name}: its first line has {len(first)} characters: {_AGAIN}")
    delimiter = max(_DELIMITERS, key=first.count)
    return Sheet(name, text, delimiter, tuple(_lines(text, start, delimiter, name)))


def _lines(text: str, at: int, delimiter: str, name: str) -> list[Line]:
    sign = re.escape(delimiter)
    # Possessive: nothing here is tried twice, whatever the file holds.
    token = re.compile(
        rf'(?:"(?P<quoted>(?:[^"]|"")*+)"|(?P<plain>[^"{sign}\r\n][^{sign}\r\n]*+|))'
        rf"(?P<end>{sign}|\r\n|\r|\n|\Z)"
    )
    lines: list[Line] = []
    cells: list[Cell] = []
    number = begun = 1
    count = 0
    while True:
        found = token.match(text, at)
        if found is None:
            raise UsageError(
                f"{name}: line {number}, cell {len(cells) + 1}: a quote that isn't closed, or text "
                f"behind one that is: {_AGAIN}"
            )
        quoted, end = found["quoted"], found["end"]
        value = found["plain"] if quoted is None else quoted.replace('""', '"')
        if len(value) > MAX_CELL_CHARS:
            raise UsageError(
                f"{name}: line {number}, cell {len(cells) + 1}: has {len(value)} characters, so "
                f"this is no gradebook: {_AGAIN}"
            )
        count += 1
        if count > MAX_CELLS:
            raise UsageError(
                f"{name}: line {number}: has more than {MAX_CELLS} cells up to here, so this is no "
                f"gradebook: {_AGAIN}"
            )
        cells.append(Cell(value, at, found.start("end"), quoted is not None))
        number += len(re.findall(r"\r\n|\r|\n", value)) + (end not in (delimiter, ""))
        at = found.end()
        if end != delimiter:
            if len(cells) > 1 or cells[0].end > cells[0].start:
                lines.append(Line(begun, tuple(cells)))
            cells, begun = [], number
            if at >= len(text):
                return lines
