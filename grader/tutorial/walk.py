"""Goes through what came of one block's pieces, and leaves the state as the block left it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from grader.text import Text
from grader.tutorial import reasons
from grader.tutorial.blame import Fault, Place, fault
from grader.tutorial.graph import Code, Flow, Step
from grader.tutorial.stale import State, failing
from grader.tutorial.values import Block, Closeness, Piece, Raised, Run

Compare = Callable[[str, str, bool], tuple[Closeness, Text]]
CompareError = Callable[[str, str, str], tuple[Closeness, Text] | None]

CLOSENESS: tuple[Closeness, ...] = ("exact", "equivalent", "drift", "wrong")
_OBJECT = re.compile(r"<[\w.]{1,200}(?: object)? at 0x[0-9a-fA-F]{1,16}>")
_FIXED = re.compile(r"does not support item (?:assignment|deletion)")
_UNREADABLE = ("SyntaxError", "IndentationError", "TabError")


@dataclass(frozen=True, slots=True)
class Shown:
    """One output that the document shows, beside what came; `error`: an exception's."""

    closeness: Closeness
    piece: Piece
    got: str
    difference: Text
    error: bool = False

    @property
    def line(self) -> int:
        return self.piece.claimed_line or self.piece.in_document(1)


@dataclass(slots=True)
class Findings:
    """What was noticed.

    Attributes:
        notes: by a name, that the block ran on something else than it should have.
        expected: exceptions that came as the document says.
        left: how many pieces weren't run.
    """

    faults: list[Fault] = field(default_factory=list)
    expected: list[Raised] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    notes: dict[str, Text] = field(default_factory=dict)
    left: int = 0


