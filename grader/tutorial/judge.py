"""From a document and what came of running it to a verdict on each block."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from grader.text import Text
from grader.tutorial import compare as outputs
from grader.tutorial import reasons
from grader.tutorial.graph import flows
from grader.tutorial.stale import State
from grader.tutorial.values import (
    Block,
    Document,
    Run,
    Status,
    Verdict,
)
from grader.tutorial.walk import CLOSENESS, Compare, CompareError, Findings, Shown, Walk

_WORST = tuple(reversed(CLOSENESS))
_RANK: tuple[Status, ...] = ("failed", "blocked", "cascaded")
_NOT_RUN = Run("not_run")


@dataclass(frozen=True, slots=True)
class Summary:
    """All verdicts at a glance.

    Attributes:
        counts: how many blocks have each status.
        roots: each block that is to blame, with those that it drags along; most of them first.
    """

    counts: Mapping[Status, int]
    roots: tuple[tuple[Verdict, tuple[Verdict, ...]], ...]


def judge(
    document: Document,
    runs: Mapping[int, tuple[Run, ...]],
    compare: Compare = outputs.compare,
    compare_error: CompareError = outputs.compare_error,
) -> tuple[Verdict, ...]:
    """A verdict on each block, in the document's order; advice and claims are left empty.

    Args:
        runs: by a block's index, what came of each of its pieces; none: it wasn't run.
        compare: how close an output is to the one claimed.
        compare_error: the same for an exception; None where the text claims none.
    """
    known = flows(document.blocks)
    state = State()
    verdicts = []
    for at, block in enumerate(document.blocks):
        walk = Walk(document.blocks, known, at, state, compare, compare_error)
        verdicts.append(_verdict(walk, runs.get(block.index, ())))
    return tuple(verdicts)


def summary(verdicts: Sequence[Verdict]) -> Summary:
    """Counts, and every cause with what follows from it."""
    counts = Counter(verdict.status for verdict in verdicts)
    dragged: dict[int, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.root is not None:
            dragged.setdefault(verdict.root, []).append(verdict)
    roots = [
        (verdict, tuple(dragged.get(verdict.block.index, ())))
        for verdict in verdicts
        if verdict.status in ("failed", "blocked") or verdict.block.index in dragged
    ]
    roots.sort(key=lambda pair: -len(pair[1]))
    return Summary(dict(counts), tuple(roots))


def _verdict(walk: Walk, runs: tuple[Run, ...]) -> Verdict:
    block = walk.block
    missing = len(block.pieces) - len(runs)
    runs = (*runs, *[_NOT_RUN] * missing)[: len(block.pieces)]
    if why := _unrun(block, walk.blocks, runs):
        walk.skip()
        return Verdict(block, "skipped", why, runs=runs)
    found = walk.go(runs)
    worst = min(found.shown, key=lambda shown: _WORST.index(shown.closeness), default=None)
    if worst and worst.closeness in ("wrong", "drift"):
        claimed, got = worst.piece.claimed or "", worst.got
    else:
        claimed = "\n".join(p.claimed.rstrip("\n") for p in block.pieces if p.claimed)
        got = "".join(run.output for run in runs)
    return replace(
        _judged(block, runs, found),
        claimed=claimed,
        got=got,
        closeness=worst.closeness if worst else None,
        seconds=sum(run.seconds for run in runs),
        stand_ins=tuple(dict.fromkeys(name for run in runs for name in run.stand_ins)),
        runs=runs,
    )


def _unrun(block: Block, blocks: Sequence[Block], runs: tuple[Run, ...]) -> Text | None:
    """Why the block wasn't run; None if it was, or was begun."""
    if block.kind not in ("code", "transcript") or not block.pieces:
        owner = next((b for b in blocks if b.index == block.belongs_to), None)
        if owner and not block.reason:
            return reasons.output_of(owner.line)
        return block.reason or reasons.not_code()
    if block.control.skip is not None:
        return reasons.skipped(block.control.skip)
    if any(run.ended != "not_run" for run in runs):
        return None
    if block.placeholders:
        return reasons.incomplete(min(block.placeholders))
    return reasons.not_run(some=False)


def _judged(block: Block, runs: tuple[Run, ...], found: Findings) -> Verdict:
    """Status and reason. A fault goes before all else, so that none is hidden."""
    wanted = block.control.raises
    if found.faults:
        first = min(found.faults, key=lambda fault: _RANK.index(fault.status))
        why = first.why
        if wanted is not None and first.status == "failed":
            why = reasons.meant(wanted, first.error.type)
        return Verdict(
            block, first.status, why, error=first.error, root=first.root, through=first.through
        )
    if block.placeholders:
        # Even if it ran: a reader would run something else.
        return Verdict(block, "skipped", reasons.incomplete(min(block.placeholders)))
    if wanted is not None and not found.expected:
        return Verdict(block, "drifted", reasons.meant(wanted, ""))
    if found.left:
        return Verdict(block, "skipped", reasons.not_run(some=found.left < len(runs)))
    return _came(block, found)


def _came(block: Block, found: Findings) -> Verdict:
    """The verdict on a block that ran, or stopped where it is meant to."""
    notes = found.notes.values()
    if off := _off(found):
        why = off.difference if off.error else reasons.drifted(off.line, off.difference)
        return Verdict(block, "drifted", reasons.together(why, *notes))
    if found.expected:
        error = found.expected[0]
        why = reasons.together(reasons.expected(error), *notes)
        return Verdict(block, "expected", why, error=error)
    equivalent = next((s.difference for s in found.shown if s.closeness == "equivalent"), None)
    why = reasons.passed(bool(found.shown), equivalent)
    return Verdict(block, "passed", reasons.together(why, *notes))


def _off(found: Findings) -> Shown | None:
    """The output that is furthest off. An exception of the right class in other words isn't."""
    off = [
        shown
        for shown in found.shown
        if shown.closeness == "wrong" or (shown.closeness == "drift" and not shown.error)
    ]
    return min(off, key=lambda shown: _WORST.index(shown.closeness), default=None)
