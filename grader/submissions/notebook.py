"""Cuts out of a notebook's cells the module that an exercise needs."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.submissions.cells import TEXT, Cell
from grader.submissions.guard import Refused, compile_guarded
from grader.submissions.model import Unreadable, shown
from grader.submissions.no_notebook import bad
from grader.submissions.pieces import Pieces, Statement, in_cell, pieces_of
from grader.submissions.program import Program
from grader.submissions.which_cells import absent_in, keep_tagged, seems_to_define, with_file
from grader.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

_MAX_NOTES = 8
_MAX_EARLY = 2


@dataclass(frozen=True, slots=True)
class Sliced:
    """The module cut out of a notebook.

    Attributes:
        source: UTF-8, each cell's part under a comment that names the cell.
        cell_map: (cell, line in the cell) of each line of `source`.
    """

    source: bytes
    cell_map: tuple[tuple[int, int], ...]
    notes: tuple[Text, ...]


def slice_module(cells: Sequence[Cell], symbols: Sequence[str], exercise: str = "") -> Sliced:
    """The statements that `symbols` rest on, in the notebook's order, as a module.

    What only plots, trains or prints isn't among them. Where cells are tagged with the exercise's
    id, a symbol that they define is theirs, whatever other cells make of it. A cell that Python
    can't read is left out with a note, unless it seems to define a symbol that no other cell does.
    A symbol that is defined nowhere is absent. Raises Unreadable.
    """
    pieces = pieces_of(cells)
    tagged = {cell.number for cell in cells if exercise and exercise.lower() in cell.tags}
    notes: list[Text] = []
    if tagged:
        notes += keep_tagged(pieces, tagged, symbols, exercise)
    program = Program([one.node for one in pieces.statements])
    absent = absent_in(program, symbols)
    if pieces.files:
        notes += with_file(pieces, symbols, exercise)
        program = Program([one.node for one in pieces.statements])
        absent = absent_in(program, symbols)
    for one in pieces.broken:
        if any(seems_to_define(one.cell.source, name) for name in absent):
            raise Unreadable(one.problem)
        notes.append(Text(f"{one.problem.en} (left out)", f"{one.problem.zh}（已跳过该单元格）"))
    notes += [
        _is_text(cell.number, name)
        for cell in cells
        if cell.language == TEXT
        for name in absent
        if seems_to_define(cell.source, name)
    ]
    kept = program.closure(symbols)
    notes += [_early(pieces, *found) for found in program.early(kept, _MAX_EARLY)]
    futures = {n for n, one in enumerate(pieces.statements) if _is_future(one.node)}
    source, cell_map = _emit([pieces.statements[number] for number in sorted(kept | futures)])
    _check(source, cell_map)
    notes += pieces.notes
    if symbols and len(absent) == len(symbols) and not program.stars:
        names = "`, `".join(symbols)
        notes.insert(0, Text(f"no code cell defines `{names}`", f"没有代码单元格定义 `{names}`"))
    return Sliced(source, tuple(cell_map), tuple(notes[:_MAX_NOTES]))


def _is_text(cell: int, name: str) -> Text:
    return Text(
        f"cell {cell} defines `{name}`, but it is a text cell (Markdown): make it a code cell",
        f"第 {cell} 个单元格定义了 `{name}`，但它是文本单元格（Markdown）：请改为代码单元格",
    )


def _early(pieces: Pieces, user: int, name: str, binder: int) -> Text:
    used, made = pieces.statements[user], pieces.statements[binder]
    name = shown(name, 60)
    line = used.node.lineno
    return Text(
        f"cell {used.cell}, line {line} uses `{name}`, which only cell {made.cell} below defines: "
        "move it up and try `Restart Kernel and Run All Cells`",
        f"第 {used.cell} 个单元格第 {line} 行用到了 `{name}`，而它在后面的第 {made.cell} 个单元格才"
        "定义：请把它移到前面，并试试“重启内核并运行所有单元格”",
    )


def _emit(statements: list[Statement]) -> tuple[bytes, list[tuple[int, int]]]:
    """The statements' own lines, cut at their columns (`a = 1; plot()` keeps only its first half).

    `from __future__` goes first, as Python demands.
    """
    out: list[bytes] = []
    cell_map: list[tuple[int, int]] = []
    current = 0
    for statement in sorted(statements, key=lambda item: not _is_future(item.node)):
        first, last = _start(statement), statement.node.end_lineno or statement.node.lineno
        if statement.cell != current:
            current = statement.cell
            out.append(b"# cell %d" % current)
            cell_map.append((current, first))
        for number in range(first, last + 1):
            line = statement.lines[number - 1]
            if number == last:
                line = line[: statement.node.end_col_offset]
            if number == first == statement.node.lineno:
                line = line[statement.node.col_offset :]
            out.append(line)
            cell_map.append((current, number))
    return b"\n".join(out) + (b"\n" if out else b""), cell_map


def _start(statement: Statement) -> int:
    """A statement's first line, decorators and the backslashes before them included."""
    decorators = getattr(statement.node, "decorator_list", [])
    first: int = min([statement.node.lineno, *(node.lineno for node in decorators)])
    while first > 1 and decorators and statement.lines[first - 2].endswith(b"\\"):
        first -= 1
    return first


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__" and not node.level


def _check(source: bytes, cell_map: list[tuple[int, int]]) -> None:
    try:
        compile_guarded(source.decode("utf-8"))
    except UnicodeDecodeError:
        raise bad("a cell has half a character", "有单元格含不完整的字符") from None
    except Refused as error:
        if not error.line or error.line > len(cell_map):
            raise Unreadable(error.text) from None
        cell, line = cell_map[error.line - 1]
        raise Unreadable(in_cell(cell, Refused(line, error.text))) from None
