"""Which cells of a notebook count for an exercise, where tags or `%%writefile` say so."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from grader.submissions.guard import Refused, parse_guarded
from grader.submissions.model import Unreadable, shown
from grader.submissions.names import facts_of
from grader.submissions.pieces import File, Pieces, in_cell, statements_of
from grader.submissions.program import Program
from grader.text import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence


def absent_in(program: Program, symbols: Iterable[str]) -> list[str]:
    """The symbols that nothing in the program defines."""
    return [name for name in symbols if not program.reaching(name, program.end)]


def seems_to_define(source: str, name: str) -> bool:
    """Whether a line of a text looks like a definition of a name, readable or not."""
    # Within a line: \s goes over line ends, and a cell of empty lines then takes hours.
    gap = r"[ \t]"
    start = rf"^{gap}*(?:(?:async{gap}+)?def{gap}+|class{gap}+)?"
    pattern = rf"{start}{re.escape(name)}{gap}*(?:[(=:]|$)"
    return re.search(pattern, source, re.MULTILINE) is not None


def keep_tagged(
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
        if one.cell.number in tagged and any(seems_to_define(one.cell.source, n) for n in missing):
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


def with_file(pieces: Pieces, symbols: Sequence[str], exercise: str) -> list[Text]:
    """Puts in the file that defines what no cell does, if one was written; raises Unreadable."""
    files: dict[str, list[File]] = defaultdict(list)
    for file in pieces.files:
        if not file.appends:
            files[file.module].clear()
        files[file.module].append(file)
    # An import from such a file defines nothing: what it imports is in the notebook.
    own = [one.node for one in pieces.statements if not _imports_any(one.node, files)]
    absent = absent_in(Program(own), symbols)
    defining = {
        module: parts
        for module, parts in files.items()
        if any(seems_to_define(part.text, name) for part in parts for name in absent)
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
