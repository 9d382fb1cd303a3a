"""What an advice's edits change: lines that go and lines that come, where the document has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from grader.rules.patch import apply
from grader.rules.values import Edit
from grader.tutorial.values import Advice, Block, Piece

_MOST_LINES = 400
"""Between the first line that changes and the last; more than that isn't compared line by line."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """Neighbouring lines that a patch replaces.

    Attributes:
        line: the document's line of the first one removed, or of the one that the new ones precede.
        removed, added: lines of code, without their ends.
    """

    line: int
    removed: tuple[str, ...]
    added: tuple[str, ...]


def hunks(block: Block, advice: Advice) -> tuple[Hunk, ...]:
    """What the edits of `advice` change in `block`; empty where it has none that fit the block."""
    piece = examined(block, advice)
    if not advice.finding.edits or piece is None:
        return ()
    try:
        return made(piece, advice.finding.edits)
    except ValueError:  # a patch that doesn't fit is no reason to show no report
        return ()


def made(piece: Piece, edits: Iterable[Edit]) -> tuple[Hunk, ...]:
    """What `edits`, made together, change in `piece`.

    Raises:
        ValueError: they don't fit the piece, or one another.
    """
    mended = apply(piece.source, edits)
    return _changes(piece, piece.source.split("\n"), mended.split("\n"))


def fix(block: Block, advice: Advice) -> str:
    """The mended lines of code, as `tutorial.json` has them; "" where a person has to mend it."""
    return "\n".join(line for hunk in hunks(block, advice) for line in hunk.added)


def examined(block: Block, advice: Advice) -> Piece | None:
    """The piece whose source the finding's lines are lines of."""
    for piece in block.pieces:
        inside = 1 <= advice.finding.line <= len(piece.lines)
        if inside and piece.in_document(advice.finding.line) == advice.line:
            return piece
    return None


def _changes(piece: Piece, was: list[str], now: list[str]) -> tuple[Hunk, ...]:
    head = 0
    while head < min(len(was), len(now)) and was[head] == now[head]:
        head += 1
    tail = 0
    while tail < min(len(was), len(now)) - head and was[-1 - tail] == now[-1 - tail]:
        tail += 1
    was, now = was[head : len(was) - tail], now[head : len(now) - tail]
    if not was and not now:
        return ()
    if max(len(was), len(now)) > _MOST_LINES:
        return (Hunk(_line(piece, head + 1), tuple(was), tuple(now)),)
    return tuple(
        Hunk(_line(piece, head + i1 + 1), tuple(was[i1:i2]), tuple(now[j1:j2]))
        for kind, i1, i2, j1, j2 in SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
        if kind != "equal"
    )


def _line(piece: Piece, number: int) -> int:
    """The document's line of a line of the piece, or of what follows its last one."""
    beyond = number > len(piece.lines)
    return piece.in_document(number) + beyond
