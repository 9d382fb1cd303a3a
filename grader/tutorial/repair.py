"""Mends a copy of a document with those patches that were run and found to help."""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat

from grader.results import write_atomically
from grader.rules import patch
from grader.tutorial.control import settings_for
from grader.tutorial.fixes import Hunk, hunks
from grader.tutorial.graph import flows
from grader.tutorial.reading import NOTEBOOK, read_document
from grader.tutorial.values import Advice, Document, Verdict

MARK = ".mended"
"""Stands before the ending of a mended copy's name."""

_BROKEN = ("failed", "cascaded", "blocked")
Judge = Callable[[Document], Awaitable[tuple[Verdict, ...]]]


@dataclass(frozen=True, slots=True)
class Mended:
    """What mending came to.

    Attributes:
        text: the mended document; None where no patch helped.
        diff: from the document to it, unified; "" where there is none.
        still_failing: indices of blocks that fail in it too, or in the document itself.
    """

    text: str | None
    diff: str
    still_failing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Patch:
    """One advice with the block it is about."""

    verdict: Verdict
    advice: Advice

    @property
    def block(self) -> int:
        return self.verdict.block.index


def copy_of(path: Path) -> Path:
    """Where the mended copy of the document at `path` goes."""
    return path.with_name(f"{path.stem}{MARK}{path.suffix}")


def write(path: Path, text: str) -> None:
    """Writes the mended copy beside the document at `path`, never over it.

    Raises:
        UsageError: the folder can't be written.
    """
    write_atomically(copy_of(path), text)


async def mend(document: Document, verdicts: Sequence[Verdict], judge: Judge) -> Mended:
    """Tries the patches of all advice together, keeps those that helped, and tries these again.

    A patch helps when the block that it changes, or one that uses what that block defines, was
    broken and isn't any more.
    """
    broken = tuple(v.block.index for v in verdicts if v.status in _BROKEN)
    wanted = [
        _Patch(verdict, advice)
        for verdict in verdicts
        for advice in verdict.advice
        if advice.finding.edits and advice.finding.severity in ("error", "note")
    ]
    wanted = [one for one in wanted if hunks(one.verdict.block, one.advice)]
    while wanted:
        text = _patched(document, wanted)
        copy = _read(document, text)
        if copy is None or len(copy.blocks) != len(document.blocks):
            return Mended(None, "", broken)
        after = await judge(copy)
        helped = [one for one in wanted if _helped(one, document, verdicts, after)]
        if len(helped) == len(wanted):
            failing = tuple(v.block.index for v in after if v.status in _BROKEN)
            return Mended(text, _diff(document, text), failing)
        wanted = helped
    return Mended(None, "", broken)


def _helped(
    one: _Patch, document: Document, before: Sequence[Verdict], after: Sequence[Verdict]
) -> bool:
    own_before, own_after = before[one.block], after[one.block]
    if one.advice.finding.rule.startswith("N"):  # an import that was supplied until now
        return own_after.status not in _BROKEN
    if own_before.status not in _BROKEN and own_after.status in _BROKEN:
        return False
    facts = flows(document.blocks)
    defined = set(facts[one.block].defines)
    for verdict, now, flow in zip(before, after, facts, strict=True):
        mended = verdict.status in _BROKEN and now.status not in _BROKEN
        later = (
            verdict.error is not None
            and now.error is not None
            and (verdict.error.type, verdict.error.message) != (now.error.type, now.error.message)
            and now.error.line > verdict.error.line
        )
        about = verdict.block.index == one.block or bool(defined & set(flow.uses))
        if about and (mended or later):
            return True
    return False


def _patched(document: Document, patches: Iterable[_Patch]) -> str:
    if document.path.suffix.lower() in NOTEBOOK:
        return _patched_notebook(document, patches)
    lines = document.text.splitlines(keepends=True)
    found: dict[Hunk, _Patch] = {}
    for one in patches:
        for hunk in hunks(one.verdict.block, one.advice):
            found.setdefault(hunk, one)
    taken = len(lines) + 2
    for hunk in sorted(found, key=lambda hunk: hunk.line, reverse=True):
        end = hunk.line + len(hunk.removed)
        if end > taken:
            continue  # another patch changes these lines; the next round may make this one too
        at = min(hunk.line, len(lines)) - 1
        margin, ending = _margin(lines[at], hunk, found[hunk])
        lines[at : end - 1] = [f"{margin}{line}{ending}" for line in hunk.added]
        taken = hunk.line
    return "".join(lines)


def _margin(line: str, hunk: Hunk, one: _Patch) -> tuple[str, str]:
    """What stands before the code on a line (quote marks, indents, prompts), and the line's end."""
    body = line.rstrip("\r\n")
    code = hunk.removed[0] if hunk.removed else ""
    if not code:
        for piece in one.verdict.block.pieces:
            if hunk.line in piece.lines:
                code = piece.source.split("\n")[piece.lines.index(hunk.line)]
    margin = body[: len(body) - len(code)] if code and body.endswith(code) else ""
    return margin, line[len(body) :] or "\n"


def _patched_notebook(document: Document, patches: Iterable[_Patch]) -> str:
    library: Any = nbformat  # without annotations
    notebook = library.reads(document.text, as_version=4)
    cells: dict[int, list[_Patch]] = {}
    for one in patches:
        if one.verdict.block.cell is not None:
            cells.setdefault(one.verdict.block.cell, []).append(one)
    for number, wanted in cells.items():
        cell = notebook.cells[number - 1]
        for one in sorted(wanted, key=lambda one: one.advice.line, reverse=True):
            try:
                cell.source = patch.apply(cell.source, one.advice.finding.edits)
            except ValueError:
                continue
    return f"{library.writes(notebook)}\n"


def _read(document: Document, text: str) -> Document | None:
    """The mended text as a document that lies where the other does."""
    with tempfile.TemporaryDirectory(prefix="mended-") as folder:
        copy = Path(folder, document.path.name)
        copy.write_text(text, "utf-8", newline="")
        found = read_document(copy, settings_for(document.path))
    return replace(found, path=document.path)


def _diff(document: Document, text: str) -> str:
    name = document.path.name
    return "".join(
        line if line.endswith("\n") else f"{line}\n"
        for line in difflib.unified_diff(
            document.text.splitlines(keepends=True),
            text.splitlines(keepends=True),
            fromfile=name,
            tofile=copy_of(Path(name)).name,
        )
    )
