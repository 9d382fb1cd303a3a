"""From a document and what came of it to verdicts with advice and claims."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from grader.rules.examine import aliases, examine
from grader.rules.names import undefined
from grader.rules.values import Edit, Finding
from grader.text import Text
from grader.tutorial import claims
from grader.tutorial.graph import flows
from grader.tutorial.judge import judge
from grader.tutorial.kernel import Ran, Wanted
from grader.tutorial.values import Advice, Block, Claim, Document, Piece, Verdict

CUSTOMARY = {
    "tf": "import tensorflow as tf",
    "keras": "from tensorflow import keras",
    "np": "import numpy as np",
    "plt": "import matplotlib.pyplot as plt",
    "pd": "import pandas as pd",
}
"""Names that readers take for granted, and so do many documents that never import them."""

_STAR = re.compile(r"^\s*from\s+[\w.]+\s+import\s+\*", re.MULTILINE)


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
        before = "\n".join(CUSTOMARY[name] for name in CUSTOMARY if name in self.supplied)
        return Wanted(before, watch, after)


def plan(document: Document) -> Plan:
    """Reads the document's code and words, and runs nothing."""
    supplied = _supplied(document)
    return Plan(
        advice=_advice(document, supplied),
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
    raised = next((c for c in checked if c.says == "raises" and c.holds), None)
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


def _advice(document: Document, supplied: Mapping[str, int]) -> dict[int, tuple[Advice, ...]]:
    known: dict[str, str] = {}
    found: dict[int, tuple[Advice, ...]] = {}
    bound = _bound(document)
    for block in document.blocks:
        told: list[Advice] = []
        for name, first in supplied.items():
            if first == block.index:
                told.append(_import_missing(block, name))
        for piece in block.pieces:
            for finding in examine(piece.source, known):
                told.append(Advice(piece.in_document(finding.line), finding))
            if bound is not None and not block.placeholders:
                told += _never_defined(piece, bound)
            known = {**known, **aliases(piece.source, known)}
        if told:
            found[block.index] = tuple(told)
    return found


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


def _supplied(document: Document) -> dict[str, int]:
    found: dict[str, int] = {}
    bound: set[str] = set()
    for block, flow in zip(document.blocks, flows(document.blocks), strict=True):
        for piece in block.pieces:
            for name, _ in undefined(piece.source, bound):
                if name in CUSTOMARY:
                    found.setdefault(name, block.index)
        bound |= set(flow.defines)
    return found
