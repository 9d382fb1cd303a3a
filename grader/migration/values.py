"""What a source assignment is made of, whichever tool it was written for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["code", "markdown", "raw"]
State = Literal["mapped", "partly", "not"]
Tool = Literal["nbgrader", "otter"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the notebook.

    Attributes:
        number: its place among all cells, from 1.
        source: its text, line ends `\\n`.
        metadata: as in the file, not checked.
        output: the text that the saved outputs show.
        attachments: whether pictures are pasted into it.
    """

    number: int
    kind: Kind
    source: str
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False)
    output: str = field(default="", repr=False)
    attachments: bool = False


@dataclass(slots=True)
class Block:
    """The Python of a cell, line by line, and who writes each line.

    Attributes:
        lines: the text without markers and magics.
        regions: for each line the number of the solution region it is in, 0 for what is given.
        indents: the indentation of each region's markers.
    """

    cell: int
    lines: list[str]
    regions: list[int]
    indents: dict[int, str]

    @property
    def text(self) -> str:
        """The whole, as the reference runs it."""
        return "\n".join(self.lines)

    def all_solution(self) -> None:
        """Makes the whole block one region, of which a stub has nothing."""
        self.regions = [1] * len(self.lines)
        self.indents = {1: ""}


@dataclass(frozen=True, slots=True)
class Test:
    """A cell of tests that are graded automatically, one check here.

    Attributes:
        name: the grade id, or the question's name with the test's number.
        source: all of it; visible: the part that students have.
        output: what the notebook shows under it; tests of otter compare with that.
        hint: what the author wanted to say when it fails.
    """

    __test__ = False  # to pytest it looks like a class of tests

    cell: int
    name: str
    title: str
    points: float
    source: str
    visible: str
    output: str | None = None
    hint: str = ""

    @property
    def hidden(self) -> bool:
        """Whether students lack a part of it."""
        return self.source != self.visible


@dataclass(frozen=True, slots=True)
class Manual:
    """Something that people grade, so that no check can stand for it."""

    cell: int
    name: str
    points: float
    what: str


@dataclass(slots=True)
class Assignment:
    """A notebook, sorted; each list in the notebook's order.

    Attributes:
        statements: (cell, Markdown) of what students read.
    """

    tool: Tool
    statements: list[tuple[int, str]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    tests: list[Test] = field(default_factory=list)
    manual: list[Manual] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one cell.

    Attributes:
        where: the files that hold what it was; empty when there is no counterpart.
        lost: what is not as it was, and why.
        remarks: what else its author should know.
    """

    cell: Cell
    where: tuple[str, ...]
    lost: tuple[str, ...]
    remarks: tuple[str, ...]

    @property
    def state(self) -> State:
        """`mapped`, `partly` or `not`."""
        if not self.where:
            return "not"
        return "partly" if self.lost else "mapped"


class Ledger:
    """Keeps account of every cell, so that none is lost in silence."""

    def __init__(self, cells: list[Cell]) -> None:
        self._cells = cells
        self._where: dict[int, dict[str, None]] = {cell.number: {} for cell in cells}
        self._lost: dict[int, dict[str, None]] = {cell.number: {} for cell in cells}
        self._remarks: dict[int, dict[str, None]] = {cell.number: {} for cell in cells}

    def went(self, cell: int, where: str) -> None:
        """Something of the cell is there now."""
        self._where[cell][where] = None

    def lost(self, cell: int, why: str) -> None:
        """Something of the cell has no counterpart."""
        self._lost[cell][why] = None

    def remark(self, cell: int, text: str) -> None:
        """Nothing is lost, but the author should know."""
        self._remarks[cell][text] = None

    def outcomes(self) -> tuple[Outcome, ...]:
        """One for every cell. A cell nobody spoke for counts as not migrated."""
        return tuple(
            Outcome(
                cell,
                tuple(self._where[cell.number]),
                tuple(self._lost[cell.number])
                or (() if self._where[cell.number] else ("nothing here knows what it is for",)),
                tuple(self._remarks[cell.number]),
            )
            for cell in self._cells
        )
