"""What a rule found in a piece of code, and the edit that mends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from grader.text import Text


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces the text from (`line`, `column`) up to (`end_line`, `end_column`) by `text`.

    Lines are 1-based, columns count characters from 0, both of the source that was examined.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's word on one line.

    Attributes:
        rule: its code: K…: Keras 2 → 3; F…: `tf.function`; N…: names.
        line: 1-based, of the source that was examined.
        message: what is wrong and what to write instead.
        severity: `error`: fails when it is run; `trap`: runs and does something else than it seems;
            `note`: works, with a warning or by luck.
        edits: mend it without a person's judgement; empty where that takes one.
        source: the page, or the class and version, that the fact comes from.
    """

    rule: str
    line: int
    message: Text
    severity: Literal["error", "trap", "note"]
    edits: tuple[Edit, ...] = ()
    source: str = ""
