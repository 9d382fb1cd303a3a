"""What a tutorial is made of, and what was found out about it. Lines are the document's, from 1."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from grader.rules.values import Finding
from grader.text import Text

Kind = Literal["code", "transcript", "output", "other"]
Status = Literal["passed", "failed", "drifted", "blocked", "cascaded", "expected", "skipped"]
Closeness = Literal["exact", "equivalent", "drift", "wrong"]


@dataclass(frozen=True, slots=True)
class Control:
    """What the author asks for one block, in an HTML comment, a cell's tags or `tutorial.toml`.

    Attributes:
        skip: why the block isn't run; None: it is.
        raises: the exception that it is meant to raise (unqualified; "*" for any); None: none.
        timeout: seconds it may take; None: the document's.
        epochs: at most so many epochs in each `fit`; None: as written.
    """

    skip: str | None = None
    raises: str | None = None
    timeout: float | None = None
    epochs: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """What is run in one go: a whole block of code, or one example of a transcript.

    Attributes:
        source: Python, dedented, without prompts.
        lines: the document's line of each line of `source`.
        claimed: the output that the document shows for it; None where it shows none.
        claimed_line: where that output begins.
    """

    source: str
    lines: tuple[int, ...]
    claimed: str | None = None
    claimed_line: int | None = None

    def in_document(self, line: int) -> int:
        """The document's line of line `line` (1-based) of the source."""
        return self.lines[min(max(line, 1), len(self.lines)) - 1] if self.lines else 1


@dataclass(frozen=True, slots=True)
class Block:
    """One fence, indented block or notebook cell.

    Attributes:
        index: from 0, in the document's order.
        line: its first line of code.
        language: what the document calls it; "" where it doesn't say.
        kind: what it is, by its content.
        text: as the document has it, without fence and container marks.
        pieces: what is run, in order; empty unless `kind` is code or transcript.
        placeholders: lines that stand for code left out (`[...]`, `EXPR`).
        reason: why it is read as it is, where its label says otherwise or it can't be run.
        cell: number of the notebook's cell, from 1; None in Markdown.
        belongs_to: for an output, the index of the block whose output it is.
    """

    index: int
    line: int
    language: str
    kind: Kind
    text: str
    pieces: tuple[Piece, ...] = ()
    placeholders: tuple[int, ...] = ()
    reason: Text | None = None
    control: Control = field(default_factory=Control)
    cell: int | None = None
    belongs_to: int | None = None


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph, heading, list item, quote or table between the blocks.

    Attributes:
        line: where it begins.
        text: its source, as the document has it.
        after: index of the last block before it; -1 before the first.
    """

    line: int
    text: str
    after: int


@dataclass(frozen=True, slots=True)
class Document:
    """One tutorial as it was read."""

    path: Path
    title: str
    text: str
    blocks: tuple[Block, ...]
    prose: tuple[Prose, ...]


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception that came out of a piece.

    Attributes:
        type: the class's name, unqualified.
        message: its text, capped.
        line: the document's line on which the piece itself failed.
        bases: names of its classes, itself first.
        missing: what isn't there, where that is the reason: an address, a file, a module, a name.
        missing_kind: of which kind that is.
    """

    type: str
    message: str
    line: int
    bases: tuple[str, ...] = ()
    missing: str = ""
    missing_kind: Literal["", "address", "file", "module", "name"] = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one top-level statement of a piece did.

    Attributes:
        line: where it begins, in the piece's source.
        printed: what it wrote to stdout.
        value: the text of its value, for an expression; "" for None and for statements.
    """

    line: int
    printed: str
    value: str


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one piece.

    Attributes:
        ended: `ok`; `raised`; `timeout` (it was killed at its limit); `died` (the kernel did);
            `not_run` (skipped, or the document's time was over).
        output: what it printed to stdout, then the text of its result, as a reader sees them.
        stderr: what it wrote there; never judged, TensorFlow logs there.
        result: the text of its last expression alone; None where there was none.
        plain: the output as a plain Python prompt would show it; None where it is the same.
        wrote: files it opened for writing, relative to the scratch directory.
        read: files it opened for reading, of those below the scratch directory.
        stand_ins: data sets that came from a stand-in.
        seen: what the statements did on whose lines claims are made.
    """

    ended: Literal["ok", "raised", "timeout", "died", "not_run"]
    seconds: float = 0.0
    output: str = ""
    stderr: str = ""
    result: str | None = None
    plain: str | None = None
    raised: Raised | None = None
    wrote: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    stand_ins: tuple[str, ...] = ()
    seen: tuple[Seen, ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """What a rule says about one line of the document."""

    line: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that a comment or the prose says of a block's behaviour.

    Attributes:
        line: where it stands.
        text: its words.
        says: what it comes to: `raises`, `prints`, `once`, `value`.
        holds: True or False; None where it couldn't be checked.
        why: what came instead, or why it wasn't checked.
    """

    line: int
    text: str
    says: Literal["raises", "prints", "once", "value"]
    holds: bool | None
    why: Text


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that is said of one block.

    Attributes:
        line: of the error, in the document; 0 where there is none.
        error: type and message of what went wrong, or what is missing.
        root: index of the block whose fault this one's is, for `cascaded`.
        through: the names and files by which it is.
        claimed, got: the first output shown that isn't what came, and what came; else all of it.
        closeness: the worst of the block's outputs; None where it shows none.
        why: the verdict in a sentence, for whoever reads the report.
    """

    block: Block
    status: Status
    why: Text
    seconds: float = 0.0
    error: Raised | None = None
    root: int | None = None
    through: tuple[str, ...] = ()
    claimed: str = ""
    got: str = ""
    closeness: Closeness | None = None
    advice: tuple[Advice, ...] = ()
    claims: tuple[Claim, ...] = ()
    stand_ins: tuple[str, ...] = ()
    runs: tuple[Run, ...] = ()
