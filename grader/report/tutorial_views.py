"""What the tutorial pages show, worked out from a check: counts, roots, lines, what lies between.

Nothing here knows a language or HTML.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from grader.report.prose import Passage, passage
from grader.report.sides import Row, sides
from grader.report.slugs import slug
from grader.report.tutorial_words import STATUSES
from grader.tutorial.fixes import Hunk, hunks
from grader.tutorial.results import Checked, fault_line
from grader.tutorial.values import Advice, Prose, Raised, Status, Verdict

_MOST_LINES = 2000
"""Lines shown of one block."""
_WIDE = 34
"""A line of more bytes than this may have to be scrolled on a phone; a wide character has more."""
_RANK: dict[Status, int] = {"failed": 0, "blocked": 1, "drifted": 2}


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One line of a block; `anchor` is "" where another block has the number already."""

    number: int
    text: str
    anchor: str
    mark: Literal["", "error", "advice"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An advice and what its patch changes."""

    advice: Advice
    hunks: tuple[Hunk, ...]


@dataclass(frozen=True, slots=True)
class BlockView:
    """One block as it is shown.

    Attributes:
        lines: of the document; `left_out` more are not shown.
        wide: some line may have to be scrolled.
        error_at: the document's line of the error; the block's own where it isn't known.
        root: the verdict on the block that a cascade comes from.
        owner: the verdict on the block whose output this one is.
        rows: what the document shows beside what came; empty where these are the same.
        rot: whether it passes on Keras 2; None where that isn't known.
    """

    verdict: Verdict
    anchor: str
    lines: tuple[CodeLine, ...]
    left_out: int
    wide: bool
    error: Raised | None
    error_at: int
    suggestions: tuple[Suggestion, ...]
    root: Verdict | None
    owner: Verdict | None
    rows: tuple[Row, ...]
    rot: bool | None


@dataclass(frozen=True, slots=True)
class PassageView:
    """A piece of prose and its anchor."""

    passage: Passage
    anchor: str


@dataclass(frozen=True, slots=True)
class Root:
    """A block with a fault of its own, and the blocks that fail because of it."""

    view: BlockView
    drags: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class DocumentView:
    """One document's page.

    Attributes:
        counts: blocks of code by status, of those that there are; `passed` always.
        others: blocks that are not code, and about which there is nothing to say.
        parts: prose and blocks in the document's order.
        anchors: the document's line → the anchor of what stands there.
        advised: blocks that are no roots and have advice.
        still_failing: verdicts on the document as it is, of what fails in the mended copy too.
    """

    checked: Checked
    slug: str
    counts: tuple[tuple[Status, int], ...]
    code: int
    others: int
    roots: tuple[Root, ...]
    advised: tuple[BlockView, ...]
    parts: tuple[PassageView | BlockView, ...]
    anchors: dict[int, str]
    still_failing: tuple[Verdict, ...]

    def at(self, line: int, view: BlockView) -> str:
        """The anchor of a line of the document that `view` is about."""
        return self.anchors.get(line) or view.anchor


def counts(checked: Checked) -> tuple[tuple[tuple[Status, int], ...], int]:
    """Blocks of code by status, and how many are no code; these count where something is wrong."""
    code = [v for v in checked.verdicts if _counts(v)]
    found = Counter(verdict.status for verdict in code)
    told = tuple((s, found[s]) for s in STATUSES if found[s] or s == "passed")
    return told, len(checked.verdicts) - len(code)


def _counts(verdict: Verdict) -> bool:
    is_code = verdict.block.kind in ("code", "transcript")
    return is_code or verdict.status not in ("passed", "skipped")


def roots(checked: Checked) -> tuple[tuple[Verdict, tuple[Verdict, ...]], ...]:
    """Blocks with faults of their own, each with those it drags down; the worst first."""
    drags: dict[int, list[Verdict]] = {}
    for verdict in checked.verdicts:
        if root := checked.root_of(verdict):
            drags.setdefault(root.block.index, []).append(verdict)
    found = [
        (verdict, tuple(drags.get(verdict.block.index, ())))
        for verdict in checked.verdicts
        # A cascade without a root would be a mistake of ours, and is shown rather than lost.
        if verdict.status in _RANK
        or verdict.block.index in drags
        or (verdict.status == "cascaded" and checked.root_of(verdict) is None)
        or any(claim.holds is False for claim in verdict.claims)
    ]
    found.sort(key=lambda pair: (-len(pair[1]), _RANK.get(pair[0].status, 3), pair[0].block.index))
    return tuple(found)


def document_view(checked: Checked) -> DocumentView:
    """Everything that the page of one document shows."""
    anchors: dict[int, str] = {}
    by_index = {verdict.block.index: verdict for verdict in checked.verdicts}
    parts: list[PassageView | BlockView] = []
    for number, part in enumerate(_in_order(checked), 1):
        if isinstance(part, Passage):
            parts.append(PassageView(part, f"p{number}"))
        else:
            parts.append(_block_view(checked, part, by_index, anchors))
    for view in parts:  # after the code: a line of code is more exact than the quote it stands in
        if isinstance(view, PassageView):
            for line in range(view.passage.line, view.passage.end + 1):
                anchors.setdefault(line, view.anchor)
    views = {part.verdict.block.index: part for part in parts if isinstance(part, BlockView)}
    found = tuple(Root(views[v.block.index], drags) for v, drags in roots(checked))
    at_fault = {root.view.verdict.block.index for root in found}
    told, others = counts(checked)
    return DocumentView(
        checked=checked,
        slug=slug(checked.path),
        counts=told,
        code=sum(n for _, n in told),
        others=others,
        roots=found,
        advised=tuple(v for i, v in views.items() if v.suggestions and i not in at_fault),
        parts=tuple(parts),
        anchors=anchors,
        still_failing=tuple(by_index[i] for i in checked.still_failing if i in by_index),
    )


def _in_order(checked: Checked) -> Iterator[Passage | Verdict]:
    """Prose and blocks as the document has them."""
    # Sorted by what comes before them; at the same place prose, which is `after` an earlier block.
    places: list[tuple[int, int, int, Prose | Verdict]] = [
        (prose.after, 1, number, prose) for number, prose in enumerate(checked.document.prose)
    ]
    places += [(verdict.block.index, 0, 0, verdict) for verdict in checked.verdicts]
    for *_, part in sorted(places, key=lambda place: place[:3]):
        if isinstance(part, Verdict):
            yield part
        elif shown := passage(part):
            yield shown


def _block_view(
    checked: Checked, verdict: Verdict, by_index: dict[int, Verdict], anchors: dict[int, str]
) -> BlockView:
    block = verdict.block
    owner = by_index.get(block.belongs_to) if block.belongs_to is not None else None
    at_fault = owner or verdict  # an output that isn't what came is where its block's fault shows
    error_at = fault_line(at_fault)
    shows_fault = at_fault.status == "drifted" or (
        at_fault.error is not None and at_fault.status != "expected"
    )
    advised = {advice.line for advice in verdict.advice}
    texts = block.text.rstrip("\n").split("\n")
    first = _first_line(checked, verdict, texts)
    lines = []
    for number, text in enumerate(texts[:_MOST_LINES], first):
        anchor = "" if number in anchors else f"L{number}"
        anchors.setdefault(number, anchor)
        mark: Literal["", "error", "advice"] = "advice" if number in advised else ""
        if number == error_at and shows_fault:
            mark = "error"
        lines.append(CodeLine(number, text, anchor, mark))
    differs = verdict.claimed != "" and verdict.claimed != verdict.got
    return BlockView(
        verdict=verdict,
        anchor=f"b{block.index + 1}",
        lines=tuple(lines),
        left_out=max(0, len(texts) - _MOST_LINES),
        wide=any(len(line.text.encode("utf-8", "replace")) > _WIDE for line in lines),
        error=verdict.error,
        error_at=error_at,
        suggestions=tuple(
            Suggestion(a, tuple(map(_dedented, hunks(block, a)))) for a in verdict.advice
        ),
        root=checked.root_of(verdict),
        owner=owner,
        rows=sides(verdict.claimed, verdict.got) if differs and _judged(verdict) else (),
        rot=(checked.rot or {}).get(block.index),
    )


def _dedented(hunk: Hunk) -> Hunk:
    """The hunk without the indentation that all of its lines share."""
    lines = textwrap.dedent("\n".join((*hunk.removed, *hunk.added))).split("\n")
    gone = len(hunk.removed)
    return Hunk(hunk.line, tuple(lines[:gone]), tuple(lines[gone:]))


def _judged(verdict: Verdict) -> bool:
    """Whether its output was compared: a block that raised printed nothing to compare with."""
    return verdict.closeness not in (None, "exact") or verdict.status == "drifted"


def _first_line(checked: Checked, verdict: Verdict, texts: list[str]) -> int:
    """The document's line of the text's first one: `Block.line` is that of its first code.

    They differ where a block begins with blank lines.
    """
    line = verdict.block.line
    blank = next((n for n, text in enumerate(texts) if text.strip()), 0)
    there = checked.document.text.split("\n")[line - 1 : line] if line else []
    begins_later = blank and there and there[0].rstrip().endswith(texts[blank].strip())
    return max(1, line - blank) if begins_later else line
