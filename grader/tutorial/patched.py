"""A document's text with patches made in it; all else stays as it is, character by character."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from grader.rules import patch
from grader.rules.values import Edit
from grader.tutorial import fixes
from grader.tutorial.fixes import Hunk
from grader.tutorial.reading import NOTEBOOK
from grader.tutorial.values import Advice, Block, Document, Piece

_INDENT = re.compile(r"\n([ \t]+)\S")


@dataclass(frozen=True, slots=True)
class Patch:
    """One advice, and the block that it is about."""

    block: Block
    advice: Advice


def patched(document: Document, patches: Sequence[Patch]) -> tuple[str, list[Patch]]:
    """The text with the patches, and those of them that fit beside one another."""
    groups: dict[tuple[int, int], tuple[Block, Piece, list[Edit]]] = {}
    made: list[Patch] = []
    for one in patches:
        piece = fixes.examined(one.block, one.advice)
        if piece is None:
            continue
        number = next(n for n, p in enumerate(one.block.pieces) if p is piece)
        group = groups.setdefault((one.block.index, number), (one.block, piece, []))
        try:
            patch.apply(piece.source, [*group[2], *one.advice.finding.edits])
        except ValueError:  # another patch changes the same words
            continue
        group[2].extend(one.advice.finding.edits)
        made.append(one)
    if document.path.suffix.lower() in NOTEBOOK:
        return _notebook(document.text, groups.values()), made
    return _markdown(document.text, groups.values()), made


_Groups = Iterable[tuple[Block, Piece, list[Edit]]]


def _markdown(text: str, groups: _Groups) -> str:
    lines = text.split("\n")
    found = [(hunk, piece) for _, piece, edits in groups for hunk in fixes.made(piece, edits)]
    for hunk, piece in sorted(found, key=lambda pair: pair[0].line, reverse=True):
        at = hunk.line - 1
        lines[at : at + len(hunk.removed)] = _with_margins(lines, hunk, piece)
    return "\n".join(lines)


def _with_margins(lines: Sequence[str], hunk: Hunk, piece: Piece) -> list[str]:
    """The new lines behind what stood before the old: quote marks, indents, prompts."""
    code = dict(zip(piece.lines, piece.source.split("\n"), strict=False))
    count = max(len(hunk.removed), 1)
    margins = [_margin(lines, number, code) for number in range(hunk.line, hunk.line + count)]
    found = []
    for number, line in enumerate(hunk.added):
        margin = margins[min(number, len(margins) - 1)]
        if number >= len(margins) and line[:1].isspace():
            margin = margin.replace(">>>", "...")
        found.append(f"{margin}{line}" if line else margin.rstrip())
    return found


def _margin(lines: Sequence[str], number: int, code: dict[int, str]) -> str:
    # Beyond the piece's end it is as on its last line.
    number = number if number in code else max(code)
    row, own = lines[number - 1], code[number]
    return row[: len(row) - len(own)] if row.endswith(own) else ""


def _notebook(text: str, groups: _Groups) -> str:
    raw = json.loads(text)
    cells = _cells(raw)
    for block, piece, edits in groups:
        cell = cells[(block.cell or 1) - 1]
        key = "source" if "source" in cell else "input"
        source = _joined(cell[key])
        if source.count(piece.source) == 1:  # else it was indented, and isn't the cell's own text
            source = source.replace(piece.source, patch.apply(piece.source, edits))
            cell[key] = source.splitlines(keepends=True) if isinstance(cell[key], list) else source
    indent = _INDENT.search(text)
    written = json.dumps(
        raw,
        indent=indent[1] if indent else None,
        ensure_ascii=text.isascii(),
    )
    return written + text[len(text.rstrip()) :]


def _cells(raw: dict[str, Any]) -> list[dict[str, Any]]:
    if raw.get("nbformat") == 3:
        return [cell for sheet in raw["worksheets"] for cell in sheet["cells"]]
    return list(raw["cells"])


def _joined(source: Any) -> str:
    return "".join(source) if isinstance(source, list) else str(source)
