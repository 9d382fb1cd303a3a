"""What is said of a block's behaviour, and why some of it can't be checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from grader.text import Text

Says = Literal["raises", "prints", "once", "value"]


@dataclass(frozen=True, slots=True)
class Stated:
    """Something that is said of what a block does, and where to look whether it's so.

    Attributes:
        line: of the document, where it is said.
        text: its words.
        says: as in `Claim`.
        block: index of the block that it is about.
        piece: the piece of that block; None: the block as a whole.
        statement: first line, in the piece's source, of the top-level statement that it is about.
        expects: the value, the exception's name ("" for any), or the text that is printed.
        code: Python to be evaluated in the kernel when the block is over; `check` wants to be
            told what came of it.
        sure: whether a claim that doesn't hold may be called false.
        reason: why it can't be checked.
        parts, only: what is printed, and whether nothing else is.
        shape, row: the value is a shape; numbers without the brackets.
        calls: (piece, statement) of the calls of the function whose `print` it is about.
        beside: other calls of the same function.
    """

    line: int
    text: str
    says: Says
    block: int
    piece: int | None = None
    statement: int | None = None
    expects: str = ""
    code: str | None = None
    sure: bool = True
    reason: Text | None = None
    parts: tuple[str, ...] = ()
    only: bool = False
    shape: bool = False
    row: bool = False
    calls: tuple[tuple[int, int], ...] = ()
    beside: tuple[tuple[int, int], ...] = ()


BROKEN = Text("The code around it can't be read.", "这段代码无法解析。")
INSIDE = Text("Its statement is part of another one.", "该语句在另一条语句内部，未单独观察。")
NO_CODE = Text("It isn't said of which statement.", "没有说明指的是哪条语句。")
WORDS = Text("Only a person can tell whether this is so.", "这句话需要人来判断。")
NEVER = Text("Its function isn't called in this block.", "本代码块没有调用该函数。")