@dataclass(slots=True)
class Walk:
    """Goes through the block at position `at` of `blocks`, to which `known` runs parallel."""

    blocks: Sequence[Block]
    known: Sequence[Flow]
    at: int
    state: State
    compare: Compare
    compare_error: CompareError
    found: Findings = field(default_factory=Findings)

    @property
    def block(self) -> Block:
        return self.blocks[self.at]

    def skip(self) -> None:
        """The block isn't run at all."""
        for code in self.known[self.at].pieces:
            self.state.abandon(code.steps, self.block.index, self.block.index)

    def go(self, runs: Sequence[Run]) -> Findings:
        """Takes in all of the block's runs, of which there is one for each piece."""
        pieces = zip(self.block.pieces, self.known[self.at].pieces, runs, strict=True)
        for piece, code, run in pieces:
            if run.ended == "not_run":
                self.found.left += 1
                self.state.abandon(code.steps, self.block.index, self.block.index)
            elif run.ended == "ok":
                self._ran(piece, code, run)
            elif run.ended == "raised":
                raised = run.raised or Raised("Exception", "", piece.in_document(1))
                self._raised(piece, code, run, raised)
            else:
                self.state.abandon(code.steps, self.block.index, self.block.index)
                self.state.restart(self.block.index, self.block.line)
                self.found.faults.append(_ended(piece, run))
        return self.found

    def _ran(self, piece: Piece, code: Code, run: Run) -> None:
        chance = self.state.random(code.steps) or bool(run.stand_ins)
        for step in code.steps:
            self._complete(step, run)
        gap = self._gap(code.steps)
        if gap is not None:
            self.state.abandon(code.steps[gap:], self.block.index, self.block.index, "gap")
        for path in run.wrote:
            self.state.wrote(path, piece.in_document(1))
        if piece.claimed is None:
            return
        shown = self._closest(piece, piece.claimed, run, chance)
        if shown.closeness == "wrong" and self.compare_error(piece.claimed, "", "") is not None:
            shown = replace(shown, difference=reasons.not_raised(shown.line), error=True)
        self.found.shown.append(shown)

    def _closest(self, piece: Piece, claimed: str, run: Run, chance: bool) -> Shown:
        """What the document shows beside the output, as any of the prompts would show that."""
        closeness, difference = self.compare(claimed, run.output, chance)
        best = Shown(closeness, piece, run.output, difference)
        if closeness == "exact":
            return best
        others = [] if run.plain is None else [run.plain]
        if bare := _without_object(claimed, run):
            others.append(bare)
        for output in others:
            closeness, difference = self.compare(claimed, output, chance)
            if closeness == "exact" and output is bare:
                closeness, difference = "equivalent", reasons.object_left_out()
            if CLOSENESS.index(closeness) < CLOSENESS.index(best.closeness):
                best = Shown(closeness, piece, output, difference)
        return best

    def _complete(self, step: Step, run: Run) -> None:
        """Takes a step that ran into the state, and notes what it ran on."""
        for name, stale in self.state.blamed(step).items():
            before = self.state.older(stale.name)
            if stale.how == "gap":
                self.found.notes[stale.name] = reasons.on_gap(stale.name, stale.line)
            elif stale.how == "touched":
                self.found.notes[name] = reasons.untouched(name, stale.line)
            elif before:
                self.found.notes[stale.name] = reasons.older(stale.name, before, stale.line)
        self.state.complete(step, chance=bool(run.stand_ins))

    def _raised(self, piece: Piece, code: Code, run: Run, raised: Raised) -> None:
        at = self._failing(code, raised)
        for step in code.steps[:at]:
            self._complete(step, run)
        if self._foreseen(piece, raised, run):
            return
        left = code.steps[at:]
        if left and raised.type == "TypeError" and _FIXED.search(raised.message[:500]):
            # Nothing could have been changed, so nothing that comes later lacks the change.
            left = (replace(left[0], touches=frozenset()), *left[1:])
        step = left[0] if left else Step(raised.line, raised.line)
        place = Place(self.blocks, self.known, self.at, step, self.state, run.read)
        fault_found = fault(raised, place)
        if self._by_gap(raised, step):
            fault_found = None
        elif fault_found:
            self.found.faults.append(fault_found)
        index = self.block.index
        root = fault_found.root if fault_found else None
        self.state.abandon(left, index if root is None else root, index)

    def _foreseen(self, piece: Piece, raised: Raised, run: Run) -> bool:
        """Whether the document says that this exception comes."""
        wanted = self.block.control.raises
        if wanted is not None and (wanted == "*" or _is(raised, wanted)):
            self.found.expected.append(raised)
            return True
        if piece.claimed is None:
            return False
        claim = self.compare_error(piece.claimed, raised.type, raised.message)
        if claim is None or claim[0] == "wrong":
            return False
        got = f"{run.output}{raised.type}: {raised.message}"
        self.found.expected.append(raised)
        self.found.shown.append(Shown(claim[0], piece, got, claim[1], error=True))
        return True

    def _failing(self, code: Code, raised: Raised) -> int:
        """The number of the step that failed; all before it ran."""
        if not code.whole and raised.type in _UNREADABLE:
            return 0
        # An exception may name a line in a function that another piece defines.
        elsewhere = {
            name
            for flow in self.known[: self.at + 1]
            for other in flow.pieces
            for step in other.steps
            if step.first <= raised.line <= step.last
            for name in step.functions
        }
        return failing(code.steps, raised.line, elsewhere) or 0

    def _gap(self, steps: tuple[Step, ...]) -> int | None:
        """The first of the steps that has, or follows, code left out."""
        if not self.block.placeholders:
            return None
        first = min(self.block.placeholders)
        return next((n for n, step in enumerate(steps) if step.last >= first), None)

    def _by_gap(self, raised: Raised, step: Step) -> bool:
        """Whether code left out is why the block stopped."""
        left_out = self.block.placeholders
        return bool(left_out) and max(step.last, raised.line) >= min(left_out)


def _without_object(claimed: str, run: Run) -> str:
    """What was printed, where the value below it is nothing but an object's address.

    Who shows what `fit` prints leaves the `History` out; nobody means by it that there is none.
    """
    result = run.result or ""
    if not _OBJECT.fullmatch(result) or not run.output.endswith(result) or _OBJECT.search(claimed):
        return ""
    return run.output.removesuffix(result)


def _is(raised: Raised, wanted: str) -> bool:
    return wanted.rpartition(".")[2] in {raised.type, *raised.bases}


def _ended(piece: Piece, run: Run) -> Fault:
    line = piece.in_document(1)
    if run.ended == "died":
        error = Raised("DeadKernelError", "the kernel died", line)
        return Fault("failed", reasons.died(), run.raised or error)
    error = Raised("TimeoutError", f"was stopped after {run.seconds:.3g} s", line)
    return Fault("failed", reasons.timeout(run.seconds), run.raised or error)
