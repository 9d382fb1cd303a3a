"""Who reads the report in which language: the table that staff give, and what comes of it."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from grader.defuse import defuse_line
from grader.errors import UsageError
from grader.report.names import STUDENTS, Names
from grader.report.slugs import slug
from grader.report.strings import LANGUAGES
from grader.results import Results, brief

_HEADER = ["student", "lang"]
_MOST_BYTES = 20_000_000


def read_preferences(file: Path) -> dict[str, str]:
    """The language of each student, by name, from a CSV file whose header is `student,lang`.

    Raises:
        UsageError: it can't be read, or isn't such a table; the line says where.
    """
    shown = defuse_line(str(file))
    try:
        data = file.read_bytes()
        if len(data) > _MOST_BYTES:
            raise UsageError(f"{shown}: larger than 20 MB: no table of students")
        lines = data.decode("utf-8-sig").splitlines()
    except OSError as error:
        raise UsageError(f"{shown}: can't be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{shown}: byte {error.start} is not UTF-8: save it as UTF-8") from None
    found: dict[str, str] = {}
    table = csv.reader(lines, strict=True)
    try:
        header = [cell.strip().lower() for cell in next(table, [])]
        if header != _HEADER:
            raise UsageError(f"{shown}: line 1 must be student,lang")
        for row in table:
            if row:
                _take(row, found, f"{shown}: line {table.line_num}")
    except csv.Error as error:
        raise UsageError(f"{shown}: line {table.line_num}: not CSV ({error})") from None
    return found


def _take(row: list[str], found: dict[str, str], where: str) -> None:
    if len(row) != len(_HEADER):
        raise UsageError(f"{where}: {len(row)} cells, must be 2: a student and a language")
    student, lang = row[0], row[1].strip().lower()
    if lang not in LANGUAGES:
        raise UsageError(
            f"{where}: no language {defuse_line(lang, max_chars=20)!r}: there is"
            f" {' and '.join(LANGUAGES)}"
        )
    if found.setdefault(student, lang) != lang:
        raise UsageError(f"{where}: {defuse_line(student)!r} has another language further up")


def names_of(
    results: Results, lang: str | None, wanted: Mapping[str, str]
) -> tuple[Names, list[str]]:
    """The languages of a report, and who of `wanted` isn't in it.

    Args:
        lang: the only language of the pages of everybody who isn't in `wanted`; None: all.
        wanted: what `read_preferences` read.
    """
    known = {row.student for row in brief(results.results)}
    languages = tuple(LANGUAGES) if lang is None else (lang,)
    preferred = {f"{STUDENTS}/{slug(name)}": lang for name, lang in wanted.items() if name in known}
    return Names(languages, preferred), [name for name in wanted if name not in known]


def unknown_line(unknown: Sequence[str]) -> str:
    """The warning about students who have a language and no page; one line."""
    first = ", ".join(repr(defuse_line(name, max_chars=60)) for name in unknown[:5])
    more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
    return f"--languages names students who aren't in the report: {first}{more}"
