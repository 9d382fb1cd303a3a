"""From a document and what came of it to verdicts with advice and claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from grader.text import Text
from grader.tutorial import advice, claims
from grader.tutorial.judge import judge
from grader.tutorial.kernel import Ran, Wanted
from grader.tutorial.values import Advice, Claim, Document, Verdict


@dataclass(frozen=True, slots=True)
class Plan:
    """What is known of a document before it is run.

    Attributes:
        advice: by a block's index, from the rules.
        stated: by a block's index, what is claimed of it.
        supplied: customary names that are used before the document imports them, with the index of
            the block that first does.
    """

    advice: Mapping[int, tuple[Advice, ...]]
    stated: Mapping[int, tuple[claims.Stated, ...]]
    supplied: Mapping[str, int]

    @property
    def wanted(self) -> Wanted:
        """What the kernel has to find out beside the runs."""
        watch = {
            (index, piece): lines
            for index, found in self.stated.items()
            for piece, lines in claims.watch(found).items()
        }
        after = {
            index: tuple(dict.fromkeys(one.code for one in found if one.code is not None))
            for index, found in self.stated.items()
        }
        before = "\n".join(line for name, line in advice.CUSTOMARY.items() if name in self.supplied)
        return Wanted(before, watch, after)


def plan(document: Document) -> Plan:
    """Reads the document's code and words, and runs nothing."""
    supplied = advice.supplied(document)
    return Plan(
        advice=advice.of(document, supplied),
        stated=_stated(document),
        supplied=supplied,
    )


def assess(document: Document, planned: Plan, ran: Ran) -> tuple[Verdict, ...]:
    """A verdict on each block, in the document's order."""
    return tuple(
        _with_claims(
            replace(verdict, advice=planned.advice.get(verdict.block.index, ())),
            planned.stated.get(verdict.block.index, ()),
            ran,
        )
        for verdict in judge(document, ran.runs)
    )


def _stated(document: Document) -> dict[int, tuple[claims.Stated, ...]]:
    found: dict[int, tuple[claims.Stated, ...]] = {}
    for block in document.blocks:
        if not block.pieces:
            continue
        before = [prose for prose in document.prose if prose.after == block.index - 1]
        after = [prose for prose in document.prose if prose.after == block.index]
        if stated := claims.find(block, before, after):
            found[block.index] = stated
    return found


def _with_claims(verdict: Verdict, stated: tuple[claims.Stated, ...], ran: Ran) -> Verdict:
    if not stated:
        return verdict
    block = verdict.block
    seen = claims.seen_of(block, ran.runs.get(block.index, ()))
    checked: list[Claim] = []
    for one in stated:
        came = None
        if one.code is not None and (tried := ran.tried.get((block.index, one.code))):
            came = claims.Seen(1, tried.printed, tried.value, tried.raised)
        checked.append(claims.check(one, seen, came))
    verdict = replace(verdict, claims=tuple(checked))
    # What a commented call would raise says nothing of why the block stopped.
    own = (c for one, c in zip(stated, checked, strict=True) if one.code is None)
    raised = next((c for c in own if c.says == "raises" and c.holds), None)
    if verdict.status == "failed" and raised is not None and verdict.error is not None:
        why = Text(
            f"It raises {verdict.error.type}, as line {raised.line} says.",
            f"抛出了 {verdict.error.type}，与第 {raised.line} 行的说法一致。",
        )
        return replace(verdict, status="expected", why=why)
    false = next((claim for claim in checked if claim.holds is False), None)
    if verdict.status == "passed" and false is not None:
        why = Text(
            f"It ran, but line {false.line} says otherwise than it is: {false.why.en}",
            f"运行成功，但第 {false.line} 行的说法与实际不符：{false.why.zh}",
        )
        return replace(verdict, status="drifted", why=why)
    return verdict
