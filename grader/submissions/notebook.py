"""Reads a notebook and cuts out of it the module that an exercise needs.

The file is read directly, not through nbformat: all that matters is the source of its code cells,
which the four versions of the format keep under three names, and nbformat's validation refuses
notebooks that Jupyter and Colab open (a missing `metadata`) while building objects of everything
else that is in them.
"""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.submissions.guard import Refused, compile_guarded, parse_guarded
from grader.submissions.magics import strip_magics
from grader.submissions.model import Unreadable, shown
from grader.submissions.program import Program
from grader.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_NOTEBOOK_BYTES = 5 * 2**20
MAX_CELLS = 2_000
MAX_STATEMENTS = 20_000
MAX_CODE_CHARS = 400 * 2**10
"""All code cells together: what is parsed, so far less than the outputs may take."""
_SOURCE_KEYS = {4: "source", 3: "input", 2: "input", 1: "code"}
_MAX_NOTES = 8


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell: its place among all cells, from 1, and its source with `\\n` line ends."""

    number: int
    source: str


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


def read_cells(data: bytes) -> list[Cell]:
    """The code cells of a notebook in any format from 1 to 4; raises Unreadable."""
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _bad(
            f"byte {error.start} isn't UTF-8", f"第 {error.start} 个字节不是 UTF-8"
        ) from None
    except (RecursionError, MemoryError):
        raise _bad("its data is nested absurdly deep", "数据嵌套过深") from None
    except ValueError as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        if not data.strip():
            raise _bad("the file is empty", "文件是空的") from None
        raise _bad(f"it isn't valid JSON{where}", f"内容不是有效的 JSON{where}") from None
    cells = _raw_cells(notebook)
    language = _language(notebook)
    if not language.startswith(("python", "ipython", "xpython")):
        raise Unreadable(
            Text(
                f"the notebook's language is {shown(language, 30)}, not Python",
                f"这个 notebook 的语言是 {shown(language, 30)}，不是 Python",
            )
        )
    if len(cells) > MAX_CELLS:
        raise _bad(f"it has more than {MAX_CELLS} cells", f"单元格超过 {MAX_CELLS} 个")
    key = _SOURCE_KEYS[notebook.get("nbformat", 1)]
    found = []
    for number, cell in enumerate(cells, 1):
        if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
            raise _bad(f"cell {number} has no type", f"第 {number} 个单元格没有类型")
        if cell["cell_type"] == "code":
            found.append(Cell(number, _source(cell.get(key, ""), number)))
    if sum(len(cell.source) for cell in found) > MAX_CODE_CHARS:
        raise _bad("it has more than 400 KiB of code", "代码超过 400 KiB")
    return found


def _raw_cells(notebook: Any) -> list[Any]:
    """The cells of all kinds, checked only as far as they are used."""
    if not isinstance(notebook, dict):
        raise _bad("it has no cells", "其中没有单元格")
    version = notebook.get("nbformat", 1)
    if type(version) is not int or version not in _SOURCE_KEYS:
        plain = isinstance(version, int | float | str)
        what = shown(repr(version), 30) if plain else f"({type(version).__name__})"
        raise _bad(f"its format {what} is unknown", f"格式版本 {what} 未知")
    if version in (2, 3):
        sheets = notebook.get("worksheets")
        if not isinstance(sheets, list) or not all(isinstance(s, dict) for s in sheets):
            raise _bad("it has no worksheets", "其中没有 worksheets")
        lists = [sheet.get("cells", []) for sheet in sheets]
    else:
        lists = [notebook.get("cells")]
    if not all(isinstance(cells, list) for cells in lists):
        raise _bad("it has no list of cells", "其中没有单元格列表")
    return [cell for cells in lists for cell in cells]


def _language(notebook: dict[str, Any]) -> str:
    metadata = notebook.get("metadata")
    for part, key in (("language_info", "name"), ("kernelspec", "language")):
        info = metadata.get(part) if isinstance(metadata, dict) else None
        name = info.get(key) if isinstance(info, dict) else None
        if isinstance(name, str) and name:
            return name.lower()
    return "python"


def _source(source: Any, number: int) -> str:
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise _bad(f"cell {number} has no text", f"第 {number} 个单元格没有文本")
    return source.replace("\r\n", "\n").replace("\r", "\n")


def _bad(en: str, zh: str) -> Unreadable:
    return Unreadable(
        Text(
            f"not a readable notebook, {en}: open it in Jupyter, save it and hand it in again",
            f"无法作为 notebook 读取，{zh}：请在 Jupyter 中打开、保存后重新提交",
        )
    )


@dataclass(frozen=True, slots=True)
class _Statement:
    node: ast.stmt
    cell: int
    lines: list[bytes]


def slice_module(cells: Sequence[Cell], symbols: Sequence[str]) -> Sliced:
    """The statements that `symbols` rest on, in the notebook's order, as a module.

    What only plots, trains or prints isn't among them. A cell that Python can't read is left out
    with a note, unless it seems to define a symbol that no other cell does. A symbol that is
    defined nowhere is absent. Raises Unreadable.
    """
    statements: list[_Statement] = []
    notes: list[Text] = []
    broken: list[tuple[Cell, Refused]] = []
    for cell in cells:
        try:
            tree, text = _parse_cell(cell, notes)
        except Refused as error:
            broken.append((cell, error))
            continue
        lines = [line.encode("utf-8", "surrogatepass") for line in text.split("\n")]
        statements += [_Statement(node, cell.number, lines) for node in tree.body]
        if len(statements) > MAX_STATEMENTS:
            raise _bad("it has too many statements", "语句过多")
    program = Program([statement.node for statement in statements])
    absent = [name for name in symbols if not program.reaching(name, program.end)]
    for cell, refused in broken:
        problem = _in_cell(cell.number, refused)
        if any(_seems_to_define(cell.source, name) for name in absent):
            raise Unreadable(problem)
        notes.append(Text(f"{problem.en} (left out)", f"{problem.zh}（已跳过该单元格）"))
    kept = program.closure(symbols) | {
        n for n, statement in enumerate(statements) if _is_future(statement.node)
    }
    source, cell_map = _emit([statements[number] for number in sorted(kept)])
    _check(source, cell_map)
    if symbols and len(absent) == len(symbols) and not program.stars:
        names = "`, `".join(symbols)
        notes.append(Text(f"no code cell defines `{names}`", f"没有代码单元格定义 `{names}`"))
    return Sliced(source, tuple(cell_map), tuple(notes[:_MAX_NOTES]))


def _seems_to_define(source: str, name: str) -> bool:
    # Within a line: \s goes over line ends, and a cell of empty lines then takes hours.
    gap = r"[ \t]"
    start = rf"^{gap}*(?:(?:async{gap}+)?def{gap}+|class{gap}+)?"
    pattern = rf"{start}{re.escape(name)}{gap}*(?:[(=:]|$)"
    return re.search(pattern, source, re.MULTILINE) is not None


def _parse_cell(cell: Cell, notes: list[Text]) -> tuple[ast.Module, str]:
    try:
        return parse_guarded(cell.source), cell.source
    except Refused as refused:
        stripped = strip_magics(cell.source)
        if stripped.text == cell.source:
            raise
        original = refused
    try:
        tree = parse_guarded(stripped.text)
    except Refused as error:
        raise error if error.line else original from None
    if stripped.skipped in ("writefile", "file"):
        notes.append(
            Text(
                f"cell {cell.number} only writes a file (`%%{stripped.skipped}`): what is in it "
                "doesn't count as part of the notebook",
                f"第 {cell.number} 个单元格只是写文件（`%%{stripped.skipped}`）："
                "其内容不算作 notebook 的一部分",
            )
        )
    for line in stripped.captured:
        notes.append(
            Text(
                f"cell {cell.number}, line {line}: commands aren't run, the name is None here",
                f"第 {cell.number} 个单元格第 {line} 行：命令不会执行，这里的名字为 None",
            )
        )
    return tree, stripped.text


def _emit(statements: list[_Statement]) -> tuple[bytes, list[tuple[int, int]]]:
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


def _start(statement: _Statement) -> int:
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
        raise _bad("a cell has half a character", "有单元格含不完整的字符") from None
    except Refused as error:
        if not error.line or error.line > len(cell_map):
            raise Unreadable(error.text) from None
        cell, line = cell_map[error.line - 1]
        raise Unreadable(_in_cell(cell, Refused(line, error.text))) from None


def _in_cell(cell: int, error: Refused) -> Text:
    en, zh = f"cell {cell}", f"第 {cell} 个单元格"
    if error.line:
        en, zh = f"{en}, line {error.line}", f"{zh}第 {error.line} 行"
    return Text(f"{en}: {error.text.en}", f"{zh}：{error.text.zh}")
