"""Takes otter's markers out of the lines of a code cell."""

from __future__ import annotations

import ast
import re

from grader.migration.lines import pairs
from grader.migration.values import Block, Cell, Ledger

_BEGIN = re.compile(r"\s*# BEGIN SOLUTION(?: NO PROMPT)?\s*$")
_END = "# END SOLUTION"
# As otter's own: whatever follows the word is cut with it.
_LINE = re.compile(r"#[ ]?(?:SOLUTION|SEED)\b.*$")
_IGNORED = re.compile(r"#\s*IGNORE\s*$", re.IGNORECASE)
_PLUMBING = re.compile(
    r"\s*(?:import otter\b|from otter\b|grader\s*=\s*otter\."
    r"|grader\.(?:check|check_all|export)\b)"
)


def is_marked(cell: Cell) -> bool:
    """Whether a code cell has any marker of a solution."""
    return any(_BEGIN.match(line) or _LINE.search(line) for line in cell.source.split("\n"))


def without_ignored(lines: list[str]) -> list[str]:
    """The lines of a test that otter keeps."""
    return ["" if _IGNORED.search(line) else line for line in lines]


def block_of(cell: Cell, lines: list[str], ledger: Ledger) -> Block:
    """The code, its solution regions told from what is given.

    A line `x = 3 # SOLUTION` at the left margin leaves the prompt `x = ...`; other prompts are
    `raise NotImplementedError` here. What a prompt says is kept as a comment.

    Raises:
        UsageError: a marker without its partner.
    """
    begins = [bool(_BEGIN.match(line)) for line in lines]
    ends = [line.rstrip().endswith(_END) for line in lines]
    regions = pairs(cell, lines, begins, ends, "SOLUTION")
    opens = [line.rstrip().endswith("# BEGIN PROMPT") for line in lines]
    closes = [line.rstrip().endswith("# END PROMPT") for line in lines]
    prompts = pairs(cell, lines, opens, closes, "PROMPT")
    writer = _Writer(Block(cell.number, [], [], {}))
    for number, line in enumerate(lines):
        indent = line[: len(line) - len(line.lstrip())]
        if begins[number]:
            writer.begin(indent)
        elif ends[number]:
            writer.end()
        elif regions[number]:
            writer.solution(line)
        elif opens[number] or closes[number]:
            writer.end()
        elif prompts[number]:
            writer.given(f"{indent}# {line.strip()}".rstrip())
            ledger.remark(cell.number, "its prompt is a comment in the stub")
        elif _IGNORED.search(line):
            writer.given(f"{indent}# left out, as by otter")
            ledger.remark(cell.number, f"left out, as by otter: {line.strip()}")
        elif _PLUMBING.match(line):
            writer.given(f"{indent}# left out: {line.strip()}")
            ledger.remark(cell.number, f"left out as a comment: {line.strip()}")
        elif match := _LINE.search(line):
            writer.one(line[: match.start()].rstrip(), prompt="NO PROMPT" not in match[0])
        else:
            writer.given(line)
    writer.end()
    return writer.block


class _Writer:
    """Appends lines to a block and keeps count of its regions."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self._count = 0
        self._start = 0
        self._single = False  # whether the last line was a solution line of its own
        self._prompts: list[str] = []

    def begin(self, indent: str) -> None:
        """Opens a region at the next line."""
        self.end()
        self._count += 1
        self._start = len(self.block.lines)
        self.block.indents[self._count] = indent

    def end(self) -> None:
        """Closes the region, if one is open: its prompts go in front of it, all at once."""
        if self._count and self._start == len(self.block.lines) and self._start >= 0:
            self.solution(f"{self.block.indents[self._count]}pass")
        if self._prompts:
            at = self._start
            self.block.lines[at:at] = self._prompts
            self.block.regions[at:at] = [0] * len(self._prompts)
        self._single, self._start, self._prompts = False, -1, []

    def solution(self, line: str) -> None:
        """A line of the region that is open."""
        self.block.lines.append(line)
        self.block.regions.append(self._count)

    def given(self, line: str) -> None:
        """A line that students have."""
        self.end()
        self.block.lines.append(line)
        self.block.regions.append(0)

    def one(self, line: str, *, prompt: bool) -> None:
        """A line that is a solution by itself; several in a row are one region."""
        if not self._single:
            self.begin(line[: len(line) - len(line.lstrip())])
            self._single = True
        if prompt and (name := _assigned(line)):
            self._prompts.append(f"{name} = ...")
        self.solution(line)


def _assigned(line: str) -> str | None:
    """The name that a whole line at the left margin gives a value to."""
    if not re.match(r"[^\W\d]\w*\s*=[^=]", line) or len(line) > 500:
        return None
    name = line.partition("=")[0].strip()
    try:
        ast.parse(f"{name} = ...")
    except (SyntaxError, ValueError):
        return None
    return name
