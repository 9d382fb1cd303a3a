"""Goes through the lines of a cell: magics out, markers into regions, each error with its place."""

from __future__ import annotations

from collections.abc import Sequence

from grader.errors import UsageError
from grader.migration.values import Block, Cell, Ledger
from grader.submissions.magics import strip_magics


def python_lines(cell: Cell, ledger: Ledger) -> list[str] | None:
    """The cell's lines as Python, as many as it has; None for a cell in another language.

    What only IPython understands becomes a comment, and the ledger says so.
    """
    stripped = strip_magics(cell.source)
    if stripped.skipped:
        ledger.lost(cell.number, f"a cell for %%{stripped.skipped}: no shell or kernel here")
        return None
    lines = []
    for old, new in zip(cell.source.split("\n"), stripped.text.split("\n"), strict=True):
        if old == new:
            lines.append(new)
            continue
        ledger.remark(cell.number, f"left out as a comment: {old.strip()}")
        code = "" if new.strip() == "pass" and not new[:1].isspace() else f"{new.rstrip()}  "
        lines.append(f"{code if code.strip() else ''}# left out: {old.strip()}")
    return lines


def pairs(
    cell: Cell, lines: Sequence[str], begins: Sequence[bool], ends: Sequence[bool], what: str
) -> list[int]:
    """For each line the number of the region it is in, its markers included; 0 outside.

    Raises:
        UsageError: a marker without its partner, with cell and line.
    """
    regions: list[int] = []
    opened = count = 0
    for number, _ in enumerate(lines, 1):
        if begins[number - 1]:
            if opened:
                raise _unbalanced(cell, number, f"BEGIN {what} inside the one of line {opened}")
            opened, count = number, count + 1
        regions.append(count if opened else 0)
        if ends[number - 1]:
            if not opened:
                raise _unbalanced(cell, number, f"END {what} without a BEGIN {what}")
            opened = 0
    if opened:
        raise _unbalanced(cell, opened, f"BEGIN {what} without an END {what}")
    return regions


def without_markers(
    cell: int, lines: Sequence[str], regions: Sequence[int], markers: Sequence[bool]
) -> Block:
    """The block that remains when the marker lines are taken out."""
    kept = [n for n in range(len(lines)) if not markers[n]]
    indents: dict[int, str] = {}
    for line, region in zip(lines, regions, strict=True):
        if region and line.strip():
            indents.setdefault(region, line[: len(line) - len(line.lstrip())])
    # A region that held nothing still has its place in the stub.
    empty = set(indents) - {regions[n] for n in kept}
    out, numbers = [], []
    for n, line in enumerate(lines):
        if not markers[n]:
            out.append(line)
            numbers.append(regions[n])
        elif regions[n] in empty:
            empty.discard(regions[n])
            out.append(f"{indents[regions[n]]}pass")
            numbers.append(regions[n])
    return Block(cell, out, numbers, indents)


def _unbalanced(cell: Cell, line: int, what: str) -> UsageError:
    return UsageError(f"cell {cell.number}, line {line}: {what}; mend it in the notebook")
