"""The form of adjustments.csv: a line per student and exercise, as spreadsheets write tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.adjustments import cells
from grader.defuse import defuse_line
from grader.errors import UsageError
from grader.results import Adjustment

HEADER = ("student", "exercise", "change", "total", "reason", "staff")
_NEEDED = ("student", "exercise", "reason")
MOST_REASON = 2000
"""Characters of a reason; students read it."""
MOST_STAFF = 200
MOST_NAME = 4096
"""Characters of a student's name; no file system has longer ones."""
MOST_LINES = 100_000
_DELIMITERS = (",", ";", "\t")
_SHOWN_LINES = 5


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is written: what divides its cells, and its encoding in Python's word for it."""

    delimiter: str = ","
    encoding: str = "utf-8-sig"

    @property
    def comma(self) -> bool:
        """Whether numbers have decimal commas, as where cells are divided by something else."""
        return self.delimiter == ";"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: whose row of which exercise is changed, and how; `line` counts from 1."""

    student: str
    exercise: str
    adjustment: Adjustment
    line: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from the other lines."""
        return cells.key(self.student), cells.key(self.exercise)


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was read; no two entries have the same key."""

    entries: tuple[Entry, ...] = ()
    layout: Layout = Layout()


def parse(data: bytes, name: str) -> Table:
    """The table in `data`; `name` is the file's in errors.

    Comma, semicolon or tab, UTF-8 with or without a byte order mark or UTF-16 with one: what Excel
    and LibreOffice save. Lines and columns that are empty are passed over.

    Raises:
        UsageError: it isn't such a table; one line with the first thing to mend, and where else.
    """
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{name}: byte {error.start} is not {encoding.removesuffix('-sig').upper()}: save it as"
            " “CSV UTF-8”"
        ) from None
    head = text.lstrip().splitlines()[:1]
    delimiter = max(_DELIMITERS, key=head[0].count) if head else ","
    layout = Layout(delimiter, encoding)
    return Table(tuple(_entries(_records(text, delimiter, name), layout, name)), layout)


def to_text(table: Table) -> str:
    """The text of the file, without a byte order mark; write it in the layout's encoding."""
    stream = io.StringIO()
    # All in quotes: a program that divides by another sign begins no cell within a text.
    writer = csv.writer(
        stream,
        delimiter=table.layout.delimiter,
        lineterminator="\r\n",
        quoting=csv.QUOTE_ALL,
    )
    writer.writerow(HEADER)
    for one in table.entries:
        points = (one.adjustment.change, one.adjustment.total)
        said = [
            "" if value is None else cells.from_number(value, comma=table.layout.comma)
            for value in points
        ]
        names = (cells.from_text(one.student), cells.from_text(one.exercise))
        told = (one.adjustment.reason, one.adjustment.staff)
        writer.writerow((*names, *said, *map(cells.from_text, told)))
    return stream.getvalue()


