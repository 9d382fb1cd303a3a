"""Sorts the cells of an nbgrader source assignment.

What a cell is stands in its metadata (`nbgrader`, schema versions 1 to 3; 0 is what the first
releases wrote, the same without a version). Markers are those of nbgrader's default configuration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grader.defuse import defuse_line
from grader.errors import UsageError
from grader.migration.lines import pairs, python_lines, without_markers
from grader.migration.values import Assignment, Block, Cell, Ledger, Manual, Test

SCHEMAS = (0, 1, 2, 3)
BEGIN_SOLUTION, END_SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"
_BEGIN_HIDDEN, _END_HIDDEN = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"
_BEGIN_MARKS, _END_MARKS = "BEGIN MARK SCHEME", "END MARK SCHEME"


@dataclass(frozen=True, slots=True)
class _Role:
    """A cell's metadata, checked; for a cell without any all is False."""

    name: str
    grade: bool
    solution: bool
    task: bool
    points: float


def looks_like(cells: list[Cell]) -> bool:
    """Whether any cell bears nbgrader's metadata or markers."""
    return any("nbgrader" in cell.metadata or BEGIN_SOLUTION in cell.source for cell in cells)


def read(cells: list[Cell], ledger: Ledger) -> Assignment:
    """The assignment in `cells`.

    Raises:
        UsageError: metadata of an unknown schema, or a marker without its partner.
    """
    found = Assignment("nbgrader")
    for cell in cells:
        role = _role(cell)
        if not cell.source.strip():
            ledger.went(cell.number, "(empty)")
        elif cell.kind == "code":
            _code(cell, role, found, ledger)
        else:
            _text(cell, role, found, ledger)
    return found


def _role(cell: Cell) -> _Role:
    meta = cell.metadata.get("nbgrader")
    if meta is None:
        return _Role(f"cell_{cell.number}", False, False, False, 0.0)
    version = meta.get("schema_version", 0) if isinstance(meta, dict) else None
    if type(version) is not int or version not in SCHEMAS:
        shown = defuse_line(repr(version), max_chars=30)
        raise UsageError(
            f"cell {cell.number}: nbgrader metadata of schema {shown} is unknown; schemas 1 to 3"
            " are read: open and save it with an nbgrader that writes one of them"
        )
    name = meta.get("grade_id")
    return _Role(
        name if isinstance(name, str) and name else f"cell_{cell.number}",
        meta.get("grade") is True,
        meta.get("solution") is True,
        meta.get("task") is True,
        _points(meta.get("points")),
    )


def _points(points: Any) -> float:
    """Points as nbgrader reads them: old releases wrote a text, or less than none."""
    try:
        value = float(points) if isinstance(points, int | float | str) else 0.0
    except (ValueError, OverflowError):
        return 0.0
    return value if 0 <= value < 1e9 else 0.0


def _code(cell: Cell, role: _Role, found: Assignment, ledger: Ledger) -> None:
    lines = python_lines(cell, ledger)
    if lines is None:
        return
    begins = [line.strip() == BEGIN_SOLUTION for line in lines]
    ends = [line.strip() == END_SOLUTION for line in lines]
    regions = pairs(cell, lines, begins, ends, "SOLUTION")
    hides = [_BEGIN_HIDDEN in line for line in lines]
    shows = [_END_HIDDEN in line for line in lines]
    hidden = pairs(cell, lines, hides, shows, "HIDDEN TESTS")
    markers = [a or b for a, b in zip(begins, ends, strict=True)]
    if any(hidden) or (role.grade and not role.solution):
        drop = [*map(any, zip(markers, hides, shows, strict=True))]
        unseen = [*map(any, zip(hidden, regions, strict=True))]
        _test(cell, role, lines, drop, unseen, found)
        if any(regions):
            ledger.lost(cell.number, "a solution region inside tests is read as a hidden part")
        return
    block = without_markers(cell.number, lines, regions, markers)
    if role.solution and not any(regions):
        block.all_solution()
        ledger.remark(cell.number, "no markers in it: students write all of it, names included")
    found.blocks.append(block)
    if role.solution and role.grade:
        found.manual.append(Manual(cell.number, role.name, role.points, "code that people grade"))
        ledger.lost(
            cell.number, f"{role.points:g} points given by people: no check stands for them"
        )


def _test(
    cell: Cell,
    role: _Role,
    lines: list[str],
    markers: list[bool],
    unseen: list[bool],
    found: Assignment,
) -> None:
    # Left empty, not out: what is said about a line names it as the notebook counts.
    whole = ["" if gone else line for line, gone in zip(lines, markers, strict=True)]
    visible = ["" if gone else line for line, gone in zip(lines, unseen, strict=True)]
    title = role.name.replace("_", " ").replace("-", " ").strip().capitalize()
    found.tests.append(
        Test(cell.number, role.name, title, role.points, "\n".join(whole), "\n".join(visible))
    )


def _text(cell: Cell, role: _Role, found: Assignment, ledger: Ledger) -> None:
    lines = cell.source.split("\n")
    begins = [_BEGIN_MARKS in line for line in lines]
    ends = [_END_MARKS in line for line in lines]
    scheme = pairs(cell, lines, begins, ends, "MARK SCHEME")
    solved = pairs(
        cell,
        lines,
        [line.strip() == BEGIN_SOLUTION for line in lines],
        [line.strip() == END_SOLUTION for line in lines],
        "SOLUTION",
    )
    if cell.kind == "raw":
        ledger.lost(cell.number, "a raw cell, which only nbconvert reads")
        return
    kept = [line for line, *gone in zip(lines, scheme, solved, strict=True) if not any(gone)]
    if role.task or any(scheme):
        what = "a task that people grade"
        found.manual.append(Manual(cell.number, role.name, role.points, what))
        ledger.lost(
            cell.number, f"{role.points:g} points given by people: no check stands for them"
        )
        if any(scheme):
            ledger.lost(cell.number, "its mark scheme, which is kept in MIGRATION.md only")
    elif role.solution or any(solved):
        found.manual.append(Manual(cell.number, role.name, role.points, "an answer in words"))
        ledger.lost(
            cell.number,
            f"an answer in words, {role.points:g} points given by people: no check stands for it",
        )
        if not any(solved):
            return
    found.statements.append((cell.number, "\n".join(kept)))


def has_solution(blocks: list[Block]) -> bool:
    """Whether students write any code."""
    return any(any(block.regions) for block in blocks)
