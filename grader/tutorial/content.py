"""Types every block by what is in it, never by its label alone, and puts outputs to their code."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from grader.text import Text
from grader.tutorial import looks, placeholders, syntax, transcripts
from grader.tutorial.labels import Family, family
from grader.tutorial.values import Block, Control, Kind, Piece

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable

_COMMENTS = re.compile(r"(?:[ \t]*+(?:#[^\n]*+)?(?:\n|$))*")
_SHORT_LEAD = 90
_RUN_BY_KERNEL = frozenset({"timeit", "writefile", "file", "python", "python3", "debug"})
"""Cell magics whose text matters to later blocks, or whose program is Python."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A fence, an indented block or a cell before its kind is known.

    Attributes:
        text: its lines without fence and container marks.
        lines: the document's line of each of them.
        gap: sources of the prose between it and the fragment before.
        cell: number of the notebook's cell; None in Markdown.
        claimed: the output saved with the cell.
        claimed_line: where that begins.
    """

    text: str
    lines: tuple[int, ...]
    language: str
    control: Control = field(default_factory=Control)
    gap: tuple[str, ...] = ()
    cell: int | None = None
    claimed: str | None = None
    claimed_line: int | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    kind: Kind
    reason: Text | None = None
    pieces: tuple[Piece, ...] = ()


def assemble(fragments: Iterable[Fragment]) -> tuple[Block, ...]:
    """The blocks of a document, in its order."""
    blocks: list[Block] = []
    known: set[str] = set()
    for fragment in fragments:
        text, lines = _trimmed(fragment.text, fragment.lines)
        source = textwrap.dedent(text)
        before = _code_before(blocks, fragment)
        reading = _Typing(fragment, source, lines, known, before).read()
        pieces = reading.pieces
        if fragment.claimed is not None and pieces and pieces[-1].claimed is None:
            pieces = (*pieces[:-1], _claiming(pieces[-1], fragment.claimed, fragment.claimed_line))
        for piece in pieces:
            if (tree := syntax.parse(piece.source)) is not None:
                known |= syntax.bound(tree)
        owner = before if reading.kind == "output" else None
        blocks.append(
            Block(
                index=len(blocks),
                line=lines[0] if lines else 1,
                language=fragment.language,
                kind=reading.kind,
                text=text,
                pieces=pieces,
                reason=reading.reason,
                control=fragment.control,
                cell=fragment.cell,
                belongs_to=owner.index if owner else None,
            )
        )
        if owner is not None:
            blocks[owner.index] = _with_output(owner, source, lines[0])
    return tuple(replace(block, placeholders=_left_out(block, known)) for block in blocks)


def _left_out(block: Block, known: set[str]) -> tuple[int, ...]:
    return tuple(
        piece.in_document(number)
        for piece in block.pieces
        for number in placeholders.find(piece.source, known)
    )


def _trimmed(text: str, lines: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    """Without empty lines at both ends, so that the first line is the block's."""
    rows = text.split("\n")
    start, end = 0, len(rows)
    while end > start and not rows[end - 1].strip():
        end -= 1
    while start < end and not rows[start].strip():
        start += 1
    if start == end:
        return "", lines[:1]
    return "\n".join(rows[start:end]), lines[start:end]


def _code_before(blocks: list[Block], fragment: Fragment) -> Block | None:
    """The code that this fragment, were it an output, would be the output of."""
    if not blocks or fragment.cell is not None:
        return None
    gap = [text.strip() for text in fragment.gap if text.strip()]
    if len(gap) > 1 or any(len(text) > _SHORT_LEAD or text.startswith("#") for text in gap):
        return None
    last = blocks[-1]
    if last.kind == "output" and last.belongs_to is not None and not gap:
        return blocks[last.belongs_to]
    return last if last.kind in ("code", "transcript") else None


def _with_output(block: Block, text: str, line: int) -> Block:
    if not block.pieces or block.pieces[-1].claimed is not None:
        return block
    return replace(block, pieces=(*block.pieces[:-1], _claiming(block.pieces[-1], text, line)))


def _claiming(piece: Piece, text: str, line: int | None) -> Piece:
    return replace(piece, claimed=text, claimed_line=line)


