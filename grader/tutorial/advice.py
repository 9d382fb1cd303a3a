"""What the rules say about a document's code, and which names it uses and never defines.

Each piece is looked at by itself, knowing what its names were imported as, and once more with the
whole document around it: what a tensor or a layer was made of often stands in an earlier block.
"""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Mapping
from dataclasses import replace

from grader.rules.examine import aliases, examine
from grader.rules.names import undefined
from grader.rules.values import Edit, Finding
from grader.text import Text
from grader.tutorial.graph import flows
from grader.tutorial.values import Advice, Block, Document, Piece

CUSTOMARY = {
    "tf": "import tensorflow as tf",
    "keras": "from tensorflow import keras",
    "np": "import numpy as np",
    "plt": "import matplotlib.pyplot as plt",
    "pd": "import pandas as pd",
}
"""Names that readers take for granted, and so do many documents that never import them."""

_STAR = re.compile(r"^\s*from\s+[\w.]+\s+import\s+\*", re.MULTILINE)


def of(document: Document, supplied: Mapping[str, int]) -> dict[int, tuple[Advice, ...]]:
    """Advice on each block that gets some, by its index; `supplied` as the function tells it."""
    around = _around(document)
    known: dict[str, str] = {}
    found: dict[int, tuple[Advice, ...]] = {}
    bound = _bound(document)
    for block in document.blocks:
        told: list[Advice] = []
        for name, first in supplied.items():
            if first == block.index:
                told.append(_import_missing(block, name))
        for number, piece in enumerate(block.pieces):
            own = examine(piece.source, known)
            seen = {(finding.rule, finding.line) for finding in own}
            more = around.get((block.index, number), ())
            for finding in (*own, *(f for f in more if (f.rule, f.line) not in seen)):
                told.append(Advice(piece.in_document(finding.line), finding))
            if bound is not None and not block.placeholders:
                told += _never_defined(piece, bound)
            known = {**known, **aliases(piece.source, known)}
        if told:
            found[block.index] = tuple(told)
    return found


def _around(document: Document) -> dict[tuple[int, int], list[Finding]]:
    """Findings by block and piece, from all code of the document taken together."""
    sources: list[str] = []
    starts: list[tuple[int, int, int, int]] = []  # first line, how many, block, piece
    line = 1
    for block in document.blocks:
        for number, piece in enumerate(block.pieces):
            if not _is_python(piece.source):
                continue
            count = piece.source.count("\n") + 1
            starts.append((line, count, block.index, number))
            sources.append(piece.source)
            line += count
    found: dict[tuple[int, int], list[Finding]] = {}
    if len(sources) < 2:
        return found
    places = iter(starts)
    first, count, index, number = next(places)
    for finding in sorted(examine("\n".join(sources)), key=lambda finding: finding.line):
        while finding.line >= first + count:
            first, count, index, number = next(places)
        found.setdefault((index, number), []).append(_moved(finding, first - 1, count))
    return found


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _moved(finding: Finding, by: int, count: int) -> Finding:
    """The finding with lines of its own piece; without a patch where that goes beyond the piece."""
    edits = tuple(
        replace(edit, line=edit.line - by, end_line=edit.end_line - by) for edit in finding.edits
    )
    inside = all(1 <= edit.line <= edit.end_line <= count for edit in edits)
    return replace(finding, line=finding.line - by, edits=edits if inside else ())


def _bound(document: Document) -> set[str] | None:
    """Every name that some block defines; None where that can't be told."""
    bound = set(CUSTOMARY)
    for block, flow in zip(document.blocks, flows(document.blocks), strict=True):
        if any(_STAR.search(piece.source) for piece in block.pieces):
            return None
        bound |= set(flow.defines)
    return bound


def _never_defined(piece: Piece, bound: set[str]) -> list[Advice]:
    """Names that no block of the document defines, also in functions that are never called."""
    found = []
    for name, line in undefined(piece.source, bound):
        near = difflib.get_close_matches(name, bound, 1, 0.75)
        en = f" Did you mean `{near[0]}`?" if near else ""
        zh = f"是不是想写 `{near[0]}`？" if near else ""
        message = Text(
            f"`{name}` is defined nowhere in this document.{en}",
            f"整篇文档都没有定义 `{name}`。{zh}",
        )
        source = "Python language reference, 4.2: naming and binding"
        finding = Finding("N102", line, message, "error", source=source)
        found.append(Advice(piece.in_document(line), finding))
    return found


def _import_missing(block: Block, name: str) -> Advice:
    piece = next(p for p in block.pieces if any(n == name for n, _ in undefined(p.source)))
    line = next(at for found, at in undefined(piece.source) if found == name)
    statement = CUSTOMARY[name]
    finding = Finding(
        rule="N101",
        line=line,
        message=Text(
            f"`{name}` isn't imported before this line; here it was supplied. Readers who start"
            f" with this page need `{statement}`.",
            f"到这一行为止还没有导入 `{name}`，检查时已代为导入。"
            f"直接读这一页的读者需要先写 `{statement}`。",
        ),
        severity="note",
        edits=(Edit(1, 0, 1, 0, f"{statement}\n"),) if block.kind == "code" else (),
        source="Python language reference, 4.2: naming and binding",
    )
    return Advice(piece.in_document(line), finding)


def supplied(document: Document) -> dict[str, int]:
    """Customary names that are used before they are imported, and the block that first does."""
    found: dict[str, int] = {}
    bound: set[str] = set()
    for block, flow in zip(document.blocks, flows(document.blocks), strict=True):
        for piece, code in zip(block.pieces, flow.pieces, strict=True):
            for name, _ in undefined(piece.source, bound):
                if name in CUSTOMARY:
                    found.setdefault(name, block.index)
            bound |= {name for step in code.steps for name in step.defines}
    return found
