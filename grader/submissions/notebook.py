"""Cuts out of a notebook's cells the module that an exercise needs."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.submissions.cells import Cell, bad
from grader.submissions.guard import Refused, compile_guarded, parse_guarded
from grader.submissions.model import Unreadable, shown
from grader.submissions.names import facts_of
from grader.submissions.pieces import File, Pieces, Statement, in_cell, pieces_of, statements_of
from grader.submissions.program import Program
from grader.text import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

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
        notes += _keep_tagged(pieces, tagged, symbols, exercise)
    program = _program(pieces)
    absent = _absent(program, symbols)
    if pieces.files:
        notes += _with_file(pieces, symbols, exercise)
        program = _program(pieces)
        absent = _absent(program, symbols)
    for one in pieces.broken:
        if any(_seems_to_define(one.cell.source, name) for name in absent):
            raise Unreadable(one.problem)
        notes.append(Text(f"{one.problem.en} (left out)", f"{one.problem.zh}（已跳过该单元格）"))
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


def _program(pieces: Pieces) -> Program:
    return Program([statement.node for statement in pieces.statements])


def _absent(program: Program, symbols: Iterable[str]) -> list[str]:
    return [name for name in symbols if not program.reaching(name, program.end)]


def _seems_to_define(source: str, name: str) -> bool:
    # Within a line: \s goes over line ends, and a cell of empty lines then takes hours.
    gap = r"[ \t]"
    start = rf"^{gap}*(?:(?:async{gap}+)?def{gap}+|class{gap}+)?"
    pattern = rf"{start}{re.escape(name)}{gap}*(?:[(=:]|$)"
    return re.search(pattern, source, re.MULTILINE) is not None


# -- which cells count -----------------------------------------------------------------------------


def _keep_tagged(
    pieces: Pieces, tagged: Collection[int], symbols: Sequence[str], exercise: str
) -> list[Text]:
    """Takes out what other cells make of the symbols that tagged ones define; raises Unreadable."""
    bound = [facts_of(one.node).scope.bound & set(symbols) for one in pieces.statements]
    theirs = {
        name
        for one, names in zip(pieces.statements, bound, strict=True)
        for name in names
        if one.cell in tagged
    }
    for one in pieces.broken:
        missing = [name for name in symbols if name not in theirs]
        if one.cell.number in tagged and any(_seems_to_define(one.cell.source, n) for n in missing):
            raise Unreadable(one.problem)
    others = sorted({name for names in bound for name in names} - theirs)
    pieces.statements = [
        one
        for one, names in zip(pieces.statements, bound, strict=True)
        if one.cell in tagged or not names & theirs
    ]
    if not others:
        return []
    names = "`, `".join(others)
    return [
        Text(
            f"the cells tagged `{exercise}` don't define `{names}`: other cells' was taken",
            f"带有标签 `{exercise}` 的单元格没有定义 `{names}`：采用了其他单元格中的定义",
        )
    ]


def _with_file(pieces: Pieces, symbols: Sequence[str], exercise: str) -> list[Text]:
    """Puts in the file that defines what no cell does, if one was written; raises Unreadable."""
    files: dict[str, list[File]] = defaultdict(list)
    for file in pieces.files:
        if not file.appends:
            files[file.module].clear()
        files[file.module].append(file)
    # An import from such a file defines nothing: what it imports is in the notebook.
    own = [one.node for one in pieces.statements if not _imports_any(one.node, files)]
    absent = _absent(Program(own), symbols)
    defining = {
        module: parts
        for module, parts in files.items()
        if any(_seems_to_define(part.text, name) for part in parts for name in absent)
    }
    if exercise in defining:
        defining = {exercise: defining[exercise]}
    if len(defining) != 1:
        return [_only_written(file) for file in pieces.files]
    ((module, parts),) = defining.items()
    pieces.statements = [one for one in pieces.statements if not _imports_any(one.node, {module})]
    for part in parts:
        try:
            tree = parse_guarded(part.text)
        except Refused as error:
            raise Unreadable(in_cell(part.cell, error)) from None
        pieces.statements += statements_of(tree, part.cell, part.text)
    pieces.statements.sort(key=lambda one: one.cell)
    name = shown(f"{module}.py", 60)
    cells = ", ".join(str(part.cell) for part in parts[:5])
    rest = [_only_written(file) for file in pieces.files if file.module != module]
    return [
        Text(
            f"`{name}`, which cell {cells} writes, was taken as part of the notebook",
            f"第 {cells} 个单元格写入的 `{name}` 已作为 notebook 的一部分",
        ),
        *rest,
    ]


def _only_written(file: File) -> Text:
    name = shown(f"{file.module}.py", 60)
    return Text(
        f"cell {file.cell} only writes a file (`{name}`): what is in it doesn't count as part of "
        "the notebook",
        f"第 {file.cell} 个单元格只是写文件（`{name}`）：其内容不算作 notebook 的一部分",
    )


def _imports_any(node: ast.stmt, modules: Collection[str]) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module in modules
    return isinstance(node, ast.Import) and any(one.name in modules for one in node.names)


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


# -- the module ------------------------------------------------------------------------------------


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