@dataclass(frozen=True, slots=True)
class _Typing:
    """One decision: what the fragment is."""

    fragment: Fragment
    source: str
    lines: tuple[int, ...]
    known: set[str]
    before: Block | None

    def read(self) -> _Reading:
        if not self.source.strip():
            return _other("it is empty", "这一块是空的")
        if _COMMENTS.fullmatch(self.source):
            if self._family == "python":
                return self._code()
            return _other("nothing but comments", "只有注释")
        ipython = transcripts.begins_as_ipython(self.source)
        tree = None if ipython else syntax.parse(self.source)
        if tree is None and not ipython:
            tree = syntax.parse(placeholders.filled(self.source))
        magic = syntax.cell_magic(self.source)
        if magic and magic not in _RUN_BY_KERNEL:
            return _other(f"a cell for %%{magic}, not Python", f"%%{magic} 单元格，不是 Python")
        if magic:
            return self._code()
        return self._without_tree() if tree is None else self._with_tree(tree)

    @property
    def _label(self) -> str:
        return self.fragment.language

    @property
    def _family(self) -> Family:
        return family(self._label)

    def _without_tree(self) -> _Reading:
        source = self.source
        if transcripts.has_prompts(source):
            found = transcripts.read(source, self.lines, self.known)
            if found.pieces:
                return self._transcript(found)
        if self._may_be_output and looks.printed(source):
            return self._output()
        if looks.shell(source):
            return _SHELL
        alike = syntax.like_python(source)
        name = looks.notation(source)
        if self._family == "python":
            if name is not None and alike <= 0:
                return _Reading("other", name)
            if self._follows == "lead" and alike <= 0:
                return self._output()
            return self._code()
        if alike >= (2 if self._family == "none" else 3):
            return self._code(mistaken=True)
        return self._no_code(name)

    def _with_tree(self, tree: ast.Module) -> _Reading:
        source = self.source
        if self._may_be_output and looks.printed(source):
            own = syntax.bound(tree) | self.known
            if not any(
                re.match(rf"{name}\(", source) for name in ("array", "tensor") if name in own
            ):
                return self._output()
        if syntax.only_magics(source, tree):
            return _SHELL
        worth = syntax.weight(tree, self.known)
        if self._may_be_output and (
            syntax.only_values(tree, self.known, numpy=self._prints)
            or (looks.numbers(source) and worth == 0)
        ):
            if self._follows == "lead" or (self._follows and self._family != "data"):
                return self._output()
            if self._family != "python":
                return _other("only values, no code", "只有数值，没有代码")
        if self._family == "python":
            return self._code()
        if worth == 0 and looks.shell(source):
            return _SHELL
        if (
            self._follows
            and self._family in ("none", "text")
            and syntax.only_unknown_calls(tree, self.known)
        ):
            return self._output()
        name = looks.notation(source) if worth < 3 else None
        foreign = name is not None or (worth < 3 and looks.settings(source) is not None)
        if self._family in ("foreign", "data") and _ends_in_semicolons(source):
            foreign = True
        if not foreign and worth >= (1 if self._family == "none" else 2):
            return self._code()
        return self._no_code(name)

    def _no_code(self, name: Text | None) -> _Reading:
        """What is neither Python nor surely output: output where it stands as such."""
        likely = self._follows == "lead" or (self._follows and self._family in ("none", "text"))
        # A diagram isn't printed, but JSON and HTML may be, and `loss: 0.5` reads like YAML.
        if likely and (name is None or name in (looks.JSON, looks.HTML)):
            return self._output()
        name = name or looks.settings(self.source)
        return self._no_python() if name is None else _Reading("other", name)

    @property
    def _prints(self) -> bool:
        """Whether what may be a line of code as well stands for what code before it printed."""
        return self._family != "python" and bool(self._follows)

    @property
    def _may_be_output(self) -> bool:
        return self.fragment.cell is None

    @property
    def _follows(self) -> Literal["", "direct", "lead"]:
        """Whether it stands where a document shows what the code before it does."""
        if self.before is None:
            return ""
        gap = " ".join(text.strip() for text in self.fragment.gap).strip()
        if gap:
            return "lead" if looks.leads(gap) else ""
        pieces = self.before.pieces
        shows = bool(pieces) and syntax.shows(syntax.parse(pieces[-1].source))
        return "direct" if shows else ""

    # --- what comes of it ---

    def _code(self, *, mistaken: bool = False) -> _Reading:
        return _Reading("code", self._labelled(mistaken), (Piece(self.source, self.lines),))

    def _labelled(self, mistaken: bool) -> Text | None:
        if self._family == "python":
            return None
        en, zh = f"labelled “{self._label}”", f"标为 {self._label}"
        if not self._label:
            en, zh = "not labelled", "没有标明语言"
        if mistaken:
            return Text(
                f"{en}, but reads like Python with a mistake in it",
                f"{zh}，但读起来像有错的 Python 代码",
            )
        return Text(f"{en}, but it is Python", f"{zh}，但内容是 Python 代码")

    def _transcript(self, found: transcripts.Transcript) -> _Reading:
        if found.inverted:
            reason: Text | None = Text(
                "its >>> mark the output, not the input", "其中的 >>> 标的是输出，不是输入"
            )
        else:
            reason = self._labelled(mistaken=False)
        return _Reading("transcript", reason, found.pieces)

    def _output(self) -> _Reading:
        if self._family in ("none", "text"):
            return _Reading("output")
        return _Reading(
            "output",
            Text(
                f"labelled “{self._label}”, but it is what a program printed",
                f"标为 {self._label}，但内容是程序的输出",
            ),
        )

    def _no_python(self) -> _Reading:
        if not self._label or self._family == "text":
            return _other("text, not Python", "普通文字，不是 Python")
        return _other(f"{self._label}, not Python", f"{self._label} 内容，不是 Python")


_SHELL = _Reading(
    "other", Text("commands for a shell or for IPython", "交给 shell 或 IPython 执行的命令")
)


def _other(en: str, zh: str) -> _Reading:
    return _Reading("other", Text(en, zh))


def _ends_in_semicolons(source: str) -> bool:
    lines = [line.rstrip() for line in source.split("\n") if line.strip()]
    return 2 * sum(line.endswith(";") for line in lines) >= len(lines)
