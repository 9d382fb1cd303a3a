"""Mends a copy of a document with those patches that were run and found to help."""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.errors import UsageError
from grader.tutorial.control import settings_for
from grader.tutorial.fixes import hunks
from grader.tutorial.graph import flows
from grader.tutorial.patched import Patch, patched
from grader.tutorial.reading import read_document
from grader.tutorial.source import write_like
from grader.tutorial.values import Document, Verdict

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
class _Try:
    """A document with patches, and what became of its blocks."""

    text: str
    made: tuple[Patch, ...]
    after: tuple[Verdict, ...]

    @property
    def failing(self) -> tuple[int, ...]:
        return tuple(v.block.index for v in self.after if v.status in _BROKEN)


def copy_of(path: Path) -> Path:
    """Where the mended copy of the document at `path` goes."""
    return path.with_name(f"{path.stem}{MARK}{path.suffix}")


def write(document: Document, text: str) -> None:
    """Writes the mended copy beside the document, never over it, in the same encoding.

    Raises:
        UsageError: the folder can't be written.
    """
    write_like(copy_of(document.path), document.path, document.text, text)


async def mend(document: Document, verdicts: Sequence[Verdict], judge: Judge) -> Mended:
    """Tries the patches of all advice together, keeps those that helped, and tries these again.

    A patch helps when the block that it changes, or one that uses what that block defines, was
    broken and isn't any more, or breaks only further on. A patch for what works as it is (a note)
    stays only if without it and its like less is mended.
    """
    broken = tuple(v.block.index for v in verdicts if v.status in _BROKEN)
    wanted = [
        Patch(verdict.block, advice)
        for verdict in verdicts
        for advice in verdict.advice
        if advice.finding.severity in ("error", "note") and hunks(verdict.block, advice)
    ]
    found = await _settled(document, verdicts, wanted, judge)
    if found is not None and (firm := [one for one in found.made if not _is_note(one)]) != list(
        found.made
    ):
        without = await _settled(document, verdicts, firm, judge)
        if without is not None and set(without.failing) <= set(found.failing):
            found = without
    if found is None:
        return Mended(None, "", broken)
    return Mended(found.text, _diff(document, found.text), found.failing)


def _is_note(one: Patch) -> bool:
    # A missing import is a note as well, but there the document itself fails.
    return one.advice.finding.severity == "note" and not one.advice.finding.rule.startswith("N")


async def _settled(
    document: Document, before: Sequence[Verdict], wanted: Sequence[Patch], judge: Judge
) -> _Try | None:
    """The document with those of the wanted patches that help; None where none does."""
    wanted = list(wanted)
    while wanted:
        text, made = patched(document, wanted)
        copy = _read(document, text) if made else None
        if copy is None or len(copy.blocks) != len(document.blocks):
            return None
        after = await judge(copy)
        helped = [one for one in made if _helped(one, document, before, after)]
        if len(helped) == len(made):
            return _Try(text, tuple(made), after)
        wanted = helped
    return None


def _helped(
    one: Patch, document: Document, before: Sequence[Verdict], after: Sequence[Verdict]
) -> bool:
    index = one.block.index
    if one.advice.finding.rule.startswith("N"):  # an import that was supplied until now
        return after[index].status not in _BROKEN
    if before[index].status not in _BROKEN and after[index].status in _BROKEN:
        return False
    facts = flows(document.blocks)
    defined = set(facts[index].defines)
    for verdict, now, flow in zip(before, after, facts, strict=True):
        about = verdict.block.index == index or bool(defined & set(flow.uses))
        if about and verdict.status in _BROKEN and _better(verdict, now):
            return True
    return False


def _better(was: Verdict, now: Verdict) -> bool:
    """Whether a broken block isn't any more, or gets further than it did."""
    if now.status not in _BROKEN:
        return True
    if was.error is None or now.error is None:
        return False
    same = (was.error.type, was.error.message) == (now.error.type, now.error.message)
    return not same and now.error.line > was.error.line


def _read(document: Document, text: str) -> Document | None:
    """The mended text as a document that lies where the other does; None where it can't be read."""
    with tempfile.TemporaryDirectory(prefix="mended-") as folder:
        copy = Path(folder, document.path.name)
        copy.write_text(text, "utf-8", newline="")
        try:
            found = read_document(copy, settings_for(document.path))
        except UsageError:
            return None
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
