"""Takes the cells of a notebook apart: statements, files that cells write, and what isn't Python.

Whatever is left out on the way has a note that names its cell.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.submissions.cells import TEXT, Cell
from grader.submissions.guard import Refused, parse_guarded
from grader.submissions.magics import FILE_MAGICS, Stripped, strip_magics, written_file
from grader.submissions.model import shown
from grader.submissions.no_notebook import bad
from grader.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_STATEMENTS = 20_000
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Statement:
    """A top-level statement; `lines` are those of its cell, in UTF-8."""

    node: ast.stmt
    cell: int
    lines: list[bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell that Python can't read, and why."""

    cell: Cell
    refused: Refused

    @property
    def problem(self) -> Text:
        """What is wrong, and where."""
        return in_cell(self.cell.number, self.refused)


@dataclass(frozen=True, slots=True)
class File:
    """A Python file that a cell writes: its module's name, and its text on the cell's own lines."""

    cell: int
    module: str
    text: str
    appends: bool


@dataclass(slots=True)
class Pieces:
    """What the cells hold."""

    statements: list[Statement] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)


def pieces_of(cells: Sequence[Cell]) -> Pieces:
    """The pieces of these cells; raises Unreadable when they are absurdly many."""
    pieces = Pieces()
    dropped: list[Text] = []
    for cell in cells:
        if cell.language == TEXT:
            continue
        if cell.language:
            language = shown(cell.language, 30)
            text = f"{cell.number} 个单元格整个（{language}）"
            dropped.append(Text(f"all of cell {cell.number} ({language})", f"第 {text}"))
            continue
        try:
            tree, stripped = _parsed(cell)
        except Refused as error:
            pieces.broken.append(Broken(cell, error))
            continue
        pieces.statements += statements_of(tree, cell.number, stripped.text)
        if len(pieces.statements) > MAX_STATEMENTS:
            raise bad("it has too many statements", "语句过多")
        file = _file(cell) if stripped.skipped in FILE_MAGICS else None
        if file is not None:
            pieces.files.append(file)
        elif stripped.skipped:
            magic = f"`%%{shown(stripped.skipped, 30)}`"
            zh = f"第 {cell.number} 个单元格整个（{magic}）"
            dropped.append(Text(f"all of cell {cell.number} ({magic})", zh))
        elif stripped.dropped:
            dropped.append(_lines(cell.number, stripped.dropped))
        pieces.notes += [_captured(cell.number, line) for line in stripped.captured]
    pieces.notes += _left_out(dropped)
    return pieces


def statements_of(tree: ast.Module, cell: int, text: str) -> list[Statement]:
    """The statements of a cell's tree."""
    lines = [line.encode("utf-8", "surrogatepass") for line in text.split("\n")]
    return [Statement(node, cell, lines) for node in tree.body]


def in_cell(cell: int, error: Refused) -> Text:
    """An error with its cell, and its line in it."""
    en, zh = f"cell {cell}", f"第 {cell} 个单元格"
    if error.line:
        en, zh = f"{en}, line {error.line}", f"{zh}第 {error.line} 行"
    return Text(f"{en}: {error.text.en}", f"{zh}：{error.text.zh}")


def _parsed(cell: Cell) -> tuple[ast.Module, Stripped]:
    try:
        return parse_guarded(cell.source), Stripped(cell.source)
    except Refused as refused:
        stripped = strip_magics(cell.source)
        if stripped.text == cell.source:
            raise
        original = refused
    try:
        return parse_guarded(stripped.text), stripped
    except Refused as error:
        raise error if error.line else original from None


def _file(cell: Cell) -> File | None:
    """The Python file that a `%%writefile` cell writes; None when it is another kind of file."""
    found = written_file(cell.source)
    if found is None:
        return None
    path, appends, text = found
    name = path.replace("\\", "/").rpartition("/")[2]
    stem, _, suffix = name.rpartition(".")
    return File(cell.number, stem, text, appends) if suffix == "py" and stem else None


def _captured(cell: int, line: int) -> Text:
    return Text(
        f"cell {cell}, line {line}: commands aren't run, the name is None here",
        f"第 {cell} 个单元格第 {line} 行：命令不会执行，这里的名字为 None",
    )


def _lines(cell: int, lines: Sequence[int]) -> Text:
    numbers = [str(line) for line in lines[:_SHOWN]]
    more = len(lines) > _SHOWN
    en = ", ".join(numbers) + (", …" if more else "")
    zh = "、".join(numbers) + ("……" if more else "")
    word = "line" if len(lines) == 1 else "lines"
    return Text(f"cell {cell}, {word} {en}", f"第 {cell} 个单元格第 {zh} 行")


def _left_out(dropped: Sequence[Text]) -> list[Text]:
    """One note for the whole notebook: nearly every one has some."""
    if not dropped:
        return []
    rest = len(dropped) - _SHOWN
    en = "; ".join(one.en for one in dropped[:_SHOWN])
    zh = "；".join(one.zh for one in dropped[:_SHOWN])
    en += f"; and {rest} more cells" if rest > 0 else ""
    zh += f"；以及另外 {rest} 个单元格" if rest > 0 else ""
    return [
        Text(
            f"what only a notebook can run (`%…`, `!…`, `…?`) was left out: {en}",
            f"只有 notebook 才能运行的内容（`%…`、`!…`、`…?`）已略去：{zh}",
        )
    ]
