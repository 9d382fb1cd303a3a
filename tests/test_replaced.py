"""Results of a part of a class that take the place of the whole class's: staff are told."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from grader import replaced
from grader.replaced import earlier
from grader.results import Row, to_json

from .report.sample import sample


def left_out(file: Path, now: set[tuple[str, str]]) -> tuple[str, ...]:
    """What is told of the file that is there."""
    return replaced.left_out(file, earlier(file).rows, now)


def names(rows: Iterable[Row]) -> set[tuple[str, str]]:
    """Whose they are."""
    return {(row.student, row.exercise) for row in rows}


def test_told_what_is_gone(tmp_path: Path) -> None:
    """Of rows that aren't there any more; of changed and of new ones nothing is said."""
    file = tmp_path / "results.json"
    results = sample()
    rows = results.results
    file.write_text(to_json(results), "utf-8")
    assert left_out(file, names(rows)) == ()
    assert left_out(file, {*names(rows), ("new", "huber")}) == ()
    one = [row for row in rows if row.student == rows[0].student]
    (line,) = left_out(file, names(one))
    gone = [row for row in rows if row.student != rows[0].student]
    assert line.startswith(f"{file} held {len(gone)} rows of ")
    assert line.endswith("or a part into another one with --out")
    assert "\n" not in line
    (line,) = left_out(file, names(rows[1:]))
    assert f"held 1 row of {rows[0].student!r} that" in line


def test_names_are_text_and_few(tmp_path: Path) -> None:
    """Hostile names do nothing to the terminal, and a large class makes one short line."""
    file = tmp_path / "results.json"
    base = sample()
    rows = tuple(
        Row(f"\x1b[31m{'x' * 500}{n}", base.exercises[0].id, "missing", 0.0, 1.0) for n in range(9)
    )
    file.write_text(to_json(dataclasses.replace(base, results=rows)), "utf-8")
    (line,) = left_out(file, set())
    assert "\x1b" not in line
    assert "and 6 more" in line
    assert len(line) < 600 + len(str(file))


def test_nothing_there(tmp_path: Path) -> None:
    """No file, or none that can be read, holds nothing that could be missed."""
    file = tmp_path / "results.json"
    assert left_out(file, set()) == ()
    file.write_text("{", "utf-8")
    assert left_out(file, set()) == ()


def test_a_large_file_is_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows on the border of two pieces are met once; a file of another layout is read, too."""
    file, results = tmp_path / "results.json", sample()
    text = to_json(results)
    file.write_text(text, "utf-8")
    whole = left_out(file, set())
    monkeypatch.setattr(replaced, "_OVERLAP", 2_000)
    for size in (997, 1_500, 4_096):
        monkeypatch.setattr(replaced, "_PIECE", size)
        assert left_out(file, set()) == whole
    file.write_text(json.dumps(json.loads(text)), "utf-8")
    assert left_out(file, set()) == whole


@pytest.mark.parametrize("size", [1, 5, 20, 33, 1000])
def test_changes_on_the_border_of_two_pieces_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """Wherever its pieces end: each once, also in another grader's file."""
    monkeypatch.setattr(replaced, "_PIECE", size)
    path = tmp_path / "results.json"
    for before in range(40):
        path.write_text("x" * before + '"adjustment": {"' * 7 + '"adjustment": ')
        assert earlier(path) == replaced.Earlier((), 7)
    assert earlier(tmp_path / "nothing") == replaced.Earlier()


def test_changes_count_where_a_row_is_amiss(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also those behind it."""
    monkeypatch.setattr(replaced, "_PIECE", 100)
    path = tmp_path / "results.json"
    row = '\n   "student": "\\ud800",\n   "exercise": "huber",\n'
    path.write_text(row + '"adjustment": {' + "x" * 500 + '"adjustment": {')
    assert earlier(path) == replaced.Earlier((), 2)