def _records(text: str, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Each record that isn't empty, with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begun = 1
    try:
        for record in reader:
            if any(map(str.strip, record)):
                yield begun, record
            begun = reader.line_num + 1
    except csv.Error as error:
        raise UsageError(
            f"{name}: line {begun}: not CSV ({error}): save it from a spreadsheet program as “CSV"
            " UTF-8”"
        ) from None


def _entries(
    records: Iterator[tuple[int, list[str]]], layout: Layout, name: str
) -> Iterator[Entry]:
    line, header = next(records, (1, []))
    columns = _columns(header, f"{name}: line {line}")
    seen: dict[tuple[str, str], int] = {}
    problems: list[tuple[int, str]] = []
    for count, (line, record) in enumerate(records, 1):
        if count > MOST_LINES:
            raise UsageError(f"{name}: more than {MOST_LINES} lines, so this is no such table")
        try:
            one = _entry(record, columns, layout, line)
            if (first := seen.setdefault(one.key, line)) != line:
                who = defuse_line(one.student, max_chars=60)
                raise UsageError(
                    f"{who!r} has {defuse_line(one.exercise, max_chars=60)!r} in line {first}"
                    " already: make one line of them"
                )
        except UsageError as problem:
            problems.append((line, str(problem)))
            continue
        yield one
    if problems:
        raise UsageError(f"{name}: line {problems[0][0]}: {problems[0][1]}{_also(problems[1:])}")


def _also(problems: Sequence[tuple[int, str]]) -> str:
    if not problems:
        return ""
    lines = ", ".join(str(line) for line, _ in problems[:_SHOWN_LINES])
    more = ", …" if len(problems) > _SHOWN_LINES else ""
    return f" (to mend, too: line {lines}{more})"


def _columns(header: Sequence[str], where: str) -> dict[str, int]:
    """The place of each column; raises UsageError where it isn't plain."""
    columns: dict[str, int] = {}
    wanted = f"the first line must be {','.join(HEADER)}"
    for place, cell in enumerate(header):
        column = cell.strip().lower()
        if not column:
            continue
        if column not in HEADER:
            shown = defuse_line(cell, max_chars=40)
            raise UsageError(f"{where}: there is no column {shown!r}: {wanted}")
        if column in columns:
            raise UsageError(f"{where}: the column {column} is there twice: {wanted}")
        columns[column] = place
    lacking = [column for column in _NEEDED if column not in columns]
    if not {"change", "total"} & columns.keys():
        lacking.append("change")
    if lacking:
        raise UsageError(f"{where}: the column {lacking[0]} is missing: {wanted}")
    return columns


def entry(
    student: str,
    exercise: str,
    reason: str,
    staff: str,
    change: float | None,
    total: float | None,
    line: int = 0,
) -> Entry:
    """An entry that a table can hold; raises UsageError for one that doesn't hold together."""
    texts = {"student": student, "exercise": exercise, "reason": reason, "staff": staff}
    texts = {name: text.strip() for name, text in texts.items()}
    for name, text in texts.items():
        if not text and name != "staff":
            tells = "; the student reads it" if name == "reason" else ""
            raise UsageError(f"no {name}: write one{tells}")
        most = {"reason": MOST_REASON, "staff": MOST_STAFF}.get(name, MOST_NAME)
        if len(text) > most:
            raise UsageError(f"{name} has {len(text)} characters: {most} at most")
        if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
            raise UsageError(f"{name} isn't text in UTF-8")
    if (change is None) == (total is None):
        there = "both change and total" if change is not None else "neither change nor total"
        raise UsageError(
            f"{there}: write either change (points to add, or to take off with a minus) or total"
        )
    if total is not None and total < 0:
        raise UsageError("a total is not below 0: write 0, or a change with a minus")
    adjustment = Adjustment(texts["reason"], change, total, texts["staff"])
    return Entry(texts["student"], texts["exercise"], adjustment, line)


def _entry(record: list[str], columns: Mapping[str, int], layout: Layout, line: int) -> Entry:
    if any(cell.strip() for n, cell in enumerate(record) if n not in columns.values()):
        raise UsageError(
            "a cell stands outside of the columns: a text that holds what divides the cells must"
            " be in quotes"
        )
    said = {c: record[n].strip() if n < len(record) else "" for c, n in columns.items()}
    change, total = (_points(column, said.get(column, ""), layout) for column in HEADER[2:4])
    student, exercise, reason = (cells.to_text(said[column]) for column in _NEEDED)
    return entry(
        student, exercise, reason, cells.to_text(said.get("staff", "")), change, total, line
    )


def _points(column: str, cell: str, layout: Layout) -> float | None:
    if not cell:
        return None
    # An apostrophe is how a spreadsheet is told that +2 is no formula.
    points = cells.number(cell.removeprefix("'"), comma=layout.delimiter != ",")
    if points is None:
        example = "1,5 or -2" if layout.comma else "1.5 or -2"
        raise UsageError(
            f"{column} is {defuse_line(cell, max_chars=40)!r}, no number of points: write it like"
            f" {example}"
        )
    return points
