"""Sorts the cells of an otter source notebook (format v1 and later).

Raw cells, or Markdown cells fenced with ```otter, open and close blocks: questions, and in them
prompts, solutions and tests. Markdown and code between them are what they say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from grader.errors import UsageError
from grader.migration.lines import python_lines
from grader.migration.otter_config import config, number, plain, shares
from grader.migration.otter_lines import block_of, is_marked, without_ignored
from grader.migration.values import Assignment, Block, Cell, Ledger, Manual, Test

_ASSIGNMENT = re.compile(r"#\s+assignment\s+config\s*$", re.IGNORECASE)
_BOUNDARY = re.compile(r"#\s+(begin|end)\s+(question|prompt|solution|tests)\s*$", re.IGNORECASE)
_IGNORE = re.compile(r"(?:##\s*ignore\s*##|#\s*ignore)\s*$", re.IGNORECASE)
_BEGIN_CONFIG = re.compile(r'(?:.\s*=\s*)?"{1,3}\s*#\s*BEGIN\s*TEST\s*CONFIG', re.IGNORECASE)
_END_CONFIG = re.compile(r'"{1,3};?\s*#\s*END\s*TEST\s*CONFIG', re.IGNORECASE)
_HIDDEN = re.compile(r"\bhidden\b", re.IGNORECASE)
_CARRIED = ("name", "points", "manual", "check_cell", "export")
_V0 = ("BEGIN QUESTION", "BEGIN ASSIGNMENT")


@dataclass(slots=True)
class _Question:
    """The question that is open: its configuration, and its tests so far."""

    cell: int
    config: dict[str, Any]
    tests: list[tuple[Test, float | None]] = field(default_factory=list)
    cells: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        return plain(self.config.get("name")) or f"question_{self.cell}"


def looks_like(cells: list[Cell]) -> bool:
    """Whether any cell opens one of otter's blocks."""
    return any(
        part.kind == "raw" and (_ASSIGNMENT.match(_first(part)) or _BOUNDARY.match(_first(part)))
        for cell in cells
        for part in _unfenced(cell)
    )


def read(cells: list[Cell], ledger: Ledger) -> Assignment:
    """The assignment in `cells`.

    Raises:
        UsageError: blocks that aren't closed or nested wrongly, a configuration that can't be
            read, or the format before v1.
    """
    reader = _Reader(ledger)
    for cell in cells:
        for part in _unfenced(cell):
            reader.take(part)
    reader.finish()
    return reader.found


