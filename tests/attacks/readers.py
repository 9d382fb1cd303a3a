"""What the readers of a report get: its pages, its table, and the texts as a terminal shows them.

A submission's words and its owner's name must not act on any of them.
"""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import structs

from grader.report import write_report
from grader.results import CheckSpec, ExerciseSpec, Results, Row, Run, from_json, to_json

# Control characters that a terminal obeys, and marks that turn the direction of a text around.
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_FORMULA = ("=", "+", "-", "@")


def deceived(row: Row, exercise: ExerciseSpec) -> list[str]:
    """What of a row got through to a reader of the real report."""
    run = Run("2024-01-01T00:00:00Z", 1.0, 1, 1, "cpu", "strict", {})
    results = from_json(to_json(Results(run, (exercise,), (row,))))
    words = structs.asdict(row)
    del words["student"]  # as the folder is called; shown by the pages and the table below
    found = _obeyed("row", " ".join(_texts(words)))
    with tempfile.TemporaryDirectory(prefix="report-") as folder:
        out = Path(folder, "out")
        write_report(results, out)
        for page in sorted(path for path in Path(folder).rglob("*") if path.is_file()):
            if not page.is_relative_to(out):
                found.append(f"{page}: written outside the report")
            text = page.read_text("utf-8-sig")
            found += _in_table(text) if page.suffix == ".csv" else _in_page(text)
    return found


def deceived_naively(student: str, points: object, words: str) -> list[str]:
    """The same of a report as people write one first."""
    page = f"<h1>{student}</h1><p>{points}</p><pre>{words}</pre>"
    return _obeyed("words", words) + _in_page(page) + _in_table(f"{student},{points}\n")


def _obeyed(where: str, text: str) -> list[str]:
    return [f"{where}: {found!r}" for found in sorted(set(_OBEYED.findall(text)))]


def _in_page(text: str) -> list[str]:
    # Attacks put the name in that they give to files.
    return [*re.findall(r"<\w+ id=attack-[0-9a-f]{12}", text), *_obeyed("page", text)]


def _in_table(text: str) -> list[str]:
    cells = [cell for line in csv.reader(text.splitlines()) for cell in line]
    return [f"formula: {cell}" for cell in cells if cell.startswith(_FORMULA)]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(key)
            yield from _texts(item)
    elif isinstance(value, Sequence):
        for item in value:
            yield from _texts(item)


def described(exercise: str, specs: Sequence[CheckSpec], title: Any) -> ExerciseSpec:
    """An exercise as the report needs it."""
    return ExerciseSpec(exercise, title, sum(s.max_points for s in specs), tuple(specs))