class _Reader:
    def __init__(self, ledger: Ledger) -> None:
        self.found = Assignment("otter")
        self._ledger = ledger
        self._open: list[tuple[str, int]] = []
        self._question: _Question | None = None

    def take(self, cell: Cell) -> None:
        """Sorts one cell, or one part of a fenced one."""
        first = _first(cell)
        if not cell.source.strip():
            self._ledger.went(cell.number, "(empty)")
        elif _IGNORE.match(first):
            self._ledger.went(cell.number, "(ignored, as by otter)")
        elif cell.kind == "raw" and _ASSIGNMENT.match(first):
            self._assignment(cell)
        elif cell.kind == "raw" and (match := _BOUNDARY.match(first)):
            begin, block = match[1].lower() == "begin", match[2].lower()
            (self._begin if begin else self._end)(cell, block)
        elif cell.kind == "raw":
            self._ledger.lost(cell.number, "a raw cell, which only nbconvert reads")
        elif self._inside("tests"):
            self._test(cell)
        elif cell.kind == "markdown":
            self._markdown(cell)
        else:
            self._code(cell)

    def finish(self) -> None:
        """Raises UsageError for a block that is still open."""
        if self._open:
            block, cell = self._open[-1]
            raise _bad(cell, f"BEGIN {block.upper()} without an END {block.upper()}")

    def _inside(self, block: str) -> bool:
        return bool(self._open) and self._open[-1][0] == block

    def _assignment(self, cell: Cell) -> None:
        read = config(cell.source, cell.number)
        self._ledger.went(cell.number, "(structure)")
        kept = {"name", "init_cell", "check_all_cell", "export_cell", "tests", "solutions_pdf"}
        for key in sorted(read.keys() - kept):
            self._ledger.lost(cell.number, f"its `{key[:60]}`: set it up by hand if it matters")

    def _begin(self, cell: Cell, block: str) -> None:
        depth = len(self._open)
        if block == "question" and depth:
            raise _bad(cell.number, f"BEGIN QUESTION inside the {self._open[-1][0]} before it")
        if block != "question" and depth != 1:
            where = f"inside a {self._open[-1][0]}" if depth else "outside a question"
            raise _bad(cell.number, f"BEGIN {block.upper()} {where}")
        self._open.append((block, cell.number))
        self._ledger.went(cell.number, "(structure)")
        if block == "question":
            read = config(cell.source, cell.number)
            self._question = _Question(cell.number, read)
            for key in sorted(read.keys() - set(_CARRIED)):
                self._ledger.lost(cell.number, f"its `{key[:60]}` has no counterpart")

    def _end(self, cell: Cell, block: str) -> None:
        if not self._inside(block):
            open_now = f"while {self._open[-1][0]} is open" if self._open else "without its BEGIN"
            raise _bad(cell.number, f"END {block.upper()} {open_now}")
        self._open.pop()
        self._ledger.went(cell.number, "(structure)")
        if block == "question" and self._question is not None:
            self._close(self._question)
            self._question = None

    def _close(self, question: _Question) -> None:
        tests = question.tests
        if tests:
            points = shares(question.config.get("points"), [p for _, p in tests], question.cell)
            self.found.tests += [
                replace(test, points=share) for (test, _), share in zip(tests, points, strict=True)
            ]
        if question.config.get("manual") is True:
            points_of = number(question.config.get("points")) or 0.0
            what = f"{points_of:g} points that people give: no check for them"
            self._ledger.lost(question.cell, what)
            self.found.manual.append(
                Manual(question.cell, question.name, points_of, "a question that people grade")
            )

    def _test(self, cell: Cell) -> None:
        if cell.kind != "code":
            raise _bad(cell.number, "only code cells can stand between BEGIN TESTS and END TESTS")
        lines = python_lines(cell, self._ledger)
        question = self._question
        if lines is None or question is None:
            return
        hidden = lines[0].lstrip().startswith("#") and bool(_HIDDEN.search(lines[0]))
        meta: dict[str, Any] = {}
        if _BEGIN_CONFIG.match(lines[0]):
            end = next((n for n, line in enumerate(lines) if _END_CONFIG.search(line)), None)
            if end is None:
                raise _bad(cell.number, "BEGIN TEST CONFIG without an END TEST CONFIG")
            meta = config("\n".join(lines[1:end]), cell.number)
            lines = [""] * (end + 1) + lines[end + 1 :]
            hidden = meta.get("hidden", hidden) is True
        if meta.get("success_message"):
            self._ledger.lost(cell.number, "its success_message: a passed check says nothing here")
        count = len(question.tests) + 1
        source = "\n".join(without_ignored(lines))
        failure = meta.get("failure_message")
        test = Test(
            cell.number,
            f"{question.name}_{count}",
            f"Question {question.name}, test {count}",
            0.0,
            source,
            "" if hidden else source,
            cell.output,
            plain(failure),
        )
        question.tests.append((test, number(meta.get("points"))))

    def _markdown(self, cell: Cell) -> None:
        if any(line.strip() in _V0 for line in cell.source.split("\n")):
            raise UsageError(
                f"cell {cell.number}: otter's format before v1; convert it with"
                " python -m otter.assign.v0.convert, then migrate the result"
            )
        if self._inside("solution"):
            self._ledger.lost(cell.number, "a model answer in words: no check stands for it")
            return
        self.found.statements.append((cell.number, cell.source))

    def _code(self, cell: Cell) -> None:
        lines = python_lines(cell, self._ledger)
        if lines is None:
            return
        block: Block = block_of(cell, lines, self._ledger)
        if self._inside("solution") and not is_marked(cell):
            block.all_solution()
            self._ledger.remark(
                cell.number, "no markers in it: students write all of it, though otter showed it"
            )
        self.found.blocks.append(block)


def _first(cell: Cell) -> str:
    return cell.source.partition("\n")[0]


def _unfenced(cell: Cell) -> Iterator[Cell]:
    """The parts of a Markdown cell with ```otter fences, each a cell of its own; others whole."""
    lines = cell.source.split("\n")
    if cell.kind != "markdown" or all(line.strip() != "```otter" for line in lines):
        yield cell
        return
    part: list[str] = []
    opened = 0
    for at, line in enumerate(lines, 1):
        if not opened and line.strip() == "```otter":
            opened = at
        elif not (opened and line.strip() == "```"):
            part.append(line)
            continue
        else:
            opened = 0
        if any(text.strip() for text in part):
            yield replace(cell, kind="markdown" if opened else "raw", source="\n".join(part))
        part = []
    if opened:
        raise UsageError(f"cell {cell.number}, line {opened}: an ```otter fence that isn't closed")
    if any(text.strip() for text in part):
        yield replace(cell, source="\n".join(part))


def _bad(cell: int, what: str) -> UsageError:
    return UsageError(f"cell {cell}, line 1: {what}; mend it in the notebook")
